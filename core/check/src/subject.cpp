#include <fmt/format.h>

#include "check_groups.h"
#include "made_calls.h"

namespace llmc::check {
namespace {

// What the done tool was told to say; none where the step calls none, or it says nothing.
std::optional<std::string> response_of(const session::Step& step) {
    for (const session::StepCall& call : step.calls) {
        if (!is_done_call(step, call)) continue;
        const auto arguments = arguments_of(call.call);
        if (!arguments) continue;
        if (auto response = base::get_string(*arguments, "response")) return response;
    }
    return std::nullopt;
}

}  // namespace

Subject::Subject(const Check& check, const session::Answer& judged, const session::WorldFiles* files)
    : answer(judged), world(files), text(judged.text()), finish_reason(judged.finish_reason) {
    const std::int64_t last_turn = answer.steps.empty() ? 1 : answer.steps.back()->turn;
    const bool is_whole = !check.turn && check.kind->scope == CheckKind::Scope::answer;
    const std::int64_t turn = check.turn.value_or(last_turn);
    for (const auto& step : answer.steps)
        if (is_whole || step->turn == turn) steps.push_back(step.get());
    if (turn > last_turn || (steps.empty() && !answer.steps.empty()))
        missing = fmt::format("turn {} was not reached: the answer has {}", turn, last_turn);
    const bool wants_output = check.kind->judges_output && answer.output && turn == last_turn;
    if (wants_output) text = *answer.output;
    if (steps.empty()) return;
    const session::Step& last = *steps.back();
    finish_reason = last.finish_reason;
    if (wants_output) return;
    text = last.text;
    if (auto response = response_of(last)) {
        response_ = *std::move(response);
        text = response_;
    }
}

}  // namespace llmc::check
