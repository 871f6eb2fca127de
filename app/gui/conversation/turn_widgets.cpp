#include "gui/conversation/turn_widgets.h"

#include <algorithm>

namespace llmc::gui {

bool quiet_action(const FrameView& frame, const char* label, ImVec2 at, Role role) {
    const TextLook look{.face = Face::regular, .size = frame.theme.text.small, .role = role};
    const ImVec2 size = measure(frame, label, look);
    ImGui::SetCursorScreenPos({at.x - size.x, at.y});
    ImGui::PushID(label);
    const bool is_clicked =
        ImGui::InvisibleButton("action", {std::max(size.x, 1.0F), std::max(size.y, 1.0F)}, ImGuiButtonFlags_EnableNav);
    const bool is_loud = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    paint_text(frame, {at.x - size.x, at.y}, label,
               {.face = Face::regular, .size = look.size, .role = is_loud ? Role::text : role}, size.x + 1);
    ImGui::PopID();
    return is_clicked;
}

bool fold(const FrameView& frame, const char* id, std::string_view words, Face face, bool is_open, ImVec2 at,
          float width) {
    const Theme& theme = frame.theme;
    const TextLook look{.face = face, .size = theme.text.quiet, .role = Role::weak};
    const float wide = std::min(theme.px(14) + measure(frame, words, look).x, width);
    ImGui::SetCursorScreenPos(at);
    const bool is_clicked =
        ImGui::InvisibleButton(id, {std::max(wide, 1.0F), theme.px(20)}, ImGuiButtonFlags_EnableNav);
    const Role role = ImGui::IsItemHovered() || ImGui::IsItemFocused() ? Role::text : Role::weak;
    if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float arrow = theme.px(4), middle = at.y + theme.px(9);
    if (is_open)
        list.AddTriangleFilled({at.x, middle - arrow / 2}, {at.x + 2 * arrow, middle - arrow / 2},
                               {at.x + arrow, middle + arrow}, theme[role]);
    else
        list.AddTriangleFilled({at.x + arrow / 2, middle - arrow}, {at.x + arrow * 1.7F, middle},
                               {at.x + arrow / 2, middle + arrow}, theme[role]);
    paint_text(frame, {at.x + theme.px(14), at.y + theme.px(1)}, words, {.face = face, .size = look.size, .role = role},
               width - theme.px(14));
    return is_clicked;
}

}  // namespace llmc::gui
