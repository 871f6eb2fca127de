// The words that details of checks are made of.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llmc::check {

inline constexpr std::size_t kMaxShown = 80;  // bytes

// On one line, shortened where it is long; without controls.
std::string shortened(std::string_view text, std::size_t most = kMaxShown);
// The same in quotes.
std::string in_quotes(std::string_view text);
std::string in_quotes(const std::vector<std::string>& texts);  // "a", "b"

}  // namespace llmc::check
