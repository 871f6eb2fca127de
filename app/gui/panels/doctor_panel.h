// What may be wrong on this machine, looked for when the window opens and again when asked.
//
// Thread contract: main thread.
#pragma once

#include <vector>

#include "engine/doctor.h"
#include "gui/commands.h"
#include "gui/frame_view.h"

namespace llmc::gui {

struct DoctorView {
    std::vector<engine::Diagnosis> found;
    bool is_looking = false;
    bool has_looked = false;
};

void draw_doctor(const FrameView& frame, DoctorView& view, Commands& commands);

}  // namespace llmc::gui
