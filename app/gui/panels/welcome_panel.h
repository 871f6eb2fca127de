// Where the candidates' windows will be while there are none: what to do first.
//
// Thread contract: main thread, within a frame, inside the window's Begin and End.
#pragma once

#include "gui/frame_view.h"

namespace llmc::gui {

// May add candidates to the draft of `setup`, the one that `frame` shows.
void draw_welcome(const FrameView& frame, SetupState& setup, Commands& commands);

}  // namespace llmc::gui
