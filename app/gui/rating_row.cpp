#include "gui/rating_row.h"

#include "gui/widgets.h"

namespace llmc::gui {

void draw_rating_row(const FrameView&, const session::Answer&, RatingEdit&, Commands&) {}
float rating_row_height(const FrameView& frame) {
    return frame.theme.px(26);
}
void take_rating_keys(const FrameView&, const session::Answer&, Commands&) {}

}  // namespace llmc::gui
