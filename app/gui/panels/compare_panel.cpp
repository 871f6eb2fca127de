#include "gui/panels/compare_panel.h"

#include "gui/widgets.h"

namespace llmc::gui {

void draw_compare(const FrameView& frame, CompareView&, Commands&) {
    empty_state(frame, "Nothing to compare yet", "After a round its answers stand here beside each other.");
}

void compare_answers(CompareView&, const CompareAnswers&) {}
void add_compared_session(CompareView&, std::string, session::Session) {}

}  // namespace llmc::gui
