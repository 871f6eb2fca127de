// The colours of code, line by line: comments, strings, numbers, keywords. No parser: what a line means is told by where
// comments and strings begin and end, so that code that is not finished, or wrong, is coloured all the same.
//
// Thread contract: pure functions; the languages are one constant table (src/code_languages.cpp).
// Invariants: a line's inks are in order and do not overlap, and begin and end between code points; what a line comes to
// depends on the line and on how it begins only. Cost: O(line), no allocation beyond `out`.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace llmc::text {

enum class Ink : std::uint8_t { plain, comment, string, number, keyword, added, removed };

// Bytes of a line that are not plain.
struct InkRange {
    std::uint32_t begin = 0, end = 0;
    Ink ink = Ink::plain;
    bool operator==(const InkRange&) const = default;
};

// How a line begins: the comment, string or tag that goes on from the line before, and how deep it is nested.
struct CodeState {
    std::uint8_t inside = 0;  // 0: nothing
    std::uint8_t depth = 0;
    bool operator==(const CodeState&) const = default;
};

struct CodeLanguage;

// By what stands behind a fence: "cpp", "C++", "py", "python3 title=…"; nullptr for a language that has no colours.
const CodeLanguage* code_language(std::string_view info);

// The inks of a line without its line break, appended to `out`; gives back how the next line begins.
CodeState ink_line(const CodeLanguage& language, std::string_view line, CodeState state, std::vector<InkRange>& out);

}  // namespace llmc::text
