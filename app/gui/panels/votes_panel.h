// Votes: which of two answers is better, and the board of what came of them.
//
// Thread contract: as panels.h.
#pragma once

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

struct VotesView {};

void draw_votes(const FrameView& frame, VotesView& view, Commands& commands);

}  // namespace llmc::gui
