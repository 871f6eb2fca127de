// What a tab says where its name does not fit: names of models often begin alike and differ at their ends.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace llmc::gui {

// How many bytes all names begin with alike, up to the end of a part ("qwen2.5-7b-" of "qwen2.5-7b-q4",
// "qwen2.5-7b-q8"); 0 where one of them would have nothing left, and for less than two names.
std::size_t common_beginning(std::span<const std::string* const> names);

}  // namespace llmc::gui
