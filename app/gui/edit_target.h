// What the Edit menu acts on: the field that was typed in last before the menu took the keyboard, else the text in focus.
//
// Thread contract: main thread.
#pragma once

#include "gui/frame_view.h"
#include "gui/text_undo.h"

namespace llmc::gui {

class EditTarget {
public:
    // Once a frame, before the menus are drawn.
    void observe(const FrameView& frame);
    // Between frames. A field or a text does it once it has the keyboard again.
    void perform(Edit edit, TypedField& typed) const;

private:
    bool is_field_ = false;
    ImGuiID window_ = 0;  // that had the keyboard before the menu: when that closes a notice may get it
};

}  // namespace llmc::gui
