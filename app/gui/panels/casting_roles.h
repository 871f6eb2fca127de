// One role of the casting sheet: its contenders with bars, the pick, the evidence.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/panels/casting_panel.h"

namespace llmc::gui {

// `role` and its `words` are of the view's sheet, which must live as long as this draws.
void draw_role(const FrameView& frame, CastingView& view, const decide::CastRole& role, const ShownSheet::Role& words,
               Commands& commands);

}  // namespace llmc::gui
