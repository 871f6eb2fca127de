// Finds checks on tools that nobody offers: they could never be what they say.
//
// Thread contract: plain functions; one thread.
#pragma once

#include <string>

#include "base/field_reader.h"
#include "check/checks.h"
#include "suite/script.h"

namespace llmc::suite {

// "no tool "x" is offered (there are: a, b)"
std::string not_offered(const std::string& name, const OfferedTools& tools);

// Notes in `file` the first tool that `check` names and nobody offers, at its place in `json`, what the check was read
// from.
void need_offered_tools(base::JsonFile& file, const check::Check& check, const base::OrderedJson& json,
                        const std::string& pointer, const Script& script);

}  // namespace llmc::suite
