// One candidate's window: a line with state and figures, find, the conversation.
//
// Thread contract: main thread, within a frame, inside the window's Begin and End.
#pragma once

#include "gui/conversation/conversation.h"
#include "gui/frame_view.h"
#include "gui/panels/find_bar.h"

namespace llmc::gui {

struct CandidateView {
    Conversation conversation;
    bool is_finding = false;
    bool wants_find_focus = false;
};

// `find`: what is looked for in all windows.
void draw_candidate(const FrameView& frame, const session::Candidate& candidate, CandidateView& view, FindView& find,
                    Commands& commands);

// Opens the find bar, or takes the keyboard back to it.
void open_find(CandidateView& view);
void end_find(CandidateView& view);

}  // namespace llmc::gui
