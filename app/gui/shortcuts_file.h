// The user's own keys: shortcuts.json in the config folder.
//
//   {"version": 1, "keys": {"stop": "Ctrl+F4", "pause": ["Ctrl+P", "F9"], "clear": null}}
//
// By the ids of shortcuts.h: one chord, up to three that do the same, or null for none. What is not named keeps its
// usual keys.
//
// Thread contract: plain functions; load_shortcuts() and make_shortcuts_file() block on the disk.
// Invariants: a file with a mistake changes nothing; the first mistake is told with its file, line and key.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gui/shortcuts.h"

namespace llmc::gui {

std::filesystem::path shortcuts_path(const std::filesystem::path& config_folder);

// Errors: `parse`: no JSON, an unknown id or chord, keys that a widget in focus needs, one chord for two actions.
Result<Shortcuts> read_shortcuts(std::string_view text, const std::filesystem::path& path);
// The usual ones where there is no file. Errors: as above, and `io`.
Result<Shortcuts> load_shortcuts(const std::filesystem::path& path);

// A file with all that can be changed, as it is in force, to be edited.
std::string shortcuts_text(const Shortcuts& shortcuts);
// Writes that where there is no file yet. Errors: `io`.
Result<void> make_shortcuts_file(const std::filesystem::path& path, const Shortcuts& shortcuts);

}  // namespace llmc::gui
