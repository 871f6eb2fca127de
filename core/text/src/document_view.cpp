// What of a document is seen: rows and decorations, points and carets, selections.
#include <algorithm>
#include <cmath>

#include "base/utf8.h"
#include "document_state.h"
#include "text/line_breaker.h"

namespace llmc::text {
namespace {

std::string_view first_word(std::string_view info) {
    return info.substr(0, info.find_first_of(" \t{,"));
}

Box box_of(const Document::State& s, std::uint32_t id) {
    const BoxRange& range = s.splitter.boxes()[id];
    const Place& first = s.places[range.first_block];
    const Place& last = s.places[range.last_block];
    const Block& block = s.splitter.blocks()[range.first_block];
    Box box;
    box.id = id;
    box.kind = range.kind;
    box.y = first.y;
    box.x = s.composer.level_x(block, block.depth);
    box.width = s.composer.box_width(block);
    box.height = static_cast<float>(last.y + last.height + s.padding_below(range.last_block) - first.y);
    box.begin = range.begin;
    box.end = range.end;
    box.is_open = range.is_open;
    if (range.kind == BlockKind::code) {
        for (std::size_t i = range.first_block; i <= range.last_block; ++i)
            box.content_width = std::max(box.content_width, s.places[i].width);
        box.content_width += 2 * s.style.code_padding_x;
        box.header = s.style.code_header;
        box.language = first_word(s.source.substr(range.info_begin, range.info_end - range.info_begin));
    } else {
        box.columns = s.tables[id].columns.edges;
        box.content_width = box.columns.empty() ? 0 : box.columns.back();
        box.width = std::min(box.width, box.content_width);
        box.header = first.height;
    }
    return box;
}

// The bars of the quotes that a block stands in, up to the block above where that is in the same quote.
void visit_bars(const Document::State& s, std::size_t index, Visitor& visitor) {
    const Block& block = s.splitter.blocks()[index];
    const Place& place = s.places[index];
    std::uint32_t depth = 0;
    for (std::uint32_t level = 0; level < block.depth; ++level) {
        if ((block.nesting >> level & 1) != 0) continue;
        ++depth;
        double top = place.y;
        if (index > 0 && (block.opened >> level & 1) == 0) top = s.places[index - 1].y + s.places[index - 1].height;
        const double bottom = place.y + place.height + s.padding_below(index);
        visitor.quote_bar(
            {top, s.composer.level_x(block, level), s.style.quote_bar, static_cast<float>(bottom - top), depth});
    }
}

}  // namespace

void Document::visit(double y0, double y1, Visitor& visitor) {
    State& s = *state_;
    if (s.places.empty() || y1 <= y0) return;
    s.settle(y0, y1);
    std::uint32_t last_box = kNoBox;
    for (std::size_t i = s.block_at(y0); i < s.places.size() && s.places[i].y < y1; ++i) {
        const Block& block = s.splitter.blocks()[i];
        const BlockLayout& layout = s.rows_of(i);
        const Place& place = s.places[i];
        if (block.box != kNoBox && block.box != last_box) {
            last_box = block.box;
            Box box = box_of(s, block.box);
            std::vector<float>& edges = s.edges;
            edges.clear();
            for (const float edge : box.columns) edges.push_back(box.x + edge);
            box.columns = edges;
            visitor.box(box);
        }
        visit_bars(s, i, visitor);
        const float x = s.composer.level_x(block, block.depth);
        if (block.kind == BlockKind::rule)
            visitor.rule({Rule::Kind::thematic, kNoBox, place.y + std::floor(place.height / 2), x,
                          std::min(s.width, s.style.max_prose_width) - x});
        if (block.kind == BlockKind::table_row)
            visitor.rule({Rule::Kind::table_row, block.box, place.y + place.height, x,
                          s.tables[block.box].columns.edges.back()});
        auto first = std::partition_point(layout.rows.begin(), layout.rows.end(),
                                          [&](const PlacedRow& row) { return place.y + row.y + row.height <= y0; });
        for (; first != layout.rows.end() && place.y + first->y < y1; ++first) {
            s.runs.clear();
            for (std::uint32_t k = first->first_run; k < first->first_run + first->runs; ++k) {
                const PlacedRun& run = layout.runs[k];
                const Span& span = layout.text.spans[run.span];
                const SourceRange range = layout.source_of(run);
                const std::string_view link = span.link == kNoLink ? std::string_view() : layout.text.links[span.link];
                s.runs.push_back(
                    {layout.shown(run), run.x, run.width, span.style, range.begin, range.end, link, run.ink});
            }
            Row row;
            row.y = place.y + first->y;
            row.height = first->height;
            row.baseline = first->baseline;
            row.kind = block.kind;
            row.block = static_cast<std::uint32_t>(i);
            row.box = first->is_in_box ? block.box : kNoBox;
            row.begin = first->begin;
            row.end = first->end;
            row.x = first->x;
            row.width = first->width;
            row.runs = s.runs;
            visitor.row(row);
        }
    }
}

float x_in(const BlockLayout& layout, const Advances& advances, const PlacedRun& run, std::uint32_t offset) {
    const SourceRange range = layout.source_of(run);
    const Span& span = layout.text.spans[run.span];
    if (offset <= range.begin) return run.x;
    if (offset >= range.end) return run.x + run.width;
    if (!span.is_exact) return run.x;
    float x = run.x;
    const std::string_view shown = layout.shown(run);
    for (std::size_t at = 0; at < offset - range.begin;)
        x += advances.of(span.style.face, base::next_code_point(shown, at));
    return x;
}

CaretPlace caret_in(const BlockLayout& layout, const Advances& advances, std::uint32_t offset) {
    CaretPlace best;
    if (!layout.rows.empty()) best.x = layout.rows[0].x;
    std::uint32_t key = 0;
    bool has_any = false;
    for (std::size_t i = 0; i < layout.rows.size(); ++i) {
        const PlacedRow& row = layout.rows[i];
        if (row.runs == 0 && row.begin <= offset && (!has_any || row.begin >= key)) {
            best = {i, row.x};
            key = row.begin;
            has_any = true;
        }
        for (std::uint32_t k = row.first_run; k < row.first_run + row.runs; ++k) {
            const PlacedRun& run = layout.runs[k];
            const std::uint32_t begin = layout.source_of(run).begin;
            if (begin > offset || (has_any && begin < key)) continue;
            best = {i, x_in(layout, advances, run, offset)};
            key = begin;
            has_any = true;
        }
    }
    return best;
}

std::uint32_t offset_in(const BlockLayout& layout, const Advances& advances, const PlacedRow& row, float x) {
    if (row.runs == 0) return row.begin;
    const PlacedRun* nearest = nullptr;
    float distance = 0;
    for (std::uint32_t k = row.first_run; k < row.first_run + row.runs; ++k) {
        const PlacedRun& run = layout.runs[k];
        const float away = x < run.x ? run.x - x : x > run.x + run.width ? x - run.x - run.width : 0;
        if (nearest == nullptr || away < distance) {
            nearest = &run;
            distance = away;
        }
    }
    const SourceRange range = layout.source_of(*nearest);
    const Span& span = layout.text.spans[nearest->span];
    if (!span.is_exact) return x < nearest->x + nearest->width / 2 ? range.begin : range.end;
    const std::string_view shown = layout.shown(*nearest);
    float left = nearest->x;
    for (std::size_t at = 0; at < shown.size();) {
        const std::size_t next = next_cluster(shown, at);
        float width = 0;
        for (std::size_t i = at; i < next;) width += advances.of(span.style.face, base::next_code_point(shown, i));
        if (x < left + width / 2) return range.begin + static_cast<std::uint32_t>(at);
        left += width;
        at = next;
    }
    return range.end;
}

std::uint32_t Document::hit_test(float x, double y) {
    State& s = *state_;
    if (s.places.empty() || y < 0) return 0;
    s.settle(y, y + 1);
    if (y >= s.total_height()) return static_cast<std::uint32_t>(s.source.size());
    std::size_t index = s.block_at(y);
    if (index + 1 < s.places.size()) {  // between two blocks: the nearer one
        const double bottom = s.places[index].y + s.places[index].height;
        if (y > bottom && s.places[index + 1].y - y < y - bottom) ++index;
    }
    const BlockLayout& layout = s.rows_of(index);
    if (layout.rows.empty()) return s.splitter.blocks()[index].begin;
    const double inside = y - s.places[index].y;
    std::size_t row = 0;
    while (row + 1 < layout.rows.size() && inside >= layout.rows[row + 1].y) ++row;
    return offset_in(layout, s.composer.advances(), layout.rows[row], x);
}

std::uint32_t Document::box_at(double y) const {
    const State& s = *state_;
    if (s.places.empty() || y < 0 || y >= s.total_height()) return kNoBox;
    const std::size_t index = s.block_at(y);
    const Place& place = s.places[index];
    return y < place.y + place.height + s.padding_below(index) ? s.splitter.blocks()[index].box : kNoBox;
}

std::string_view Document::link_at(float x, double y) {
    State& s = *state_;
    if (s.places.empty() || y < 0 || y >= s.total_height()) return {};
    s.settle(y, y + 1);
    const std::size_t index = s.block_at(y);
    const BlockLayout& layout = s.rows_of(index);
    const double inside = y - s.places[index].y;
    for (const PlacedRow& row : layout.rows) {
        if (inside < row.y || inside >= row.y + row.height) continue;
        for (std::uint32_t k = row.first_run; k < row.first_run + row.runs; ++k) {
            const PlacedRun& run = layout.runs[k];
            const std::uint16_t link = layout.text.spans[run.span].link;
            if (link == kNoLink || x < run.x || x >= run.x + run.width) continue;
            s.link = layout.text.links[link];
            return s.link;
        }
    }
    return {};
}

Rect Document::caret(std::uint32_t offset) {
    State& s = *state_;
    if (s.places.empty()) return {0, 0, 0, s.style.prose_row, kNoBox};
    const std::size_t index = s.block_of(offset);
    const BlockLayout& layout = s.rows_of(index);
    s.update_positions();
    const CaretPlace at = caret_in(layout, s.composer.advances(), offset);
    const PlacedRow& row = layout.rows[at.row];
    return {at.x, s.places[index].y + row.y, 0, row.height, row.is_in_box ? s.splitter.blocks()[index].box : kNoBox};
}

void Document::selection(SourceRange range, double y0, double y1, std::vector<Rect>& out) {
    State& s = *state_;
    if (s.places.empty() || range.begin >= range.end || y1 <= y0) return;
    s.settle(y0, y1);
    const Advances& advances = s.composer.advances();
    for (std::size_t i = s.block_at(y0); i < s.places.size() && s.places[i].y < y1; ++i) {
        const Block& block = s.splitter.blocks()[i];
        if (block.end < range.begin || block.begin >= range.end) continue;
        const BlockLayout& layout = s.rows_of(i);
        for (const PlacedRow& row : layout.rows) {
            const double y = s.places[i].y + row.y;
            if (y + row.height <= y0 || y >= y1) continue;
            const std::uint32_t box = row.is_in_box ? block.box : kNoBox;
            if (row.runs == 0 && row.begin >= range.begin && row.begin < range.end)
                out.push_back({row.x, y, advances.of(Face::body, ' '), row.height, box});
            for (std::uint32_t k = row.first_run; k < row.first_run + row.runs; ++k) {
                const PlacedRun& run = layout.runs[k];
                const SourceRange part = layout.source_of(run);
                if (part.begin >= range.end || part.end <= range.begin) continue;
                const bool is_exact = layout.text.spans[run.span].is_exact;
                const float left = is_exact ? x_in(layout, advances, run, range.begin) : run.x;
                const float right = is_exact ? x_in(layout, advances, run, range.end) : run.x + run.width;
                out.push_back({left, y, right - left, row.height, box});
            }
        }
    }
}

}  // namespace llmc::text
