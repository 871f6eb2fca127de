// A decision in words.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <vector>

#include "decide/decision.h"

namespace llmc::decide {

std::string verdict_of(const Decision& decision);

// "a", "a and b", "a, b and c", "a, b, c and 4 others".
std::string short_list(const std::vector<std::string>& names);

}  // namespace llmc::decide
