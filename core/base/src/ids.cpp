#include "base/ids.h"

#include <algorithm>
#include <array>

#include "platform/system.h"

namespace llmc::base {

std::string random_id(unsigned digits) {
    std::string id;
    id.reserve(digits);
    std::array<unsigned char, 32> random;
    while (id.size() < digits) {
        platform::fill_random(random.data(), random.size());
        const std::size_t take = std::min<std::size_t>(digits - id.size(), random.size());
        for (std::size_t i = 0; i < take; ++i) id += "0123456789abcdef"[random[i] % 16];
    }
    return id;
}

}  // namespace llmc::base
