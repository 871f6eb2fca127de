// A file that grows and that one process at a time holds: for journals.
//
// Thread contract: one thread at a time, but sync() also beside append(); different files independently.
// Invariants: 0600; the lock goes with the process, however that ends, and is not inherited by child processes. Errors
// (`io`) name the path and the system's reason.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace llmc::base {

class LockedFile {
public:
    // Makes a file that is not there yet, and holds it. Missing folders are made; its name is on the disk when this
    // returns.
    static Result<LockedFile> create(const std::filesystem::path& path);

    // Holds a file that is there, to read or remove it; nothing where another process (or another LockedFile) holds it
    // or it is gone.
    static Result<std::optional<LockedFile>> claim(const std::filesystem::path& path);

    LockedFile(LockedFile&& other) noexcept;
    LockedFile& operator=(LockedFile&& other) noexcept;
    ~LockedFile();  // lets go of the file; it stays

    Result<void> append(std::string_view bytes);  // of a created file; all of it, or an error after a part of it
    Result<void> sync();
    Result<void> remove();

    const std::filesystem::path& path() const { return path_; }

private:
    LockedFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
    int fd_ = -1;
    std::filesystem::path path_;
};

}  // namespace llmc::base
