#include <fmt/format.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/setup.h"
#include "report/session_file.h"
#include "report/writer.h"

namespace llmc::cli {
int export_command(const Options& options, Terminal& terminal) {
    const auto fail = [&terminal](const Error& error) {
        terminal.complain(error.message);
        return kUsage;
    };
    auto session = report::load_session(options.session_file);
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
