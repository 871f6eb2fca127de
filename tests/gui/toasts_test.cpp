#include "gui/toasts.h"

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

TEST_CASE("notices lie over the stage, over the column at the left where that is taken, and never over the prompt") {
    const Theme theme = make_theme(ThemeKind::dark, 1);
    ToastRoom room{.stage_min = {330, 26}, .stage_max = {1600, 780}, .side_min = {0, 26}, .side_max = {330, 900}};
    const ToastPlace usual = place_toasts(room, theme);
    CHECK(usual.corner.x < 1600);
    CHECK(usual.corner.x - usual.width > 330);
    CHECK(usual.corner.y < 780);
    CHECK_FALSE(usual.grows_down);

    room.is_stage_taken = true;
    const ToastPlace beside = place_toasts(room, theme);
    CHECK(beside.corner.x < 330);
    CHECK(beside.corner.x - beside.width > 0);
    CHECK_FALSE(beside.grows_down);

    room.side_min = room.side_max = {};
    const ToastPlace above = place_toasts(room, theme);
    CHECK(above.grows_down);
    CHECK(above.corner.y < 60);
    CHECK(above.corner.x - above.width > 330);
}

}  // namespace
}  // namespace llmc::gui
