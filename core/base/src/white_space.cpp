#include "base/white_space.h"

#include "base/utf8.h"

namespace llmc::base {

std::size_t previous_code_point(std::string_view utf8, std::size_t end) {
    std::size_t start = end - 1;
    while (start > 0 && (static_cast<unsigned char>(utf8[start]) & 0xC0) == 0x80) --start;
    return start;
}

std::string_view trimmed(std::string_view utf8) {
    std::size_t end = utf8.size();
    while (end > 0) {
        const std::size_t start = previous_code_point(utf8, end);
        std::size_t at = start;
        if (!is_white_space(next_code_point(utf8, at))) break;
        end = start;
    }
    std::size_t begin = 0;
    while (begin < end) {
        std::size_t next = begin;
        if (!is_white_space(next_code_point(utf8, next))) break;
        begin = next;
    }
    return utf8.substr(begin, end - begin);
}

bool shows_nothing(std::string_view utf8) {
    for (std::size_t at = 0; at < utf8.size();)
        if (const char32_t c = next_code_point(utf8, at); !is_white_space(c) && !is_zero_width(c)) return false;
    return true;
}

}  // namespace llmc::base
