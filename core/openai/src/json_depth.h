// How deep a JSON text is nested.
#pragma once

#include <string_view>

namespace llmc::openai {

// Whether brackets and braces outside of strings are nested deeper than base::kMaxJsonDepth. Text with few brackets
// costs one pass of counting.
bool is_too_deep(std::string_view json);

}  // namespace llmc::openai
