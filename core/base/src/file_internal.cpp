#include "file_internal.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::base {

namespace fs = std::filesystem;

std::error_code make_folders(const FileOps& ops, const fs::path& folder) {
    std::error_code error;
    const fs::file_status found = fs::status(folder, error);
    if (fs::is_directory(found)) return {};
    // Only what is not there can be made; this also ends the recursion for paths longer than any system takes.
    if (found.type() == fs::file_type::none) return error;
    if (fs::exists(found)) return std::make_error_code(std::errc::not_a_directory);

    const fs::path parent = folder_of(folder);
    if (const std::error_code failed = make_folders(ops, parent)) return failed;
    error = uninterrupted([&] { return ops.make_folder(folder); });
    // Somebody else may have been faster; or the path ends in a slash and its parent is the same folder.
    if (error == std::errc::file_exists && fs::is_directory(folder)) return {};
    if (error) return error;
    return uninterrupted([&] { return ops.sync_folder(parent); });
}

fs::path folder_of(const fs::path& path) {
    fs::path parent = path.parent_path();
    return parent.empty() ? fs::path(".") : parent;
}

std::error_code write_all(const FileOps& ops, int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t written = 0;
        if (const auto error = uninterrupted([&] { return ops.write(fd, bytes, written); })) return error;
        if (written == 0) return std::make_error_code(std::errc::io_error);  // rather than try for ever
        bytes.remove_prefix(written);
    }
    return {};
}

Error file_error(std::string_view doing, const fs::path& path, std::string_view reason) {
    return {ErrorKind::io, fmt::format("cannot {} {}: {}", doing, to_valid_utf8(path.native()), reason)};
}

Error file_error(std::string_view doing, const fs::path& path, std::error_code reason) {
    return file_error(doing, path, reason.message());
}

Error sync_error(const fs::path& path, std::error_code reason) {
    return {ErrorKind::io, fmt::format("{} was written, but a power cut may still undo it: {}",
                                       to_valid_utf8(path.native()), reason.message())};
}

}  // namespace llmc::base
