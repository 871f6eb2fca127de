// YAML from outside as JSON: built from the parser's events, so that nothing grows past its limits.
//
// Thread contract: plain function.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace llmc::interop {

// The first document. Plain scalars are null, booleans and numbers as YAML 1.2's core schema has them; "<<" merges the
// mappings that it names. Errors: `parse` and `limit`, "FILE:LINE: what": a key twice, a tag that is not one of YAML's own
// types, an alias within its own anchor, more than kMaxImportYamlNodes nodes, kMaxImportYaml bytes or base::kMaxJsonDepth
// levels with the aliases, a mapping of more than kMaxImportMembers members, a second document, what yaml-cpp refuses.
Result<base::OrderedJson> parse_yaml(std::string_view text, std::string_view file);

}  // namespace llmc::interop
