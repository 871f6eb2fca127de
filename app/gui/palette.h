// The command palette: everything that stands in a menu, found by some of its letters.
//
// Thread contract: main thread. Invariants: it lists what can be done now, by the menus themselves (menu_sink.h); an
// entry does what its item in the menu does, but that windows are always shown, never hidden.
#pragma once

#include <cstdint>
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
    std::size_t item = 0;  // its place among all items of the menus
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
    void collect(const FrameView& frame, const ActionContext& context);
    void move_by_keys();
    bool draw_rows(const FrameView& frame);  // true where one is clicked: it is the chosen one then
    void run(const FrameView& frame, const ActionContext& context, Commands& commands);

    bool is_open_ = false;
    bool is_new_ = false;
    bool moves_view_ = false;  // the chosen one has to come into view
    std::string query_, found_for_;
    std::uint64_t revision_ = 0;  // of the frame that `entries_` are of
    std::vector<PaletteEntry> entries_;
    std::vector<std::size_t> found_;
    std::size_t chosen_ = 0;         // of `found_`
    std::vector<std::string> used_;  // names, the newest first
};

}  // namespace llmc::gui
