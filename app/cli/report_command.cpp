// `report`: what the results of a report can carry, alone or against a baseline.
#include <fmt/format.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/read_report.h"
#include "decide/decision.h"

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

}  // namespace

int report_command(const Options& options, Terminal& terminal) {
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
