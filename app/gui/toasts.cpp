#include "gui/toasts.h"

#include <algorithm>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// One notice; true when it was clicked away.
bool draw_toast(const FrameView& frame, const Toast& toast, int number, ImVec2 corner, float& height,
                Commands& commands) {
    const Theme& theme = frame.theme;
    const float width = std::min(theme.px(380), ImGui::GetMainViewport()->WorkSize.x - theme.px(24));
    ImGui::SetNextWindowPos(corner, ImGuiCond_Always, {1, 1});
    ImGui::SetNextWindowSize({width, 0});
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
        if (!toast.folder.empty() && link_button(frame, "Open folder")) {
            commands.add(OpenFolder{toast.folder});
            has_acted = true;
        }
        ImGui::Unindent(inset);
        is_closed = has_acted || (ImGui::IsWindowHovered() && !ImGui::IsAnyItemHovered() &&
                                  ImGui::IsMouseReleased(ImGuiMouseButton_Left));
    }
    height = ImGui::GetWindowHeight();
    ImGui::End();
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar();
    return is_closed;
}

}  // namespace

void draw_toasts(const FrameView& frame, std::deque<Toast>& toasts, Commands& commands) {
    std::erase_if(toasts, [&](const Toast& toast) { return toast.until <= frame.now; });
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    const Theme& theme = frame.theme;
    ImVec2 corner{viewport.WorkPos.x + viewport.WorkSize.x - theme.px(12),
                  viewport.WorkPos.y + viewport.WorkSize.y - theme.px(12)};
    std::size_t closed = toasts.size();
    for (std::size_t i = toasts.size(); i-- > 0;) {
        float height = 0;
        if (draw_toast(frame, toasts[i], static_cast<int>(i), corner, height, commands)) closed = i;
        frame.requests.at(toasts[i].until);
        corner.y -= height + theme.px(8);
    }
    if (closed < toasts.size()) {
        toasts.erase(toasts.begin() + static_cast<std::ptrdiff_t>(closed));
        frame.requests.next_frame();
    }
}

}  // namespace llmc::gui
