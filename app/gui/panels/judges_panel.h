// Judges: models that judge answers; whether their verdicts count, why not, and what they say beside votes and checks.
//
// Thread contract: as panel_table.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/panels/configuration_rows.h"
#include "gui/panels/judges_model.h"

namespace llmc::gui {

struct JudgesView {
    JudgesModel model;
    std::vector<PickableModel> models;  // as servers told them when the list was opened
    std::string filter;
    std::optional<config::JudgeModel> edited;  // in the editor, until it is done
    std::string edited_model;                  // of its row, by which it is found again
    std::string edited_server;
};

void draw_judges(const FrameView& frame, JudgesView& view, SetupState& setup, Commands& commands);

}  // namespace llmc::gui
