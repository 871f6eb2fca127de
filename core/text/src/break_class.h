// What a code point is when text is broken into rows and words; pure functions for line_breaker.cpp.
//
// Thread contract: plain functions.
#pragma once

namespace llmc::text {

bool is_blank_beyond_ascii(char32_t c);
inline bool is_blank(char32_t c) {  // a row may end behind it, and it may hang over
    return c < 0x80 ? c == ' ' || c == '\t' : is_blank_beyond_ascii(c);
}
bool is_cjk(char32_t c);          // ideographs, kana, Hangul, their punctuation, and emoji: breaks on both sides
bool is_word(char32_t c);         // letters, digits, '_' of scripts with blanks between words
bool joins_previous(char32_t c);  // combining marks, joiners, variation selectors, skin tones, tags
bool is_regional(char32_t c);     // two of them are a flag

// Whether a row may end between `before` and `after`; `earlier` is what stands in front of `before` (0: nothing).
bool may_break_beyond_ascii(char32_t earlier, char32_t before, char32_t after);
inline bool may_break(char32_t earlier, char32_t before, char32_t after) {
    if (before >= 0x80 || after >= 0x80 || before == '-' || before == '/')
        return may_break_beyond_ascii(earlier, before, after);
    const bool is_behind_blank = before == ' ' || before == '\t';  // nearly all of the text
    return is_behind_blank && after != ' ' && after != '\t';
}

}  // namespace llmc::text
