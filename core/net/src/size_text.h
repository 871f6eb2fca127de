// Sizes in the words of messages: "16 MiB", "8 KiB", "100 bytes".
#pragma once

#include <cstddef>
#include <string>

namespace llmc::net {

inline std::string size_text(std::size_t bytes) {
    constexpr std::size_t kKib = 1024;
    constexpr std::size_t kMib = 1024 * kKib;
    if (bytes >= kMib && bytes % kMib == 0) return std::to_string(bytes / kMib) + " MiB";
    if (bytes >= kKib && bytes % kKib == 0) return std::to_string(bytes / kKib) + " KiB";
    return std::to_string(bytes) + " bytes";
}

}  // namespace llmc::net
