#include <string>

#include <doctest/doctest.h>

#include "base/utf8.h"

namespace llmc::base {
namespace {

using namespace std::string_literals;

std::string encoded(char32_t code_point) {
    std::string out;
    append_code_point(out, code_point);
    return out;
}

TEST_CASE("for a terminal, everything that it would obey is left out, and nothing else") {
    struct Case {
        std::string text, shown, on_one_line;
    };
    const Case cases[] = {
        {"", "", ""},
        {"plain é中😀", "plain é中😀", "plain é中😀"},
        {"a\tb\nc", "a\tb\nc", "a b c"},
        {"a\r\nb", "a\nb", "a b"},
        {"progress\roverwritten", "progressoverwritten", "progressoverwritten"},
        {"\x1B[31mred\x1B[0m", "[31mred[0m", "[31mred[0m"},
        {"\x1B]0;title\x07", "]0;title", "]0;title"},
        {"\x1B]52;c;aGk=\x1B\\", "]52;c;aGk=\\", "]52;c;aGk=\\"},
        {"\u009B31m", "31m", "31m"},  // CSI as one C1 code point
        {"\x9B"
         "31m",
         "\uFFFD31m", "\uFFFD31m"},  // and as a bare byte
        {"nul\0bell\a"s, "nulbell", "nulbell"},
        {"del\x7F", "del", "del"},
        {"user\u202Etxt.exe", "usertxt.exe", "usertxt.exe"},
        {"\u2066a\u2069", "a", "a"},
        {"one\u2028two\u2029three", "one\u2028two\u2029three", "one two three"},
        {"cut \xE4\xB8", "cut \uFFFD", "cut \uFFFD"},
        {"\xE4\x1B\xB8", "\uFFFD\uFFFD", "\uFFFD\uFFFD"},
        {"family \U0001F468\u200D\U0001F469", "family \U0001F468\u200D\U0001F469", "family \U0001F468\u200D\U0001F469"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(for_terminal(c.text) == c.shown);
        CHECK(for_terminal_line(c.text) == c.on_one_line);
    }
}

constexpr char32_t kBidiControls[] = {0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C,
                                      0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069};

TEST_CASE("of all code points, exactly the controls are left out for a terminal") {
    std::size_t wrong = 0;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        bool is_left_out = c < 0x20 || c == 0x7F || (c >= 0x80 && c <= 0x9F);
        for (const char32_t bidi : kBidiControls) is_left_out = is_left_out || c == bidi;
        const std::string text = encoded(c);
        const bool is_blank = c == '\t' || c == '\n' || c == 0x2028 || c == 0x2029;
        wrong += for_terminal(text) != (is_left_out && c != '\t' && c != '\n' ? "" : text);
        wrong += for_terminal_line(text) != (is_blank ? " " : is_left_out ? "" : text);
    }
    CHECK(wrong == 0);
}

TEST_CASE("a terminal needs no, one or two columns") {
    struct Case {
        char32_t code_point;
        int columns;
    };
    const Case cases[] = {
        {U'\0', 0},   {U'\n', 0},    {0x7F, 0},    {0x9F, 0},    {U' ', 1},    {U'~', 1},    {0xA0, 1},    {0xAD, 1},
        {U'é', 1},    {U'я', 1},     {0x0301, 0},  {0x036F, 0},  {0x0370, 1},  {0x05D0, 1},  {0x0651, 0},  {0x0939, 1},
        {0x094D, 0},  {0x0E33, 1},   {0x0E34, 0},  {0x10FF, 1},  {0x1100, 2},  {0x115F, 2},  {0x1160, 0},  {0x11FF, 0},
        {0x200B, 0},  {0x200D, 0},   {0x2013, 1},  {0x2026, 1},  {0x20AC, 1},  {0x20DD, 0},  {0x231A, 2},  {0x2500, 1},
        {0x2588, 1},  {0x26A0, 1},   {0x2705, 2},  {0x2713, 1},  {0x2E80, 2},  {0x3000, 2},  {0x3042, 2},  {0x302A, 0},
        {0x303F, 1},  {0x4DC0, 1},   {0x4E00, 2},  {0x9FFF, 2},  {0xAC00, 2},  {0xD7A3, 2},  {0xD7B0, 0},  {0xF900, 2},
        {0xFB01, 1},  {0xFE0F, 0},   {0xFE30, 2},  {0xFEFF, 0},  {0xFF01, 2},  {0xFF60, 2},  {0xFF61, 1},  {0xFFFD, 1},
        {0x10000, 1}, {0x1D173, 0},  {0x17000, 2}, {0x1F004, 2}, {0x1F100, 1}, {0x1F1E6, 1}, {0x1F300, 2}, {0x1F3FB, 2},
        {0x1F600, 2}, {0x1F680, 2},  {0x1F9FF, 2}, {0x20000, 2}, {0x3FFFD, 2}, {0xE0001, 0}, {0xE0100, 0}, {0xE01EF, 0},
        {0xE000, 1},  {0x10FFFD, 1},
    };
    for (const Case& c : cases) {
        CAPTURE(static_cast<unsigned>(c.code_point));
        CHECK(terminal_width(c.code_point) == c.columns);
    }
}

TEST_CASE("the columns of a text are those of its code points") {
    CHECK(terminal_width(""s) == 0);
    CHECK(terminal_width("abc"s) == 3);
    CHECK(terminal_width("中文 ok"s) == 7);
    CHECK(terminal_width("e\u0301"s) == 1);
    CHECK(terminal_width("\xE4\xB8"s) == 1);
}

}  // namespace
}  // namespace llmc::base
