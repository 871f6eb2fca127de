// Reads the checks of a suite.
//
// Thread contract: one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/field_reader.h"
#include "check/checks.h"

namespace llmc::check {

// What is wrong is noted in `file`, at places below `pointer`, and the check is of no use then.
Check read_check(base::JsonFile& file, const base::OrderedJson& check, const std::string& pointer);

}  // namespace llmc::check
