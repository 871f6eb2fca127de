#include "words.h"

#include "base/ascii.h"
#include "base/utf8.h"

namespace llmc::compare {
namespace {

enum class Sort { blank, letter, sign };

// Of what is not ASCII: letters join to words; signs, CJK (no blanks between words there) and emoji stand alone.
Sort sort_of(char32_t c) {
    if (c < 0x80) {
        if (is_blank(static_cast<char>(c))) return Sort::blank;
        return base::is_letter_or_digit(static_cast<char>(c)) || c == '_' ? Sort::letter : Sort::sign;
    }
    const bool is_punctuation = (c >= 0xA0 && c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 ||
                                c == 0xF7 || (c >= 0x2000 && c < 0x2070);
    const bool is_alone = (c >= 0x2190 && c < 0x2C00) || (c >= 0x2E80 && c < 0xA000) || (c >= 0xF900 && c < 0xFB00) ||
                          (c >= 0xFE30 && c < 0xFE50) || (c >= 0xFF00 && c < 0xFFF0) || c >= 0x1F000;
    return is_punctuation || is_alone ? Sort::sign : Sort::letter;
}

}  // namespace

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    bool in_word = false;
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t begin = pos;
        const Sort sort = sort_of(base::next_code_point(text, pos));
        if (sort == Sort::letter && in_word)
            words.back().end = pos;
        else if (sort != Sort::blank)
            words.push_back({begin, pos});
        in_word = sort == Sort::letter;
    }
    return words;
}

std::vector<Word> lines_as_words(std::string_view text) {
    std::vector<Word> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = text.find('\n', begin);
        if (end == std::string_view::npos) end = text.size();
        std::size_t first = begin, last = end;
        while (first < last && is_blank(text[first])) ++first;
        while (last > first && is_blank(text[last - 1])) --last;
        if (first < last) lines.push_back({first, last});
        begin = end + 1;
    }
    return lines;
}

}  // namespace llmc::compare
