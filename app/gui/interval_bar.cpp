#include "gui/interval_bar.h"

#include <algorithm>
#include <cmath>

#include "gui/widget_parts.h"

namespace llmc::gui {
namespace {

float share(double rate) {
    return std::isfinite(rate) ? static_cast<float>(std::clamp(rate, 0.0, 1.0)) : 0;
}

}  // namespace

float interval_bar_height(const FrameView& frame) {
    return frame.theme.px(9);
}

void paint_interval_bar(const FrameView& frame, ImVec2 at, const IntervalBar& bar, float width) {
    const Theme& theme = frame.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float height = interval_bar_height(frame), thick = theme.px(4), round = thick / 2;
    width = std::max(width, thick);
    at = {std::floor(at.x), std::floor(at.y)};
    const float top = at.y + std::floor((height - thick) / 2), middle = top + round;
    const auto color = [](ImU32 value) { return ImGui::GetColorU32(value); };
    const ImU32 track = bar.is_on_chosen_row ? blend(theme[Role::bg3], theme[Role::weak], 0.25F) : theme[Role::bg3];
    list.AddRectFilled({at.x, top}, {at.x + width, top + thick}, color(track), round);
    if (!bar.has_value) return;
    if (bar.rate > 0)
        list.AddRectFilled({at.x, top}, {at.x + std::max(share(bar.rate) * width, thick), top + thick},
                           color(theme[bar.role]), round);
    const float line = theme.px(1.5F);
    const float low = at.x + std::floor(share(bar.low) * (width - line)),
                high = at.x + std::floor(share(bar.high) * (width - line)) + line;
    const ImU32 ink = color(theme[Role::text]);
    list.AddRectFilled({low, middle - line / 2}, {high, middle + line / 2}, ink);
    list.AddRectFilled({low, at.y}, {low + line, at.y + height}, ink);
    list.AddRectFilled({high - line, at.y}, {high, at.y + height}, ink);
}

void draw_interval_bar(const FrameView& frame, const IntervalBar& bar, float width) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({std::max(width, frame.theme.px(4)), interval_bar_height(frame)});
    paint_interval_bar(frame, at, bar, width);
}

Role rate_role(double rate) {
    return rate >= 0.8 ? Role::good : Role::warn;
}

}  // namespace llmc::gui
