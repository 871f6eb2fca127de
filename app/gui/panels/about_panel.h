// What the program is, its version, its fonts, what draws it, whose libraries it uses.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

void draw_about(const FrameView& frame, Commands& commands);

}  // namespace llmc::gui
