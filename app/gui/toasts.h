// Notices that go away by themselves: "Report written", "Copied".
//
// Thread contract: main thread, within a frame, outside of any window.
#pragma once

#include <deque>

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// Draws them at the bottom right, newest lowest; takes out those whose time is over and those that were clicked, and
// asks for a frame when the next one ends.
void draw_toasts(const FrameView& frame, std::deque<Toast>& toasts, Commands& commands);

}  // namespace llmc::gui
