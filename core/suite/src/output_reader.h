// Reads a prompt's "output" (suite/output.h).
//
// Thread contract: plain functions; one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/field_reader.h"
#include "placeholders.h"
#include "suite/output.h"

namespace llmc::suite {

// As it stands in the file; null where the prompt has none. What is wrong whatever the case is noted in the file.
base::OrderedJson read_output(base::FieldReader& prompt);

// With the values of a case. Errors: as sent_schema(), or what is wrong with the schema or the name.
Result<std::optional<Output>> filled_output(const base::OrderedJson& output, Filler& filler);

// Notes in the file what is wrong with it in a case; gives the bytes that are filled.
std::size_t check_output(base::JsonFile& file, const base::OrderedJson& output, Filler& filler,
                         const std::string& pointer);

}  // namespace llmc::suite
