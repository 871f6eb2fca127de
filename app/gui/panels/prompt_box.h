// The box of the Prompt window: several lines, history, Ctrl+Enter and Enter.
//
// Thread contract: main thread, within a frame. Sets view.wants_send when the user wants to send.
#pragma once

#include "gui/panels/prompt_panel.h"

namespace llmc::gui {

void draw_prompt_box(const FrameView& frame, PromptView& view, ImVec2 size);

// Walks through the history: the prompt before (`step` -1) or after (+1) the one that is shown; nothing at the ends.
// The draft is kept and comes back after the newest one.
std::optional<std::string> walk_history(PromptView& view, int step);

}  // namespace llmc::gui
