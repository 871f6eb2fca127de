// What the Compare window consists of: a line of choices above the columns.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/panels/compare_panel.h"

namespace llmc::gui {

void draw_compare_toolbar(const FrameView& frame, CompareView& view, Commands& commands);
void draw_compare_columns(const FrameView& frame, CompareView& view, Commands& commands);

// To the next (+1) or previous (-1) difference, going round.
void step_difference(CompareView& view, int by);
void look_at_difference(CompareView& view, std::size_t difference);

// Of a column, told apart in both themes.
ImU32 compare_color(const Theme& theme, std::size_t column);

}  // namespace llmc::gui
