#include "gui/panels/prompt_queue.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

using QueueEdit = PromptView::QueueEdit;

constexpr std::size_t kMostLinesOfEditor = 8;

std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find('\n'));
}

// Where the edited prompt stands now, the next one of its words; nothing where it was sent or taken out meanwhile.
template <class Prompt>
std::optional<std::size_t> row_of(const QueueEdit& edit, std::size_t count, const Prompt& prompt) {
    std::optional<std::size_t> found;
    const auto distance = [&](std::size_t i) { return i < edit.row ? edit.row - i : i - edit.row; };
    for (std::size_t i = 0; i < count; ++i)
        if (prompt(i) == edit.before && (!found || distance(i) < distance(*found))) found = i;
    return found;
}

enum class EditEnd { none, keep, drop };

// Above the list: a field as high as its lines, and what becomes of it.
EditEnd draw_editor(const FrameView& frame, QueueEdit& edit, bool is_there, float width) {
    const Theme& theme = frame.theme;
    std::array<char, 64> title{};
    const auto end = fmt::format_to_n(title.data(), title.size(), "Prompt {}", edit.row + 1);
    const std::string_view words = is_there ? std::string_view(title.data(), end.size)
                                            : "This prompt is no longer in the queue: it was sent, or taken out.";
    draw_text_wrapped(frame, words, {.size = theme.text.small, .role = is_there ? Role::weak : Role::warn});
    const auto breaks = static_cast<std::size_t>(std::ranges::count(edit.text, '\n'));
    const auto lines = static_cast<float>(std::min(breaks + 2, kMostLinesOfEditor));
    if (std::exchange(edit.takes_keys, false)) ImGui::SetKeyboardFocusHere();
    multiline_field(frame, "##edit", edit.text, {width, lines * (theme.text.row + theme.px(3)) + theme.px(16)});
    const bool is_typing = ImGui::IsItemActive() || ImGui::IsItemDeactivated();  // which Ctrl+Enter does to a field
    const auto typed = [&](ImGuiKeyChord keys) { return is_typing && ImGui::IsKeyChordPressed(keys); };
    const bool has_words = edit.text.find_first_not_of(" \t\r\n") != std::string::npos;
    EditEnd made = EditEnd::none;
    if (button(frame, "Keep", is_there && has_words, "Ctrl+Enter") ||
        (typed(ImGuiMod_Ctrl | ImGuiKey_Enter) && is_there && has_words))
        made = EditEnd::keep;
    ImGui::SameLine();
    if (button(frame, "Drop the change", true, "Esc") || ImGui::IsKeyPressed(ImGuiKey_Escape, false))
        made = EditEnd::drop;
    return made;
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
    std::optional<std::size_t> edited;
    if (view.queue_edit) {
        edited = row_of(*view.queue_edit, count, prompt);
        if (edited) view.queue_edit->row = *edited;
        const EditEnd end = draw_editor(frame, *view.queue_edit, edited.has_value(), ImGui::GetContentRegionAvail().x);
        if (end == EditEnd::keep) {
            change();
            (*changed)[*edited] = view.queue_edit->text;
            view.has_sent = true;  // the keys of this frame were meant for it
        }
        if (end != EditEnd::none) view.queue_edit.reset();
    }
    clipper.Begin(static_cast<int>(count), line + ImGui::GetStyle().ItemSpacing.y);
    while (clipper.Step())
        for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
            const auto i = static_cast<std::size_t>(row);
            ImGui::PushID(row);
            const float width = ImGui::GetContentRegionAvail().x;
            const ImVec2 at = ImGui::GetCursorScreenPos();
            std::array<char, 16> number{};
            const auto end = fmt::format_to_n(number.data(), number.size(), "{}", i + 1);
            const TextLook mono{.face = Face::mono, .size = theme.text.figure, .role = Role::weak};
            paint_text(frame, {at.x, at.y + theme.px(4)}, {number.data(), end.size}, mono, theme.px(40));
            const float actions = theme.px(96);
            ImGui::SetCursorScreenPos({at.x + theme.px(30), at.y});
            ImGui::SetNextItemAllowOverlap();
            if (ImGui::InvisibleButton("row", {std::max(width - actions - theme.px(30), 10.0F), line},
                                       ImGuiButtonFlags_EnableNav)) {
                view.queue_edit = QueueEdit{.before = prompt(i), .row = i, .text = prompt(i)};
            }
            const bool is_loud = ImGui::IsItemHovered() || ImGui::IsItemFocused();
            if (is_loud) tooltip(frame, prompt(i));
            paint_text(frame, {at.x + theme.px(30), at.y + theme.px(3)}, first_line(prompt(i)),
                       {.size = theme.text.row, .role = edited == i ? Role::accent : Role::text},
                       width - actions - theme.px(34));
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
