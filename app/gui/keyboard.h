// The keys that are in force: the user's own where shortcuts.json can be read.
//
// Thread contract: main thread; the file is read and made by Background's. Invariant: a file that is wrong is told once
// for each time it changes, and leaves the keys as they are.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "gui/background.h"
#include "gui/notices.h"
#include "gui/shortcuts.h"

namespace llmc::gui {

class Keyboard {
public:
    Keyboard(Background& background, Notices& notices, std::filesystem::path file);

    const Shortcuts& shortcuts() const { return shortcuts_; }
    // Reads the file; what it says holds when that has ended.
    void read();
    // Makes the file where there is none, then calls `open` on the main thread.
    void edit(std::function<void(const std::filesystem::path&)> open);

private:
    Background& background_;
    Notices& notices_;
    std::filesystem::path file_;
    Shortcuts shortcuts_;
    std::string trouble_;  // as it was told
};

}  // namespace llmc::gui
