#include "gui/panels/prompt_queue.h"

#include <array>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

void draw_prompt_queue(const FrameView& frame, PromptView& view, ImVec2 size, Commands& commands) {
    const Theme& theme = frame.theme;
    const bool is_batch = !view.batch.empty();
    const session::Queue& waiting = frame.snapshot.session.queue;
    const std::size_t count = is_batch ? view.batch.size() : waiting.size();
    const auto prompt = [&](std::size_t i) -> const std::string& {
        return is_batch ? view.batch[i] : waiting[i]->prompt;
    };
    std::optional<std::vector<std::string>> changed;
    const auto change = [&] {
        changed.emplace();
        for (std::size_t i = 0; i < count; ++i) changed->push_back(prompt(i));
    };

    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme[Role::bg2]);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {theme.px(8), theme.px(6)});
    ImGui::BeginChild("queue", size, ImGuiChildFlags_AlwaysUseWindowPadding);
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    {
        std::array<char, 160> buffer{};
        const auto end = is_batch ? fmt::format_to_n(buffer.data(), buffer.size(), "{} · {} prompts, not sent yet",
                                                     view.batch_name, count)
                                  : fmt::format_to_n(buffer.data(), buffer.size(), "{} queued", count);
        draw_text(frame, {buffer.data(), std::min(end.size, buffer.size())},
                  {.face = Face::semibold, .size = theme.text.small, .role = Role::weak});
        ImGui::SameLine();
        const float clear = measure(frame, "Clear", {.size = theme.text.small}).x;
        ImGui::SetCursorPosX(ImGui::GetWindowWidth() - clear - theme.px(24));
        if (link_button(frame, "Clear", true, "Takes all of them out")) changed.emplace();
    }
    ImGuiListClipper clipper;
    const float line = theme.px(24);
    if (view.editing && *view.editing >= count) view.editing.reset();
    clipper.Begin(static_cast<int>(count), line + ImGui::GetStyle().ItemSpacing.y);
    if (view.editing) clipper.IncludeItemByIndex(static_cast<int>(*view.editing));
    while (clipper.Step())
        for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
            const auto i = static_cast<std::size_t>(row);
            ImGui::PushID(row);
            const float width = ImGui::GetContentRegionAvail().x;
            const ImVec2 at = ImGui::GetCursorScreenPos();
            if (view.editing == i) {
                ImGui::SetNextItemWidth(width);
                if (multiline_field(frame, "##edit", view.edited, {width, line},
                                    ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll) ||
                    ImGui::IsItemDeactivated()) {
                    change();
                    if (view.edited.find_first_not_of(" \t\r\n") != std::string::npos) (*changed)[i] = view.edited;
                    view.editing.reset();
                }
                ImGui::PopID();
                continue;
            }
            std::array<char, 16> number{};
            const auto end = fmt::format_to_n(number.data(), number.size(), "{}", i + 1);
            const TextLook mono{.face = Face::mono, .size = theme.text.figure, .role = Role::weak};
            paint_text(frame, {at.x, at.y + theme.px(4)}, {number.data(), end.size}, mono, theme.px(40));
            const float actions = theme.px(96);
            ImGui::SetCursorScreenPos({at.x + theme.px(30), at.y});
            ImGui::SetNextItemAllowOverlap();
            if (ImGui::InvisibleButton("row", {std::max(width - actions - theme.px(30), 10.0F), line},
                                       ImGuiButtonFlags_EnableNav)) {
                view.editing = i;
                view.edited = prompt(i);
            }
            const bool is_loud = ImGui::IsItemHovered() || ImGui::IsItemFocused();
            if (is_loud) tooltip(frame, prompt(i));
            paint_text(frame, {at.x + theme.px(30), at.y + theme.px(3)}, first_line(prompt(i)),
                       {.size = theme.text.row, .role = Role::text}, width - actions - theme.px(34));
            ImGui::SetCursorScreenPos({at.x + width - actions + theme.px(6), at.y + theme.px(2)});
            const auto move = [&](std::size_t to) {
                change();
                std::swap((*changed)[i], (*changed)[to]);
            };
            if (link_button(frame, "Up", i > 0, "Sends it earlier")) move(i - 1);
            ImGui::SameLine(0, theme.px(6));
            if (link_button(frame, "Down", i + 1 < count, "Sends it later")) move(i + 1);
            ImGui::SameLine(0, theme.px(6));
            if (link_button(frame, "×", true, "Takes it out")) {
                change();
                changed->erase(changed->begin() + row);
            }
            ImGui::SetCursorScreenPos({at.x, at.y + line});
            ImGui::Dummy({0, 0});
            ImGui::PopID();
        }
    ImGui::EndChild();
    if (!changed) return;
    if (is_batch)
        view.batch = std::move(*changed);
    else
        commands.engine(engine::SetQueue{std::move(*changed)});
}

}  // namespace llmc::gui
