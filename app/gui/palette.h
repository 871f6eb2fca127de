// The command palette: everything that stands in a menu, found by some of its letters.
//
// Thread contract: main thread. Invariants: it lists what could be done when it was opened, by the menus themselves
// (menu_sink.h): nothing in it moves while answers arrive. An entry does what the item of its menu and name does, but
// that windows are always shown, never hidden; nothing where that cannot be done any more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gui/actions.h"
#include "gui/frame_view.h"

namespace llmc::gui {

struct PaletteEntry {
    std::string group;  // the menu: "View", "Judge: Example suites"
    std::string name;
    std::string keys;
};

// What can be done now, in the order of the menus.
std::vector<PaletteEntry> palette_entries(const FrameView& frame, const ActionContext& context);
// Those that `query` finds, the best first; all where it is empty, `used` (names, the newest first) before the others.
std::vector<std::size_t> find_entries(const std::vector<PaletteEntry>& entries, std::string_view query,
                                      const std::vector<std::string>& used);

class Palette {
public:
    void open();
    bool is_open() const { return is_open_; }
    void draw(const FrameView& frame, const ActionContext& context, Commands& commands);

private:
    void find();
    void move_by_keys();
    bool draw_rows(const FrameView& frame);  // true where one is clicked: it is the chosen one then
    void run(const FrameView& frame, const ActionContext& context, Commands& commands);

    bool is_open_ = false;
    bool is_new_ = false;
    bool moves_view_ = false;  // the chosen one has to come into view
    std::string query_, found_for_;
    std::vector<PaletteEntry> entries_;
    std::vector<std::size_t> found_;
    std::size_t chosen_ = 0;         // of `found_`
    std::vector<std::string> used_;  // names, the newest first
};

}  // namespace llmc::gui
