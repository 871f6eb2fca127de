// Sizes for people: "32 MiB", "64 KiB", "1000 bytes".
#pragma once

#include <cstdint>
#include <string>

#include <fmt/format.h>

namespace llmc::base {

inline std::string byte_size(std::uint64_t bytes) {
    if (bytes != 0 && bytes % (1 << 20) == 0) return fmt::format("{} MiB", bytes >> 20);
    if (bytes != 0 && bytes % (1 << 10) == 0) return fmt::format("{} KiB", bytes >> 10);
    return fmt::format("{} bytes", bytes);
}

}  // namespace llmc::base
