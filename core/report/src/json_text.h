// The text of a JSON file, indented by 2, with a line break at its end: always valid UTF-8, and without anything that
// acts on a terminal: DEL, C1 and bidi controls are written as \u escapes (JSON itself escapes C0). It reads back the
// same.
//
// Thread contract: a plain function.
#pragma once

#include <string>

#include "base/json.h"

namespace llmc::report {

std::string json_text(const base::OrderedJson& json);

}  // namespace llmc::report
