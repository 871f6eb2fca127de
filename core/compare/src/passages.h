// Cuts a text into paragraphs and fenced code blocks.
//
// Thread contract: a plain function.
// Invariant: the passages joined are the text. Empty lines belong to the passage before them, at the beginning of a
// text to the first one. A fence that is never closed goes to the text's end.
#pragma once

#include <string_view>
#include <vector>

#include "compare/consensus.h"

namespace llmc::compare {

// Kind, begin and end are set.
std::vector<Passage> passages_of(std::string_view text);

}  // namespace llmc::compare
