// JSON that fits a schema, as a model gives it whose server holds it to one.
//
// Thread contract: plain functions.
// Invariants: any schema costs bounded time and memory, one that contains itself or asks for endless texts too; what it
// gives then may not fit.
#pragma once

#include <string_view>

#include "base/json.h"

namespace llmc::demo {

// Of an object all properties, the required ones first; of a list one item where it says nothing of their number; of
// several choices the first; for a text `text`, filled up with full stops or cut where the schema is about its length. Patterns and
// formats are not looked at.
base::OrderedJson sample_of(const base::Json& schema, std::string_view text);

}  // namespace llmc::demo
