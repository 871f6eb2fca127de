// Suites: what came out of one, and the form in which one is written.
//
// Thread contract: as panel_table.h. Results are added up, and what is written in the form is checked, off the window's
// thread.
#pragma once

#include <filesystem>
#include <memory>

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "gui/panels/suite_view.h"
#include "suite/suite.h"

namespace llmc::gui {

void draw_suite(const FrameView& frame, SuiteView& view, Commands& commands);

// A suite that was read is shown and can be started; `path` is empty where it is in no file of the user's. A form with
// changes stays until it is closed.
void take_suite(SuiteView& view, std::shared_ptr<const suite::Suite> suite, std::filesystem::path path);
// The form's suite is in this file now.
void take_saved_suite(SuiteView& view, std::shared_ptr<const suite::Suite> suite, std::filesystem::path path);

}  // namespace llmc::gui
