// The plots of the Metrics panel.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/panels/metrics_panel.h"

namespace llmc::gui {

// Decode speed and time to first token by round: beside each other, or one below the other in narrow windows.
void draw_round_plots(const FrameView& frame, const MetricsModel& model, float height);
// Those, the tokens of the newest round over time, and the gaps between chunks.
void draw_all_plots(const FrameView& frame, MetricsView& view);

}  // namespace llmc::gui
