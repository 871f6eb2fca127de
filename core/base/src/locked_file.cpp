#include "base/locked_file.h"

#include <utility>

#include "file_internal.h"

namespace llmc::base {
namespace {

constexpr unsigned kOwnerOnly = 0600;

}  // namespace

Result<LockedFile> LockedFile::create(const std::filesystem::path& path) {
    const FileOps ops;
    if (const auto error = make_folders(ops, folder_of(path))) return file_error("write", path, error);
    int fd = -1;
    if (const auto error = uninterrupted([&] { return ops.create_new(path, kOwnerOnly, fd); }))
        return file_error("write", path, error);
    LockedFile file(fd, path);
    auto error = uninterrupted([&] { return ops.set_mode(fd, kOwnerOnly); });  // whatever the umask says
    // A program that looks for files of this kind may hold the new one for a moment.
    if (!error) error = uninterrupted([&] { return ops.lock(fd, true); });
    if (!error) error = uninterrupted([&] { return ops.sync_folder(folder_of(path)); });
    if (error) {
        (void)ops.remove(path);
        return file_error("write", path, error);
    }
    return file;
}

Result<std::optional<LockedFile>> LockedFile::claim(const std::filesystem::path& path) {
    const FileOps ops;
    int fd = -1;
    if (const auto error = uninterrupted([&] { return ops.open_to_read(path, fd); })) {
        if (error == std::errc::no_such_file_or_directory) return std::optional<LockedFile>();
        return file_error("read", path, error);
    }
    LockedFile file(fd, path);
    if (const auto error = uninterrupted([&] { return ops.lock(fd, false); })) {
        if (error == std::errc::resource_unavailable_try_again) return std::optional<LockedFile>();
        return file_error("lock", path, error);
    }
    // Who held it until now may have removed it.
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return std::optional<LockedFile>();
    return std::optional<LockedFile>(std::move(file));
}

LockedFile::LockedFile(LockedFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

LockedFile& LockedFile::operator=(LockedFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(path_, other.path_);
    return *this;
}

LockedFile::~LockedFile() {
    if (fd_ >= 0) FileOps().close(fd_);
}

Result<void> LockedFile::append(std::string_view bytes) {
    if (const auto error = write_all(FileOps(), fd_, bytes)) return file_error("write", path_, error);
    return {};
}

Result<void> LockedFile::sync() {
    if (const auto error = uninterrupted([&] { return FileOps().sync(fd_); })) return file_error("write", path_, error);
    return {};
}

Result<void> LockedFile::remove() {
    if (const auto error = uninterrupted([&] { return FileOps().remove(path_); }))
        return file_error("remove", path_, error);
    return {};
}

}  // namespace llmc::base
