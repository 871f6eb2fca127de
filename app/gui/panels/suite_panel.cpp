#include "gui/panels/suite_panel.h"

#include "gui/widgets.h"

namespace llmc::gui {

void draw_suite(const FrameView& frame, SuiteView&, Commands&) {
    empty_state(frame, "No suite yet", "Open one, or take an example from the Judge menu.");
}

void take_suite(SuiteView&, std::shared_ptr<const judge::Suite>, std::filesystem::path) {}

}  // namespace llmc::gui
