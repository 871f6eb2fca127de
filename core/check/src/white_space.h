// White space as Unicode defines it (White_Space), and text without it at its ends.
//
// Thread contract: plain functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace llmc::check {

constexpr bool is_white_space(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Where the code point before `end` (above 0) starts.
std::size_t previous_code_point(std::string_view utf8, std::size_t end);

// Valid UTF-8 without white space at its ends; a view into `utf8`.
std::string_view trimmed(std::string_view utf8);

}  // namespace llmc::check
