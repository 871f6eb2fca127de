// What the widgets are made of. Only for widgets*.cpp and panels that draw widgets of their own.
//
// Thread contract: main thread, within a frame.
#pragma once

#include <string_view>

#include <imgui.h>

namespace llmc::gui {

// What is shown of a label: up to "##".
std::string_view shown(const char* label);

// An area that is clicked by mouse or keyboard, at the cursor; takes its place in the layout and draws the focus.
struct Hit {
    ImVec2 min, max;
    bool is_visible = false, is_hovered = false, is_held = false, is_pressed = false;
};
// `reach` widens what can be hit beyond its place; `rounding` of the focus; `baseline` of text in it, -1: none.
Hit hit_area(const char* id, ImVec2 size, float rounding, ImVec2 reach = {}, float baseline = -1);

// Whether a chord with Alt was pressed in this frame, also while a field has the keyboard. Alt is used up by it: letting
// it go is then no call of a menu.
bool takes_alt_chord(ImGuiKeyChord chord);

// A colour between two.
ImU32 blend(ImU32 a, ImU32 b, float share);

}  // namespace llmc::gui
