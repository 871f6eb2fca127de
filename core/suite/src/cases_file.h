// The cases of a suite in a CSV file: a header row with the names, then a row for each case.
//
// Thread contract: a plain function; blocks on the disk.
#pragma once

#include <filesystem>

#include "base/json.h"
#include "base/result.h"

namespace llmc::suite {

// A list of objects, all values texts. Errors: what base::read_file() says; `parse`, "PATH:LINE: what".
Result<base::OrderedJson> read_cases_file(const std::filesystem::path& path);

}  // namespace llmc::suite
