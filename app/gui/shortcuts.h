// The keys of the window: one table for the menus, the list under Help and the keys themselves.
//
// Thread contract: constants; shortcut_pressed() by the main thread within a frame.
// Invariants: no chord is there twice among actions that can be meant at the same time (by test); on macOS Dear ImGui
// takes Cmd for Ctrl by itself.
#pragma once

#include <array>
#include <span>
#include <string>

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
    find_next,
    find_previous,
    next_difference,
    previous_difference,
    copy,
    select_all,
    menu,
    show_panel,  // with a panel: one for each that has keys
    count
};

enum class ShortcutGroup { session, files, windows, text, count };
const char* group_name(ShortcutGroup group);

struct Shortcut {
    Action action;
    const char* name;  // "Open session"
    ShortcutGroup group;
    ImGuiKeyChord chord;                    // 0: none
    std::array<ImGuiKeyChord, 2> others{};  // that do the same: of the keypad, of another layout
    // Built into Dear ImGui or done by the widget in focus: listed, not asked for by shortcut_pressed().
    bool is_built_in = false;
    Panel panel{};  // of show_panel
};

// The panels' (panel_table.h), then one for each other action.
std::span<const Shortcut> shortcuts();
const Shortcut& shortcut(Action action);  // not of show_panel

// "Ctrl+Shift+O"; "" for 0.
std::string chord_text(ImGuiKeyChord chord);
// The same for an action, for menus: nullptr where it has none. Lives as long as the program.
const char* shortcut_text(Action action);
const char* shortcut_text(Panel panel);

// Whether its keys were pressed in this frame, wherever the focus is; false for built-in ones.
bool is_pressed(const Shortcut& shortcut);

}  // namespace llmc::gui
