#include "block_layout.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/utf8.h"

namespace llmc::text {
namespace {

constexpr std::string_view kBullets[] = {"\xE2\x80\xA2", "\xE2\x97\xA6", "\xE2\x96\xAA"};  // • ◦ ▪
constexpr std::string_view kOpenBox = "\xE2\x98\x90";
constexpr std::string_view kDoneBox = "\xE2\x98\x91";
constexpr float kMaxIndentShare = 0.5F;  // of the width, however deep blocks are nested

Face face_of(const Block& block) {
    if (block.kind == BlockKind::code) return Face::code;
    if (block.kind != BlockKind::heading) return Face::body;
    return block.level == 1 ? Face::heading1 : block.level == 2 ? Face::heading2 : Face::heading3;
}

}  // namespace

void BlockLayout::clear() {
    text.clear();
    rows.clear();
    runs.clear();
    height = width = 0;
}

SourceRange BlockLayout::source_of(const PlacedRun& run) const {
    const Span& span = text.spans[run.span];
    if (!span.is_exact) return {span.begin, span.end};
    return {span.begin + (run.shown_begin - span.shown_begin), span.begin + (run.shown_end - span.shown_begin)};
}

std::string_view BlockLayout::shown(const PlacedRun& run) const {
    return std::string_view(text.shown).substr(run.shown_begin, run.shown_end - run.shown_begin);
}

std::size_t BlockLayout::memory_bytes() const {
    return text.shown.capacity() + text.spans.capacity() * sizeof(Span) + rows.capacity() * sizeof(PlacedRow) +
           runs.capacity() * sizeof(PlacedRun);
}

void BlockComposer::use(const FontMetrics& metrics, const LayoutStyle& style, float width) {
    advances_.use(metrics);
    style_ = style;
    width_ = width;
}

float BlockComposer::level_x(const Block& block, std::uint32_t level) const {
    float x = 0, whole = 0;
    for (std::uint32_t i = 0; i < block.depth; ++i) {
        whole += (block.nesting >> i & 1) != 0 ? style_.list_indent : style_.quote_indent;
        if (i + 1 == level) x = whole;
    }
    const float most = kMaxIndentShare * std::min(width_, style_.max_prose_width);
    return whole > most ? std::floor(x * most / whole) : x;
}

float BlockComposer::box_width(const Block& block) const {
    return std::max(1.0F, std::min(width_, style_.max_wide_width) - level_x(block, block.depth));
}

void BlockComposer::compose(std::string_view source, const Block& block, const Columns* columns, BlockLayout& out,
                            const CodeBegin& code) {
    out.clear();
    first_x_ = level_x(block, block.depth);
    if ((block.opened & block.nesting) != 0) add_markers(source, block, out);
    switch (block.kind) {
        case BlockKind::paragraph:
        case BlockKind::heading: compose_prose(source, block, out); break;
        case BlockKind::code:
        case BlockKind::plain: compose_lines(source, block, out, code); break;
        case BlockKind::table_row:
            if (columns != nullptr) compose_row(source, block, *columns, out);
            break;
        case BlockKind::rule: {
            PlacedRow row = new_row(out, 0, style_.rule_height, Face::body);
            row.begin = block.begin;
            row.end = block.end;
            row.first_run = 0;
            end_row(out, row);
            break;
        }
    }
    out.height = std::ceil(out.height);
}

// Bullets and numbers, right-aligned before the text of their level.
void BlockComposer::add_markers(std::string_view source, const Block& block, BlockLayout& out) {
    parts_.clear();
    list_markers(source, block, parts_);
    std::uint32_t level = 0;
    std::uint32_t bullets = 0;
    float x = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        while (level < block.depth && (block.opened & block.nesting & 1U << level) == 0) {
            bullets += (block.nesting >> level & 1);
            ++level;
        }
        const SourceRange marker = parts_[i];
        const bool is_task = i + 1 == parts_.size() && (block.is(kOpenTask) || block.is(kDoneTask));
        const bool is_bullet = marker.end == marker.begin + 1;
        const auto shown_begin = static_cast<std::uint32_t>(out.text.shown.size());
        Style style{Face::body, kMarker};
        if (is_task) style.marks |= block.is(kDoneTask) ? kTaskDone : kTaskOpen;
        const std::string_view shown = is_task     ? (block.is(kDoneTask) ? kDoneBox : kOpenBox)
                                       : is_bullet ? kBullets[std::min<std::uint32_t>(bullets, 2)]
                                                   : source.substr(marker.begin, marker.end - marker.begin);
        out.text.spans.push_back({shown_begin, marker.begin, marker.end, kNoLink, style, !is_task && !is_bullet});
        out.text.shown += shown;
        ++bullets;
        ++level;
        float width = 0;
        for (std::size_t at = 0; at < shown.size();)
            width += advances_.of(Face::body, base::next_code_point(shown, at));
        x = std::max({x, level_x(block, level - 1), level_x(block, level) - style_.marker_gap - width});
        out.runs.push_back({shown_begin, static_cast<std::uint32_t>(out.text.shown.size()),
                            static_cast<std::uint32_t>(out.text.spans.size() - 1), x, width});
        x += width + style_.marker_gap;
        first_x_ = std::max(first_x_, x);
    }
}

PlacedRow BlockComposer::new_row(const BlockLayout& out, float y, float height, Face face) const {
    const FaceExtent extent = advances_.extent(face);
    PlacedRow row;
    row.y = y;
    row.height = height;
    row.baseline = std::round((height - extent.ascent - extent.descent) / 2 + extent.ascent);
    row.first_run = static_cast<std::uint32_t>(out.runs.size());
    return row;
}

void BlockComposer::end_row(BlockLayout& out, PlacedRow row) const {
    row.runs = static_cast<std::uint32_t>(out.runs.size()) - row.first_run;
    out.height = row.y + row.height;
    out.rows.push_back(row);
}

void BlockComposer::break_text(const BlockLayout& out, std::uint32_t shown_begin, float first_width, float width) {
    faces_.clear();
    const auto& spans = out.text.spans;
    auto span = std::partition_point(spans.begin(), spans.end(),
                                     [&](const Span& one) { return one.shown_begin < shown_begin; });
    for (; span != spans.end(); ++span) faces_.push_back({span->shown_begin - shown_begin, span->style.face});
    break_rows(std::string_view(out.text.shown).substr(shown_begin), faces_, advances_, first_width, width, broken_);
}

float BlockComposer::add_runs(BlockLayout& out, std::uint32_t begin, std::uint32_t end, float x) const {
    const auto& spans = out.text.spans;
    const std::string_view shown = out.text.shown;
    auto it = std::upper_bound(spans.begin(), spans.end(), begin,
                               [](std::uint32_t at, const Span& span) { return at < span.shown_begin; });
    auto index = static_cast<std::uint32_t>(it - spans.begin());
    if (index > 0) --index;
    for (; begin < end && index < spans.size(); ++index) {
        const std::uint32_t stop = std::min(end, out.text.shown_end(index));
        const Face face = spans[index].style.face;
        while (begin < stop) {
            PlacedRun run{begin, begin, index, x, 0};
            while (run.shown_end < stop) {
                const auto first = static_cast<unsigned char>(shown[run.shown_end]);
                const bool is_alone =
                    run.shown_end + 1 == stop || static_cast<unsigned char>(shown[run.shown_end + 1]) < 0x80;
                if (first < 0x80 && is_alone && run.shown_end - begin < kMaxRunBytes) {  // nearly all of the text
                    run.width += advances_.of(face, first);
                    ++run.shown_end;
                    continue;
                }
                const std::size_t next = std::min<std::size_t>(stop, next_cluster(shown, run.shown_end));
                if (next - begin > kMaxRunBytes) break;
                for (std::size_t at = run.shown_end; at < next;) {
                    const auto byte = static_cast<unsigned char>(shown[at]);
                    if (byte < 0x80) ++at;
                    run.width += advances_.of(face, byte < 0x80 ? byte : base::next_code_point(shown, at));
                }
                run.shown_end = static_cast<std::uint32_t>(next);
            }
            x += run.width;
            begin = run.shown_end;
            out.runs.push_back(run);
        }
    }
    return x;
}

void BlockComposer::compose_prose(std::string_view source, const Block& block, BlockLayout& out) {
    const auto text_at = static_cast<std::uint32_t>(out.text.shown.size());
    const Face face = face_of(block);
    if (block.text_begin < block.end)
        parser_.parse(source, block.text_begin, block.end, block.quotes(), false, {face, 0}, out.text);
    const float x = level_x(block, block.depth);
    const float right = std::min(width_, style_.max_prose_width);
    broken_.clear();
    break_text(out, text_at, right - first_x_, right - x);
    const float height =
        block.kind == BlockKind::heading ? style_.heading_row[std::min<int>(block.level, 3) - 1] : style_.prose_row;
    const auto source_at = [&](std::uint32_t shown) {  // of a place in the shown text
        const auto& spans = out.text.spans;
        auto it = std::upper_bound(spans.begin(), spans.end(), shown,
                                   [](std::uint32_t at, const Span& span) { return at < span.shown_begin; });
        if (it == spans.begin()) return block.text_begin;
        --it;
        return it->is_exact ? it->begin + (shown - it->shown_begin) : it->begin;
    };
    for (std::size_t i = 0; i < broken_.size(); ++i) {
        PlacedRow row = new_row(out, static_cast<float>(i) * height, height, face);
        if (i == 0) row.first_run = 0;  // with the markers
        row.x = i == 0 ? first_x_ : x;
        row.width = broken_[i].width;
        row.begin = i == 0 ? block.begin : source_at(text_at + broken_[i].begin);
        row.end = i + 1 == broken_.size() ? block.end : source_at(text_at + broken_[i + 1].begin);
        add_runs(out, text_at + broken_[i].begin, text_at + broken_[i].text_end, row.x);
        end_row(out, row);
    }
}

float BlockComposer::add_inked_runs(BlockLayout& out, std::uint32_t begin, std::uint32_t end, float x,
                                    const CodeLanguage& language, CodeState& state) {
    const std::string_view shown = out.text.shown;
    const std::string_view line = shown.substr(begin, end - begin);
    inks_.clear();
    state = ink_line(language, line, state, inks_);
    // Between clusters: a sign may carry an accent.
    const auto place = [&](std::uint32_t at) {
        const bool is_inside = at > 0 && at < line.size() && static_cast<unsigned char>(line[at]) >= 0x80;
        return is_inside ? std::min(end, static_cast<std::uint32_t>(next_cluster(shown, begin + at - 1))) : begin + at;
    };
    std::uint32_t done = begin;
    const auto add = [&](std::uint32_t to, Ink ink) {
        if (to <= done) return;
        const std::size_t first = out.runs.size();
        x = add_runs(out, done, to, x);
        for (std::size_t i = first; i < out.runs.size(); ++i) out.runs[i].ink = ink;
        done = to;
    };
    for (const InkRange& range : inks_) {
        add(place(range.begin), Ink::plain);
        add(place(range.end), range.ink);
    }
    add(end, Ink::plain);
    return x;
}

CodeState BlockComposer::code_after(std::string_view source, const Block& block, const CodeBegin& code) {
    CodeState state = code.state;
    parts_.clear();
    code_lines(source, block, parts_);
    for (const SourceRange& part : parts_) {
        inks_.clear();
        state = ink_line(*code.language, source.substr(part.begin, part.end - part.begin), state, inks_);
    }
    return state;
}

void BlockComposer::compose_lines(std::string_view source, const Block& block, BlockLayout& out,
                                  const CodeBegin& code) {
    CodeState state = code.state;
    const bool is_code = block.kind == BlockKind::code;
    const Face face = face_of(block);
    const float row_height = is_code ? style_.code_row : style_.prose_row;
    const float x = level_x(block, block.depth) + (is_code ? style_.code_padding_x : 0);
    float y = 0;
    if (is_code && !block.is(kContinues)) {
        y = style_.code_header + style_.code_padding_y;
        if (!out.runs.empty()) {  // the item's marker stands beside the label
            PlacedRow row = new_row(out, 0, y, Face::body);
            row.first_run = 0;
            row.begin = block.begin;
            row.end = std::min(block.text_begin, block.end);
            row.x = out.runs.front().x;
            end_row(out, row);
        }
    }
    parts_.clear();
    code_lines(source, block, parts_);
    if (parts_.empty()) parts_.push_back({block.end, block.end});
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const auto shown_at = static_cast<std::uint32_t>(out.text.shown.size());
        add_verbatim(source, parts_[i].begin, parts_[i].end, {face, 0}, style_.tab_columns, out.text);
        const bool is_last = i + 1 == parts_.size();
        const std::uint32_t end = is_last ? block.end : parts_[i + 1].begin;
        if (is_code) {
            PlacedRow row = new_row(out, y, row_height, face);
            row.is_in_box = true;
            row.x = x;
            row.begin = parts_[i].begin;
            row.end = end;
            const auto shown_end = static_cast<std::uint32_t>(out.text.shown.size());
            row.width = (code.language ? add_inked_runs(out, shown_at, shown_end, x, *code.language, state)
                                       : add_runs(out, shown_at, shown_end, x)) -
                        x;
            out.width = std::max(out.width, row.width);
            end_row(out, row);
            y += row_height;
            continue;
        }
        broken_.clear();
        const float right = std::min(width_, style_.max_prose_width);
        break_text(out, shown_at, right, right);
        const auto& spans = out.text.spans;
        for (std::size_t k = 0; k < broken_.size(); ++k, y += row_height) {
            PlacedRow row = new_row(out, y, row_height, face);
            row.width = broken_[k].width;
            add_runs(out, shown_at + broken_[k].begin, shown_at + broken_[k].text_end, 0);
            row.begin = parts_[i].begin;
            if (k > 0 && row.first_run < out.runs.size())
                row.begin = out.source_of(out.runs[row.first_run]).begin;
            else if (k > 0 && !spans.empty())
                row.begin = out.rows.back().end;
            row.end = end;
            if (k > 0) out.rows.back().end = std::max(out.rows.back().begin, row.begin);
            end_row(out, row);
        }
    }
}

float BlockComposer::estimate(std::string_view source, const Block& block) const {
    if (block.kind == BlockKind::rule) return style_.rule_height;
    if (block.kind == BlockKind::table_row) return style_.prose_row + 2 * style_.cell_padding_y;
    const std::string_view text = source.substr(block.text_begin, block.end - std::min(block.end, block.text_begin));
    const auto lines = static_cast<float>(std::count(text.begin(), text.end(), '\n'));
    if (block.kind == BlockKind::code) {
        const float top = block.is(kContinues) ? 0 : style_.code_header + style_.code_padding_y;
        return top + std::max(1.0F, lines + (text.ends_with('\n') ? 0 : 1)) * style_.code_row;
    }
    const float room = std::max(1.0F, std::min(width_, style_.max_prose_width) - level_x(block, block.depth));
    const float letter = std::max(1.0F, advances_.of(Face::body, 'n'));
    const float rows = std::ceil(static_cast<float>(text.size()) * letter / room);
    const float height =
        block.kind == BlockKind::heading ? style_.heading_row[std::min<int>(block.level, 3) - 1] : style_.prose_row;
    const bool keeps_lines = block.kind == BlockKind::plain;
    return std::max(1.0F, keeps_lines ? std::max(rows, lines) : rows) * height;
}

}  // namespace llmc::text
