#include "document_state.h"

#include <algorithm>
#include <cmath>

namespace llmc::text {

void Document::State::reset(TextMode text_mode) {
    mode = text_mode;
    splitter = BlockSplitter(text_mode);
    places.clear();
    tables.clear();
    for (auto& slot : slots) slot->used = 0;
    stale_from = first_inexact = 0;
}

void Document::State::forget_from(std::size_t index) {
    const auto& blocks = splitter.blocks();
    if (index >= blocks.size() && blocks.size() == places.size()) return;
    for (std::size_t i = index; i < places.size(); ++i)
        if (places[i].slot != 0) slots[places[i].slot - 1U]->used = 0;
    places.resize(std::min(index, places.size()));
    while (places.size() < blocks.size()) {
        Place place;
        if (metrics != nullptr) place.height = std::ceil(composer.estimate(source, blocks[places.size()]));
        places.push_back(place);
    }
    const auto& boxes = splitter.boxes();
    tables.resize(boxes.size());
    stale_from = std::min(stale_from, index);
    first_inexact = std::min(first_inexact, index);
    for (std::size_t box = boxes.size(); box > 0 && boxes[box - 1].last_block + 1 >= index; --box) {
        const BoxRange& range = boxes[box - 1];
        TableState& table = tables[box - 1];
        const bool has_lost_row = table.measured_to > range.last_block;  // it began something else
        if (!has_lost_row && (index > range.last_block || index > range.first_block + kMeasuredRows)) continue;
        table.is_current = false;
        if (!has_lost_row) continue;
        // Its columns may be others: its last row asks for them.
        table.measured_to = 0;
        places[range.last_block].is_exact = false;
        first_inexact = std::min<std::size_t>(first_inexact, range.last_block);
    }
}

void Document::State::forget_all() {
    for (auto& slot : slots) slot->used = 0;
    for (Place& place : places) {
        place.slot = 0;
        place.is_exact = false;
    }
    for (TableState& table : tables) table.is_current = false;
    stale_from = first_inexact = 0;
}

float Document::State::padding_below(std::size_t index) const {
    const auto& blocks = splitter.blocks();
    const Block& block = blocks[index];
    if (block.kind != BlockKind::code) return 0;
    const bool goes_on = index + 1 < blocks.size() && blocks[index + 1].box == block.box;
    return goes_on ? 0 : style.code_padding_y;
}

float Document::State::gap_above(std::size_t index) const {
    if (index == 0) return 0;
    const Block& block = splitter.blocks()[index];
    const Block& before = splitter.blocks()[index - 1];
    if (block.kind == BlockKind::plain && before.kind == BlockKind::plain) return 0;
    if (block.is(kContinues) || (block.box != kNoBox && block.box == before.box)) return 0;
    if (block.kind == BlockKind::heading) return style.heading_gap;
    const bool is_list = block.depth > 0 && block.nesting != 0;
    return is_list && !block.is(kBlankBefore) ? style.item_gap : style.paragraph_gap;
}

void Document::State::update_positions() {
    for (std::size_t i = stale_from; i < places.size(); ++i)
        places[i].y = i == 0 ? 0 : places[i - 1].y + places[i - 1].height + padding_below(i - 1) + gap_above(i);
    stale_from = places.size();
}

double Document::State::total_height() const {
    return places.empty() ? 0 : places.back().y + places.back().height + padding_below(places.size() - 1);
}

std::size_t Document::State::block_at(double y) const {
    const auto it =
        std::upper_bound(places.begin(), places.end(), y, [](double at, const Place& place) { return at < place.y; });
    return it == places.begin() ? 0 : static_cast<std::size_t>(it - places.begin()) - 1;
}

std::size_t Document::State::block_of(std::uint32_t offset) const {
    const auto& blocks = splitter.blocks();
    const auto it = std::upper_bound(blocks.begin(), blocks.end(), offset,
                                     [](std::uint32_t at, const Block& block) { return at < block.begin; });
    return it == blocks.begin() ? 0 : static_cast<std::size_t>(it - blocks.begin()) - 1;
}

void Document::State::set_height(std::size_t index, const BlockLayout& layout) {
    Place& place = places[index];
    place.is_exact = true;
    place.width = layout.width;
    if (place.height == layout.height) return;
    place.height = layout.height;
    stale_from = std::min(stale_from, index + 1);
}

const Columns* Document::State::columns_of(const Block& block) {
    if (block.kind != BlockKind::table_row) return nullptr;
    TableState& table = tables[block.box];
    if (!table.is_current) {
        const BoxRange& box = splitter.boxes()[block.box];
        Columns columns;
        composer.measure_columns(source, splitter.blocks(), box, columns);
        table.is_current = true;
        table.measured_to = std::min(box.last_block, box.first_block + kMeasuredRows);
        if (!(columns == table.columns)) {  // its rows were laid out for others
            for (std::uint32_t i = box.first_block; i <= box.last_block; ++i) {
                if (places[i].slot != 0) slots[places[i].slot - 1U]->used = 0;
                places[i].slot = 0;
                places[i].is_exact = false;
            }
            first_inexact = std::min<std::size_t>(first_inexact, box.first_block);
            table.columns = std::move(columns);
        }
    }
    return &table.columns;
}

CodeBegin Document::State::code_of(std::size_t index) {
    const auto& blocks = splitter.blocks();
    if (blocks[index].kind != BlockKind::code) return {};
    const BoxRange& box = splitter.boxes()[blocks[index].box];
    CodeBegin code{code_language(source.substr(box.info_begin, box.info_end - box.info_begin)), {}};
    if (!code.language) return code;
    std::size_t at = index;
    while (at > box.first_block && !places[at - 1].knows_code_end) --at;
    if (at > box.first_block) code.state = places[at - 1].code_end;
    for (; at < index; ++at) {
        code.state = places[at].code_end = composer.code_after(source, blocks[at], code);
        places[at].knows_code_end = true;
    }
    return code;
}

const BlockLayout& Document::State::rows_of(std::size_t index) {
    const Block& block = splitter.blocks()[index];
    const Columns* columns = columns_of(block);  // may empty the block's slot
    if (places[index].slot != 0) {
        Slot& slot = *slots[places[index].slot - 1U];
        slot.used = ++clock;
        return slot.layout;
    }
    std::size_t chosen = slots.size();
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (chosen == slots.size() || slots[i]->used < slots[chosen]->used) chosen = i;
    if (slots.size() < kSlots && (slots.empty() || slots[chosen]->used != 0)) {
        chosen = slots.size();
        slots.push_back(std::make_unique<Slot>());
    }
    Slot& slot = *slots[chosen];
    if (slot.used != 0) places[slot.block].slot = 0;
    composer.compose(source, block, columns, slot.layout, code_of(index));
    slot.block = static_cast<std::uint32_t>(index);
    slot.used = ++clock;
    places[index].slot = static_cast<std::uint16_t>(chosen + 1);
    set_height(index, slot.layout);
    return slot.layout;
}

std::size_t Document::State::measure(std::size_t index) {
    const Block& block = splitter.blocks()[index];
    const Columns* columns = columns_of(block);
    if (places[index].is_exact) return 64;
    composer.compose(source, block, columns, measured);
    set_height(index, measured);
    return block.end - block.begin + 64;
}

void Document::State::settle(double y0, double y1) {
    update_positions();
    for (std::size_t i = block_at(y0); i < places.size(); ++i) {
        if (i > 0 && i >= stale_from) {  // only what is looked at, the rest at the end
            places[i].y = places[i - 1].y + places[i - 1].height + padding_below(i - 1) + gap_above(i);
            stale_from = i + 1;
        }
        if (places[i].y >= y1) break;
        columns_of(splitter.blocks()[i]);
        if (!places[i].is_exact) rows_of(i);
    }
    update_positions();
}

}  // namespace llmc::text
