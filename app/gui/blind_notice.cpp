#include "gui/blind_notice.h"

#include "gui/shortcuts.h"
#include "gui/widgets.h"

namespace llmc::gui {

void draw_blind_notice(const FrameView& frame, Commands& commands) {
    empty_state(frame, "Hidden in blind mode", "This window would tell whose answers are whose.");
    const float width = frame.theme.px(150);
    ImGui::SetCursorPosX(std::max((ImGui::GetWindowWidth() - width) / 2, ImGui::GetStyle().WindowPadding.x));
    if (button(frame, "Reveal who is who", true, frame.shortcuts.text(Action::blind))) commands.add(SetBlind{false});
}

}  // namespace llmc::gui
