// The keys of the window: one table for the menus, the command palette, the list under Help and the keys themselves.
// Its rows are the usual keys; the user's own (shortcuts_file.h) take their place.
//
// Thread contract: plain values; is_pressed() by the main thread within a frame.
// Invariants: no chord is there twice; on macOS Dear ImGui takes Cmd for Ctrl by itself.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "gui/panel.h"

namespace llmc::gui {

enum class Action {
    open_session,
    save_session,
    save_session_as,
    open_prompts,
    export_report,
    quit,
    palette,
    send,
    pause,
    stop_after_round,
    stop,
    resume,
    refresh,
    clear,
    new_candidate,
    show_candidate,
    blind,
    vote_a,
    vote_b,
    vote_tie,
    vote_both_bad,
    columns,
    grid,
    tabs,
    zoom,
    round_before,
    round_after,
    next_window,
    text_larger,
    text_smaller,
    text_usual,
    find,
    find_in_all,
    find_next,
    find_previous,
    next_difference,
    previous_difference,
    undo,
    redo,
    cut,
    copy,
    paste,
    select_all,
    earlier_prompt,
    later_prompt,
    menu,
    open_menu,
    close,
    show_panel,  // with a panel: one for each that has keys
    count
};

enum class ShortcutGroup { session, files, windows, text, count };
const char* group_name(ShortcutGroup group);

struct Shortcut {
    Action action;
    std::string_view id;  // in the user's file: "open_session"; of a window its panel's: "metrics"
    const char* name;     // "Open session"
    ShortcutGroup group;
    ImGuiKeyChord chord;                    // 0: none
    std::array<ImGuiKeyChord, 2> others{};  // that do the same: of the keypad, of another layout
    // Built into Dear ImGui or done by the widget in focus: listed, neither changed nor asked for by is_pressed().
    bool is_built_in = false;
    Panel panel{};  // of show_panel
};

// All keys of a row that has any, in order.
std::vector<ImGuiKeyChord> chords_of(const Shortcut& row);

class Shortcuts {
public:
    Shortcuts();  // the usual keys

    // The panels' (panel_table.h), then one for each other action.
    std::span<const Shortcut> all() const { return rows_; }
    const Shortcut& of(Action action) const;  // not of show_panel
    // "Ctrl+Shift+O", for menus: "" where it has none. Lives as long as this, until the next change.
    const char* text(Action action) const { return text_at(panels_ + static_cast<std::size_t>(action)); }
    const char* text(Panel panel) const;
    const char* text(const Shortcut& row) const;  // one of all()

    // Gives a row these keys, three at most, instead of its own; none: it has no keys.
    void change(std::string_view id, std::span<const ImGuiKeyChord> chords);

private:
    const char* text_at(std::size_t index) const { return texts_[index].c_str(); }

    std::vector<Shortcut> rows_;
    std::vector<std::string> texts_;  // beside the rows
    std::size_t panels_ = 0;          // so many rows, the first ones
};

// "Ctrl+Shift+O"; "" for 0.
std::string chord_text(ImGuiKeyChord chord);
// The chord that is written so, whatever the case; 0 where there is none.
ImGuiKeyChord chord_of(std::string_view text);
// Whether it would take a key from the widget in focus: without Ctrl or Alt, only function keys are free.
bool needs_modifier(ImGuiKeyChord chord);

// Whether its keys were pressed in this frame, wherever the focus is; false for built-in ones.
bool is_pressed(const Shortcut& shortcut);

}  // namespace llmc::gui
