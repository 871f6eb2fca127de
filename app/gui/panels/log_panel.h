// What has happened, newest last: filtered by words and levels, the end followed only while it is on show.
//
// Thread contract: as panel_table.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

struct LogView {
    std::string filter;  // words: all of them, in any column, the case of Latin letters ignored
    int level = 0;       // 0 all, 1 warnings and errors, 2 errors

    // The entries that are shown, and where each starts; made again when the log, the filter or the width changes.
    struct Line {
        std::size_t entry = 0;
        float top = 0;
    };
    std::vector<Line> lines;
    float height = 0;
    std::size_t seen_entries = 0;
    base::WallTime seen_first{}, seen_last{};
    std::string seen_filter;
    int seen_level = -1;
    float seen_width = 0, seen_size = 0;
    bool follows_end = true;
    std::size_t chosen = static_cast<std::size_t>(-1);  // an entry, by click: copied alone
};

void draw_log(const FrameView& frame, LogView& view, Commands& commands);

}  // namespace llmc::gui
