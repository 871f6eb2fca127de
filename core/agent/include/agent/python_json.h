// JSON as Python's json.dumps(value, sort_keys=True) writes it: the keys of a suite's results by arguments.
//
// Thread contract: a plain function.
#pragma once

#include <string>

#include "base/json.h"

namespace llmc::agent {

// ASCII alone, "\uXXXX" for the rest; ", " and ": " between; floating-point numbers as Python's repr().
std::string python_json(const base::Json& value);

}  // namespace llmc::agent
