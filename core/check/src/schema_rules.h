// Whether a JSON Schema (draft 7) is a right one, and the same schema in the plain form that valijson understands
// without doubt.
//
// Thread contract: a plain function.
// Invariants of the plain form: known keywords only, each of its right type; no ids; a reference is "#/x/N", N being a
// number, and never leads back to itself without a step into the answer; no keyword and no key holds U+0000.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/json.h"
#include "regex.h"

namespace llmc::check {

struct SchemaFault {
    std::string pointer;  // into the schema: "/properties/name/pattern"
    std::string what;
};

struct PlainSchema {
    base::Json root;
    std::map<std::string, std::shared_ptr<const Regex>> patterns;  // of pattern and patternProperties
};

// Gives what is wrong; nothing where `plain` was filled. References to other documents are refused, never fetched.
std::optional<SchemaFault> make_plain(const base::Json& schema, PlainSchema& plain);

}  // namespace llmc::check
