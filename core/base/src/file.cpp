// Reading files and replacing them.
#include "base/file.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/byte_size.h"
#include "file_internal.h"
#include "temporary_file.h"

namespace llmc::base {

namespace fs = std::filesystem;

namespace {

constexpr unsigned kPermissionBits = 0777;

// The file that a save of `path` replaces: a symbolic link stays one, and what it points to is replaced.
std::error_code follow_links(const fs::path& path, fs::path& target) {
    constexpr int kMaxLinks = 40;  // as Linux
    target = path;
    std::error_code error;
    for (int i = 0; i < kMaxLinks; ++i) {
        if (!fs::is_symlink(fs::symlink_status(target, error))) return {};
        const fs::path next = fs::read_symlink(target, error);
        if (error) return error;
        target = target.parent_path() / next;  // an absolute `next` takes the place of all
    }
    return std::make_error_code(std::errc::too_many_symbolic_link_levels);
}

Error too_large(const fs::path& path, std::uint64_t max_bytes) {
    return {ErrorKind::limit, file_error("read", path, "it is larger than " + byte_size(max_bytes)).message};
}

Result<std::string> read_open_file(const FileOps& ops, int fd, const fs::path& path, std::uint64_t max_bytes) {
    platform::FileStatus status;
    if (const auto error = uninterrupted([&] { return ops.status(fd, status); }))
        return file_error("read", path, error);
    if (status.type == fs::file_type::directory) {
        return file_error("read", path, std::make_error_code(std::errc::is_a_directory));
    }
    if (status.type != fs::file_type::regular) return file_error("read", path, "it is not a regular file");
    if (status.size > max_bytes) return too_large(path, max_bytes);

    // The size is only a hint: a file may grow while it is read, and those in /proc say 0.
    constexpr std::uint64_t kPart = 64 << 10;
    std::string bytes;
    std::size_t size = 0, got = 0;
    do {
        if (size == bytes.size()) {
            const std::uint64_t room = size == 0 ? status.size : std::max<std::uint64_t>(size, kPart);
            bytes.resize(size + static_cast<std::size_t>(std::min(room, max_bytes - size)) + 1);
        }
        const auto read = [&] { return ops.read(fd, bytes.data() + size, bytes.size() - size, got); };
        if (const auto error = uninterrupted(read)) return file_error("read", path, error);
        size += got;
        if (size > max_bytes) return too_large(path, max_bytes);
    } while (got > 0);
    bytes.resize(size);
    return bytes;
}

}  // namespace

Result<std::string> read_file(const FileOps& ops, const fs::path& path, std::uint64_t max_bytes) {
    int fd = -1;
    if (const auto error = uninterrupted([&] { return ops.open_to_read(path, fd); })) {
        Error failed = file_error("read", path, error);
        if (error == std::errc::no_such_file_or_directory) failed.kind = ErrorKind::not_found;
        return failed;
    }
    Result<std::string> bytes = read_open_file(ops, fd, path, max_bytes);
    ops.close(fd);
    return bytes;
}

Result<void> save_file(const FileOps& ops, const fs::path& path, std::string_view bytes, FileMode mode) {
    fs::path target;
    if (const auto error = follow_links(path, target)) return file_error("write", path, error);
    std::error_code unknown;
    const fs::file_status old = fs::status(target, unknown);
    if (fs::is_directory(old)) return file_error("write", path, std::make_error_code(std::errc::is_a_directory));
    // Renaming over a device or pipe would replace it, for everybody.
    if (fs::exists(old) && !fs::is_regular_file(old)) return file_error("write", path, "it is not a regular file");

    const fs::path folder = folder_of(target);
    if (const auto error = make_folders(ops, folder)) return file_error("write", path, error);

    // Owner-only until it has the mode of the file it replaces: that may be a secret one.
    std::optional<unsigned> exact_mode;
    if (mode == FileMode::normal && fs::exists(old)) {
        exact_mode = static_cast<unsigned>(old.permissions()) & kPermissionBits;
    }
    const bool is_private = mode == FileMode::owner_only || exact_mode;
    TemporaryFile temporary(ops, folder);
    std::error_code error = temporary.write(bytes, is_private ? 0600 : 0666, exact_mode);
    if (!error) error = temporary.move_to(target);
    if (error) return file_error("write", path, error);
    if ((error = uninterrupted([&] { return ops.sync_folder(folder); }))) return sync_error(path, error);
    return {};
}

Result<void> ensure_writable_folder(const FileOps& ops, const fs::path& folder) {
    std::error_code error = make_folders(ops, folder);
    if (!error) error = TemporaryFile(ops, folder).write(std::string_view{}, 0600);
    if (error) return file_error("write into the folder", folder, error);
    return {};
}

Result<std::string> read_file(const fs::path& path, std::uint64_t max_bytes) {
    return read_file(FileOps(), path, max_bytes);
}

Result<void> save_file(const fs::path& path, std::string_view bytes, FileMode mode) {
    return save_file(FileOps(), path, bytes, mode);
}

Result<void> ensure_writable_folder(const fs::path& folder) {
    return ensure_writable_folder(FileOps(), folder);
}

}  // namespace llmc::base
