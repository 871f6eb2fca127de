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
    show_configuration,
    show_prompt,
    show_candidate,
    show_metrics,
    show_report,
    show_log,
    show_compare,
    show_votes,
    show_suite,
    show_casting,
    blind,
    vote_a,
    vote_b,
    vote_tie,
    vote_both_bad,
    show_shortcuts,
    columns,
    grid,
    tabs,
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
};

// In the order of Action.
std::span<const Shortcut> shortcuts();
const Shortcut& shortcut(Action action);

// "Ctrl+Shift+O"; "" for 0.
std::string chord_text(ImGuiKeyChord chord);
// The same for an action, for menus: nullptr where it has none. Lives as long as the program.
const char* shortcut_text(Action action);

// Whether the keys of this action were pressed in this frame, wherever the focus is; false for built-in ones.
bool shortcut_pressed(Action action);

}  // namespace llmc::gui
