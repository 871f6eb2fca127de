// The system calls of files, one by one, so that a test can make each of them fail in its turn.
//
// Thread contract: stateless; any thread.
// Each gives the system's error, or none. Any of them may be `interrupted`: see uninterrupted(). No descriptor is
// inherited by child processes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace llmc::base::platform {

inline constexpr int kStandardOutput = 1;

struct FileStatus {
    std::filesystem::file_type type = std::filesystem::file_type::none;
    std::uint64_t size = 0;  // bytes; 0 for files whose size the system does not know
};

class FileOps {
public:
    using Path = std::filesystem::path;
    using SystemError = std::error_code;

    virtual ~FileOps() = default;

    virtual SystemError open_to_read(const Path& path, int& fd) const;  // never waits for the other end of a pipe
    virtual SystemError open_to_append(const Path& path, int& fd) const;
    virtual SystemError create_new(const Path& path, unsigned mode, int& fd) const;  // `file_exists` where it exists

    virtual SystemError status(int fd, FileStatus& status) const;
    virtual SystemError set_mode(int fd, unsigned mode) const;
    virtual SystemError read(int fd, char* into, std::size_t size, std::size_t& got) const;  // 0 at the end
    virtual SystemError write(int fd, std::string_view bytes, std::size_t& written) const;   // waits, never would_block
    virtual SystemError sync(int fd) const;  // none where the file system has no such thing
    // Held by this descriptor until it is closed. Where another one holds it: waits, or
    // `resource_unavailable_try_again`.
    virtual SystemError lock(int fd, bool waits) const;
    virtual SystemError close(int fd) const;  // the descriptor is gone whatever it answers

    virtual SystemError sync_folder(const Path& folder) const;  // as sync(); none where the folder may not be read
    virtual SystemError make_folder(const Path& folder) const;
    virtual SystemError rename(const Path& from, const Path& to) const;  // replaces `to`
    virtual SystemError link(const Path& from, const Path& to) const;    // `file_exists` where `to` exists
    virtual SystemError remove(const Path& path) const;
};

// Calls again until a signal does not interrupt it.
template <class Call>
std::error_code uninterrupted(Call call) {
    std::error_code error = call();
    while (error == std::errc::interrupted) error = call();
    return error;
}

}  // namespace llmc::base::platform
