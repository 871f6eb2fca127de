// The tables of the Metrics panel.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/panels/metrics_panel.h"

namespace llmc::gui {

// `names_what`: "Candidate", "Server".
void draw_sum_table(const FrameView& frame, const char* names_what, const std::vector<SumRow>& rows);
void draw_answer_table(const FrameView& frame, MetricsView& view);

}  // namespace llmc::gui
