// What a candidate is at, in a word and a dot: the same in its window's header, its tab and Configuration.
//
// Thread contract: pure.
#pragma once

#include <string_view>

#include "gui/widgets.h"

namespace llmc::gui {

struct CandidateState {
    std::string_view word;  // a state of product.md section 5; "skipped", "removed", "not found", "ready", "connecting"
    Dot dot = Dot::weak;
    Role role = Role::weak;
};
CandidateState state_of(const engine::Snapshot& snapshot, const session::Candidate& candidate);

// Whether every server has been asked and none has its model.
bool is_nowhere(const engine::Snapshot& snapshot, const session::Candidate& candidate);

}  // namespace llmc::gui
