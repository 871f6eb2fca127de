// What a run came to: a session or report of ours, or another program's results as a session, so that verdict, report
// and cast are made as of our own runs.
//   prompt-prix's exported results: {"tests": […], "models": […], "results": [{"test_id", "model_id", "status",
//   "response", "latency_ms", "error"}]}, or "aggregates" with the "results" of several runs of a test.
//
// Thread contract: plain functions; load_results() blocks on the disk.
// Invariants: an answer says what its model wrote, calls that stand in its text as prompt-prix writes them ("**Tool
// Call:** `name`" and a fence with the arguments) are calls. Checks are judged again where the tests are known; where
// they are not, the file's own verdict counts as the one check of each answer, and that is noted.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "interop/import.h"
#include "session/session.h"
#include "suite/suite.h"

namespace llmc::interop {

struct ImportedResults {
    session::Session session;
    std::vector<NotTaken> notes;  // what was not taken over
};

bool is_results(std::string_view bytes);

// `suite`: the tests that were run; null: those in the file, if it has more than their names.
// Errors: `parse` and `limit`, "FILE: where: what".
Result<ImportedResults> read_results(const SourceFile& file, const suite::Suite* suite = nullptr);

// Whichever a file is. Errors: as report::read_session() and read_results(); `usage` where `suite` is named for a file of
// ours, which has its tests in it.
Result<ImportedResults> load_results(const std::filesystem::path& path, const suite::Suite* suite = nullptr);

}  // namespace llmc::interop
