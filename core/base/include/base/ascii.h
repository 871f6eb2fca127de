// ASCII: what a character is, and texts without blanks at their ends or without regard to case. For names, numbers and
// protocols; what people write is Unicode (white_space.h, case_folding.h).
//
// Thread contract: plain functions. No locale.
#pragma once

#include <string>
#include <string_view>

namespace llmc::base {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_letter_or_digit(char c) {
    return is_letter(c) || is_digit(c);
}
constexpr bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
// Of a hexadecimal digit; -1 for any other character.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
// Blank, tab, line feed, carriage return: those of JSON.
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = to_lower(c);
    return lower;
}

inline constexpr std::string_view kBlanks = " \t\n\r";

constexpr std::string_view trim_start(std::string_view text, std::string_view signs = kBlanks) {
    const auto begin = text.find_first_not_of(signs);
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}
constexpr std::string_view trim_end(std::string_view text, std::string_view signs = kBlanks) {
    return text.substr(0, text.find_last_not_of(signs) + 1);
}
constexpr std::string_view trim(std::string_view text, std::string_view signs = kBlanks) {
    return trim_end(trim_start(text, signs), signs);
}

}  // namespace llmc::base
