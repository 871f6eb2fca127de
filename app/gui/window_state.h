// What the window remembers from one start to the next: window.json in the state folder.
//
// Thread contract: plain values; load and save by any thread, they block on the disk.
// Invariants: loading never fails: a file that is missing, damaged or of another version gives the defaults, and a note
// in words where something was lost; what is out of range is brought into it. The file is replaced whole, mode 0600: it
// has prompts in it.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "gui/commands.h"
#include "gui/window_place.h"

namespace llmc::gui {

inline constexpr float kMinTextSize = 0.6F, kMaxTextSize = 2.5F;
inline constexpr std::size_t kMaxPromptHistory = 200;
inline constexpr std::size_t kMaxRecentSessions = 10;
inline constexpr std::size_t kMaxRememberedPrompt = std::size_t{64} * 1024;  // bytes; longer prompts are not kept
inline constexpr std::size_t kMaxDraft = std::size_t{1024} * 1024;           // the same

// Of the windows that are docked: what was arranged under another version begins anew.
inline constexpr int kLayoutVersion = 2;

using PanelSet = std::set<Panel>;
PanelSet first_panels();  // that are open at the first start

struct WindowState {
    std::optional<WindowPlace> place;
    ThemeKind theme = ThemeKind::dark;
    float text_size = 1;
    bool enter_sends = false;
    Arrangement arrangement = Arrangement::automatic;
    bool is_arranged_by_hand = false;  // the layout's windows stay where they are
    float configuration_width = 0;     // as given by the user, at text size 1; 0: the usual
    float prompt_height = 0;           // the same; 0: what it needs
    bool is_in_step = false;           // scrolling one candidate scrolls all
    PanelSet open = first_panels();
    bool keeps_history = true;          // else the next three stay empty
    std::vector<std::string> prompts;   // what was sent, oldest first
    std::vector<std::string> sessions;  // paths of those that were opened or saved, newest first
    std::string draft;                  // what was typed and not sent
    std::string layout;                 // Dear ImGui's settings text; empty: the default layout

    // Adds to `prompts`, without repeating the newest one; the oldest go.
    void remember_prompt(std::string_view prompt);
    void remember_session(const std::filesystem::path& path);
    bool operator==(const WindowState&) const = default;
};

struct LoadedWindowState {
    WindowState state;
    std::string note;  // what was not used and why, for the log; empty: all is as it was
};

std::filesystem::path window_state_path(const std::filesystem::path& state_folder);
LoadedWindowState load_window_state(const std::filesystem::path& path);
// Errors: `io`.
Result<void> save_window_state(const std::filesystem::path& path, const WindowState& state);

}  // namespace llmc::gui
