// What a laid-out document shows: rows of runs, boxes, rules and bars, in px of the document (y from its top, x from
// its left edge).
//
// Thread contract: plain values. Views and spans in them are valid during the visitor's call only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "text/font_metrics.h"
#include "text/highlight.h"

namespace llmc::text {

enum class BlockKind : std::uint8_t {
    paragraph,
    heading,
    code,       // a part of a fenced or indented code block
    table_row,  // a row of a table, which may be several rows high
    rule,       // a thematic break
    plain       // text without Markdown: many lines
};

// What a run is, besides its face: colours and lines are the drawing side's choice. Bits.
enum Mark : std::uint8_t {
    kStrike = 1,
    kInlineCode = 2,  // a chip behind the text
    kLink = 4,        // `link` has a target that may be opened
    kImage = 8,       // the text that stands for an image
    kMarker = 16,     // a bullet or a number of a list: quiet
    kTaskOpen = 32,   // the marker of a task: draw a box (the run's text is one)
    kTaskDone = 64,
    kHeaderCell = 128
};

struct Style {
    Face face = Face::body;
    std::uint8_t marks = 0;  // Mark bits

    bool operator==(const Style&) const = default;
};

// A piece of one row with one style. At most kMaxRunBytes of text, cut between grapheme clusters.
inline constexpr std::size_t kMaxRunBytes = 2048;
struct Run {
    std::string_view text;  // what to draw: UTF-8 without control characters; not always the source's bytes
    float x = 0;            // px from the document's left edge
    float width = 0;
    Style style;
    std::uint32_t begin = 0;  // the source it stands for: byte offsets [begin, end)
    std::uint32_t end = 0;
    std::string_view link;  // http:, https: or mailto: target, in full; empty: no link
    Ink ink = Ink::plain;   // of code in a language that has colours
};

inline constexpr std::uint32_t kNoBox = 0xFFFFFFFF;

struct Row {
    double y = 0;
    float height = 0;
    float baseline = 0;  // px below y: draw a run's glyphs with the top of their face at y + baseline - ascent
    BlockKind kind = BlockKind::paragraph;
    std::uint32_t block = 0;     // index, rises with y
    std::uint32_t box = kNoBox;  // the code or table box it stands in: scrolls sideways with it, is clipped by it
    std::uint32_t begin = 0;     // the source it covers; all rows of one table row say the same
    std::uint32_t end = 0;
    float x = 0;      // where its text starts
    float width = 0;  // of the text, without blanks hanging over the end
    std::span<const Run> runs;
};

// The whole box of a code block or table, given once even when only a part is visible.
struct Box {
    std::uint32_t id = 0;  // stays the same while the document grows
    BlockKind kind = BlockKind::code;
    double y = 0;
    float x = 0;
    float width = 0;
    float height = 0;
    float content_width = 0;    // when above `width`, the box scrolls sideways by up to the difference
    float header = 0;           // code: height of the label row; table: of the header row
    std::string_view language;  // code: the first word after the fence
    std::uint32_t begin = 0;    // what Copy copies: code without its fences, a table whole
    std::uint32_t end = 0;
    bool is_open = false;            // the fence is not closed yet and more may come
    std::span<const float> columns;  // table: x of the left edge of each column, then the right edge of the last
};

struct Rule {
    enum class Kind : std::uint8_t { thematic, table_row };
    Kind kind = Kind::thematic;
    std::uint32_t box = kNoBox;  // of a table's rule
    double y = 0;
    float x = 0;
    float width = 0;
};

struct QuoteBar {
    double y = 0;
    float x = 0;
    float width = 0;
    float height = 0;
    std::uint32_t depth = 0;  // 1: outermost quote
};

// Called in the order in which things are drawn: a block's box (once), bars, rules, then its rows from top to bottom.
class Visitor {
public:
    virtual ~Visitor() = default;
    virtual void box(const Box&) {}
    virtual void quote_bar(const QuoteBar&) {}
    virtual void rule(const Rule&) {}
    virtual void row(const Row&) {}
};

struct Rect {
    float x = 0;
    double y = 0;
    float width = 0;
    float height = 0;
    std::uint32_t box = kNoBox;
};

}  // namespace llmc::text
