#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gui/look/system_fonts.h"

namespace llmc::gui {

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const auto failed = [&](const char* why) {
        return Error{ErrorKind::io, "cannot read " + path.string() + ": " + why};
    };
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return failed(std::strerror(errno));
    struct stat status {};
    void* address = MAP_FAILED;
    int error = ::fstat(descriptor, &status) == 0 ? 0 : errno;
    if (error == 0 && (!S_ISREG(status.st_mode) || status.st_size <= 0)) error = EINVAL;
    if (error == 0) {
        address = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (address == MAP_FAILED) error = errno;
    }
    ::close(descriptor);
    if (error != 0) return failed(std::strerror(error));
    // Glyphs are read here and there: reading ahead would bring the whole file into memory.
    ::madvise(address, static_cast<std::size_t>(status.st_size), MADV_RANDOM);
    return MappedFile({static_cast<const std::byte*>(address), static_cast<std::size_t>(status.st_size)});
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace llmc::gui
