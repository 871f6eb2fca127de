// How steps are told, the same in a candidate's header, its conversation and the Loop window.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>

#include "session/answer.h"

namespace llmc::gui {

std::string_view words_of(session::EndedBy how);  // "step limit"

// "step 4 of 20", "step 2 of 20 of turn 3"; of an answer that has ended "9 steps". Empty where it has none.
std::string steps_text(const session::Answer& answer);

}  // namespace llmc::gui
