#include <utility>

#include "base/file.h"
#include "file_internal.h"

namespace llmc::base {

Result<OutputFile> OutputFile::open(const std::filesystem::path& path) {
    if (path == "-") return OutputFile(platform::kStandardOutput, "standard output");
    int fd = -1;
    if (const auto error = uninterrupted([&] { return FileOps().open_to_append(path, fd); })) {
        return file_error("write", path, error);
    }
    return OutputFile(fd, path.native());
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(name_, other.name_);
    return *this;
}

OutputFile::~OutputFile() {
    if (fd_ >= 0 && fd_ != platform::kStandardOutput) FileOps().close(fd_);
}

Result<void> OutputFile::write(std::string_view bytes) {
    if (const auto error = write_all(FileOps(), fd_, bytes)) return file_error("write", name_, error);
    return {};
}

}  // namespace llmc::base
