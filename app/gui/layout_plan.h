// How large what is: which candidate's window goes where, how high the prompt is. Pure arithmetic, without Dear ImGui.
//
// Thread contract: pure.
#pragma once

#include <vector>

#include "gui/commands.h"

namespace llmc::gui {

// Of the prompt, in px; 0: not known yet.
struct PromptHeight {
    float least = 0;   // three lines
    float needed = 0;  // all lines
};
// What it gets of a window of `whole` px: what it needs, at most 40 %; where the user has `given` it a height, that.
float prompt_height(PromptHeight wanted, float given, float whole);

// Cells in reading order; each holds the indices of the windows that share it as tabs.
struct LayoutPlan {
    int columns = 1;
    int rows = 1;
    std::vector<std::vector<int>> cells;  // columns × rows, some may be empty in the last row only
    bool operator==(const LayoutPlan&) const = default;
};

// `count` windows in an area of `width` × `height`; a cell is never smaller than `min_width` × `min_height` as far as
// the area allows: where they do not fit beside each other, neighbours share a cell as tabs.
//   automatic  columns; two by two for four; a grid from six on, and where columns would be too narrow
//   columns    all beside each other
//   grid       columns and rows, cells as near to 4:3 as they get; four are two by two
//   tabs       one cell
LayoutPlan plan_layout(Arrangement arrangement, int count, float width, float height, float min_width,
                       float min_height);

}  // namespace llmc::gui
