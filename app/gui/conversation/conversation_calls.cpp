// Draws the calls of a step: what was called, what came of it, and in words what is wrong with it.
#include <algorithm>

#include "gui/conversation/conversation.h"
#include "gui/conversation/turn_widgets.h"

namespace llmc::gui {

void Conversation::draw_calls(const FrameView& frame, std::size_t index, ImVec2 at, double top, float width,
                              double view_height, Commands& commands) {
    const Theme& theme = frame.theme;
    Turn& turn = *turns_[index].turn;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const double origin = at.y + top;
    const auto screen = [&](double y) { return static_cast<float>(origin + y); };
    CallPassage* toggled = nullptr;  // after all is drawn: what is unfolded has no layout yet
    auto part = static_cast<std::uint32_t>(Part::first_call);
    for (const auto& call : turn.calls()) {
        const Part here{part++};
        const double end = call->y + (turn.is_shown(here) ? call->document.height() : 0);
        if (top + call->mark_y >= view_height) break;
        if (top + end <= 0) continue;
        const float left = at.x + call->x;
        ImGui::PushID(static_cast<int>(here));
        if (!call->mark.empty()) {
            paint_dot(frame, {left + theme.px(5), screen(call->mark_y) + theme.px(9)},
                      call->mark_role == Role::warn ? Dot::warn : Dot::bad);
            paint_text(frame, {left + theme.px(14), screen(call->mark_y)}, call->mark,
                       {.face = Face::semibold, .size = theme.text.small, .role = call->mark_role}, width);
        }
        if (!call->fold.empty() && fold(frame, call->is_result ? "result" : "call", call->fold, Face::regular,
                                        call->is_open, {left, screen(call->fold_y)}, at.x + width - left))
            toggled = call.get();
        if (call->is_result)
            list.AddRectFilled({left - theme.px(9), screen(call->mark_y)}, {left - theme.px(7), screen(end)},
                               theme[Role::line]);
        if (turn.is_shown(here)) draw_text(frame, index, here, at.x, origin, -top, view_height, commands);
        ImGui::PopID();
    }
    if (!toggled) return;
    turn.toggle(*toggled);
    frame.requests.next_frame();
}

}  // namespace llmc::gui
