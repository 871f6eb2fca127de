// Votes: which of two answers is better, and the board of what came of them.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/panels/votes_model.h"

namespace llmc::gui {

struct VotesView {
    VotesModel model;
    int drawn_frame = -2;  // of Dear ImGui, when there was a pair to be seen
};

void draw_votes(const FrameView& frame, VotesView& view, Commands& commands);

// Whether a pair is on show: a vote by key on what nobody sees would be one by accident.
bool can_vote(const VotesView& view);
// Votes on the pair that is on show and goes on to the next one.
void give_vote(VotesView& view, Winner winner, Commands& commands);

}  // namespace llmc::gui
