// Rows and runs of one block for a width: what is drawn, without the block's place in the document.
//
// Thread contract: one thread. Pure: the result depends on the arguments only.
// Invariants: rows are in order and do not overlap; a row of prose is not wider than the width, unless a single cluster
// is; runs of a row are in order of x, those of one cell in order of the source.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/block_splitter.h"
#include "text/inline_parser.h"
#include "text/line_breaker.h"
#include "text/view.h"

namespace llmc::text {

struct PlacedRun {
    std::uint32_t shown_begin = 0;  // in BlockLayout::text.shown
    std::uint32_t shown_end = 0;
    std::uint32_t span = 0;  // index into text.spans
    float x = 0;
    float width = 0;
    Ink ink = Ink::plain;
};

struct PlacedRow {
    float y = 0;  // from the block's top
    float height = 0;
    float baseline = 0;
    float x = 0;
    float width = 0;
    std::uint32_t first_run = 0;
    std::uint32_t runs = 0;
    std::uint32_t begin = 0;  // source
    std::uint32_t end = 0;
    bool is_in_box = false;
};

struct BlockLayout {
    InlineText text;
    std::vector<PlacedRow> rows;
    std::vector<PlacedRun> runs;
    float height = 0;
    float width = 0;  // code: of the widest row

    void clear();
    // The source that a run stands for.
    SourceRange source_of(const PlacedRun& run) const;
    std::string_view shown(const PlacedRun& run) const;
    std::size_t memory_bytes() const;
};

// A table's columns, from the table's left edge.
struct Columns {
    std::vector<float> edges;  // x of each left edge, and the right edge of the last
    std::uint64_t aligns = 0;  // as in BoxRange

    bool operator==(const Columns&) const = default;
};

// The language of a code block and how it begins; no language: it has no colours.
struct CodeBegin {
    const CodeLanguage* language = nullptr;
    CodeState state;
};

// Lays out blocks of one source with one style; keeps its buffers.
class BlockComposer {
public:
    void use(const FontMetrics& metrics, const LayoutStyle& style, float width);
    const Advances& advances() const { return advances_; }

    // `columns`: of the block's table. `code`: of a code block, whose rows have its inks.
    void compose(std::string_view source, const Block& block, const Columns* columns, BlockLayout& out,
                 const CodeBegin& code = {});
    // How the block behind this one of the same code begins.
    CodeState code_after(std::string_view source, const Block& block, const CodeBegin& code);
    // Columns by the widths of the table's first rows (kMeasuredRows, kMeasuredBytes): later rows take them as they
    // are.
    void measure_columns(std::string_view source, const std::vector<Block>& blocks, const BoxRange& table,
                         Columns& out);
    // A guess of a block's height that costs next to nothing.
    float estimate(std::string_view source, const Block& block) const;

    float level_x(const Block& block, std::uint32_t level) const;  // where the content of a container's parent starts
    float box_width(const Block& block) const;

private:
    void compose_prose(std::string_view source, const Block& block, BlockLayout& out);
    void compose_lines(std::string_view source, const Block& block, BlockLayout& out, const CodeBegin& code);
    void compose_row(std::string_view source, const Block& block, const Columns& columns, BlockLayout& out);
    void add_markers(std::string_view source, const Block& block, BlockLayout& out);
    // Breaks shown text from `shown_begin` on into rows of `broken_`.
    void break_text(const BlockLayout& out, std::uint32_t shown_begin, float first_width, float width);
    // Adds the runs of shown [begin, end), which belong to spans from `span` on; gives back where the last one ends.
    float add_runs(BlockLayout& out, std::uint32_t begin, std::uint32_t end, float x) const;
    // The same of a line of code, in runs of one ink each; `state` goes on to the next line.
    float add_inked_runs(BlockLayout& out, std::uint32_t begin, std::uint32_t end, float x,
                         const CodeLanguage& language, CodeState& state);
    PlacedRow new_row(const BlockLayout& out, float y, float height, Face face) const;
    void end_row(BlockLayout& out, PlacedRow row) const;
    void share_room(const std::vector<float>& natural, const std::vector<float>& least, float room, Columns& out) const;

    Advances advances_;
    LayoutStyle style_;
    float width_ = 0;
    InlineParser parser_;
    std::vector<SourceRange> parts_;
    std::vector<FaceFrom> faces_;
    std::vector<BrokenRow> broken_;
    std::vector<InkRange> inks_;
    std::vector<std::uint32_t> cell_rows_;  // index into broken_ per cell, and the end
    float first_x_ = 0;                     // behind the markers, when they need more room than their level has
    BlockLayout measured_;
    std::vector<float> natural_, least_;
};

inline constexpr std::uint32_t kMeasuredRows = 64;
inline constexpr std::uint32_t kMeasuredBytes = 32 << 10;

}  // namespace llmc::text
