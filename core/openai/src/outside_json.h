// JSON that a server sent, as a document: only where that cannot fill memory. A value of two bytes of text takes up to
// a hundred in a document, so a body within its limit could take a gigabyte.
//
// Thread contract: plain functions.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/json.h"

namespace llmc::openai {

// Lists of models have some thousands.
inline constexpr std::size_t kMaxJsonValues = 300'000;

// As base::parse_json(). Errors: also `limit` for more than kMaxJsonValues values; the message goes on from "JSON that
// is ".
Result<base::Json> parse_outside_json(std::string_view text);

}  // namespace llmc::openai
