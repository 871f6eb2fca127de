#include "temporary_file.h"

#include <utility>

#include "base/ids.h"
#include "file_internal.h"

namespace llmc::base {

namespace fs = std::filesystem;

TemporaryFile::TemporaryFile(const FileOps& ops, fs::path folder) : ops_(ops), folder_(std::move(folder)) {}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : ops_(other.ops_), folder_(std::move(other.folder_)), path_(std::exchange(other.path_, {})) {}

TemporaryFile::~TemporaryFile() {
    if (!path_.empty()) uninterrupted([&] { return ops_.remove(path_); });
}

std::error_code TemporaryFile::create(unsigned mode, int& fd) {
    const fs::path path = folder_ / (".llm-compare-" + random_id() + ".tmp");
    const std::error_code error = uninterrupted([&] { return ops_.create_new(path, mode, fd); });
    if (!error) path_ = path;
    return error;
}

std::error_code TemporaryFile::write(std::string_view bytes, unsigned mode, std::optional<unsigned> exact_mode) {
    int fd = -1;
    std::error_code error = create(mode, fd);
    if (error) return error;
    if (exact_mode) error = uninterrupted([&] { return ops_.set_mode(fd, *exact_mode); });
    if (!error) error = write_all(ops_, fd, bytes);
    return finish(fd, error);
}

std::error_code TemporaryFile::write(const std::function<void(const ByteSink& sink)>& write_to, unsigned mode) {
    int fd = -1;
    std::error_code error = create(mode, fd);
    if (error) return error;
    write_to([&](std::string_view bytes) {
        if (!error) error = write_all(ops_, fd, bytes);
    });
    return finish(fd, error);
}

// Syncs what was written without an error, and closes.
std::error_code TemporaryFile::finish(int fd, std::error_code error) {
    if (!error) error = uninterrupted([&] { return ops_.sync(fd); });
    std::error_code closed = ops_.close(fd);
    if (closed == std::errc::interrupted) closed.clear();  // it is closed all the same
    return error ? error : closed;
}

std::error_code TemporaryFile::move_to(const fs::path& target) {
    const std::error_code error = uninterrupted([&] { return ops_.rename(path_, target); });
    if (!error) path_.clear();
    return error;
}

std::error_code TemporaryFile::link_to(const fs::path& target) const {
    return uninterrupted([&] { return ops_.link(path_, target); });
}

}  // namespace llmc::base
