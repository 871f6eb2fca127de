// The names that a misspelt one may have meant.
//
// Thread contract: plain functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace llmc::base {

// At most `count` of `names`, the likeliest first: by edits and by the parts ("7b", "instruct") that both have, without
// regard to ASCII case. Each name once; equal ones in the given order.
std::vector<std::string> nearest_names(std::string_view wanted, const std::vector<std::string>& names,
                                       std::size_t count);

// Levenshtein's distance in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace llmc::base
