// White space as Unicode defines it (White_Space), and texts without it.
//
// Thread contract: plain functions of valid UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace llmc::base {

constexpr bool is_white_space(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Characters that show nothing and take no room: soft hyphen, joiners, marks of direction, byte order marks.
constexpr bool is_zero_width(char32_t c) {
    return c == 0xAD || c == 0x034F || c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

// Where the code point before `end` (above 0) starts.
std::size_t previous_code_point(std::string_view utf8, std::size_t end);

// Without white space at its ends; a view into `utf8`.
std::string_view trimmed(std::string_view utf8);

// Whether there is nothing to see in it: white space and zero-width characters only.
bool shows_nothing(std::string_view utf8);

}  // namespace llmc::base
