#include "gui/shortcuts.h"

#include <algorithm>
#include <vector>

#include <imgui_internal.h>

#include "gui/panel_table.h"

namespace llmc::gui {
namespace {

constexpr ImGuiKeyChord ctrl(ImGuiKey key) {
    return ImGuiMod_Ctrl | key;
}
constexpr ImGuiKeyChord ctrl_shift(ImGuiKey key) {
    return ImGuiMod_Ctrl | ImGuiMod_Shift | key;
}
constexpr ImGuiKeyChord alt(ImGuiKey key) {
    return ImGuiMod_Alt | key;
}

using Group = ShortcutGroup;

constexpr Shortcut kShortcuts[] = {
    {Action::open_session, "Open session", Group::files, ctrl_shift(ImGuiKey_O)},
    {Action::save_session, "Save session", Group::files, ctrl(ImGuiKey_S)},
    {Action::save_session_as, "Save session as", Group::files, ctrl_shift(ImGuiKey_S)},
    {Action::open_prompts, "Open prompts", Group::files, ctrl(ImGuiKey_O)},
    {Action::export_report, "Export Markdown", Group::files, ctrl(ImGuiKey_E)},
    {Action::quit, "Quit", Group::files, ctrl(ImGuiKey_Q)},
    {Action::send, "Send the prompt", Group::session, ctrl(ImGuiKey_Enter), {ctrl(ImGuiKey_KeypadEnter)}},
    {Action::pause, "Pause, continue", Group::session, ctrl(ImGuiKey_P)},
    {Action::stop_after_round, "Stop after this round", Group::session, ctrl_shift(ImGuiKey_Period)},
    {Action::stop, "Stop now", Group::session, ctrl(ImGuiKey_Period)},
    {Action::resume, "Resume a halted session", Group::session, ctrl(ImGuiKey_R)},
    {Action::refresh, "Refresh manifests", Group::session, ImGuiKey_F5},
    {Action::clear, "Clear session", Group::session, ctrl_shift(ImGuiKey_K)},
    {Action::new_candidate, "New candidate", Group::session, ctrl(ImGuiKey_N)},
    {Action::show_candidate, "First candidate", Group::windows, ctrl(ImGuiKey_3)},
    {Action::blind, "Blind mode, reveal", Group::session, ctrl(ImGuiKey_B)},
    {Action::vote_a, "Vote: the first is better", Group::session, alt(ImGuiKey_LeftArrow)},
    {Action::vote_b, "Vote: the second is better", Group::session, alt(ImGuiKey_RightArrow)},
    {Action::vote_tie, "Vote: a tie", Group::session, alt(ImGuiKey_DownArrow)},
    {Action::vote_both_bad, "Vote: both are bad", Group::session, alt(ImGuiKey_UpArrow)},
    {Action::columns, "Columns", Group::windows, ctrl_shift(ImGuiKey_1)},
    {Action::grid, "Grid", Group::windows, ctrl_shift(ImGuiKey_2)},
    {Action::tabs, "Tabs", Group::windows, ctrl_shift(ImGuiKey_3)},
    {Action::zoom, "Whole stage for one window, and back", Group::windows, ImGuiKey_F11},
    {Action::round_before, "Round before, in all answers", Group::windows, alt(ImGuiKey_PageUp)},
    {Action::round_after, "Round after, in all answers", Group::windows, alt(ImGuiKey_PageDown)},
    {Action::next_window, "Next window", Group::windows, ctrl(ImGuiKey_Tab), {}, true},
    {Action::text_larger,
     "Larger text",
     Group::text,
     ctrl(ImGuiKey_Equal),
     {ctrl_shift(ImGuiKey_Equal), ctrl(ImGuiKey_KeypadAdd)}},
    {Action::text_smaller, "Smaller text", Group::text, ctrl(ImGuiKey_Minus), {ctrl(ImGuiKey_KeypadSubtract)}},
    {Action::text_usual, "Usual text size", Group::text, ctrl(ImGuiKey_0), {ctrl(ImGuiKey_Keypad0)}},
    {Action::find, "Find in a conversation", Group::text, ctrl(ImGuiKey_F)},
    {Action::find_next, "Next one found", Group::text, ImGuiKey_F3, {}, true},
    {Action::find_previous, "Previous one found", Group::text, ImGuiMod_Shift | ImGuiKey_F3, {}, true},
    {Action::next_difference, "Next difference (Compare)", Group::text, ImGuiKey_F8, {}, true},
    {Action::previous_difference, "Previous difference (Compare)", Group::text, ImGuiMod_Shift | ImGuiKey_F8, {}, true},
    {Action::copy, "Copy", Group::text, ctrl(ImGuiKey_C), {}, true},
    {Action::select_all, "Select all", Group::text, ctrl(ImGuiKey_A), {}, true},
    {Action::menu, "Menu bar", Group::windows, ImGuiMod_Alt, {}, true},
};
static_assert(std::size(kShortcuts) == static_cast<std::size_t>(Action::show_panel));

// Made once: menus ask in every frame.
struct Table {
    std::vector<Shortcut> rows;
    std::vector<std::string> texts;  // beside them
    std::size_t panels = 0;          // so many rows, the first ones
};

const Table& table() {
    static const Table made = [] {
        Table table;
        for (const PanelRow& row : panel_rows())
            if (row.keys[0] != 0)
                table.rows.push_back({.action = Action::show_panel,
                                      .name = row.name,
                                      .group = Group::windows,
                                      .chord = row.keys[0],
                                      .others = {row.keys[1]},
                                      .panel = row.panel});
        table.panels = table.rows.size();
        table.rows.insert(table.rows.end(), std::begin(kShortcuts), std::end(kShortcuts));
        for (const Shortcut& one : table.rows) table.texts.push_back(chord_text(one.chord));
        return table;
    }();
    return made;
}

const char* text_at(std::size_t index) {
    const std::string& text = table().texts[index];
    return text.empty() ? nullptr : text.c_str();
}

// What a key is called on its cap.
const char* key_name(ImGuiKey key) {
    switch (key) {
        case ImGuiKey_Equal: return "=";
        case ImGuiKey_Minus: return "-";
        case ImGuiKey_Period: return ".";
        case ImGuiKey_LeftArrow: return "Left";
        case ImGuiKey_RightArrow: return "Right";
        case ImGuiKey_UpArrow: return "Up";
        case ImGuiKey_DownArrow: return "Down";
        case ImGuiKey_KeypadEnter: return "Enter (keypad)";
        case ImGuiKey_KeypadAdd: return "+ (keypad)";
        case ImGuiKey_KeypadSubtract: return "- (keypad)";
        case ImGuiKey_Keypad0: return "0 (keypad)";
        case ImGuiKey_None: return "";
        default: return ImGui::GetKeyName(key);
    }
}

}  // namespace

const char* group_name(ShortcutGroup group) {
    switch (group) {
        case ShortcutGroup::session: return "Session";
        case ShortcutGroup::files: return "Files";
        case ShortcutGroup::windows: return "Windows";
        case ShortcutGroup::text: return "Text";
        case ShortcutGroup::count: break;
    }
    return "";
}

std::span<const Shortcut> shortcuts() {
    return table().rows;
}

const Shortcut& shortcut(Action action) {
    return kShortcuts[static_cast<std::size_t>(action)];
}

std::string chord_text(ImGuiKeyChord chord) {
    std::string text;
    const auto add = [&text](const char* part) {
        if (!*part) return;
        if (!text.empty()) text += '+';
        text += part;
    };
    if (chord & ImGuiMod_Ctrl) add("Ctrl");
    if (chord & ImGuiMod_Alt) add("Alt");
    if (chord & ImGuiMod_Shift) add("Shift");
    add(key_name(static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_)));
    return text;
}

const char* shortcut_text(Action action) {
    return text_at(table().panels + static_cast<std::size_t>(action));
}

const char* shortcut_text(Panel panel) {
    const auto panels = shortcuts().first(table().panels);
    const auto found = std::ranges::find(panels, panel, &Shortcut::panel);
    return found == panels.end() ? nullptr : text_at(static_cast<std::size_t>(found - panels.begin()));
}

bool is_pressed(const Shortcut& one) {
    if (one.is_built_in || ImGui::GetTopMostPopupModal() != nullptr) return false;
    const bool repeats = one.action == Action::text_larger || one.action == Action::text_smaller;
    const ImGuiInputFlags flags = ImGuiInputFlags_RouteGlobal | (repeats ? ImGuiInputFlags_Repeat : 0);
    bool is_pressed = one.chord != 0 && ImGui::Shortcut(one.chord, flags);
    for (const ImGuiKeyChord other : one.others)
        is_pressed = (other != 0 && ImGui::Shortcut(other, flags)) || is_pressed;
    return is_pressed;
}

}  // namespace llmc::gui
