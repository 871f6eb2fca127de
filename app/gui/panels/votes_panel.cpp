#include "gui/panels/votes_panel.h"

#include "gui/widgets.h"

namespace llmc::gui {

void draw_votes(const FrameView& frame, VotesView&, Commands&) {
    empty_state(frame, "No votes yet", "After a round two of its answers are put to the vote here.");
}

}  // namespace llmc::gui
