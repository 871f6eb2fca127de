#include "text/document.h"

#include <algorithm>

#include "document_state.h"
#include "text/line_breaker.h"

namespace llmc::text {

Document::Document(TextMode mode) : state_(std::make_unique<State>(mode)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

TextMode Document::mode() const {
    return state_->mode;
}

std::string_view Document::source() const {
    return state_->source;
}

void Document::update(std::string_view whole_text, bool is_final) {
    State& s = *state_;
    s.source = whole_text;
    s.forget_from(s.splitter.update(whole_text, is_final));
}

void Document::set_mode(TextMode mode) {
    State& s = *state_;
    if (mode == s.mode) return;
    const bool is_final = s.splitter.is_final();
    s.reset(mode);
    update(s.source, is_final);
}

LayoutResult Document::layout(const LayoutRequest& request, const FontMetrics& metrics, const LayoutStyle& style) {
    State& s = *state_;
    s.update_positions();  // of blocks that came with the last update()
    const double old_height = s.total_height();
    const bool is_inside = !s.places.empty() && request.view_top > 0 && request.view_top < old_height;
    std::size_t block = 0;
    std::uint32_t offset = 0;
    double delta = 0;  // of the view's top from the row at `offset`, or from the block
    bool has_row = false;
    if (is_inside) {
        block = s.block_at(request.view_top);
        const Place& place = s.places[block];
        delta = request.view_top - place.y;
        if (place.slot != 0 && s.slots[place.slot - 1U]->layout.rows.size() > 1) {
            const auto& rows = s.slots[place.slot - 1U]->layout.rows;
            std::size_t i = 0;
            while (i + 1 < rows.size() && rows[i + 1].y <= delta) ++i;
            offset = rows[i].begin;
            delta -= rows[i].y;
            has_row = true;
        }
    }
    const bool is_other =
        s.metrics != &metrics || s.generation != metrics.generation() || s.width != request.width || s.style != style;
    if (is_other) {
        const bool is_first = s.metrics == nullptr;
        s.metrics = &metrics;
        s.generation = metrics.generation();
        s.width = request.width;
        s.style = style;
        s.composer.use(metrics, style, request.width);
        s.forget_all();
        if (is_first) s.forget_from(0);  // now heights can be guessed
    }
    const auto now_at = [&]() -> double {
        if (request.view_top <= 0) return request.view_top;
        if (!is_inside) return request.view_top + s.total_height() - old_height;
        double inside = 0;
        if (has_row) {
            const BlockLayout& rows = s.rows_of(block);
            inside = rows.rows[caret_in(rows, s.composer.advances(), offset).row].y;
        }
        s.update_positions();
        return s.places[block].y + inside + delta;
    };
    s.update_positions();
    if (request.view_height > 0 && !s.places.empty()) {
        const double top = now_at();
        s.settle(top, top + request.view_height);
    }
    for (std::size_t spent = 0; s.first_inexact < s.places.size(); ++s.first_inexact) {
        if (s.places[s.first_inexact].is_exact) continue;
        if (spent >= request.budget_bytes) break;
        spent += s.measure(s.first_inexact);
    }
    s.update_positions();
    return {now_at(), is_done()};
}

bool Document::is_done() const {
    return state_->first_inexact >= state_->places.size();
}

double Document::height() const {
    return state_->total_height();
}

SourceRange Document::word_at(std::uint32_t offset) const {
    const Word word = word_around(state_->source, offset);
    return {word.begin, word.end};
}

SourceRange Document::paragraph_at(std::uint32_t offset) const {
    const State& s = *state_;
    if (s.splitter.blocks().empty()) return {};
    const Block& block = s.splitter.blocks()[s.block_of(offset)];
    const std::uint32_t text_begin = std::min(block.text_begin, block.end);
    if (block.kind != BlockKind::code && block.kind != BlockKind::plain) return {text_begin, block.end};
    const std::uint32_t at = std::clamp(offset, text_begin, block.end);
    std::uint32_t begin = at, end = at;
    while (begin > text_begin && s.source[begin - 1] != '\n') --begin;
    while (end < block.end && s.source[end] != '\n') ++end;
    return {begin, end};
}

std::size_t Document::memory_bytes() const {
    const State& s = *state_;
    std::size_t bytes = sizeof(State) + s.places.capacity() * sizeof(Place) +
                        s.splitter.blocks().capacity() * sizeof(Block) +
                        s.splitter.boxes().capacity() * sizeof(BoxRange) + s.tables.capacity() * sizeof(TableState);
    for (const auto& slot : s.slots) bytes += sizeof(State::Slot) + slot->layout.memory_bytes();
    return bytes;
}

}  // namespace llmc::text
