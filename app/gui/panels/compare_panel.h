// Answers beside each other: what they agree on is quiet, what differs is marked.
//
// Thread contract: as panels.h. Differences are computed off the window's thread (InBackground).
#pragma once

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

struct CompareView {};

void draw_compare(const FrameView& frame, CompareView& view, Commands& commands);

// What the window shows from now on.
void compare_answers(CompareView& view, const CompareAnswers& what);

// A session or report from a file, whose answers can be chosen too. `name`: the file's.
void add_compared_session(CompareView& view, std::string name, session::Session session);

}  // namespace llmc::gui
