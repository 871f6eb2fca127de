// What a window that would give away who is who shows in blind mode instead of its contents.
//
// Thread contract: main thread, within a frame.
#pragma once

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

void draw_blind_notice(const FrameView& frame, Commands& commands);

}  // namespace llmc::gui
