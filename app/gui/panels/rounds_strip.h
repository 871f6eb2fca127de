// The strip above the answers: a cell for each round, by which all candidates' windows are brought to it.
//
// Thread contract: main thread, within a frame, inside the window of the answers. Invariants: only cells in view are
// looked at and drawn, however many rounds there are; a state is told by its colour and by its shape.
#pragma once

#include "gui/frame_view.h"

namespace llmc::gui {

struct RoundsView {
    bool is_in_step = false;  // scrolling one candidate scrolls all
    float scroll = 0;         // px, where the cells are more than fit
    int revealed = 0;         // the round that was brought into view last
};

enum class RoundState { waiting, running, done, failed };
RoundState state_of(const session::Round& round);

// Which cells of `count` are seen at least in part: [first, end).
struct CellRange {
    int first = 0, end = 0;
};
CellRange cells_in_view(int count, float scroll, float width, float cell);

// Whether there is anything to choose from.
bool has_rounds_strip(const engine::Snapshot& snapshot);
// `in_view`: the round that is marked. Gives the one that was chosen; 0: none.
int draw_rounds_strip(const FrameView& frame, RoundsView& view, int in_view);

}  // namespace llmc::gui
