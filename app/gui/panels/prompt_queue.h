// What waits to be sent, to be read, changed, moved and taken out.
//
// Thread contract: main thread, within a frame.
#pragma once

#include "gui/panels/prompt_panel.h"

namespace llmc::gui {

// Shows the engine's queue, else the batch of a file that was not started yet. Changes go to where the list is from.
void draw_prompt_queue(const FrameView& frame, PromptView& view, ImVec2 size, Commands& commands);

}  // namespace llmc::gui
