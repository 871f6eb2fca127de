#include "gui/shortcuts.h"

#include <algorithm>
#include <vector>

#include <imgui_internal.h>

#include "base/ascii.h"
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
    {Action::open_session, "open_session", "Open session", Group::files, ctrl_shift(ImGuiKey_O)},
    {Action::save_session, "save_session", "Save session", Group::files, ctrl(ImGuiKey_S)},
    {Action::save_session_as, "save_session_as", "Save session as", Group::files, ctrl_shift(ImGuiKey_S)},
    {Action::open_prompts, "open_prompts", "Open prompts", Group::files, ctrl(ImGuiKey_O)},
    {Action::export_report, "export_report", "Export Markdown", Group::files, ctrl(ImGuiKey_E)},
    {Action::quit, "quit", "Quit", Group::files, ctrl(ImGuiKey_Q)},
    {Action::palette, "palette", "Command palette", Group::windows, ctrl_shift(ImGuiKey_P)},
    {Action::send, "send", "Send the prompt", Group::session, ctrl(ImGuiKey_Enter), {ctrl(ImGuiKey_KeypadEnter)}},
    {Action::pause, "pause", "Pause, continue", Group::session, ctrl(ImGuiKey_P)},
    {Action::stop_after_round, "stop_after_round", "Stop after this round", Group::session,
     ctrl_shift(ImGuiKey_Period)},
    {Action::stop, "stop", "Stop now", Group::session, ctrl(ImGuiKey_Period)},
    {Action::resume, "resume", "Resume a halted session", Group::session, ctrl(ImGuiKey_R)},
    {Action::refresh, "refresh", "Refresh manifests", Group::session, ImGuiKey_F5},
    {Action::clear, "clear", "Clear session", Group::session, ctrl_shift(ImGuiKey_K)},
    {Action::new_candidate, "new_candidate", "New candidate", Group::session, ctrl(ImGuiKey_N)},
    {Action::show_candidate, "show_candidate", "First candidate", Group::windows, ctrl(ImGuiKey_3)},
    {Action::blind, "blind", "Blind mode, reveal", Group::session, ctrl(ImGuiKey_B)},
    {Action::vote_a, "vote_a", "Vote: the first is better", Group::session, alt(ImGuiKey_LeftArrow)},
    {Action::vote_b, "vote_b", "Vote: the second is better", Group::session, alt(ImGuiKey_RightArrow)},
    {Action::vote_tie, "vote_tie", "Vote: a tie", Group::session, alt(ImGuiKey_DownArrow)},
    {Action::vote_both_bad, "vote_both_bad", "Vote: both are bad", Group::session, alt(ImGuiKey_UpArrow)},
    {Action::columns, "columns", "Columns", Group::windows, ctrl_shift(ImGuiKey_1)},
    {Action::grid, "grid", "Grid", Group::windows, ctrl_shift(ImGuiKey_2)},
    {Action::tabs, "tabs", "Tabs", Group::windows, ctrl_shift(ImGuiKey_3)},
    {Action::zoom, "zoom", "Whole stage for one window, and back", Group::windows, ImGuiKey_F11},
    {Action::round_before, "round_before", "Round before, in all answers", Group::windows, alt(ImGuiKey_PageUp)},
    {Action::round_after, "round_after", "Round after, in all answers", Group::windows, alt(ImGuiKey_PageDown)},
    {Action::next_window, "next_window", "Next window", Group::windows, ctrl(ImGuiKey_Tab), {}, true},
    {Action::text_larger,
     "text_larger",
     "Larger text",
     Group::text,
     ctrl(ImGuiKey_Equal),
     {ctrl_shift(ImGuiKey_Equal), ctrl(ImGuiKey_KeypadAdd)}},
    {Action::text_smaller,
     "text_smaller",
     "Smaller text",
     Group::text,
     ctrl(ImGuiKey_Minus),
     {ctrl(ImGuiKey_KeypadSubtract)}},
    {Action::text_usual, "text_usual", "Usual text size", Group::text, ctrl(ImGuiKey_0), {ctrl(ImGuiKey_Keypad0)}},
    {Action::find, "find", "Find in a conversation", Group::text, ctrl(ImGuiKey_F)},
    {Action::find_in_all, "find_in_all", "Find in all conversations", Group::text, ctrl_shift(ImGuiKey_F)},
    {Action::find_next, "find_next", "Next one found", Group::text, ImGuiKey_F3, {}, true},
    {Action::find_previous, "find_previous", "Previous one found", Group::text, ImGuiMod_Shift | ImGuiKey_F3, {}, true},
    {Action::next_difference, "next_difference", "Next difference (Compare)", Group::text, ImGuiKey_F8, {}, true},
    {Action::previous_difference,
     "previous_difference",
     "Previous difference (Compare)",
     Group::text,
     ImGuiMod_Shift | ImGuiKey_F8,
     {},
     true},
    {Action::undo, "undo", "Undo typing", Group::text, ctrl(ImGuiKey_Z), {}, true},
    {Action::redo, "redo", "Redo typing", Group::text, ctrl(ImGuiKey_Y), {ctrl_shift(ImGuiKey_Z)}, true},
    {Action::cut, "cut", "Cut", Group::text, ctrl(ImGuiKey_X), {}, true},
    {Action::copy, "copy", "Copy", Group::text, ctrl(ImGuiKey_C), {}, true},
    {Action::paste, "paste", "Paste", Group::text, ctrl(ImGuiKey_V), {}, true},
    {Action::select_all, "select_all", "Select all", Group::text, ctrl(ImGuiKey_A), {}, true},
    {Action::earlier_prompt, "earlier_prompt", "Earlier prompt (prompt box)", Group::text, ImGuiKey_UpArrow, {}, true},
    {Action::later_prompt, "later_prompt", "Later prompt (prompt box)", Group::text, ImGuiKey_DownArrow, {}, true},
    {Action::menu, "menu", "Menu bar", Group::windows, ImGuiMod_Alt, {ImGuiKey_F10}, true},
    {Action::open_menu, "open_menu", "A menu by its letter", Group::windows, alt(ImGuiKey_F), {}, true},
    {Action::close, "close", "Close what is on top", Group::windows, ImGuiKey_Escape, {}, true},
};
static_assert(std::size(kShortcuts) == static_cast<std::size_t>(Action::show_panel));

bool same(std::string_view a, std::string_view b) {
    return base::to_lower(a) == base::to_lower(b);
}

struct Mod {
    ImGuiKeyChord mod;
    std::string_view name;
};
constexpr Mod kMods[] = {{ImGuiMod_Ctrl, "Ctrl"}, {ImGuiMod_Alt, "Alt"}, {ImGuiMod_Shift, "Shift"}};

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

std::vector<ImGuiKeyChord> chords_of(const Shortcut& row) {
    std::vector<ImGuiKeyChord> chords;
    if (row.chord != 0) chords.push_back(row.chord);
    std::ranges::copy_if(row.others, std::back_inserter(chords), [](ImGuiKeyChord one) { return one != 0; });
    return chords;
}

Shortcuts::Shortcuts() {
    for (const PanelRow& row : panel_rows())
        rows_.push_back({.action = Action::show_panel,
                         .id = row.panel.id,
                         .name = row.name,
                         .group = Group::windows,
                         .chord = row.keys[0],
                         .others = {row.keys[1]},
                         .panel = row.panel});
    panels_ = rows_.size();
    rows_.insert(rows_.end(), std::begin(kShortcuts), std::end(kShortcuts));
    for (const Shortcut& one : rows_) texts_.push_back(chord_text(one.chord));
}

const Shortcut& Shortcuts::of(Action action) const {
    return rows_[panels_ + static_cast<std::size_t>(action)];
}

const char* Shortcuts::text(Panel panel) const {
    const auto panels = all().first(panels_);
    const auto found = std::ranges::find(panels, panel, &Shortcut::panel);
    return found == panels.end() ? "" : text_at(static_cast<std::size_t>(found - panels.begin()));
}

const char* Shortcuts::text(const Shortcut& row) const {
    return text_at(static_cast<std::size_t>(&row - rows_.data()));
}

void Shortcuts::change(std::string_view id, std::span<const ImGuiKeyChord> chords) {
    const auto row = std::ranges::find(rows_, id, &Shortcut::id);
    if (row == rows_.end()) return;
    row->chord = chords.empty() ? 0 : chords.front();
    row->others = {};
    if (chords.size() > 1)
        std::ranges::copy(chords.subspan(1, std::min<std::size_t>(chords.size() - 1, 2)), row->others.begin());
    texts_[static_cast<std::size_t>(row - rows_.begin())] = chord_text(row->chord);
}

std::string chord_text(ImGuiKeyChord chord) {
    std::string text;
    const auto add = [&text](std::string_view part) {
        if (part.empty()) return;
        if (!text.empty()) text += '+';
        text += part;
    };
    for (const auto& [mod, name] : kMods)
        if (chord & mod) add(name);
    add(key_name(static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_)));
    return text;
}

ImGuiKeyChord chord_of(std::string_view text) {
    ImGuiKeyChord chord = 0;
    for (bool has_found = true; has_found;) {
        has_found = false;
        for (const auto& [mod, name] : kMods) {
            if (text.size() <= name.size() || text[name.size()] != '+' || !same(text.substr(0, name.size()), name))
                continue;
            chord |= mod;
            text.remove_prefix(name.size() + 1);
            has_found = true;
        }
    }
    for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_NamedKey_END; ++key)
        if (same(text, key_name(static_cast<ImGuiKey>(key)))) return chord | key;
    return 0;
}

bool needs_modifier(ImGuiKeyChord chord) {
    const int key = chord & ~ImGuiMod_Mask_;
    const bool is_function_key = key >= ImGuiKey_F1 && key <= ImGuiKey_F24;
    return (chord & (ImGuiMod_Ctrl | ImGuiMod_Alt)) == 0 && !is_function_key;
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
