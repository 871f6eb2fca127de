// What a new configuration changes, in words for a report's header: "temperature 0.7 -> 0.2".
#pragma once

#include <string>
#include <vector>

#include "session/session.h"

namespace llmc::engine {

std::vector<std::string> settings_diff(const session::Session& before, const session::Settings& settings,
                                       const std::vector<session::Candidate>& candidates);

}  // namespace llmc::engine
