// Suites: what came out of one, and the form in which one is written.
//
// Thread contract: as panels.h.
#pragma once

#include <filesystem>
#include <memory>

#include "gui/commands.h"
#include "gui/frame_view.h"
#include "judge/suite.h"

namespace llmc::gui {

struct SuiteView {};

void draw_suite(const FrameView& frame, SuiteView& view, Commands& commands);

// A suite that was read is shown and can be started; `path` is empty where it is in no file of the user's.
void take_suite(SuiteView& view, std::shared_ptr<const judge::Suite> suite, std::filesystem::path path);

}  // namespace llmc::gui
