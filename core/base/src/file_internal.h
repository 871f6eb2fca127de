// The functions of base/file.h on any system calls, for tests that make them fail; and what these functions share.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "platform/file_ops.h"

namespace llmc::base {

using platform::FileOps;
using platform::uninterrupted;

// As in base/file.h.
Result<std::string> read_file(const FileOps& ops, const std::filesystem::path& path, std::uint64_t max_bytes);
Result<void> save_file(const FileOps& ops, const std::filesystem::path& path, std::string_view bytes, FileMode mode);
Result<std::vector<std::filesystem::path>> save_new_files(const FileOps& ops, const std::filesystem::path& folder,
                                                          std::string_view stem, const std::vector<NewFile>& files);
Result<void> ensure_writable_folder(const FileOps& ops, const std::filesystem::path& folder);

// Makes `folder` and its parents, lastingly.
std::error_code make_folders(const FileOps& ops, const std::filesystem::path& folder);

// The folder that `path` is in; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

// Writes all of `bytes`, however small the pieces that the system takes.
std::error_code write_all(const FileOps& ops, int fd, std::string_view bytes);

// "cannot DO PATH: REASON"; `doing` is "read", "write", …
Error file_error(std::string_view doing, const std::filesystem::path& path, std::string_view reason);
Error file_error(std::string_view doing, const std::filesystem::path& path, std::error_code reason);

// For a file that is whole and in its place, but whose folder could not be synced.
Error sync_error(const std::filesystem::path& path, std::error_code reason);

}  // namespace llmc::base
