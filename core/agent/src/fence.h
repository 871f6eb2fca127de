// Thread contract: a plain function.
#pragma once

#include <string_view>

namespace llmc::agent {

// What stands in a text that is one code fence; the text where it is none. Without the blanks around it.
std::string_view without_fence(std::string_view text);

}  // namespace llmc::agent
