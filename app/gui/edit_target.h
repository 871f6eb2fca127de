// What the Edit menu acts on: the field that was typed in last before the menu took the keyboard, else the text in focus.
//
// Thread contract: main thread.
#pragma once

#include "gui/text_undo.h"

namespace llmc::gui {

class EditTarget {
public:
    // Once a frame, before the menus are drawn.
    void observe(const TypedField& typed);
    // Between frames. A field does it once it has the keyboard again; other texts get the keys that mean it.
    void perform(Edit edit, TypedField& typed) const;

private:
    bool is_field_ = false;
};

}  // namespace llmc::gui
