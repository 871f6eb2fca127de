// Loops beside each other: a lane per candidate with a chip for every step, and where calls begin to be wrong.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/panels/loop_model.h"

namespace llmc::gui {

struct LoopView {
    LoopModel model;
};

void draw_loop(const FrameView& frame, LoopView& view, Commands& commands);

}  // namespace llmc::gui
