// `probe`: what becomes of each request form with the models, which is kept for the window and for casts.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/commands.h"
#include "cli/event_writer.h"
#include "cli/found_servers.h"
#include "cli/platform.h"
#include "cli/progress.h"
#include "cli/setup.h"
#include "engine/probe_run.h"
#include "probe/store.h"

namespace llmc::cli {
namespace {

using agent::RequestForm;
using base::OrderedJson;

std::vector<std::vector<std::string>> rows_of(const std::vector<probe::Probe>& probes) {
    std::vector<std::vector<std::string>> rows{{"SERVER", "MODEL", "FORM", "VERDICT", "SECONDS", "WHY"}};
    for (const probe::Probe& one : probes)
        for (const RequestForm form : agent::kRequestForms) {
            const probe::FormVerdict& verdict = one.of(form);
            rows.push_back({one.server, one.model, std::string(agent::request_form_name(form)),
                            std::string(probe::verdict_word(verdict.verdict())),
                            fmt::format("{:.1f}", verdict.seconds()), verdict.detail()});
        }
    return rows;
}

void print(const engine::ProbeOutcome& outcome, bool as_json, Terminal& terminal) {
    if (as_json) {
        OrderedJson list = OrderedJson::array();
        for (const probe::Probe& one : outcome.probes) list.push_back(probe::to_json(one));
        terminal.print(json_for_terminal(base::dump_json(OrderedJson{{"probes", std::move(list)}}, 2)) + "\n");
    } else if (!outcome.probes.empty()) {
        for (const std::string& line : in_columns(rows_of(outcome.probes))) terminal.say(line);
        for (const probe::Probe& one : outcome.probes)
            terminal.say(fmt::format("Best form of {}: {}{}", one.model, agent::request_form_name(one.best()),
                                     one.has_native_schema() ? "" : "; a schema does not work natively"));
    }
    for (const std::string& what : outcome.missing) terminal.complain(what);
}

}  // namespace

int probe_command(const Options& options, Terminal& terminal) {
    auto setup = make_setup(options, config::system_environment());
    if (!setup) {
        terminal.complain(setup.error().message);
        return kUsage;
    }
    for (const std::string& note : setup->notes) terminal.complain(note);
    Wakeups wakeups;
    {
        engine::Engine engine(wakeups);
        discover_servers(engine, setup->configure);
        if (setup->candidates.empty() && !setup->configure.servers.empty()) {
            engine.post(setup->configure);
            const auto servers = wait_for_manifests(engine, [&wakeups] {
                wakeups.wait(std::chrono::seconds{1});
                return wakeups.interruptions() == 0;
            });
            const bool any = std::ranges::any_of(servers, &engine::ServerStatus::is_reachable);
            terminal.complain("No model is chosen. Choose with --model ID; the servers have:");
            for (const std::string& line : describe(servers)) terminal.complain("  " + line);
            return any ? kUsage : kNoServer;
        }
    }
    if (setup->configure.servers.empty()) {
        terminal.complain(kNoServerWords);
        return kNoServer;
    }

    std::stop_source stop;
    int told = -1;
    const auto outcome = engine::run_probes(
        {.servers = setup->configure.servers, .candidates = setup->candidates, .settings = setup->configure.settings},
        stop.get_token(), [&](const engine::ProbeProgress& progress) {
            if (wakeups.interruptions() > 0) stop.request_stop();
            if (!terminal.is_live() || progress.answers_total == 0) return;
            if (std::exchange(told, progress.answers_done) == progress.answers_done) return;
            std::string line = fmt::format("{} of {} requests · {}", progress.answers_done, progress.answers_total,
                                           fmt::join(progress.running, " · "));
            terminal.draw({fit(line, static_cast<std::size_t>(std::max(terminal.columns() - 1, 8)))});
        });
    if (terminal.is_live()) terminal.draw({});
    if (outcome.is_stopped) return kInterrupted;
    print(outcome, options.as_json, terminal);
    const auto file = config::folders(config::system_environment()).state / probe::kProbesFile;
    if (const auto kept = probe::keep_probes(file, outcome.probes); !kept) {
        terminal.complain(fmt::format("The verdicts are not kept: {}", kept.error().message));
        return kUsage;
    }
    if (!outcome.missing.empty()) return kNoServer;
    return outcome.all_answered ? kOk : kHalted;
}

}  // namespace llmc::cli
