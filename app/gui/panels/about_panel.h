// What the program is, its version, its fonts, what draws it, whose libraries it uses.
//
// Thread contract: as panels.h.
#pragma once

#include <string_view>

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

// `renderer`: as ShellServices::renderer(); empty where nothing draws.
void draw_about(const FrameView& frame, std::string_view renderer, Commands& commands);

}  // namespace llmc::gui
