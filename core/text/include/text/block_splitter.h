// Splits growing Markdown into leaf blocks, line by line, as CommonMark and GFM nest them: each line is taken in once.
//
// Thread contract: one thread; pure (no clock, no I/O).
// Invariants:
//   1. Blocks are in the order of the source and do not overlap; what lies between them is blank lines and fences.
//   2. A closed block never changes; update() says from which index on blocks may be others. An unfinished last line is
//      taken in on trial and taken back by the next update().
//   3. No block is longer than kMaxBlock: a paragraph, a part of code (64 lines too) or a plain part is cut there, and
//      the next block continues it. A line is at most kMaxLine long: a longer one comes in pieces.
//   4. At most kMaxDepth containers nest, deeper marks are text; after kMaxBlocks blocks all that follows is plain
//   text.
//   5. The blocks depend on the whole text and `is_final` only.
// Lists are not looped over: an item's first block carries its marker, `nesting` tells the containers around a block.
// Looseness is per block (was there a blank line before it), since items that are closed cannot change.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "text/document.h"
#include "text/view.h"

namespace llmc::text {

inline constexpr std::uint32_t kMaxLine = 8 << 10;
inline constexpr std::uint32_t kMaxBlock = 16 << 10;
inline constexpr std::uint32_t kMaxCodeLines = 64;
inline constexpr std::uint32_t kMaxDepth = 24;
inline constexpr std::uint32_t kMaxColumns = 32;
inline constexpr std::size_t kMaxBlocks = 1'000'000;

enum BlockFlag : std::uint8_t {
    kBlankBefore = 1,
    kContinues = 2,  // goes on with the block before it, which was cut for its length
    kMidLine = 4,    // … in the middle of a line
    kOpenTask = 8,
    kDoneTask = 16,
    kHeaderRow = 32,
};

struct Block {
    std::uint32_t begin = 0;       // its first line, with marks and indentation
    std::uint32_t end = 0;         // behind its last byte; code and plain: with the line break
    std::uint32_t text_begin = 0;  // behind the first line's marks; code: the first line behind the fence
    std::uint32_t box = kNoBox;    // code and tables: index into boxes()
    std::uint32_t nesting = 0;     // bit i: the container of level i is a list item (else a quote)
    std::uint32_t opened = 0;      // bit i: it begins with this block
    std::uint16_t strip = 0;       // code: columns of indentation that are not code, behind the quote marks
    BlockKind kind = BlockKind::paragraph;
    std::uint8_t level = 0;  // of a heading
    std::uint8_t depth = 0;  // containers
    std::uint8_t flags = 0;

    bool is(BlockFlag flag) const { return (flags & flag) != 0; }
    std::uint32_t quotes() const;  // how many of the containers are quotes
    bool operator==(const Block&) const = default;
};

enum class Align : std::uint8_t { none, left, centre, right };

struct BoxRange {
    BlockKind kind = BlockKind::code;
    bool is_open = true;  // more may come
    std::uint8_t columns = 0;
    std::uint32_t first_block = 0;
    std::uint32_t last_block = 0;
    std::uint32_t begin = 0;  // the source of its content
    std::uint32_t end = 0;
    std::uint32_t info_begin = 0;  // what stands behind an opening fence
    std::uint32_t info_end = 0;
    std::uint64_t aligns = 0;  // two bits per column

    Align align(std::uint32_t column) const { return static_cast<Align>((aligns >> (2 * column)) & 3); }
    bool operator==(const BoxRange&) const = default;
};

class LineCursor;

class BlockSplitter {
public:
    explicit BlockSplitter(TextMode mode) : mode_(mode) {}

    // Takes in what is new. Gives back the first index at which blocks() may differ from before.
    std::size_t update(std::string_view whole_text, bool is_final);

    const std::vector<Block>& blocks() const { return blocks_; }
    const std::vector<BoxRange>& boxes() const { return boxes_; }
    bool is_final() const { return was_final_; }

private:
    struct Container {
        bool is_item = false;
        std::uint16_t width = 0;  // an item's: columns its lines are indented by
    };
    enum class Leaf : std::uint8_t { none, paragraph, fence, indented, table, plain };
    // All that decides about the next line: small, so that a trial costs nothing to take back.
    struct Open {
        std::array<Container, kMaxDepth> stack{};
        std::uint32_t depth = 0;
        Leaf leaf = Leaf::none;
        bool blank_before = false;
        bool is_mid_line = false;  // the line went on beyond kMaxLine
        bool has_marker = false;   // an item began, but no block of it yet
        std::uint8_t task = 0;     // BlockFlag of its task mark
        char fence = 0;            // its sign
        std::uint32_t fence_size = 0;
        std::uint32_t lines = 0;   // in the code or plain block
        std::uint32_t opened = 0;  // containers that began since the last block
        std::uint32_t marker_begin = 0;
        std::uint32_t marker_end = 0;
        std::uint32_t last_line = 0;       // of a paragraph: where it begins,
        std::uint32_t last_line_text = 0;  // and its text
    };
    // A line, or a piece of one that is longer than kMaxLine.
    struct Line {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;     // before the line break
        std::uint32_t next = 0;    // behind it
        bool is_rest = false;      // not its first piece
        bool is_complete = false;  // nothing will be added to it
    };

    bool next_line(Line& line) const;
    void take_line(const Line& line);
    void take_rest(const Line& line);
    void take_plain(const Line& line);
    void take_blank(const Line& line, std::uint32_t matched);
    bool take_as_code(const Line& line, LineCursor& at);
    bool open_containers(const Line& line, LineCursor& at, std::uint32_t matched);
    void open_item(const Line& line, LineCursor& at, std::uint32_t marker_size);
    void take_leaf(const Line& line, LineCursor& at, bool is_same);
    bool start_table(const Line& line, std::string_view delimiter_row);
    void start_fence(const Line& line, std::uint32_t size, std::uint32_t indent, std::string_view rest);
    void add_code(const Line& line);
    void add_to_paragraph(const Line& line, std::uint32_t text_begin);
    void close_leaf();
    void close_to(std::uint32_t depth);
    void flush_marker();
    Block& start_block(BlockKind kind, const Line& line, std::uint32_t text_begin);
    Block& continue_block(const Line& line);
    void start_box(BlockKind kind, Block& block);
    std::uint16_t strip_columns() const;
    void keep();
    void take_back();

    TextMode mode_;
    std::string_view text_;
    std::size_t taken_ = 0;  // bytes of whole lines taken in
    bool was_final_ = false;
    std::vector<Block> blocks_;
    std::vector<BoxRange> boxes_;
    Open open_;
    // Before the trial of the unfinished line.
    Open kept_;
    std::size_t kept_blocks_ = 0;
    std::size_t kept_boxes_ = 0;
    Block kept_last_;
    BoxRange kept_last_box_;
};

}  // namespace llmc::text
