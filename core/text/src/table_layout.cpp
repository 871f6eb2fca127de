// Tables: widths of columns and rows of cells; the other half of block_layout.cpp.
#include <algorithm>
#include <cmath>

#include "block_layout.h"

namespace llmc::text {
namespace {

constexpr float kUnlimited = 1e9F;
constexpr float kMaxWordShare = 0.4F;  // a longer word is cut rather than the table made wider

}  // namespace

void BlockComposer::measure_columns(std::string_view source, const std::vector<Block>& blocks, const BoxRange& table,
                                    Columns& out) {
    const std::uint32_t columns = table.columns;
    const Block& header = blocks[table.first_block];
    natural_.assign(columns, 0);
    least_.assign(columns, 0);
    const float room = box_width(header);
    for (std::uint32_t i = table.first_block; i <= table.last_block && i < table.first_block + kMeasuredRows; ++i) {
        const Block& block = blocks[i];
        if (i > table.first_block && block.end - header.begin > kMeasuredBytes) break;
        parts_.clear();
        row_cells(source, block, columns, parts_);
        for (std::size_t column = 0; column < parts_.size(); ++column) {
            measured_.clear();
            const Style style{block.is(kHeaderRow) ? Face::bold : Face::body, 0};
            parser_.parse(source, parts_[column].begin, parts_[column].end, 0, true, style, measured_.text);
            broken_.clear();
            break_text(measured_, 0, kUnlimited, kUnlimited);
            for (const BrokenRow& row : broken_) natural_[column] = std::max(natural_[column], row.width);
            least_[column] = std::max(least_[column], widest_word(measured_.text.shown, faces_, advances_));
        }
    }
    const float padding = 2 * style_.cell_padding_x;
    for (std::uint32_t column = 0; column < columns; ++column) {
        const float least = std::max(style_.min_column, std::min(least_[column], kMaxWordShare * room));
        natural_[column] = std::ceil(natural_[column]) + padding;
        least_[column] = std::min(natural_[column], std::ceil(least) + padding);
    }
    out.aligns = table.aligns;
    share_room(natural_, least_, room, out);
}

void BlockComposer::share_room(const std::vector<float>& natural, const std::vector<float>& least, float room,
                               Columns& out) const {
    float all = 0, all_least = 0;
    for (std::size_t i = 0; i < natural.size(); ++i) {
        all += natural[i];
        all_least += least[i];
    }
    const float wanted = std::min(room, style_.max_prose_width);
    out.edges.assign(1, 0);
    for (std::size_t i = 0; i < natural.size(); ++i) {
        float width = natural[i];
        if (all <= wanted)  // as wide as the prose, so that tables of one answer look alike
            width += (wanted - all) * natural[i] / std::max(all, 1.0F);
        else if (all > room && all_least >= room)  // it scrolls
            width = least[i];
        else if (all > room)
            width = least[i] + (room - all_least) * (natural[i] - least[i]) / (all - all_least);
        out.edges.push_back(out.edges.back() + std::floor(width));
    }
}

void BlockComposer::compose_row(std::string_view source, const Block& block, const Columns& table, BlockLayout& out) {
    const std::vector<float>& columns = table.edges;
    const auto count = static_cast<std::uint32_t>(columns.size() - 1);
    const float left = level_x(block, block.depth);
    const bool is_header = block.is(kHeaderRow);
    Style style{is_header ? Face::bold : Face::body, 0};
    if (is_header) style.marks = kHeaderCell;
    std::vector<SourceRange>& cells = parts_;
    cells.clear();
    row_cells(source, block, count, cells);
    broken_.clear();
    cell_rows_.clear();
    std::uint32_t height = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto shown_at = static_cast<std::uint32_t>(out.text.shown.size());
        const auto first = static_cast<std::uint32_t>(broken_.size());
        cell_rows_.push_back(first);
        parser_.parse(source, cells[i].begin, cells[i].end, 0, true, style, out.text);
        const float room = std::max(1.0F, columns[i + 1] - columns[i] - 2 * style_.cell_padding_x);
        break_text(out, shown_at, room, room);
        for (std::size_t k = first; k < broken_.size(); ++k) {
            broken_[k].begin += shown_at;
            broken_[k].text_end += shown_at;
            broken_[k].end += shown_at;
        }
        height = std::max(height, static_cast<std::uint32_t>(broken_.size()) - first);
    }
    cell_rows_.push_back(static_cast<std::uint32_t>(broken_.size()));
    float y = style_.cell_padding_y;
    for (std::uint32_t k = 0; k < height; ++k, y += style_.prose_row) {
        PlacedRow row = new_row(out, y, style_.prose_row, style.face);
        if (k == 0) row.first_run = 0;
        row.is_in_box = true;
        row.x = left;
        row.width = columns.back();
        row.begin = block.begin;
        row.end = block.end;
        for (std::uint32_t i = 0; i + 1 < cell_rows_.size(); ++i) {
            if (cell_rows_[i] + k >= cell_rows_[i + 1]) continue;
            const BrokenRow& line = broken_[cell_rows_[i] + k];
            const float spare = columns[i + 1] - columns[i] - 2 * style_.cell_padding_x - line.width;
            const Align align = static_cast<Align>(table.aligns >> (2 * i) & 3);
            const float shift = spare <= 0               ? 0
                                : align == Align::right  ? spare
                                : align == Align::centre ? std::floor(spare / 2)
                                                         : 0;
            add_runs(out, line.begin, line.text_end, left + columns[i] + style_.cell_padding_x + shift);
        }
        end_row(out, row);
    }
    out.height += style_.cell_padding_y;
}

}  // namespace llmc::text
