// Finds checks on tools that nobody offers: they could never be what they say.
//
// Thread contract: plain functions; one thread.
#pragma once

#include <string>

#include "base/field_reader.h"
#include "suite/script.h"

namespace llmc::suite {

// "no tool "x" is offered (there are: a, b)"
std::string not_offered(const std::string& name, const OfferedTools& tools);

// Notes in `file` the first tool of the check that is not offered; `check` has its placeholders filled and is right in
// itself.
void need_offered_tools(base::JsonFile& file, const base::OrderedJson& check, const std::string& pointer,
                        const Script& script);

}  // namespace llmc::suite
