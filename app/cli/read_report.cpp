#include "cli/read_report.h"

#include "base/file.h"
#include "interop/results.h"

namespace llmc::cli {
namespace {

void tell(const std::vector<interop::NotTaken>& notes, Terminal& terminal) {
    for (const interop::NotTaken& note : notes) terminal.complain(interop::words(note));
}

}  // namespace

Result<suite::Suite> read_tests(const std::vector<std::filesystem::path>& paths, Terminal& terminal) {
    if (paths.size() == 1) {
        auto own = suite::load_suite(paths.front());
        if (own) return own;
        const auto bytes = base::read_file(paths.front(), interop::kMaxImportFile);
        if (!bytes || !interop::is_known_kind(*bytes)) return own.error();
    }
    const auto import = interop::import_paths(paths);
    if (!import) return import.error();
    tell(import->notes, terminal);
    if (import->suites.size() != 1)
        return Error{ErrorKind::usage, paths.front().string() + ": gives several suites, where the tests are one"};
    return suite::suite_from_json(import->suites.front().document);
}

Result<session::Session> read_report(const std::filesystem::path& path, Terminal& terminal, const suite::Suite* tests) {
    auto results = interop::load_results(path, tests);
    if (!results) return results.error();
    tell(results->notes, terminal);
    return std::move(results->session);
}

}  // namespace llmc::cli
