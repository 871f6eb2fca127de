#include "gui/panels/loop_model.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "gui/step_words.h"

namespace llmc::gui {
namespace {

using session::Answer;
using session::EndedBy;

constexpr std::size_t kMostBytes = 160;  // of a call, in a tooltip

bool has_steps(const Answer& answer) {
    return !answer.steps.empty() || answer.step_now.index > 0;
}

void tell_ending(LoopRun& run, const Answer& answer) {
    run.role = role_of(answer.state);
    if (!session::is_final(answer.state)) {
        const bool has_begun = answer.state != session::AnswerState::queued || !answer.steps.empty();
        run.ending = has_begun ? steps_text(answer) : std::string(words_of(answer.state));
        if (!has_begun) run.role = Role::weak;
        return;
    }
    run.ending = answer.ended_by ? words_of(*answer.ended_by) : words_of(answer.state);
    if (!answer.ended_by) return;
    const bool is_well = *answer.ended_by == EndedBy::final || *answer.ended_by == EndedBy::done;
    run.role = is_well ? Role::good : *answer.ended_by == EndedBy::max_steps ? Role::warn : Role::bad;
}

LoopRun run_of(const Answer& answer) {
    LoopRun run{.round = answer.round, .resumed_at = answer.resumed_at, .task_time_s = answer.metrics.task_time_s};
    for (const auto& step : answer.steps) {
        run.steps.push_back(mark_of(*step));
        if (run.steps.back() == StepMark::invalid_call && !run.first_invalid) run.first_invalid = step->index;
    }
    // A call that nobody could see as one, by the last step.
    if (answer.ended_by == EndedBy::leaked_call && !run.steps.empty()) run.steps.back() = StepMark::invalid_call;
    const bool only_waits = answer.state == session::AnswerState::queued && answer.steps.empty();
    if (!session::is_final(answer.state) && !only_waits) run.steps.push_back(StepMark::running);
    tell_ending(run, answer);
    return run;
}

std::string summary_of(const std::vector<LoopRun>& runs) {
    const auto well = std::ranges::count(runs, Role::good, &LoopRun::role);
    std::string text = fmt::format("{} of {} finished", well, counted(runs.size(), "run", "runs"));
    std::vector<int> invalid;
    for (const LoopRun& run : runs)
        if (run.first_invalid) invalid.push_back(*run.first_invalid);
    if (!invalid.empty()) text += fmt::format(" · first invalid call at step {}", *std::ranges::min_element(invalid));
    return text;
}

// The share of valid steps among those that runs got to.
void add_decay(LoopLane& lane, const session::LoopResults& results, const std::string& prompt) {
    for (const auto& [id, decay] : results.decay_by_prompt) {
        if (id != prompt) continue;
        for (const session::DecayStep& step : decay) {
            if (step.reached == 0) continue;
            lane.steps.push_back(step.step);
            lane.valid.push_back(100.0 * step.valid / step.reached);
            if (!step.context_tokens) continue;
            lane.context_steps.push_back(step.step);
            lane.context.push_back(*step.context_tokens);
        }
    }
}

}  // namespace

StepMark mark_of(const session::Step& step) {
    if (session::is_failure(step.state)) return StepMark::failed;
    if (step.state != session::AnswerState::complete) return StepMark::stopped;
    if (!session::is_valid(step)) return StepMark::invalid_call;
    const bool has_error = std::ranges::any_of(step.calls, &session::StepCall::is_error);
    return has_error ? StepMark::error_result : StepMark::valid;
}

std::string step_text(const session::Step& step) {
    std::string text = fmt::format("Step {}", step.index);
    if (step.turn > 1) text += fmt::format(" · turn {}", step.turn);
    if (step.metrics.end_to_end_latency_s) text += " · " + seconds_text(*step.metrics.end_to_end_latency_s);
    if (step.state != session::AnswerState::complete) text += fmt::format(" · {}", words_of(step.state));
    if (step.calls.empty()) text += "\nno tool call";
    for (const session::StepCall& one : step.calls) {
        text +=
            fmt::format("\n{} {}", one.call.name,
                        std::string_view(one.call.arguments).substr(0, base::utf8_cut(one.call.arguments, kMostBytes)));
        if (one.call.arguments.size() > kMostBytes) text += " …";
        if (one.result && !one.is_valid) text += "\ninvalid call";
        if (one.is_error) text += fmt::format("\n{}", one.result->substr(0, base::utf8_cut(*one.result, kMostBytes)));
    }
    return text;
}

void LoopModel::choose(std::string prompt) {
    chosen = std::move(prompt);
    revision = 0;
}

void LoopModel::update(const engine::Snapshot& snapshot, std::uint64_t new_revision) {
    if (revision == new_revision) return;
    revision = new_revision;
    lanes.clear();
    prompts.clear();
    shown.clear();
    most_steps = 0;
    most_context = 0;
    const session::Session& session = snapshot.session;
    for (const auto& round : session.rounds) {
        if (!std::ranges::any_of(round->answers, has_steps)) continue;
        if (std::ranges::find(prompts, round->prompt_id) == prompts.end()) prompts.push_back(round->prompt_id);
        shown = round->prompt_id;
    }
    if (std::ranges::find(prompts, chosen) != prompts.end()) shown = chosen;
    for (std::size_t i = 0; i < session.candidates.size() && !prompts.empty(); ++i) {
        LoopLane lane{.index = static_cast<int>(i), .id = session.candidates[i].id, .label = snapshot.labels[i]};
        for (const auto& round : session.rounds) {
            const Answer* answer = round->prompt_id == shown ? round->find(lane.id) : nullptr;
            if (!answer) continue;
            lane.runs.push_back(run_of(*answer));
            lane.runs.back().name = round->case_values.is_null() ? fmt::format("repeat {}", round->repeat)
                                                                 : fmt::format("round {}", round->number);
            most_steps = std::max(most_steps, static_cast<int>(lane.runs.back().steps.size()));
        }
        if (lane.runs.empty()) continue;
        if (lane.runs.size() == 1) lane.runs[0].name.clear();
        lane.summary = summary_of(lane.runs);
        if (const auto results = session::loop_results(session, lane.id)) add_decay(lane, *results, shown);
        for (const double tokens : lane.context) most_context = std::max(most_context, tokens);
        lanes.push_back(std::move(lane));
    }
}

}  // namespace llmc::gui
