// What the Judges window consists of.
//
// Thread contract: as panel_table.h.
#pragma once

#include "gui/panels/judges_panel.h"

namespace llmc::gui {

struct JudgesParts {
    const FrameView& frame;
    JudgesView& view;
    SetupState& setup;
    Commands& commands;
};

void draw_judge_list(JudgesParts& parts);    // with the popups that add one and edit it
void open_judge_editor(JudgesParts& parts);  // of the chosen one
void draw_judge_editor(JudgesParts& parts);
void draw_verdicts(JudgesParts& parts);  // of the chosen one: takes the rest of the window

}  // namespace llmc::gui
