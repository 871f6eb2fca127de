// Puts reports into the report folder.
//
// Thread contract: blocks on the disk; any thread.
#pragma once

#include <filesystem>
#include <vector>

#include "report/format.h"

namespace llmc::report {

// Writes one file per format, all with one stem: llm_compare_YYYYMMDD_HHMMSS (_2, _3 … where taken). All are written or
// none. Errors: `io`.
Result<std::vector<std::filesystem::path>> write_reports(const session::Session& session,
                                                         const std::vector<Format>& formats,
                                                         const std::filesystem::path& folder, base::WallTime now);

}  // namespace llmc::report
