// Memory, files, randomness and time zone on Linux and other POSIX systems.
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/file_ops.h"
#include "platform/memory.h"
#include "platform/system.h"

namespace llmc::base::platform {

std::size_t page_size() {
    return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

char* reserve_memory(std::size_t size) {
    void* start = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? nullptr : static_cast<char*>(start);
}

bool commit_memory(char* start, std::size_t size) {
    return mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
}

void release_memory(char* start, std::size_t size) {
    munmap(start, size);
}

void fill_random(void* into, std::size_t size) {
    if (getentropy(into, size) != 0) std::abort();
}

std::tm local_time(std::time_t time) {
    std::tm calendar{};
    if (localtime_r(&time, &calendar) == nullptr) return {};
    return calendar;
}

namespace {

using Error = std::error_code;

Error last_error() {
    return {errno, std::generic_category()};
}

Error error_of(int status) {
    return status < 0 ? last_error() : Error{};
}

Error open_file(const std::filesystem::path& path, int flags, mode_t mode, int& fd) {
    fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, mode);
    return error_of(fd);
}

}  // namespace

Error FileOps::open_to_read(const Path& path, int& fd) const {
    return open_file(path, O_RDONLY | O_NONBLOCK, 0, fd);  // regular files do not know O_NONBLOCK
}

Error FileOps::open_to_append(const Path& path, int& fd) const {
    return open_file(path, O_WRONLY | O_CREAT | O_APPEND, 0666, fd);
}

Error FileOps::create_new(const Path& path, unsigned mode, int& fd) const {
    return open_file(path, O_WRONLY | O_CREAT | O_EXCL, static_cast<mode_t>(mode), fd);
}

Error FileOps::status(int fd, FileStatus& status) const {
    struct stat found {};
    if (fstat(fd, &found) != 0) return last_error();
    using std::filesystem::file_type;
    status.type = S_ISREG(found.st_mode)   ? file_type::regular
                  : S_ISDIR(found.st_mode) ? file_type::directory
                                           : file_type::unknown;
    status.size = found.st_size < 0 ? 0 : static_cast<std::uint64_t>(found.st_size);
    return {};
}

Error FileOps::set_mode(int fd, unsigned mode) const {
    return error_of(fchmod(fd, static_cast<mode_t>(mode)));
}

Error FileOps::read(int fd, char* into, std::size_t size, std::size_t& got) const {
    const ssize_t count = ::read(fd, into, size);
    got = count < 0 ? 0 : static_cast<std::size_t>(count);
    return count < 0 ? last_error() : Error{};
}

Error FileOps::write(int fd, std::string_view bytes, std::size_t& written) const {
    for (;;) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        written = count < 0 ? 0 : static_cast<std::size_t>(count);
        if (count >= 0) return {};
        if (errno != EAGAIN && errno != EWOULDBLOCK) return last_error();
        // Another program may have made the terminal or pipe that is our standard output non-blocking.
        pollfd ready{fd, POLLOUT, 0};
        if (poll(&ready, 1, -1) < 0) return last_error();
    }
}

Error FileOps::sync(int fd) const {
    const Error error = error_of(fsync(fd));
    return error == std::errc::invalid_argument ? Error{} : error;
}

Error FileOps::lock(int fd, bool waits) const {
    return error_of(flock(fd, waits ? LOCK_EX : LOCK_EX | LOCK_NB));
}

Error FileOps::close(int fd) const {
    return error_of(::close(fd));
}

Error FileOps::sync_folder(const Path& folder) const {
    int fd = -1;
    Error error = open_file(folder, O_RDONLY | O_DIRECTORY, 0, fd);
    if (error == std::errc::permission_denied) return {};
    if (error) return error;
    error = FileOps::sync(fd);  // these calls are part of this one, also for those who override them
    FileOps::close(fd);
    return error;
}

Error FileOps::make_folder(const Path& folder) const {
    return error_of(mkdir(folder.c_str(), 0777));
}

Error FileOps::rename(const Path& from, const Path& to) const {
    return error_of(std::rename(from.c_str(), to.c_str()));
}

Error FileOps::link(const Path& from, const Path& to) const {
    return error_of(::link(from.c_str(), to.c_str()));
}

Error FileOps::remove(const Path& path) const {
    return error_of(unlink(path.c_str()));
}

}  // namespace llmc::base::platform
