// The words that details of checks are made of.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmc::check {

// "text" in quotes on one line, shortened where it is long; without controls.
std::string in_quotes(std::string_view text);
std::string in_quotes(const std::vector<std::string>& texts);  // "a", "b"

}  // namespace llmc::check
