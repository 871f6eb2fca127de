// What differs between two texts, word by word.
//
// Thread contract: pure functions; long texts are for a background thread.
// Invariants:
//   1. Parts are in order; joining the a-sides of all parts gives `a`, joining the b-sides gives `b`.
//   2. In a part of kind `same` both sides are equal, byte by byte; neighbours never have the same kind.
//   3. Parts begin and end between code points where the texts are valid UTF-8.
// Cost: memory linear in the texts, time linear but for a factor that is bounded: of texts that have little in common
// the shortest list of differences is not searched for, a good one is taken (the parts stay true).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace llmc::compare {

struct DiffPart {
    enum class Kind { same, only_a, only_b, replaced };
    Kind kind = Kind::same;
    std::size_t a_begin = 0, a_end = 0;  // bytes
    std::size_t b_begin = 0, b_end = 0;
    bool operator==(const DiffPart&) const = default;
};

struct TextDiff {
    std::vector<DiffPart> parts;
    bool is_identical = false;
    bool is_by_line = false;          // the texts were too long for words: whole lines are compared
    double similarity = 1;            // words in common: 0 for none, 1 for all
    std::size_t differences() const;  // parts that are not `same`
};

// Words are compared; blanks between them too, but they never make two texts alike.
TextDiff diff_words(std::string_view a, std::string_view b);

}  // namespace llmc::compare
