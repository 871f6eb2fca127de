// A rate as a bar, how sure it is as a whisker: what the windows of judging show beside a figure.
//
// Thread contract: main thread, within a frame. Rates are 0…1; what is outside is drawn at the end.
#pragma once

#include <string>

#include "gui/frame_view.h"

namespace llmc::gui {

struct IntervalBar {
    double rate = 0;
    double low = 0, high = 1;       // the 95 % interval
    bool has_value = true;          // without one, the track alone is drawn
    Role role = Role::good;         // of the bar
    bool is_on_chosen_row = false;  // on bg3: the track has to be told from it
};

// How high the item is: the whisker's caps reach over the bar.
float interval_bar_height(const FrameView& frame);
// An item of that height at the cursor.
void draw_interval_bar(const FrameView& frame, const IntervalBar& bar, float width);
// The same on the draw list, with `at` its upper left corner.
void paint_interval_bar(const FrameView& frame, ImVec2 at, const IntervalBar& bar, float width);

// Green from 80 %, else orange: what a bar's colour says is in its length and figure, too.
Role rate_role(double rate);

}  // namespace llmc::gui
