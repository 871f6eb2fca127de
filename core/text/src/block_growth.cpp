// How blocks that are open grow and where they are cut; the other half of block_splitter.cpp.
#include "block_lines.h"
#include "text/block_splitter.h"

namespace llmc::text {
namespace {

constexpr std::uint32_t kMaxPlainLines = 512;

}  // namespace

void BlockSplitter::take_rest(const Line& line) {
    switch (open_.leaf) {
        case Leaf::fence:
        case Leaf::indented: return add_code(line);
        case Leaf::paragraph: return add_to_paragraph(line, line.begin);
        case Leaf::plain: return take_plain(line);
        case Leaf::none:
        case Leaf::table: break;
    }
    close_leaf();
    if (!is_blank_line(text_.substr(line.begin, line.end - line.begin))) add_to_paragraph(line, line.begin);
}

void BlockSplitter::take_plain(const Line& line) {
    if (open_.leaf != Leaf::plain) {
        close_to(0);
        start_block(BlockKind::plain, line, line.begin);
        open_.leaf = Leaf::plain;
        open_.lines = 0;
    }
    if (open_.lines >= kMaxPlainLines || line.next - blocks_.back().begin > kMaxBlock) continue_block(line);
    blocks_.back().end = line.next;
    ++open_.lines;
}

void BlockSplitter::add_code(const Line& line) {
    const Block& open = blocks_.back();
    const bool is_full = open_.lines >= kMaxCodeLines || line.next - open.text_begin > kMaxBlock;
    if (is_full && open_.lines > 0) {
        continue_block(line);
        boxes_.back().last_block = static_cast<std::uint32_t>(blocks_.size() - 1);
    }
    Block& block = blocks_.back();
    for (std::uint32_t at = block.end; at < line.begin; ++at) open_.lines += text_[at] == '\n';  // blank lines before
    block.end = line.next;
    boxes_.back().end = line.next;
    ++open_.lines;
}

void BlockSplitter::add_to_paragraph(const Line& line, std::uint32_t text_begin) {
    if (open_.leaf != Leaf::paragraph) {
        Block& block = start_block(BlockKind::paragraph, line, text_begin);
        if (line.is_rest) block.flags |= kContinues | kMidLine;
        open_.leaf = Leaf::paragraph;
    } else if (line.end - blocks_.back().begin > kMaxBlock) {
        continue_block(line).text_begin = text_begin;
    }
    blocks_.back().end = line.end;
    open_.last_line = line.is_rest ? kNowhere : line.begin;
    open_.last_line_text = text_begin;
}

Block& BlockSplitter::continue_block(const Line& line) {
    Block block = blocks_.back();
    block.begin = block.text_begin = line.begin;
    block.end = line.end;
    block.opened = 0;
    block.flags = kContinues;
    if (line.is_rest) block.flags |= kMidLine;
    open_.lines = 0;
    return blocks_.emplace_back(block);
}

void BlockSplitter::start_box(BlockKind kind, Block& block) {
    block.box = static_cast<std::uint32_t>(boxes_.size());
    BoxRange& box = boxes_.emplace_back();
    box.kind = kind;
    box.first_block = box.last_block = static_cast<std::uint32_t>(blocks_.size() - 1);
    box.begin = box.end = block.text_begin;
}

std::uint16_t BlockSplitter::strip_columns() const {
    std::uint32_t columns = 0;
    for (std::uint32_t i = 0; i < open_.depth; ++i)
        columns = open_.stack[i].is_item ? columns + open_.stack[i].width : 0;
    return static_cast<std::uint16_t>(columns);
}

}  // namespace llmc::text
