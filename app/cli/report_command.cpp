// `report`: what the results of a report can carry, alone or against a baseline; what judges say of its answers.
#include <fmt/format.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/found_servers.h"
#include "cli/judging.h"
#include "cli/read_report.h"
#include "cli/setup.h"
#include "decide/decision.h"
#include "engine/judge_run.h"
#include "report/writer.h"

namespace llmc::cli {
namespace {

Result<decide::Decision> read_decision(const Options& options, Terminal& terminal) {
    std::optional<suite::Suite> tests;
    if (options.suite) {
        auto read = read_tests({*options.suite}, terminal);
        if (!read) return read.error();
        tests = *std::move(read);
    }
    const auto session = read_report(options.session_file, terminal, tests ? &*tests : nullptr);
    if (!session) return session.error();
    std::optional<session::Session> baseline;
    if (options.baseline) {
        auto read = read_report(*options.baseline, terminal, tests ? &*tests : nullptr);
        if (!read) return read.error();
        if (!decide::decision_of(*read))
            return Error{ErrorKind::usage, fmt::format("--baseline: {} holds no results of a suite with checks",
                                                       options.baseline->string())};
        baseline = std::move(*read);
    }
    auto decision = baseline ? decide::decision_of(*session, *baseline) : decide::decision_of(*session);
    if (!decision)
        return Error{ErrorKind::usage,
                     fmt::format("{} holds no results of a suite with checks", options.session_file.string())};
    if (baseline && decision->baseline->labels.empty())
        return Error{ErrorKind::usage, fmt::format("{} and {} have no candidate of one label in common",
                                                   options.session_file.string(), options.baseline->string())};
    return *std::move(decision);
}

// The answers are judged, and a new report has the verdicts.
int judge_report(const Options& options, Terminal& terminal) {
    const auto fail = [&terminal](std::string_view text, int status) {
        terminal.complain(text);
        return status;
    };
    std::optional<suite::Suite> tests;
    if (options.suite) {
        auto read = read_tests({*options.suite}, terminal);
        if (!read) return fail(read.error().message, kUsage);
        tests = *std::move(read);
    }
    auto session = read_report(options.session_file, terminal, tests ? &*tests : nullptr);
    if (!session) return fail(session.error().message, kUsage);
    Options asked = options;
    asked.suite.reset();  // of another program's results, and read
    auto setup = make_setup(asked, config::system_environment());
    if (!setup) return fail(setup.error().message, kUsage);
    for (const std::string& note : setup->notes) terminal.complain(note);
    Wakeups wakeups;
    {
        engine::Engine engine(wakeups);
        discover_servers(engine, setup->configure);
    }
    if (setup->configure.servers.empty()) return fail(kNoServerWords, kNoServer);
    const Judged judged =
        judge(*session, {setup->judges, setup->configure.servers, setup->configure.settings}, wakeups, terminal);
    if (judged.judges.empty()) return judged.status;
    for (const session::Judge& one : judged.judges) engine::keep_judge(session->judges, one);
    const auto written = report::write_reports(*session, {report::format_of("json")}, setup->configure.report_folder,
                                               base::SystemClock{}.wall());
    if (!written) return fail(written.error().message, kUsage);
    for (const auto& path : *written) terminal.say(fmt::format("report {}", path.string()));
    return judged.status;
}

}  // namespace

int report_command(const Options& options, Terminal& terminal) {
    if (!options.judges.empty()) return judge_report(options, terminal);
    const auto decision = read_decision(options, terminal);
    if (!decision) {
        terminal.complain(decision.error().message);
        return kUsage;
    }
    if (options.as_json)
        terminal.print(json_for_terminal(base::dump_json(decide::decision_json(*decision), 2)) + "\n");
    else
        for (const std::string& line : decide::decision_lines(*decision)) terminal.say(line);
    return decision->baseline && decision->baseline->has_significant_regression() ? kChecksFailed : kOk;
}

}  // namespace llmc::cli
