// What utf8.h says about terminals.
#include <algorithm>
#include <iterator>

#include "base/utf8.h"
#include "width_tables.h"

namespace llmc::base {
namespace {

template <std::size_t N>
bool contains(const WidthRange (&table)[N], char32_t code_point) {
    const auto* after = std::upper_bound(std::begin(table), std::end(table), code_point,
                                         [](char32_t c, const WidthRange& range) { return c < range.first; });
    return after != std::begin(table) && code_point <= std::prev(after)->last;
}

constexpr bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

// Those that turn the order of what is shown around.
constexpr bool is_bidi_control(char32_t c) {
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// `text` without what a terminal would obey; `blanks` are replaced by a blank instead.
template <class Keeps, class IsBlank>
std::string cleaned(std::string_view text, Keeps keeps, IsBlank is_blank) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t pos = 0; pos < text.size();) {
        const char32_t c = next_code_point(text, pos);
        if (is_blank(c)) {
            out += ' ';
        } else if (keeps(c) || !(is_control(c) || is_bidi_control(c))) {
            append_code_point(out, c);
        }
    }
    return out;
}

}  // namespace

int terminal_width(char32_t code_point) {
    if (code_point < 0x7F) return is_control(code_point) ? 0 : 1;
    if (is_control(code_point) || contains(kZeroWidth, code_point)) return 0;
    return contains(kWide, code_point) ? 2 : 1;
}

std::size_t terminal_width(std::string_view utf8) {
    std::size_t width = 0;
    for (std::size_t pos = 0; pos < utf8.size();) {
        width += static_cast<std::size_t>(terminal_width(next_code_point(utf8, pos)));
    }
    return width;
}

std::string for_terminal(std::string_view text) {
    return cleaned(
        text, [](char32_t c) { return c == '\t' || c == '\n'; }, [](char32_t) { return false; });
}

std::string for_terminal_line(std::string_view text) {
    return cleaned(
        text, [](char32_t) { return false; },
        [](char32_t c) { return c == '\t' || c == '\n' || c == 0x2028 || c == 0x2029; });
}

}  // namespace llmc::base
