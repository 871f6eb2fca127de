// Reads the checks of a suite.
//
// Thread contract: one thread.
#pragma once

#include <string>

#include "base/field_reader.h"
#include "judge/checks.h"
#include "placeholders.h"

namespace llmc::judge {

// `check` with its placeholders filled: numbers stay numbers where a number belongs, and within schemas.
base::OrderedJson fill_check(const base::OrderedJson& check, Filler& filler);

// What is wrong is noted in `file`, at places below `pointer`, and the check is of no use then.
Check read_check(base::JsonFile& file, const base::OrderedJson& check, const std::string& pointer);

}  // namespace llmc::judge
