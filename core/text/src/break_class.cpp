#include "break_class.h"

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace llmc::text {
namespace {

// Must not start a row (kinsoku): closing marks, small kana, marks of prolongation and repetition.
constexpr char32_t kNoStart[] = {
    '!',    '%',    ')',    ',',    '.',    ':',    ';',    '?',    ']',    '}',    0xBB,   0x2019, 0x201D,
    0x2026, 0x203A, 0x3001, 0x3002, 0x3005, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0x3017, 0x3041,
    0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308E, 0x309B, 0x309C, 0x309D, 0x309E,
    0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30C3, 0x30E3, 0x30E5, 0x30E7, 0x30EE, 0x30FB, 0x30FC, 0x30FD,
    0x30FE, 0xFF01, 0xFF05, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF3D, 0xFF5D, 0xFF60,
};
// Must not end a row: opening marks.
constexpr char32_t kNoEnd[] = {
    '(',    '[',    '{',    0xAB,   0x2018, 0x201C, 0x2039, 0x3008, 0x300A,
    0x300C, 0x300E, 0x3010, 0x3014, 0x3016, 0xFF08, 0xFF3B, 0xFF5B, 0xFF5F,
};

bool is_glue(char32_t c) {
    return c == 0xA0 || c == 0x202F || c == 0x2060 || c == 0xFEFF;
}

}  // namespace

bool is_blank_beyond_ascii(char32_t c) {
    return (c >= 0x2000 && c <= 0x200A && c != 0x2007) || c == 0x200B || c == 0x3000;
}

bool is_cjk(char32_t c) {
    if (c < 0x1100) return false;
    return (c >= 0x2E80 && c <= 0xA4CF && c != 0x3000) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFF) || is_regional(c);
}

bool is_word(char32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
    if (c == 0xD7 || c == 0xF7 || is_blank(c) || is_glue(c) || is_cjk(c)) return false;
    return c < 0x2010 || (c > 0x2BFF && c < 0xE000) || c >= 0xFB00;
}

bool is_regional(char32_t c) {
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

bool joins_previous(char32_t c) {
    if (c < 0x300) return false;
    if (c == 0x200B) return false;  // a place to break
    if (c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F3FB && c <= 0x1F3FF)) return true;
    if ((c >= 0xE0020 && c <= 0xE007F) || (c >= 0xE0100 && c <= 0xE01EF)) return true;
    if ((c >= 0x3400 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3)) return false;  // CJK without marks
    return base::terminal_width(c) == 0;
}

bool may_break_beyond_ascii(char32_t earlier, char32_t before, char32_t after) {
    if (is_blank(after) || is_glue(before) || is_glue(after)) return false;
    if (is_blank(before)) return true;
    if (before == '-' || before == 0x2010) return is_word(earlier) && is_word(after);
    if (before == '/') return after != '/' && (is_word(after) || is_cjk(after));
    if (before == 0x2013 || before == 0x2014) return is_word(after) || is_cjk(after);
    if (!is_cjk(before) && !is_cjk(after)) return false;
    return !std::binary_search(std::begin(kNoStart), std::end(kNoStart), after) &&
           !std::binary_search(std::begin(kNoEnd), std::end(kNoEnd), before);
}

}  // namespace llmc::text
