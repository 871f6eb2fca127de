// The report as it would be written now, as text. Lines are indexed once per text; only those on show are drawn.
//
// Thread contract: as panel_table.h.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

struct ReportView {
    int format = 0;           // of report::formats()
    bool was_shown = false;   // a preview was asked for since the panel is there
    bool wants_text = false;  // to be asked for as soon as nothing is being made
    engine::Activity seen_activity = engine::Activity::idle;

    // Where the rows of the text start: lines, and what of them does not fit. Made again for another text or width.
    std::vector<std::size_t> starts;
    const char* seen_data = nullptr;
    std::size_t seen_size = 0;
    bool was_pending = false;
    int seen_columns = 0;
};

// Where the rows of `text` start when at most `columns` columns of a monospaced font fit; cut at blanks where there are
// any.
std::vector<std::size_t> row_starts(std::string_view text, int columns);

void draw_report(const FrameView& frame, ReportView& view, Commands& commands);

}  // namespace llmc::gui
