// `import`: files of other programs as suites.
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/read_report.h"
#include "interop/import.h"
#include "interop/results.h"
#include "metrics/words.h"
#include "report/format.h"

namespace llmc::cli {
namespace {

namespace fs = std::filesystem;

struct SuiteFile {
    fs::path path;
    std::string text;
    std::size_t prompts = 0, checks = 0;
};

// Where each suite goes: --as, which is a folder where there is one for each specialist, and may be one; else the
// current folder.
std::vector<SuiteFile> files_for(const interop::Import& import, const Options& options) {
    std::vector<SuiteFile> files;
    std::error_code unknown;
    for (const interop::ImportedSuite& suite : import.suites) {
        SuiteFile file{.text = interop::suite_text(suite.document)};
        if (import.is_one_per_specialist)
            file.path = options.import_as.value_or("") / (suite.file_stem + ".suite.json");
        else if (!options.import_as || !options.import_as->has_filename() ||
                 fs::is_directory(*options.import_as, unknown))
            file.path = options.import_as.value_or("") / (options.import_files.front().stem().string() + ".suite.json");
        else
            file.path = *options.import_as;
        for (const auto& prompt : suite.document["prompts"]) {
            ++file.prompts;
            if (const auto checks = prompt.find("checks"); checks != prompt.end()) file.checks += checks->size();
        }
        files.push_back(std::move(file));
    }
    return files;
}

// All of them, or none: what was new is taken away again where a later one cannot be written.
Result<void> write_all(const std::vector<SuiteFile>& files, bool replaces) {
    std::error_code unknown;
    std::vector<fs::path> made;
    for (const SuiteFile& file : files) {
        if (fs::exists(fs::symlink_status(file.path, unknown)) && !replaces)
            return Error{ErrorKind::io, fmt::format("{} is there already; --force replaces it", file.path.string())};
    }
    for (const SuiteFile& file : files) {
        const bool is_new = !fs::exists(file.path, unknown);
        const auto saved = base::save_file(file.path, file.text);
        if (!saved) {
            for (const fs::path& path : made) fs::remove(path, unknown);
            return saved.error();
        }
        if (is_new) made.push_back(file.path);
    }
    return {};
}

// Another program's results, and the tests they are of, as a JSON report.
int import_results(const Options& options, Terminal& terminal) {
    const auto fail = [&terminal](std::string_view text) {
        terminal.complain(text);
        return kUsage;
    };
    const fs::path& file = options.import_files.front();
    std::optional<suite::Suite> tests;
    if (options.import_files.size() > 1) {
        auto read = read_tests({options.import_files.begin() + 1, options.import_files.end()}, terminal);
        if (!read) return fail(read.error().message);
        tests = *std::move(read);
    }
    const auto session = read_report(file, terminal, tests ? &*tests : nullptr);
    if (!session) return fail(session.error().message);
    std::error_code unknown;
    fs::path path = options.import_as.value_or("");
    if (!path.has_filename() || fs::is_directory(path, unknown)) path /= file.stem().string() + ".report.json";
    if (fs::exists(fs::symlink_status(path, unknown)) && !options.replaces)
        return fail(fmt::format("{} is there already; --force replaces it", path.string()));
    const std::string text = report::render(report::format_of("json"), *session, base::SystemClock{}.wall());
    if (const auto saved = base::save_file(path, text); !saved) return fail(saved.error().message);
    terminal.say(fmt::format("report {} ({}, {})", path.string(),
                             metrics::counted(session->candidates.size(), "model", "models"),
                             metrics::counted(session->rounds.size(), "round", "rounds")));
    return kOk;
}

bool are_results(const Options& options) {
    const auto bytes = base::read_file(options.import_files.front(), interop::kMaxImportFile);
    return bytes && interop::is_results(*bytes);
}

}  // namespace

int import_command(const Options& options, Terminal& terminal) {
    if (are_results(options)) return import_results(options, terminal);
    const auto import = interop::import_paths(options.import_files, options.role);
    if (!import) {
        terminal.complain(import.error().message);
        return kUsage;
    }
    for (const interop::NotTaken& note : import->notes) terminal.complain(interop::words(note));
    if (options.is_strict && !import->notes.empty()) {
        terminal.complain(fmt::format("--strict: {} not taken over; nothing is written",
                                      metrics::counted(import->notes.size(), "thing", "things")));
        return kUsage;
    }
    const std::vector<SuiteFile> files = files_for(*import, options);
    if (auto written = write_all(files, options.replaces); !written) {
        terminal.complain(written.error().message);
        return kUsage;
    }
    for (const SuiteFile& file : files)
        terminal.say(fmt::format("suite {} ({}: {}, {})", file.path.string(), import->kind,
                                 metrics::counted(file.prompts, "prompt", "prompts"),
                                 metrics::counted(file.checks, "check", "checks")));
    return kOk;
}

}  // namespace llmc::cli
