// Reports, sessions and other programs' results, whichever a file is.
//
// Thread contract: blocks on the disk.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "cli/terminal.h"
#include "session/session.h"
#include "suite/suite.h"

namespace llmc::cli {

// The tests that another program's results are of: a suite, or a file that `import` takes. What is not taken over is
// told. Errors: as load_suite() and import_paths() say.
Result<suite::Suite> read_tests(const std::vector<std::filesystem::path>& paths, Terminal& terminal);

// `tests`: of another program's results, judged again by them; null: what the file itself says. What is not taken over
// is told. Errors: as load_results() says.
Result<session::Session> read_report(const std::filesystem::path& path, Terminal& terminal,
                                     const suite::Suite* tests = nullptr);

}  // namespace llmc::cli
