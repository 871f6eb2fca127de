// The menu bar: every action with its shortcut, and at its right the state of the session in a line.
//
// Thread contract: main thread, within a frame, before the dock space.
#pragma once

#include <string_view>

#include "gui/actions.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// Alt pressed and let go by itself, or F10: the bar gets the keyboard.
class MenuKeys {
public:
    bool take(const ImGuiIO& io);  // once a frame

private:
    bool is_alt_alone_ = false;  // is held, and nothing else was pressed meanwhile
};

struct MenuState {
    const ActionContext& context;
    MenuKeys& keys;
    std::string_view status;  // status_line()
};

void draw_menu_bar(const FrameView& frame, const MenuState& state, Commands& commands);

// "round 2 of 12 · 5 of 36 answers · 2 servers · 412 tok"; of a halted session what halted it, or keeps it so.
std::string status_line(const engine::Snapshot& snapshot);

}  // namespace llmc::gui
