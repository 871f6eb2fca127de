#include "system_faults.h"

#include <cstdarg>
#include <cstring>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// The system's own, by the names that --wrap gives them.
extern "C" {
int __real_open(const char* path, int flags, ...);
int __real_close(int fd);
int __real_fstat(int fd, struct stat* status);
int __real_fchmod(int fd, mode_t mode);
ssize_t __real_read(int fd, void* into, size_t size);
ssize_t __real_write(int fd, const void* bytes, size_t size);
int __real_mkdir(const char* path, mode_t mode);
int __real_rename(const char* from, const char* to);
int __real_link(const char* from, const char* to);
int __real_unlink(const char* path);
}

namespace llmc::faults {
namespace {

struct State {
    std::mutex mutex;
    std::string folder;
    Fault fault{};
    int at = 0;
    bool has_happened = false;
    int half_written = -1;  // the descriptor whose next write fails
    std::vector<std::string> calls;
    std::set<int> open;
};

// One per process, as the system's calls are.
State& state() {
    static State one;
    return one;
}

bool is_below(const char* path) {
    State& now = state();
    return !now.folder.empty() && std::strncmp(path, now.folder.c_str(), now.folder.size()) == 0;
}

// Notes a call. True: it is the one that fails, and errno says how.
bool fails(const char* name) {
    State& now = state();
    now.calls.emplace_back(name);
    if (now.fault.is_short || static_cast<int>(now.calls.size()) != now.at) return false;
    now.has_happened = true;
    errno = now.fault.error;
    return true;
}

// The same for calls that name a file, or that have it open.
bool fails(const char* name, const char* path) {
    const std::lock_guard lock(state().mutex);
    return is_below(path) && fails(name);
}
bool fails(const char* name, int fd) {
    const std::lock_guard lock(state().mutex);
    return state().open.contains(fd) && fails(name);
}

// How many bytes of a write are taken; -1 where it fails.
ssize_t taken(int fd, size_t size) {
    const std::lock_guard lock(state().mutex);
    State& now = state();
    if (!now.open.contains(fd)) return static_cast<ssize_t>(size);
    if (fails("write")) return -1;
    if (now.half_written == fd) {
        now.half_written = -1;
        errno = now.fault.error;
        return -1;
    }
    if (now.fault.is_short && static_cast<int>(now.calls.size()) == now.at && size > 1) {
        now.has_happened = true;
        if (!now.fault.does_no_harm) now.half_written = fd;
        return static_cast<ssize_t>(size / 2);
    }
    return static_cast<ssize_t>(size);
}

}  // namespace

void watch(const std::filesystem::path& folder, int at, const Fault& fault) {
    const std::lock_guard lock(state().mutex);
    State& now = state();
    now.folder = folder.string();
    now.fault = fault;
    now.at = at;
    now.has_happened = false;
    now.half_written = -1;
    now.calls.clear();
    now.open.clear();
}

std::vector<std::string> calls() {
    const std::lock_guard lock(state().mutex);
    return state().calls;
}
int open_descriptors() {
    const std::lock_guard lock(state().mutex);
    return static_cast<int>(state().open.size());
}
bool has_happened() {
    const std::lock_guard lock(state().mutex);
    return state().has_happened;
}

}  // namespace llmc::faults

using namespace llmc::faults;

extern "C" {

int __wrap_open(const char* path, int flags, ...) {
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    const char* name = flags & O_DIRECTORY ? "open folder" : flags & O_CREAT ? "create" : "open";
    if (fails(name, path)) return -1;
    const int fd = __real_open(path, flags, mode);
    const std::lock_guard lock(state().mutex);
    if (fd >= 0 && is_below(path)) state().open.insert(fd);
    return fd;
}

int __wrap_close(int fd) {
    const bool does_fail = fails("close", fd);
    const int error = errno;
    {
        const std::lock_guard lock(state().mutex);
        state().open.erase(fd);
    }
    const int closed = __real_close(fd);  // gone, also when it fails
    if (!does_fail) return closed;
    errno = error;
    return -1;
}

int __wrap_fstat(int fd, struct stat* status) {
    return fails("fstat", fd) ? -1 : __real_fstat(fd, status);
}
int __wrap_fchmod(int fd, mode_t mode) {
    return fails("fchmod", fd) ? -1 : __real_fchmod(fd, mode);
}
ssize_t __wrap_read(int fd, void* into, size_t size) {
    return fails("read", fd) ? -1 : __real_read(fd, into, size);
}
// Nobody cuts the power in a test: only the errors of it count.
int __wrap_fsync(int fd) {
    return fails("fsync", fd) ? -1 : 0;
}
int __wrap_mkdir(const char* path, mode_t mode) {
    return fails("mkdir", path) ? -1 : __real_mkdir(path, mode);
}
int __wrap_rename(const char* from, const char* to) {
    return fails("rename", to) ? -1 : __real_rename(from, to);
}
int __wrap_link(const char* from, const char* to) {
    return fails("link", to) ? -1 : __real_link(from, to);
}
int __wrap_unlink(const char* path) {
    return fails("unlink", path) ? -1 : __real_unlink(path);
}

ssize_t __wrap_write(int fd, const void* bytes, size_t size) {
    const ssize_t now = taken(fd, size);
    return now < 0 ? now : __real_write(fd, bytes, static_cast<size_t>(now));
}

}  // extern "C"
