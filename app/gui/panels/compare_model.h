// What differs between answers, as the Compare window shows it: marks in each text, differences to step through, and
// which places of the texts belong together.
//
// Thread contract: pure functions and plain values; long texts are for a background thread.
// Invariants:
//   1. The marks of a text are in order, do not overlap, and neither begin nor end with blanks.
//   2. Every mark belongs to a difference; every difference has at least one mark.
//   3. Stops rise in every text; each text has one at 0 and one at its end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compare/consensus.h"
#include "text/document.h"

namespace llmc::gui {

inline constexpr std::size_t kMostCompared = compare::kMaxConsensusTexts;

// `words`: of two texts what is not in the other, word by word in order; of more what is said alone in each passage.
// `paragraphs`: whole passages that not all say, in whatever order.
enum class CompareMode { words, paragraphs };

struct CompareMark {
    text::SourceRange range;
    std::uint32_t difference = 0;  // index into Comparison::differences
    std::uint32_t said_by = 0;     // a bit per text
    bool is_alone = true;          // no other text says it; else some do
    bool operator==(const CompareMark&) const = default;
};

// Where a difference stands in each text; an empty range is where it is missing.
struct CompareDifference {
    std::array<text::SourceRange, kMostCompared> at{};
};

// Places that belong together, one for each text that has it.
inline constexpr std::uint32_t kNowhere = 0xFFFFFFFF;
using CompareStop = std::array<std::uint32_t, kMostCompared>;

struct Comparison {
    std::vector<std::vector<CompareMark>> marks;  // per text
    std::vector<CompareDifference> differences;   // in reading order
    std::vector<CompareStop> stops;
    std::vector<std::vector<std::uint32_t>> stops_of;  // per text: the stops that it has
    double agreement = 1;                              // 0…1: how much of what one says another says too
    bool is_identical = false;                         // byte by byte
    bool is_by_line = false;                           // too long for words
    bool is_in_any_order = false;                      // passages were matched, not a sequence of words
};

// For two to kMostCompared texts.
Comparison compare_texts(std::span<const std::string_view> texts, CompareMode mode);

// "81", never 100 for what differs.
int agreement_percent(const Comparison& comparison);
// "4 differences · 81 % agree", "2 of 4 differences · 81 % agree"; `current` from 1, 0 for none.
std::string comparison_summary(const Comparison& comparison, std::size_t current);
// The differences one below the other, with who says what.
std::string differences_text(const Comparison& comparison, std::span<const std::string_view> texts,
                             std::span<const std::string> labels);

// The marks that touch [begin, end).
std::span<const CompareMark> marks_within(std::span<const CompareMark> marks, text::SourceRange range);

// How high places stand in laid-out texts.
class CompareHeights {
public:
    virtual ~CompareHeights() = default;
    virtual double y_of(std::size_t text, std::uint32_t offset) = 0;
};
// Which height of text `to` belongs to height `y` of text `from`; `row_end` is the last place in the row at `y`.
// Between two stops heights are in proportion, so that scrolling does not jump.
double corresponding_y(const Comparison& comparison, std::size_t from, std::size_t to, std::uint32_t row_end, double y,
                       CompareHeights& heights);

}  // namespace llmc::gui
