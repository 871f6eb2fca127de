// What a new configuration changes, in words for a report's header: "temperature 0.7 -> 0.2".
//
// Thread contract: pure.
#pragma once

#include <string>
#include <vector>

#include "session/candidate.h"

namespace llmc::engine {

std::vector<std::string> settings_diff(const session::Settings& before, const session::Settings& after);
// Each with the candidate's name before: "qwen: temperature unset -> 0.2".
std::vector<std::string> candidate_diff(const session::Candidate& before, const session::Candidate& after);

}  // namespace llmc::engine
