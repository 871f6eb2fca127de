// What a prompt wants as its answer, where the form of asking is left to the candidate (agents.md section 3).
//
// Thread contract: plain values and functions.
#pragma once

#include <cstddef>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace llmc::suite {

inline constexpr std::size_t kMaxSentSchema = std::size_t{256} << 10;  // bytes, with all that it refers to

// JSON that fits a schema.
struct Output {
    std::string name;          // a function's name: letters, digits, "_" and "-"
    base::OrderedJson schema;  // as it is sent
    bool operator==(const Output&) const = default;
};

// The schema as servers take it: "$ref" to a place within replaced by what stands there, without "$schema" and without
// the definitions that nothing refers to any more; those that contain themselves stay in "$defs". Errors: `parse` for a
// reference to nothing or out of the schema, `limit` for one that is larger than kMaxSentSchema then.
Result<base::OrderedJson> sent_schema(const base::OrderedJson& schema);

}  // namespace llmc::suite
