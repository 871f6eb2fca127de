// The board of votes as it is drawn: who won how often, and scores on a common scale.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/frame_view.h"
#include "gui/panels/votes_model.h"

namespace llmc::gui {

void draw_board(const FrameView& frame, const VotesModel& model);

}  // namespace llmc::gui
