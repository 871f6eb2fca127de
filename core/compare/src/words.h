// A text as words, for comparing: what stands between blanks, signs apart from letters, each CJK character and each
// emoji on its own.
//
// Thread contract: plain functions.
// Invariant: words are in order and do not overlap; what lies between two of them is blanks.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace llmc::compare {

struct Word {
    std::size_t begin = 0, end = 0;  // bytes
};

// Blanks: ASCII white space.
bool is_blank(char c);

std::vector<Word> words_of(std::string_view text);
// Every line is one word, without its line break.
std::vector<Word> lines_as_words(std::string_view text);

inline std::string_view word_text(std::string_view text, const Word& word) {
    return text.substr(word.begin, word.end - word.begin);
}

}  // namespace llmc::compare
