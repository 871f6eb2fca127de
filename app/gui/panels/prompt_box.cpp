#include "gui/panels/prompt_box.h"

#include <imgui_internal.h>  // the window inside a multi-line field

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

struct Typing {
    PromptView& view;
    bool enter_sends;
};

int on_input(ImGuiInputTextCallbackData* data) {
    Typing& typing = *static_cast<Typing*>(data->UserData);
    if (data->EventFlag == ImGuiInputTextFlags_CallbackCharFilter) {
        // Enter arrives here as a character only when it makes a new line; with Shift it always does. While an input
        // method composes, Enter belongs to it and does not arrive at all.
        if (typing.enter_sends && data->EventChar == '\n' && !ImGui::GetIO().KeyShift) {
            typing.view.wants_send = true;
            return 1;
        }
        return 0;
    }
    if (typing.view.replacement) {
        data->DeleteChars(0, data->BufTextLen);
        data->InsertChars(0, typing.view.replacement->c_str());
        typing.view.replacement.reset();
    }
    const std::string_view text(data->Buf, static_cast<std::size_t>(data->BufTextLen));
    const auto caret = static_cast<std::size_t>(data->CursorPos);
    typing.view.is_caret_first = text.substr(0, caret).find('\n') == std::string_view::npos;
    typing.view.is_caret_last = text.substr(caret).find('\n') == std::string_view::npos;
    return 0;
}

// On the box itself, which is a window of its own and lies over what its parent draws.
void draw_hint(const FrameView& frame, ImVec2 at, float width) {
    const auto& children = ImGui::GetCurrentWindow()->DC.ChildWindows;
    if (children.empty()) return;
    const Theme& theme = frame.theme;
    const ImVec4 clip{at.x, at.y, at.x + width - theme.px(10), at.y + theme.px(200)};
    constexpr std::string_view kHint = "One prompt for all candidates. Files of prompts can be dropped here.";
    children.back()->DrawList->AddText(frame.fonts[Face::regular], theme.text.row,
                                       {at.x + theme.px(10), at.y + theme.px(6)}, theme[Role::weak], kHint.data(),
                                       kHint.data() + kHint.size(), 0, &clip);
}

}  // namespace

std::optional<std::string> walk_history(PromptView& view, int step) {
    if (view.history.empty()) return std::nullopt;
    const std::size_t end = view.history.size();
    const std::size_t at = view.history_at.value_or(end);
    if ((step < 0 && at == 0) || (step > 0 && at == end)) return std::nullopt;
    if (at == end) view.draft = view.text;
    const std::size_t next = step < 0 ? at - 1 : at + 1;
    view.history_at = next == end ? std::nullopt : std::optional(next);
    return next == end ? view.draft : view.history[next];
}

void draw_prompt_box(const FrameView& frame, PromptView& view, ImVec2 size) {
    if (std::exchange(view.wants_focus, false)) ImGui::SetKeyboardFocusHere();
    if (view.was_typing && !ImGui::GetIO().KeyMods) {
        if (view.is_caret_first && ImGui::IsKeyPressed(ImGuiKey_UpArrow)) view.replacement = walk_history(view, -1);
        if (view.is_caret_last && view.history_at && ImGui::IsKeyPressed(ImGuiKey_DownArrow))
            view.replacement = walk_history(view, +1);
    }
    if (view.replacement && !view.was_typing) view.text = *std::exchange(view.replacement, std::nullopt);

    Typing typing{view, frame.enter_sends};
    const ImGuiInputTextFlags flags = ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_WordWrap |
                                      ImGuiInputTextFlags_CallbackAlways | ImGuiInputTextFlags_CallbackCharFilter |
                                      ImGuiInputTextFlags_NoHorizontalScroll;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    // The text cursor shows where the keys go: no frame around it while it is there.
    const bool is_typing = view.was_typing;
    if (is_typing) ImGui::PushStyleColor(ImGuiCol_NavCursor, 0);
    // Ctrl+Enter ends the input, Enter makes a new line.
    if (multiline_field(frame, "##prompt", view.text, size, flags, on_input, &typing)) {
        view.wants_send = true;
        view.wants_focus = true;
    }
    if (is_typing) ImGui::PopStyleColor();
    view.was_typing = ImGui::IsItemActive();
    if (ImGui::IsItemEdited()) {  // it is there at the next start, too
        ImGui::MarkIniSettingsDirty();
        frame.requests.at(frame.now + std::chrono::seconds{6});
    }
    if (view.text.empty() && !view.was_typing) draw_hint(frame, at, size.x);
}

}  // namespace llmc::gui
