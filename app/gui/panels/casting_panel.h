// The casting sheet: which candidate for which role, with the evidence of this session and of reports that were added.
//
// Thread contract: as panels.h. The sheet is computed off the window's thread (InBackground).
#pragma once

#include <string>

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

struct CastingView {};

void draw_casting(const FrameView& frame, CastingView& view, Commands& commands);

// A session or report from a file, as further evidence. `name`: the file's.
void add_evidence(CastingView& view, std::string name, session::Session session);

}  // namespace llmc::gui
