// The insides of a Document: where each block stands, and the rows of those that were seen last.
//
// Thread contract: one thread.
// Invariants:
//   1. places has one entry per block of the splitter; those below `stale_from` have their right y.
//   2. An entry that is not exact has an estimated height; all below `first_inexact` are exact.
//   3. A slot of the cache belongs to the block it names, whose place names the slot.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "block_layout.h"
#include "text/block_splitter.h"
#include "text/document.h"

namespace llmc::text {

struct Place {
    double y = 0;
    float height = 0;
    float width = 0;         // code: of its widest row
    std::uint16_t slot = 0;  // 0: not in the cache, else one more than its index
    bool is_exact = false;
    bool knows_code_end = false;
    CodeState code_end;  // how the block behind it begins
};

struct TableState {
    Columns columns;
    bool is_current = false;
    std::uint32_t measured_to = 0;  // the last row that the columns are of
};

struct Document::State {
    static constexpr std::size_t kSlots = 256;
    struct Slot {
        std::uint32_t block = 0;
        std::uint64_t used = 0;  // 0: empty
        BlockLayout layout;
    };

    explicit State(TextMode text_mode) : mode(text_mode), splitter(text_mode) {}

    void reset(TextMode text_mode);
    // Blocks from `index` on may be others.
    void forget_from(std::size_t index);
    void forget_all();
    float gap_above(std::size_t index) const;
    float padding_below(std::size_t index) const;  // of a box that ends with the block
    void update_positions();
    double total_height() const;
    // The last block whose top is at or above y; 0 when there is none.
    std::size_t block_at(double y) const;
    std::size_t block_of(std::uint32_t offset) const;
    // The block's rows, laid out now where they are not cached; its height becomes exact.
    const BlockLayout& rows_of(std::size_t index);
    // Only its height; gives back the bytes looked at.
    std::size_t measure(std::size_t index);
    // Lays out what lies in [y0, y1) and makes the positions right from there on.
    void settle(double y0, double y1);
    const Columns* columns_of(const Block& block);
    // The language of the block's code, and how it begins: all before it is looked at once.
    CodeBegin code_of(std::size_t index);
    void set_height(std::size_t index, const BlockLayout& layout);

    TextMode mode;
    BlockSplitter splitter;
    std::string_view source;
    const FontMetrics* metrics = nullptr;
    std::uint64_t generation = 0;
    LayoutStyle style;
    float width = -1;
    BlockComposer composer;

    std::vector<Place> places;
    std::vector<TableState> tables;  // one per box
    std::size_t stale_from = 0;
    std::size_t first_inexact = 0;
    std::vector<std::unique_ptr<Slot>> slots;
    std::uint64_t clock = 0;
    BlockLayout measured;      // of measure()
    std::vector<Run> runs;     // of visit()
    std::vector<float> edges;  // of visit(): a table's columns
    std::string link;
};

// A place in a block's rows: of a caret.
struct CaretPlace {
    std::size_t row = 0;
    float x = 0;
};
CaretPlace caret_in(const BlockLayout& layout, const Advances& advances, std::uint32_t offset);
// The offset nearest to x in a row.
std::uint32_t offset_in(const BlockLayout& layout, const Advances& advances, const PlacedRow& row, float x);
// x of a source offset inside a run.
float x_in(const BlockLayout& layout, const Advances& advances, const PlacedRun& run, std::uint32_t offset);

}  // namespace llmc::text
