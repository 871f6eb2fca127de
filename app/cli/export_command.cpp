#include <fmt/format.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/read_report.h"
#include "cli/setup.h"
#include "interop/suite_export.h"
#include "report/writer.h"
#include "suite/suite.h"

namespace llmc::cli {
namespace {

// A suite for another program, into --out or the current folder.
int export_suite(const Options& options, Terminal& terminal) {
    const auto fail = [&terminal](std::string_view text) {
        terminal.complain(text);
        return kUsage;
    };
    const auto suite = suite::load_suite(options.session_file);
    if (!suite) return fail(suite.error().message);
    const auto exported = interop::export_suite(*suite, options.session_file.string(), options.export_as);
    if (!exported) return fail("--as: " + exported.error().message);
    for (const interop::NotTaken& note : exported->notes) terminal.complain(interop::words(note));
    std::string stem = options.session_file.stem().string();
    if (stem.ends_with(".suite")) stem.erase(stem.rfind('.'));
    const auto written = base::save_new_files(options.out.value_or("."), stem, {{exported->extension, exported->text}});
    if (!written) return fail(written.error().message);
    terminal.say(fmt::format("{} {}", options.export_as, written->front().lexically_normal().string()));
    return kOk;
}

}  // namespace

int export_command(const Options& options, Terminal& terminal) {
    if (!options.export_as.empty()) return export_suite(options, terminal);
    const auto fail = [&terminal](const Error& error) {
        terminal.complain(error.message);
        return kUsage;
    };
    auto session = read_report(options.session_file, terminal);
    if (!session) return fail(session.error());
    std::filesystem::path folder;
    if (options.out) {
        folder = *options.out;
    } else {
        auto setup = make_setup(options, config::system_environment());
        if (!setup) return fail(setup.error());
        folder = setup->configure.report_folder;
    }
    auto written = report::write_reports(*session, options.formats, folder, base::SystemClock{}.wall());
    if (!written) return fail(written.error());
    for (const auto& path : *written) terminal.say(fmt::format("report {}", path.string()));
    return kOk;
}

}  // namespace llmc::cli
