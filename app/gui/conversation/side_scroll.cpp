#include "gui/conversation/side_scroll.h"

#include <algorithm>

namespace llmc::gui {

void draw_side_scroll_bar(const FrameView& frame, const DocumentPainter::SeenBox& box, SideScroll& scroll, ImVec2 at) {
    if (box.content_width <= box.width) return;
    const Theme& theme = frame.theme;
    float& side = scroll[box.id];
    const float most = box.content_width - box.width, top = static_cast<float>(at.y + box.y);
    const ImVec2 from{at.x + box.x, top}, to{at.x + box.x + box.width, top + box.height};
    if (ImGui::IsMouseHoveringRect(from, to) && ImGui::IsWindowHovered()) {
        const ImGuiIO& io = ImGui::GetIO();
        side -= (io.MouseWheelH + (io.KeyShift ? io.MouseWheel : 0)) * theme.px(40);
    }
    const float track = box.width - theme.px(8), thumb = std::max(track * box.width / box.content_width, 20.0F);
    const float bar_y = to.y - theme.px(7);
    ImGui::SetCursorScreenPos({from.x + theme.px(4), bar_y - theme.px(3)});
    ImGui::InvisibleButton("side", {track, theme.px(9)});
    if (ImGui::IsItemActive()) side += ImGui::GetIO().MouseDelta.x * most / std::max(track - thumb, 1.0F);
    side = std::clamp(side, 0.0F, most);
    const float thumb_x = from.x + theme.px(4) + (track - thumb) * (most > 0 ? side / most : 0);
    ImGui::GetWindowDrawList()->AddRectFilled(
        {thumb_x, bar_y}, {thumb_x + thumb, bar_y + theme.px(4)},
        theme[ImGui::IsItemHovered() || ImGui::IsItemActive() ? Role::weak : Role::bg3], theme.px(2));
}

}  // namespace llmc::gui
