// What the layout of text has to know about fonts and sizes; the drawing side implements it, tests replace it.
//
// Thread contract: used by the thread that lays out only (loading a glyph to measure it is not thread-safe in a GUI).
// Invariants: while generation() stays the same, advance() and extent() give the same numbers for the same arguments.
#pragma once

#include <cstddef>
#include <cstdint>

namespace llmc::text {

// One font at one size. Colour and marks (Style in text/view.h) do not change widths.
enum class Face : std::uint8_t {
    body,
    bold,
    italic,
    bold_italic,
    code,
    heading1,
    heading2,
    heading3,  // also for levels 4 to 6
};
inline constexpr std::size_t kFaces = 8;

struct FaceExtent {
    float ascent = 0;   // px above the baseline
    float descent = 0;  // px below it, positive
};

class FontMetrics {
public:
    virtual ~FontMetrics() = default;

    // Width in px, not negative; 0 for what the drawing side does not draw (joiners, variation selectors).
    virtual float advance(Face face, char32_t code_point) const = 0;
    virtual FaceExtent extent(Face face) const = 0;
    // Changes when fonts, text size or DPI scale change: all that was laid out is stale then.
    virtual std::uint64_t generation() const = 0;
};

// Distances in px for a text size; scaled by the drawing side.
struct LayoutStyle {
    float prose_row = 22;  // height of a row
    float code_row = 18;
    float heading_row[3] = {32, 28, 24};
    float max_prose_width = 560;  // paragraphs, headings, lists
    float max_wide_width = 960;   // code and tables

    float paragraph_gap = 10;  // above a block after a blank line
    float item_gap = 4;        // between items of a list without blank lines
    float heading_gap = 18;    // above a heading
    float list_indent = 24;    // per level
    float marker_gap = 8;      // between a list's marker and its text
    float quote_indent = 16;   // per level; the bar stands at its left
    float quote_bar = 3;       // its width

    float code_header = 30;  // the row of the language and "Copy"; 0 draws none
    float code_padding_x = 10;
    float code_padding_y = 8;
    float cell_padding_x = 8;
    float cell_padding_y = 4;
    float min_column = 40;   // a table's column is never narrower than this and its paddings
    float rule_height = 21;  // a thematic break with the room around it
    std::uint32_t tab_columns = 4;

    bool operator==(const LayoutStyle&) const = default;
};

}  // namespace llmc::text
