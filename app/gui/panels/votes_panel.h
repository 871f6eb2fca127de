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
    // What was chosen here, and is shown in the candidates' windows until another prompt is sent.
    std::optional<VotesModel::Place> in_view;
    std::size_t rounds_then = 0;
};

void draw_votes(const FrameView& frame, VotesView& view, Commands& commands);

// The pair that was chosen, while it is to be seen in the candidates' windows, too; nullptr: none.
const Pair* pair_in_view(const VotesView& view);
// Over a candidate's window, of which the contents begin at `at`: a frame where it is one of the pair, else dimmed.
void draw_vote_mark(const FrameView& frame, ImVec2 at, bool is_of_pair);

// Whether a pair is on show: a vote by key on what nobody sees would be one by accident.
bool can_vote(const VotesView& view);
// Votes on the pair that is on show and goes on to the next one.
void give_vote(VotesView& view, Winner winner, Commands& commands);

}  // namespace llmc::gui
