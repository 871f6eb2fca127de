// Unicode's simple case folding: one code point to one, so that places in a text stay what they are.
//
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace llmc::base {

char32_t fold_case(char32_t code_point);
// The code points of a text, folded.
std::u32string folded(std::string_view utf8);

}  // namespace llmc::base
