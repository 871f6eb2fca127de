// What each language's comments, strings and words are: a row per language.
//
// Thread contract: constants.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "text/highlight.h"

namespace llmc::text {

// Bits of a Delimiter.
enum DelimiterIs : std::uint8_t {
    kManyLines = 1,    // else it ends with its line
    kEscapes = 2,      // a backslash takes the next sign with it
    kNests = 4,        // an opening in it has to be closed too
    kAtWordStart = 8,  // begins at the line's start or behind a blank or an opening sign only
    kOneSign = 16,     // holds one sign, possibly escaped; otherwise it is no string: 'a' beside Rust's lifetimes
    kDoubled = 32      // its closing sign, twice, stands for itself
};

// Something from an opening to a closing sign; without a closing one, to the end of the line.
struct Delimiter {
    std::string_view open, close;
    Ink ink = Ink::string;
    std::uint8_t is = 0;
};

// What words and lines mean beyond keywords.
enum class Grammar : std::uint8_t {
    words,   // keywords wherever they stand
    keys,    // a word or string before a colon is a keyword: JSON, YAML
    rules,   // the same inside braces: CSS
    markup,  // names of tags are keywords, strings are in tags only
    diff     // the first signs of a line say what it is
};

struct CodeLanguage {
    std::span<const std::string_view> names;  // small letters
    std::span<const Delimiter> delimiters;    // the first that fits begins: longer openings first
    std::span<const std::string_view> keywords;
    std::string_view word_signs = {};  // that words may hold beside letters, digits and "_"
    bool ignores_case = false;         // of keywords, which are small letters then
    Grammar grammar = Grammar::words;
};

std::span<const CodeLanguage> code_languages();

}  // namespace llmc::text
