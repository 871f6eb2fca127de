// The windows of the program. Each is a function: a read-only frame in, its own view state by reference, intents out.
// No panel knows another.
//
// Thread contract: main thread, within a frame, between ImGui::Begin and End of the panel's own window (which the
// application opens, so that docking and visibility have one place).
#pragma once

#include "gui/panels/about_panel.h"
#include "gui/panels/candidate_panel.h"
#include "gui/panels/casting_panel.h"
#include "gui/panels/compare_panel.h"
#include "gui/panels/configuration_panel.h"
#include "gui/panels/log_panel.h"
#include "gui/panels/metrics_panel.h"
#include "gui/panels/prompt_panel.h"
#include "gui/panels/report_panel.h"
#include "gui/panels/shortcuts_panel.h"
#include "gui/panels/suite_panel.h"
#include "gui/panels/votes_panel.h"
