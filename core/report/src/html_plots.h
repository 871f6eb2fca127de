// Figures of the candidates as small bars, in the HTML report.
//
// Thread contract: pure functions.
#pragma once

#include <string>

#include "outline.h"

namespace llmc::report {

// Pass rates with their intervals, where there are checks, and the medians of time to first token, decode speed and
// latency, each on a scale from 0 to the most of all. Empty where nothing is known.
std::string plots(const session::Session& session, const Outline& outline);

}  // namespace llmc::report
