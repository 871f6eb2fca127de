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
    int drawn_frame = -2;  // of Dear ImGui, when there was a pair to be seen, here or framed in its windows
    // What was chosen here, and is shown in the candidates' windows until another prompt is sent.
    std::optional<VotesModel::Place> in_view;
    std::size_t rounds_then = 0;
};

void draw_votes(const FrameView& frame, VotesView& view, Commands& commands);

// Once a frame, also while something else is in front: what was chosen stays in view in the candidates' windows as long
// as the window of votes `is_open`.
void follow_votes(const FrameView& frame, VotesView& view, bool is_open, Commands& commands);
// The pair that was chosen and is to be seen in the candidates' windows, too; nullptr: none.
const Pair* pair_in_view(const VotesView& view);
// Over a candidate's window, of which the contents begin at `at`: a frame where it is one of the pair, else dimmed. A
// click into one that is dimmed ends it.
void draw_vote_mark(const FrameView& frame, VotesView& view, ImVec2 at, const session::CandidateId& candidate);

// Whether a pair is on show: a vote by key on what nobody sees would be one by accident.
bool can_vote(const VotesView& view);
// Votes on the pair that is on show and goes on to the next one.
void give_vote(VotesView& view, Winner winner, Commands& commands);

}  // namespace llmc::gui
