// The list of all keys (shortcuts.h).
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

void draw_shortcuts(const FrameView& frame, Commands& commands);

}  // namespace llmc::gui
