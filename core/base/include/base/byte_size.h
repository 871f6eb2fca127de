// Sizes for people: "32 MiB", "64 KiB", "1000 bytes".
//
// Thread contract: pure.
#pragma once

#include <cstdint>
#include <string>

namespace llmc::base {

inline std::string byte_size(std::uint64_t bytes) {
    if (bytes != 0 && bytes % (1 << 20) == 0) return std::to_string(bytes >> 20) + " MiB";
    if (bytes != 0 && bytes % (1 << 10) == 0) return std::to_string(bytes >> 10) + " KiB";
    return std::to_string(bytes) + " bytes";
}

}  // namespace llmc::base
