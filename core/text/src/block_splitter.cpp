#include "text/block_splitter.h"

#include <algorithm>
#include <bit>

#include "block_lines.h"

namespace llmc::text {
namespace {

constexpr std::uint32_t kMaxCodeGap = 256;  // bytes of blank lines inside indented code

bool is_continuation_byte(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

std::uint32_t Block::quotes() const {
    return depth - static_cast<std::uint32_t>(std::popcount(nesting));
}

std::size_t BlockSplitter::update(std::string_view whole_text, bool is_final) {
    if (whole_text.size() == text_.size() && is_final == was_final_) {
        text_ = whole_text;
        return blocks_.size();
    }
    const Block shown = kept_blocks_ > 0 ? blocks_[kept_blocks_ - 1] : Block{};
    std::size_t changed = kept_blocks_;
    take_back();
    text_ = whole_text;
    was_final_ = is_final;
    Line line;
    while (next_line(line) && line.is_complete && line.next > taken_) {
        take_line(line);
        taken_ = line.next;
        open_.is_mid_line = text_[taken_ - 1] != '\n';
    }
    keep();
    if (taken_ < text_.size()) {
        line.is_complete = is_final;
        take_line(line);
    }
    flush_marker();
    if (is_final) close_leaf();
    if (changed > 0 && !(blocks_[changed - 1] == shown)) --changed;
    return changed;
}

// The line at taken_; is_complete where its end is known: a line break, or more bytes than a piece takes.
bool BlockSplitter::next_line(Line& line) const {
    if (taken_ >= text_.size()) return false;
    const std::string_view ahead = text_.substr(taken_, kMaxLine + 1);
    line.begin = static_cast<std::uint32_t>(taken_);
    line.is_rest = open_.is_mid_line;
    std::size_t size = ahead.find('\n');
    line.is_complete = size != std::string_view::npos || ahead.size() > kMaxLine;
    std::size_t next = 0;
    if (size != std::string_view::npos) {
        next = size + 1;
        if (size > 0 && ahead[size - 1] == '\r') --size;
    } else if (line.is_complete) {
        size = kMaxLine;
        while (size > 0 && is_continuation_byte(ahead[size])) --size;
        const std::size_t blank = ahead.find_last_of(' ', size - 1);
        if (blank != std::string_view::npos && blank + 128 > size) size = blank + 1;
        if (size == 0) size = kMaxLine;  // no UTF-8
        next = size;
    } else {
        next = size = ahead.size();
    }
    line.end = static_cast<std::uint32_t>(taken_ + size);
    line.next = static_cast<std::uint32_t>(taken_ + next);
    return true;
}

void BlockSplitter::keep() {
    kept_ = open_;
    kept_blocks_ = blocks_.size();
    kept_boxes_ = boxes_.size();
    if (!blocks_.empty()) kept_last_ = blocks_.back();
    if (!boxes_.empty()) kept_last_box_ = boxes_.back();
}

void BlockSplitter::take_back() {
    open_ = kept_;
    blocks_.resize(kept_blocks_);
    boxes_.resize(kept_boxes_);
    if (!blocks_.empty()) blocks_.back() = kept_last_;
    if (!boxes_.empty()) boxes_.back() = kept_last_box_;
}

void BlockSplitter::take_line(const Line& line) {
    if (mode_ == TextMode::plain || open_.leaf == Leaf::plain || blocks_.size() >= kMaxBlocks) return take_plain(line);
    if (line.is_rest) return take_rest(line);
    LineCursor at(text_.substr(line.begin, line.end - line.begin));
    std::uint32_t matched = 0;
    for (; matched < open_.depth; ++matched) {
        const Container& container = open_.stack[matched];
        if (!container.is_item) {
            if (at.indent() > 3 || at.peek() != '>') break;
            at.skip_blanks();
            at.skip_signs(1);
            at.skip_columns(1);
        } else if (!at.is_at_blank()) {  // a blank line stays in its item
            if (at.indent() < container.width) break;
            at.skip_columns(container.width);
        }
    }
    const bool is_same = matched == open_.depth;
    if (at.is_at_blank()) {
        if (is_same && open_.leaf == Leaf::fence) return add_code(line);
        return take_blank(line, matched);
    }
    if (is_same && take_as_code(line, at)) return;
    if (is_same && open_.leaf == Leaf::paragraph && line.is_complete && at.indent() < 4) {
        if (const std::uint32_t level = setext_level(at.rest()); level != 0) {
            blocks_.back().kind = BlockKind::heading;
            blocks_.back().level = static_cast<std::uint8_t>(level);
            open_.leaf = Leaf::none;
            return;
        }
    }
    const bool has_opened = open_containers(line, at, matched);
    if (has_opened && at.is_at_blank()) return;  // the item's text may follow on the next line
    if (!has_opened && !is_same) {
        LineCursor text = at;
        text.skip_blanks();
        const bool is_block = at.indent() < 4 && (heading_level(text.rest()) != 0 || fence_size(text.rest()) != 0 ||
                                                  is_thematic_break(text.rest()));
        if (open_.leaf == Leaf::paragraph && !is_block)  // a lazy continuation of a quote or an item
            return add_to_paragraph(line, line.begin + static_cast<std::uint32_t>(text.position()));
        close_to(matched);
    }
    take_leaf(line, at, is_same && !has_opened);
}

void BlockSplitter::take_blank(const Line&, std::uint32_t matched) {
    if (open_.leaf == Leaf::indented && matched == open_.depth) return;  // more code may follow
    close_leaf();
    flush_marker();
    close_to(matched);
    open_.blank_before = true;
}

// In code that goes on or ends with this line.
bool BlockSplitter::take_as_code(const Line& line, LineCursor& at) {
    if (open_.leaf == Leaf::fence) {
        LineCursor text = at;
        text.skip_blanks();
        if (at.indent() < 4 && closes_fence(text.rest(), open_.fence, open_.fence_size))
            close_leaf();
        else
            add_code(line);
        return true;
    }
    if (open_.leaf != Leaf::indented) return false;
    if (at.indent() >= 4 && line.begin - blocks_.back().end <= kMaxCodeGap) {
        add_code(line);
        return true;
    }
    open_.blank_before = line.begin != blocks_.back().end;
    close_leaf();
    return false;
}

// Quotes and items that begin on this line.
bool BlockSplitter::open_containers(const Line& line, LineCursor& at, std::uint32_t matched) {
    const bool may_interrupt = matched == open_.depth && open_.leaf == Leaf::paragraph;
    bool has_opened = false;
    while (at.indent() < 4 && (has_opened ? open_.depth : matched) < kMaxDepth) {
        LineCursor text = at;
        text.skip_blanks();
        const bool is_quote = at.peek() == '>';
        const ListMarker marker = is_quote || is_thematic_break(text.rest()) ? ListMarker{} : list_marker(text.rest());
        if (!is_quote && marker.size == 0) break;
        if (!is_quote && may_interrupt && !has_opened) {
            if (is_blank_line(text.rest().substr(marker.size)) || (marker.is_ordered && !marker.starts_at_one)) break;
        }
        if (!has_opened) close_to(matched);
        has_opened = true;
        open_.opened |= 1U << open_.depth;
        if (is_quote) {
            at = text;
            at.skip_signs(1);
            at.skip_columns(1);
            open_.stack[open_.depth++] = {};
            continue;
        }
        open_item(line, at, marker.size);
        if (open_.task != 0) break;
    }
    return has_opened;
}

void BlockSplitter::open_item(const Line& line, LineCursor& at, std::uint32_t marker_size) {
    std::uint32_t width = at.indent() + marker_size;
    at.skip_blanks();
    at.skip_signs(marker_size);
    const std::uint32_t blanks = at.indent();
    const std::uint32_t padding = at.is_at_blank() || blanks > 4 ? 1 : blanks;
    width += padding;
    at.skip_columns(padding);
    open_.stack[open_.depth++] = {true, static_cast<std::uint16_t>(width)};
    const std::string_view rest = at.rest();
    if (padding == blanks && rest.size() > 3 && rest[0] == '[' && rest[2] == ']' && is_blank_char(rest[3])) {
        if (rest[1] == ' ') open_.task = kOpenTask;
        if (rest[1] == 'x' || rest[1] == 'X') open_.task = kDoneTask;
        if (open_.task != 0) {
            at.skip_signs(3);
            at.skip_blanks();
        }
    }
    open_.has_marker = true;
    open_.marker_begin = line.begin;
    open_.marker_end = line.begin + static_cast<std::uint32_t>(at.position());
}

void BlockSplitter::take_leaf(const Line& line, LineCursor& at, bool is_same) {
    const std::uint32_t indent = at.indent();
    if (indent >= 4 && !(open_.leaf == Leaf::paragraph && is_same)) {
        close_leaf();
        at.skip_columns(4);
        Block& block = start_block(BlockKind::code, line, line.begin + static_cast<std::uint32_t>(at.position()));
        block.strip = static_cast<std::uint16_t>(strip_columns() + 4);
        start_box(BlockKind::code, block);
        open_.leaf = Leaf::indented;
        open_.lines = 0;
        return add_code(line);
    }
    at.skip_blanks();
    const std::string_view rest = at.rest();
    const std::uint32_t text_begin = line.begin + static_cast<std::uint32_t>(at.position());
    if (indent < 4) {
        if (line.is_complete && is_thematic_break(rest)) {
            close_leaf();
            start_block(BlockKind::rule, line, text_begin);
            return;
        }
        if (const std::uint32_t level = heading_level(rest); level != 0) {
            close_leaf();
            const LinePart part = heading_text(rest, level);
            Block& block = start_block(BlockKind::heading, line, text_begin + static_cast<std::uint32_t>(part.begin));
            block.end = text_begin + static_cast<std::uint32_t>(part.end);
            block.level = static_cast<std::uint8_t>(level);
            return;
        }
        if (const std::uint32_t size = fence_size(rest); size != 0) return start_fence(line, size, indent, rest);
        if (is_same && open_.leaf == Leaf::paragraph && line.is_complete && start_table(line, rest)) return;
    }
    if (is_same && open_.leaf == Leaf::table) {
        Block& block = start_block(BlockKind::table_row, line, text_begin);
        block.box = static_cast<std::uint32_t>(boxes_.size() - 1);
        boxes_.back().last_block = static_cast<std::uint32_t>(blocks_.size() - 1);
        boxes_.back().end = line.end;
        return;
    }
    add_to_paragraph(line, text_begin);
}

bool BlockSplitter::start_table(const Line& line, std::string_view delimiter_row) {
    const Delimiters delimiters = table_delimiters(delimiter_row);
    if (delimiters.columns == 0 || open_.last_line == kNowhere) return false;
    Block header = blocks_.back();
    if (count_cells(text_.substr(open_.last_line_text, header.end - open_.last_line_text)) != delimiters.columns)
        return false;
    if (open_.last_line_text != header.text_begin) {  // the lines before the header stay a paragraph
        std::uint32_t end = open_.last_line;
        while (end > header.text_begin && (text_[end - 1] == '\n' || is_blank_char(text_[end - 1]))) --end;
        blocks_.back().end = end;
        header.begin = open_.last_line;
        header.text_begin = open_.last_line_text;
        header.opened = 0;
        header.flags = 0;
        blocks_.push_back(header);
    }
    Block& block = blocks_.back();
    block.kind = BlockKind::table_row;
    block.flags |= kHeaderRow;
    start_box(BlockKind::table_row, block);
    boxes_.back().columns = static_cast<std::uint8_t>(delimiters.columns);
    boxes_.back().aligns = delimiters.aligns;
    boxes_.back().end = line.end;
    open_.leaf = Leaf::table;
    return true;
}

void BlockSplitter::start_fence(const Line& line, std::uint32_t size, std::uint32_t indent, std::string_view rest) {
    close_leaf();
    Block& block = start_block(BlockKind::code, line, line.next);
    block.end = line.next;
    block.strip = static_cast<std::uint16_t>(strip_columns() + indent);
    start_box(BlockKind::code, block);
    const std::string_view info = trim_blanks(rest.substr(size));
    const std::uint32_t rest_begin = line.end - static_cast<std::uint32_t>(rest.size());
    boxes_.back().info_begin = rest_begin + static_cast<std::uint32_t>(info.empty() ? size : info.data() - rest.data());
    boxes_.back().info_end = boxes_.back().info_begin + static_cast<std::uint32_t>(info.size());
    open_.leaf = Leaf::fence;
    open_.fence = rest[0];
    open_.fence_size = size;
    open_.lines = 0;
}

void BlockSplitter::close_leaf() {
    const bool has_box = open_.leaf == Leaf::fence || open_.leaf == Leaf::indented || open_.leaf == Leaf::table;
    if (has_box) boxes_.back().is_open = false;
    open_.leaf = Leaf::none;
}

void BlockSplitter::close_to(std::uint32_t depth) {
    close_leaf();
    flush_marker();
    open_.depth = depth;
    open_.opened &= (1U << depth) - 1;
}

// An item without text yet: its marker stands alone.
void BlockSplitter::flush_marker() {
    if (!open_.has_marker) return;
    const Line line{open_.marker_begin, open_.marker_end, open_.marker_end};
    start_block(BlockKind::paragraph, line, open_.marker_end);
}

Block& BlockSplitter::start_block(BlockKind kind, const Line& line, std::uint32_t text_begin) {
    Block block;
    block.begin = open_.has_marker ? open_.marker_begin : line.begin;
    block.end = line.end;
    block.text_begin = text_begin;
    block.kind = kind;
    block.depth = static_cast<std::uint8_t>(open_.depth);
    block.opened = open_.opened;
    block.flags = open_.task;
    if (open_.blank_before) block.flags |= kBlankBefore;
    for (std::uint32_t i = 0; i < open_.depth; ++i)
        if (open_.stack[i].is_item) block.nesting |= 1U << i;
    open_.opened = 0;
    open_.has_marker = open_.blank_before = false;
    open_.task = 0;
    return blocks_.emplace_back(block);
}

}  // namespace llmc::text
