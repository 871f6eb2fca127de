#include "cli/judging.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "decide/licence.h"
#include "engine/judge_run.h"
#include "metrics/words.h"

namespace llmc::cli {
namespace {

engine::JudgeOutcome ask(const session::Session& session, const engine::JudgeOrder& order, Wakeups& wakeups,
                         Terminal& terminal) {
    std::stop_source stop;
    const auto interruptions = wakeups.interruptions();
    std::size_t told = 0;
    const auto outcome =
        engine::run_judge(session, order, stop.get_token(), [&](const engine::JudgeProgress& progress) {
            if (wakeups.interruptions() > interruptions) stop.request_stop();
            if (!terminal.is_live() || std::exchange(told, progress.questions_done) == progress.questions_done) return;
            const std::string line = fmt::format("{} judges: {} of {} questions", order.judge.name(),
                                                 progress.questions_done, progress.questions_total);
            terminal.draw({fit(line, static_cast<std::size_t>(std::max(terminal.columns() - 1, 8)))});
        });
    if (terminal.is_live()) terminal.draw({});
    return outcome;
}

}  // namespace

Judged judge(const session::Session& session, const Judging& judging, Wakeups& wakeups, Terminal& terminal) {
    Judged judged{.judges = {}, .status = kOk};
    for (const config::JudgeModel& wanted : judging.judges) {
        const engine::JudgeOrder order{
            .servers = judging.servers, .judge = engine::judge_of(wanted), .settings = judging.settings};
        engine::JudgeOutcome outcome = ask(session, order, wakeups, terminal);
        if (outcome.is_stopped) {
            terminal.complain(fmt::format("{} was stopped; {} kept.", order.judge.name(),
                                          metrics::counted(outcome.new_verdicts, "verdict is", "verdicts are")));
            judged.status = kInterrupted;
            if (outcome.new_verdicts > 0) judged.judges.push_back(std::move(outcome.judge));
            return judged;
        }
        if (!outcome.missing.empty()) {
            for (const std::string& what : outcome.missing) terminal.complain(what);
            judged.status = kNoServer;
            if (outcome.new_verdicts > 0) judged.judges.push_back(std::move(outcome.judge));
            continue;
        }
        const session::Judge& made = outcome.judge;
        if (made.verdicts.empty())
            terminal.complain(engine::nothing_to_judge(made));
        else
            terminal.say(
                fmt::format("judge {}: {}", made.name(), decide::licence_words(decide::licence_of(session, made))));
        judged.judges.push_back(std::move(outcome.judge));
    }
    return judged;
}

}  // namespace llmc::cli
