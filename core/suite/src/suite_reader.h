// Reads a suite's document.
//
// Thread contract: one thread; blocks on the disk where there is a cases_file.
#pragma once

#include <filesystem>

#include "base/field_reader.h"
#include "base/result.h"
#include "suite/suite.h"

namespace llmc::suite {

// `path` is for messages and for the name of a suite that has none; `folder` is where a cases_file lies, empty:
// nowhere.
Result<Suite> read_suite(base::JsonFile& file, const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace llmc::suite
