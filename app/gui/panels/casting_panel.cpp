#include "gui/panels/casting_panel.h"

#include "gui/widgets.h"

namespace llmc::gui {

void draw_casting(const FrameView& frame, CastingView&, Commands&) {
    empty_state(frame, "No evidence yet", "Run a suite, or add reports of suites that were run.");
}

void add_evidence(CastingView&, std::string, session::Session) {}

}  // namespace llmc::gui
