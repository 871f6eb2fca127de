// One candidate's window: a line with state and figures, find, the conversation.
//
// Thread contract: main thread, within a frame, inside the window's Begin and End.
#pragma once

#include <string>

#include "gui/conversation/conversation.h"
#include "gui/frame_view.h"

namespace llmc::gui {

struct CandidateView {
    Conversation conversation;
    bool is_finding = false;
    bool wants_find_focus = false;
    std::string query;
};

void draw_candidate(const FrameView& frame, const session::Candidate& candidate, CandidateView& view,
                    Commands& commands);

// Opens the find bar, or takes the keyboard back to it.
void open_find(CandidateView& view);

}  // namespace llmc::gui
