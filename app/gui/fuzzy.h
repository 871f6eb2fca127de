// How well what somebody types fits a name: its letters in their order, with others between them.
//
// Thread contract: plain function.
#pragma once

#include <optional>
#include <string_view>

namespace llmc::gui {

// Higher is better; nothing where a word of `query` is not in `name`. Words may stand in any order. Letters at the
// beginning of a word and letters in a row count more, so that "es" finds "Export session" before "Reset layout"; case
// does not count. Names and queries of a line: the time grows with the product of both.
std::optional<int> fuzzy_score(std::string_view query, std::string_view name);

}  // namespace llmc::gui
