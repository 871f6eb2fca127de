// The director's part about answers that take several requests: a step ends, the next is sent (agents.md section 2).
#include <algorithm>

#include <fmt/format.h>

#include "check/stream_judge.h"
#include "director.h"
#include "failure_text.h"

namespace llmc::engine {

using session::AnswerState;

// With the steps that the attempt before left whole, as far as they do not end it.
void Director::begin_steps(Lane& lane, const suite::Task& task, session::Answer& answer) {
    const auto rebuilt = [&task, form = agent::form_of(answer.settings, task)](
                             std::span<const std::shared_ptr<const session::Step>> kept) {
        std::optional<agent::LoopRun> run(std::in_place, task, form);
        for (const auto& step : kept)
            if (!run->restore(*step)) return std::optional<agent::LoopRun>();
        return run;
    };
    auto run = rebuilt(answer.steps);
    if (!run) {
        answer.steps.pop_back();  // it was the last one: what it brought is asked for again
        run = rebuilt(answer.steps);
    }
    if (!run) {
        answer.steps.clear();  // of another suite than this
        run.emplace(task, agent::form_of(answer.settings, task));
    }
    lane.steps.emplace(Steps{.run = *std::move(run)});
    if (!answer.steps.empty()) answer.resumed_at = lane.steps->run.step();
    answer.tool_calls.clear();
    for (const auto& step : answer.steps) {
        lane.steps->sum.add(step->metrics);
        for (const session::StepCall& one : step->calls) answer.tool_calls.push_back(one.call);
    }
    note_step(lane, task, answer);
}

void Director::note_step(const Lane& lane, const suite::Task& task, session::Answer& answer) {
    const agent::LoopRun& run = lane.steps->run;
    const auto of_turn = std::ranges::count(answer.steps, run.turn(), [](const auto& step) { return step->turn; });
    answer.step_now = {.index = run.step(),
                       .turn = run.turn(),
                       .of_turn = static_cast<int>(of_turn) + 1,
                       .max_steps = task.script->loop ? task.script->loop->max_steps : 0};
    if (of_turn == 0 && run.turn() > 1)
        answer.step_now.prompt = task.script->follow_ups[static_cast<std::size_t>(run.turn()) - 2];
}

void Director::Steps::take_nothing_said(AnswerEnd& end) const {
    const bool follows_a_result = !run.messages().empty() && run.messages().back().role == "tool";
    if (end.state != AnswerState::empty || !follows_a_result) return;
    end.state = AnswerState::complete;
    end.failure.reset();
}

bool Director::take_step(Lane& lane, session::Answer& answer, const AnswerEnd& end, AnswerState& state) {
    Steps& steps = *lane.steps;
    const suite::Task& task = *suite_tasks_.find(round(answer.round));
    auto step = std::make_shared<session::Step>();
    step->index = steps.run.step();
    step->turn = steps.run.turn();
    step->prompt = answer.step_now.prompt;
    step->state = state;
    step->finish_reason = end.finish_reason;
    step->metrics = end.metrics;
    step->text = answer.text();
    step->reasoning = answer.reasoning();

    std::optional<std::string> said;  // by the done tool
    if (state == AnswerState::complete) {
        agent::StepTaken taken = steps.run.take({step->text, step->reasoning, end.tool_calls});
        step->calls = std::move(taken.calls);
        answer.ended_by = taken.ended_by;
        said = std::move(taken.text);
        for (std::string& text : taken.warnings) warn(answer, std::move(text));
    } else {
        for (const openai::ToolCall& call : end.tool_calls) step->calls.push_back({.call = call});
    }
    for (const session::StepCall& one : step->calls) answer.tool_calls.push_back(one.call);
    steps.sum.add(end.metrics, end.gaps_ms, end.sent, end.last_token);
    answer.metrics = steps.sum.sum();
    answer.steps.push_back(std::move(step));
    const bool goes_on = state == AnswerState::complete && !answer.ended_by;
    effects_.emit(answer_event(Event::Kind::step, answer));
    if (!goes_on) {
        if (said)
            if (auto whole = session::AnswerStream::holding(*said, answer.reasoning()))
                answer.stream = std::move(*whole);
        return false;
    }
    for (const check::Break& broken : check::judge_steps(*task.checks, answer)) {
        if (!broken.stops) continue;
        warn(answer, fmt::format("{} {}: {}", kStoppedByCheck, broken.result.type, broken.result.detail));
        state = AnswerState::stopped;
        return false;
    }
    note_step(lane, task, answer);
    lane.pending.front().since = clock_->now();
    set_state(answer, AnswerState::queued);
    return true;
}

}  // namespace llmc::engine
