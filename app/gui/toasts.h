// Notices that go away by themselves: "Report written", "Copied".
//
// Thread contract: main thread, within a frame, outside of any window. Invariants: none lies over the prompt, where
// progress and the time that is left are told, nor over plots or the actions of a failure.
#pragma once

#include <deque>

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// What they may lie over.
struct ToastRoom {
    ImVec2 stage_min{}, stage_max{};
    ImVec2 side_min{}, side_max{};  // the column at the left; empty: none
    bool is_stage_taken = false;    // by plots, or by a failure whose actions somebody needs
};

// Where the stack begins, and whether it grows downwards: at the bottom right of the stage; where that is taken, in
// the column at the left, above its last line; without one at the stage's top right, where tabs and headings are.
struct ToastPlace {
    ImVec2 corner{};
    float width = 0;
    bool grows_down = false;
};
ToastPlace place_toasts(const ToastRoom& room, const Theme& theme);

// Draws them, the newest nearest to the corner; takes out those whose time is over and those that were clicked, and
// asks for a frame when the next one ends.
void draw_toasts(const FrameView& frame, std::deque<Toast>& toasts, const ToastRoom& room, Commands& commands);

}  // namespace llmc::gui
