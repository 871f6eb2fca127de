// Breaks text into rows: greedy, by the widths of a font.
//
// Thread contract: plain functions and values.
// Invariants: rows cover the text without gap or overlap; no row but one of a single grapheme cluster is wider than
// asked for, blanks hanging over its end aside; a grapheme cluster is never split.
// Breaks: after blanks, after '-' and '/' inside words, between CJK characters (closing marks stay with what is before
// them, opening ones with what follows); a word wider than a row is cut. '\n' always ends a row.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "text/font_metrics.h"

namespace llmc::text {

// Widths of code points, those of ASCII remembered.
class Advances {
public:
    // Forgets everything when the metrics or their generation are others.
    void use(const FontMetrics& metrics);
    float of(Face face, char32_t code_point) const {
        if (code_point < 128) return ascii_[static_cast<std::size_t>(face)][code_point];
        return metrics_->advance(face, code_point);
    }
    FaceExtent extent(Face face) const { return metrics_->extent(face); }
    bool is_current(const FontMetrics& metrics) const;

private:
    const FontMetrics* metrics_ = nullptr;
    std::uint64_t generation_ = 0;
    float ascii_[kFaces][128] = {};
};

// `face` from byte `begin` of the text on, up to the next one.
struct FaceFrom {
    std::uint32_t begin = 0;
    Face face = Face::body;
};

struct BrokenRow {
    std::uint32_t begin = 0;     // bytes
    std::uint32_t text_end = 0;  // before the blanks that hang over
    std::uint32_t end = 0;       // behind them, before the '\n'
    float width = 0;             // up to text_end
};

// Appends the rows of `text` (at least one). `faces` is sorted and starts at 0. The first row has `first_width`.
void break_rows(std::string_view text, std::span<const FaceFrom> faces, const Advances& advances, float first_width,
                float width, std::vector<BrokenRow>& out);

// The end of the grapheme cluster that starts at `at` (combining marks, joiners, flags, skin tones stay together).
std::size_t next_cluster(std::string_view text, std::size_t at);

// The width of the longest part that break_rows() would not break but for want of room.
float widest_word(std::string_view text, std::span<const FaceFrom> faces, const Advances& advances);

// Of a double click: the run of letters and digits, of blanks, or of CJK characters around `offset`, else one sign.
struct Word {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};
Word word_around(std::string_view text, std::uint32_t offset);

}  // namespace llmc::text
