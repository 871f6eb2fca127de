// The text of a JSON file, indented by 2, with a line break at its end: always valid UTF-8, and without anything that
// acts on a terminal: DEL, C1 and bidi controls are written as \u escapes (JSON itself escapes C0). It reads back the
// same.
//
// Thread contract: plain functions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/file.h"
#include "base/json.h"
#include "session/session.h"

namespace llmc::report {

std::string json_text(const base::OrderedJson& json);
// The same in pieces, without a second copy of the whole.
void write_json_text(const base::OrderedJson& json, const base::ByteSink& sink);

// A value that is made when it is written, so that not all of a long document is in memory at once.
base::OrderedJson made_later(std::uint64_t number);
using MakeValue = std::function<base::OrderedJson(std::uint64_t number)>;
void write_json_text(const base::OrderedJson& json, const MakeValue& make, const base::ByteSink& sink);

// The JSON report (report::to_json()) as text, of which one answer at a time is in memory.
void write_json(const session::Session& session, base::WallTime generated_at, const base::ByteSink& sink);

}  // namespace llmc::report
