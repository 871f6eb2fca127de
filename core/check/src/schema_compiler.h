// Reads a JSON Schema into a tree of rules, or says what is wrong with it.
//
// Thread contract: a plain function.
#pragma once

#include <optional>

#include "check/json_schema.h"
#include "schema_tree.h"

namespace llmc::check {

// Gives what is wrong; nothing where `tree` was filled. Refused are: a keyword of a wrong type, a keyword of no draft
// that looks like a misspelt one, references to other documents, references that go round without a step into the
// answer.
std::optional<SchemaFault> compile_schema(const base::Json& schema, SchemaTree& tree);

}  // namespace llmc::check
