// The figures of the session: per candidate and server, per answer, as plots. Definitions: metrics/answer_metrics.h.
//
// Thread contract: as panel_table.h; it reads AnswerStream::live(), whose one reader is the window's thread.
#pragma once

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/panels/metrics_model.h"

namespace llmc::gui {

struct MetricsView {
    int page = 0;  // Candidates, Answers, Plots
    MetricsModel model;
    LiveTokens live;
    // The answers in the order that is chosen by the table's headings.
    std::vector<std::size_t> order;
    std::uint64_t order_revision = 0;
    int sort_column = 0;
    bool is_descending = false;
};

void draw_metrics(const FrameView& frame, MetricsView& view, Commands& commands);

}  // namespace llmc::gui
