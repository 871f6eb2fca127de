// A range of the source without its Markdown marks.
#include <algorithm>

#include "document_state.h"

namespace llmc::text {
namespace {

// Appends what of the spans lies in the range; an inexact span counts when it begins in it.
void add_spans(const InlineText& text, SourceRange range, std::string& out) {
    for (std::size_t i = 0; i < text.spans.size(); ++i) {
        const Span& span = text.spans[i];
        const std::uint32_t size = text.shown_end(i) - span.shown_begin;
        if (span.end <= range.begin && span.begin < range.begin) continue;
        if (span.begin >= range.end) break;
        const std::uint32_t from = span.is_exact ? std::max(range.begin, span.begin) - span.begin : 0;
        const std::uint32_t to = span.is_exact ? std::min(range.end, span.end) - span.begin : size;
        if (from < to) out.append(text.shown, span.shown_begin + from, to - from);
    }
}

class PlainWriter {
public:
    PlainWriter(std::string_view source, SourceRange range) : source_(source), range_(range) {}

    void add(const Block& block, const BoxRange* box) {
        if (!out_.empty() || has_begun_) add_break(block);
        has_begun_ = true;
        if (block.begin >= range_.begin) add_markers(block);
        text_.clear();
        parts_.clear();
        switch (block.kind) {
            case BlockKind::rule: break;
            case BlockKind::paragraph:
            case BlockKind::heading:
                if (block.text_begin < block.end)
                    parser_.parse(source_, block.text_begin, block.end, block.quotes(), false, {}, text_);
                add_spans(text_, range_, out_);
                break;
            case BlockKind::table_row:
                row_cells(source_, block, box->columns, parts_);
                for (std::size_t i = 0; i < parts_.size(); ++i) {
                    if (i > 0 && parts_[i].begin >= range_.begin && parts_[i].begin < range_.end) out_ += '\t';
                    text_.clear();
                    parser_.parse(source_, parts_[i].begin, parts_[i].end, 0, true, {}, text_);
                    add_spans(text_, range_, out_);
                }
                break;
            case BlockKind::code:
            case BlockKind::plain:
                code_lines(source_, block, parts_);
                bool is_first = true;
                for (const SourceRange& line : parts_) {
                    if (line.begin >= range_.end || (line.end < range_.begin)) continue;
                    if (!is_first) out_ += '\n';
                    is_first = false;
                    const std::uint32_t from = std::max(line.begin, range_.begin);
                    const std::uint32_t to = std::min(line.end, range_.end);
                    if (from < to) out_ += source_.substr(from, to - from);
                }
                break;
        }
        before_ = &block;
    }

    std::string take() { return std::move(out_); }

private:
    void add_break(const Block& block) {
        if (block.is(kMidLine)) return;
        const bool is_part = block.is(kContinues) && block.kind == BlockKind::paragraph;
        if (is_part) {
            out_ += ' ';
            return;
        }
        const bool is_same_box = block.box != kNoBox && before_ != nullptr && block.box == before_->box;
        const bool is_close = is_same_box || block.is(kContinues) || (block.nesting != 0 && !block.is(kBlankBefore));
        out_ += is_close ? "\n" : "\n\n";
    }

    void add_markers(const Block& block) {
        parts_.clear();
        list_markers(source_, block, parts_);
        std::uint32_t level = 0;
        for (std::uint32_t i = 0; i < block.depth; ++i) level += block.nesting >> i & 1;
        const auto outer = level - std::min<std::uint32_t>(level, static_cast<std::uint32_t>(parts_.size()));
        if (!parts_.empty()) out_.append(2 * static_cast<std::size_t>(outer), ' ');
        for (const SourceRange& marker : parts_) {
            const std::string_view shown = source_.substr(marker.begin, marker.end - marker.begin);
            out_ += shown.size() == 1 ? "-" : shown;
            out_ += ' ';
        }
        if (block.is(kOpenTask)) out_ += "[ ] ";
        if (block.is(kDoneTask)) out_ += "[x] ";
        parts_.clear();
    }

    std::string_view source_;
    SourceRange range_;
    std::string out_;
    InlineParser parser_;
    InlineText text_;
    std::vector<SourceRange> parts_;
    const Block* before_ = nullptr;
    bool has_begun_ = false;
};

}  // namespace

std::string Document::plain_text(SourceRange range) const {
    const State& s = *state_;
    PlainWriter writer(s.source, range);
    const auto& blocks = s.splitter.blocks();
    if (blocks.empty()) return {};
    for (std::size_t i = s.block_of(range.begin); i < blocks.size() && blocks[i].begin < range.end; ++i) {
        const Block& block = blocks[i];
        if (block.end <= range.begin) continue;
        writer.add(block, block.box == kNoBox ? nullptr : &s.splitter.boxes()[block.box]);
    }
    return writer.take();
}

}  // namespace llmc::text
