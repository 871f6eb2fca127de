// The text of a JSON file, indented by 2, with a line break at its end: always valid UTF-8, and without anything that
// acts on a terminal: DEL, C1 and bidi controls are written as \u escapes (JSON itself escapes C0). It reads back the
// same.
//
// Thread contract: plain functions.
#pragma once

#include <string>

#include "base/file.h"
#include "base/json.h"

namespace llmc::report {

std::string json_text(const base::OrderedJson& json);
// The same in pieces, without a second copy of the whole.
void write_json_text(const base::OrderedJson& json, const base::ByteSink& sink);

}  // namespace llmc::report
