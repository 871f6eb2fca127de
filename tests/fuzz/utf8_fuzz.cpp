// Repair gives valid UTF-8, whole or in parts, and text for terminals holds no control characters.
#include <cstdint>
#include <cstdlib>

#include "base/utf8.h"

using namespace llmc;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::string whole = base::to_valid_utf8(bytes);
    if (!base::is_valid_utf8(whole)) std::abort();
    std::string parts;
    base::Utf8Repair repair;
    const std::size_t step = size > 0 ? 1 + data[0] % 7 : 1;
    for (std::size_t at = 0; at < size; at += step) repair.feed(bytes.substr(at, step), parts);
    repair.finish(parts);
    if (parts != whole) std::abort();
    for (const char c : base::for_terminal(bytes))
        if ((c >= 0 && c < 0x20 && c != '\t' && c != '\n') || c == 0x7f) std::abort();
    return 0;
}
