// The tables of the Metrics panel.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/panels/metrics_panel.h"

namespace llmc::gui {

// `names_what`: "Candidate", "Server".
// In which order the rows stand: by a column of draw_sum_table (0: the name; below 0: as they come). Rows without a
// value stand last in both directions.
std::vector<std::size_t> order_of_sums(const std::vector<SumRow>& rows, int column, bool is_descending);
void draw_sum_table(const FrameView& frame, const char* names_what, const std::vector<SumRow>& rows);
void draw_answer_table(const FrameView& frame, MetricsView& view);

}  // namespace llmc::gui
