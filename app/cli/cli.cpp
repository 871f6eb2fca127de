#include "cli/cli.h"

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/platform.h"
#include "net/http.h"

namespace llmc::cli {
namespace {

int obey(const Parsed& parsed, Terminal& terminal) {
    if (!parsed.options) {
        if (parsed.exit_status == kOk)
            terminal.say_text(parsed.text);
        else
            terminal.complain_text(parsed.text);
        return parsed.exit_status;
    }
    switch (parsed.options->command) {
        case Options::Command::run: return run_command(*parsed.options, terminal);
        case Options::Command::models: return models_command(*parsed.options, terminal);
        case Options::Command::export_reports: return export_command(*parsed.options, terminal);
        case Options::Command::recover: return recover_command(*parsed.options, terminal);
        case Options::Command::cast: return cast_command(*parsed.options, terminal);
        case Options::Command::import_suites: return import_command(*parsed.options, terminal);
        case Options::Command::report: return report_command(*parsed.options, terminal);
        case Options::Command::probe: return probe_command(*parsed.options, terminal);
        case Options::Command::doctor: return doctor_command(*parsed.options, terminal);
        case Options::Command::demo: return demo_command(*parsed.options, terminal);
        case Options::Command::document:
        case Options::Command::none: return window_command(*parsed.options, terminal);
    }
    return kUsage;
}

}  // namespace

int run(int argc, const char* const* argv) {
    net::ignore_sigpipe();
    ignore_file_size_signal();
    const Parsed parsed = parse_options(argc, argv);
    const bool out_is_taken = parsed.options && parsed.options->events == std::filesystem::path("-");
    Terminal terminal(parsed.options && parsed.options->is_quiet, !parsed.options || parsed.options->shows_progress,
                      out_is_taken);
    const int status = obey(parsed, terminal);
    const std::error_code error = terminal.output_error();
    if (!error) return status;
    terminal.complain("cannot write to standard output: " + error.message());
    return status == kOk ? kUsage : status;
}

}  // namespace llmc::cli
