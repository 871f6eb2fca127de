// What is clicked within a turn.
//
// Thread contract: main thread, within a frame. Ids are the caller's affair (PushID per turn and text).
#pragma once

#include <string_view>

#include "gui/widgets.h"

namespace llmc::gui {

// A word that can be clicked and reached by the keyboard, and is quiet until then. `at`: its top right.
bool quiet_action(const FrameView& frame, const char* label, ImVec2 at, Role role);

// A line with an arrow that unfolds what stands below it; true when it was clicked.
bool fold(const FrameView& frame, const char* id, std::string_view words, Face face, bool is_open, ImVec2 at,
          float width);

}  // namespace llmc::gui
