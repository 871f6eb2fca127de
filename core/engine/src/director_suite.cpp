// The director's part about judging: a suite's tasks as rounds, what its checks say of answers, what the user says.
#include <algorithm>

#include <fmt/format.h>

#include "check/checks.h"
#include "check/stream_judge.h"
#include "director.h"
#include "engine/judge_run.h"
#include "failure_text.h"
#include "session/ending.h"

namespace llmc::engine {

void Director::on(RunSuite& command) {
    if (is_anything_running() || !open_.empty())
        return refuse("A suite cannot be started while answers are running. Stop them first.");
    if (auto allowed = suite::check_repeat(command.suite, command.repeat); !allowed)
        return refuse(allowed.error().message);
    // A suite is a session of its own: its results are of these rounds and of no others.
    session::Session fresh;
    fresh.settings = session_.settings;
    fresh.servers = session_.servers;
    fresh.candidates = active();
    fresh.suite = std::make_shared<const session::SuiteRun>(suite::suite_run(command.suite, command.repeat));
    suite_tasks_ = SuiteTasks(command.suite, command.repeat);
    fresh.queue = session::queue_of(suite_tasks_.queue());
    take_up(std::move(fresh));
    go();
}

// Of a session that was opened.
void Director::take_up_suite() {
    suite_tasks_ = {};
    if (!session_.suite) return;
    const auto suite = suite::suite_from_json(session_.suite->source);
    if (!suite) {
        refuse(fmt::format("The checks of the suite {} cannot be read any more: {}. Its rounds are shown as they are.",
                           session_.suite->name, suite.error().message));
        return;
    }
    suite_tasks_ = SuiteTasks(*suite, session_.suite->repeat);
}

void Director::judge(session::Answer& answer, const session::Round& round, const agent::World* world) const {
    const suite::Task* task = suite_tasks_.find(round);
    if (task) answer.checks = check::judge_answer(*task->checks, answer, world ? &world->files() : nullptr);
}

// Whether a load of the model may still come to be seen, which is taken off the wait for the first token.
bool Director::may_see_load(const Running& running) {
    const bool is_sent = running.sent != base::TimePoint{};
    return !is_sent || (!running.has_token && (running.next_load_query || running.is_load_query_out));
}

// When the wait for the first token breaks the next of the answer's checks.
std::optional<base::TimePoint> Director::next_late(const Running& running) {
    const base::TimePoint sent = running.control->sent();
    if (running.waits.empty() || sent == base::TimePoint{} || running.has_token || may_see_load(running))
        return std::nullopt;
    constexpr base::Duration kJustLater = std::chrono::milliseconds{1};
    const base::Duration allowed = base::from_seconds(running.waits.front()->limit);
    const base::TimePoint ready = sent + running.control->model_load().value_or(base::Duration{0}) + kJustLater;
    return allowed > base::TimePoint::max() - ready ? std::nullopt : std::optional(ready + allowed);
}

// What the wait for the first token has broken for good.
void Director::judge_wait(Running& running) {
    const base::TimePoint now = clock_->now();  // a token that is not there by then comes later
    const base::TimePoint sent = running.control->sent(), first = running.control->first_token();
    if (running.waits.empty() || sent == base::TimePoint{} || may_see_load(running)) return;
    const bool is_over = first != base::TimePoint{};
    const base::Duration load = running.control->model_load().value_or(base::Duration{0});
    const double waited_s = base::seconds((is_over ? first : now) - sent - load);
    while (!running.waits.empty()) {
        auto broken = check::judge_wait(*running.waits.front(), waited_s, is_over);
        if (!broken) break;
        const bool stops = running.waits.front()->stop_on_break;
        running.waits.erase(running.waits.begin());
        session::Answer& answer = edit(running.key);
        answer.checks.push_back(running.late.emplace_back(std::move(*broken)));
        if (!stops || running.control->stop_reason() != StopReason::none) continue;
        warn(answer, fmt::format("{} {}: {}", kStoppedByCheck, running.late.back().type, running.late.back().detail));
        running.control->stop(StopReason::check);
    }
    if (is_over) running.waits.clear();
}

void Director::on(Rate& command) {
    if (command.round < 1 || command.round > static_cast<int>(session_.rounds.size())) return;
    if (session::Answer* answer = edit(command.round).find(command.candidate)) answer->rating = command.rating;
}

void Director::on(GiveVote& command) {
    if (command.round < 1 || command.round > static_cast<int>(session_.rounds.size())) return;
    session::Round& round = edit(command.round);
    const session::Vote& vote = command.vote;
    if (vote.a == vote.b || !round.find(vote.a) || !round.find(vote.b)) return;
    std::erase_if(round.votes, [&](const session::Vote& one) {
        return (one.a == vote.a && one.b == vote.b) || (one.a == vote.b && one.b == vote.a);
    });
    round.votes.push_back(vote);
}

void Director::on(NoteLook&) {
    if (session_.suite && !session::has_ended(session_)) ++session_.looks;
}

void Director::on(PickForRole& command) {
    std::erase_if(session_.casting, [&](const session::RolePick& one) { return one.role == command.pick.role; });
    if (!command.pick.candidate.empty()) session_.casting.push_back(command.pick);
}

void Director::on(KeepJudge& command) {
    const auto is_there = [this](const auto& verdict) {
        return verdict->round >= 1 && verdict->round <= static_cast<int>(session_.rounds.size());
    };
    if (command.session_id == session_.id && std::ranges::all_of(command.judge.verdicts, is_there))
        keep_judge(session_.judges, std::move(command.judge));
}

}  // namespace llmc::engine
