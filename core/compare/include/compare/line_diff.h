// What differs between two texts, line by line, as `diff -u` writes it.
//
// Thread contract: a pure function.
#pragma once

#include <string>
#include <string_view>

namespace llmc::compare {

// Three lines around each difference, "\ No newline at end of file" where that is so; `patch` makes `b` of `a` by it.
// Line ends belong to the lines. Empty where the texts are equal.
std::string unified_diff(std::string_view a, std::string_view b, std::string_view a_name, std::string_view b_name);

}  // namespace llmc::compare
