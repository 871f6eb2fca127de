#include "gui/toasts.h"

#include <algorithm>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// One notice; true when it was clicked away.
bool draw_toast(const FrameView& frame, Toast& toast, int number, const ToastPlace& place, Commands& commands) {
    const Theme& theme = frame.theme;
    ImGui::SetNextWindowPos(place.corner, ImGuiCond_Always, {1, place.grows_down ? 0.0F : 1.0F});
    ImGui::SetNextWindowSize({place.width, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {theme.px(32), theme.px(16)});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, theme[Role::bg2]);
    ImGui::PushStyleColor(ImGuiCol_Border, theme[toast.is_error ? Role::bad : Role::line]);
    constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoDocking |
                                        ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                                        ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoMove;
    bool is_closed = false;
    const std::string name = fmt::format("##toast{}", number);
    if (ImGui::Begin(name.c_str(), nullptr, kFlags)) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float inset = theme.dot + theme.px(8);
        paint_dot(frame, {at.x + theme.dot / 2, at.y + theme.text.row / 2 + 1}, toast.is_error ? Dot::bad : Dot::good);
        ImGui::Indent(inset);
        draw_text_wrapped(frame, toast.text, {.size = theme.text.row});
        bool has_acted = false;
        if (!toast.file.empty()) {
            if (link_button(frame, "Open", true, toast.file.filename().string())) {
                commands.add(OpenWritten{toast.file});
                has_acted = true;
            }
            ImGui::SameLine(0, theme.px(14));
        }
        if (!toast.folder.empty() && link_button(frame, "Open folder")) {
            commands.add(OpenFolder{toast.folder});
            has_acted = true;
        }
        ImGui::Unindent(inset);
        is_closed = has_acted || (ImGui::IsWindowHovered() && !ImGui::IsAnyItemHovered() &&
                                  ImGui::IsMouseReleased(ImGuiMouseButton_Left));
    }
    toast.height = ImGui::GetWindowHeight();
    ImGui::End();
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar();
    return is_closed;
}

}  // namespace

ToastPlace place_toasts(const ToastRoom& room, const Theme& theme) {
    const float margin = theme.px(12), usual = theme.px(380);
    const auto width = [&](float whole) { return std::min(usual, whole - 2 * margin); };
    const float side = room.side_max.x - room.side_min.x;
    if (room.is_stage_taken && side > 0)
        return {{room.side_max.x - margin, room.side_max.y - theme.px(64)}, width(side), false};
    const float stage = width(room.stage_max.x - room.stage_min.x);
    if (room.is_stage_taken) return {{room.stage_max.x - margin, room.stage_min.y + margin / 2}, stage, true};
    return {{room.stage_max.x - margin, room.stage_max.y - margin}, stage, false};
}

void draw_toasts(const FrameView& frame, std::deque<Toast>& toasts, const ToastRoom& room, Commands& commands) {
    std::erase_if(toasts, [&](const Toast& toast) { return toast.until <= frame.now; });
    ToastPlace place = place_toasts(room, frame.theme);
    std::size_t closed = toasts.size();
    for (std::size_t i = toasts.size(); i-- > 0;) {
        if (draw_toast(frame, toasts[i], static_cast<int>(i), place, commands)) closed = i;
        frame.requests.at(toasts[i].until);
        place.corner.y += (toasts[i].height + frame.theme.px(8)) * (place.grows_down ? 1.0F : -1.0F);
    }
    if (closed < toasts.size()) {
        toasts.erase(toasts.begin() + static_cast<std::ptrdiff_t>(closed));
        frame.requests.next_frame();
    }
}

}  // namespace llmc::gui
