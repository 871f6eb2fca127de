#include "check/checks.h"

#include <fmt/format.h>

#include "check_groups.h"
#include "text_watch.h"

namespace llmc::check {
namespace {

using session::Answer;
using session::CheckResult;

// What an answer broke that is not complete; empty where it broke nothing for good.
std::string broken_so_far(const Check& check, const Subject& subject, Broken& broken) {
    const CheckKind& kind = *check.kind;
    if (subject.answer.steps.empty()) {
        if (kind.watch) broken = kind.watch(check)->update(subject.text);
        return broken ? "; it " + broken->detail : std::string();
    }
    if (!kind.judges_steps_so_far || subject.missing) return {};
    const Fault fault = kind.judge(check, subject);
    return fault ? "; " + *fault : std::string();
}

CheckResult judge(const Check& check, const Subject& subject) {
    const CheckKind& kind = *check.kind;
    Broken broken;
    Fault fault = subject.missing;
    if (subject.answer.state != session::AnswerState::complete) {
        fault = fmt::format("the answer is not complete ({})", session::answer_state_name(subject.answer.state));
        *fault += broken_so_far(check, subject, broken);
    } else if (!fault && kind.watch) {
        const auto watch = kind.watch(check);
        broken = watch->update(subject.text);
        if (!broken) broken = watch->finish(subject.text);
        if (broken) fault = broken->detail;
    }
    if (!fault && kind.judge) fault = kind.judge(check, subject);
    CheckResult result{.type = std::string(kind.name), .passed = !fault, .detail = fault.value_or("")};
    if (broken) result.at_char = broken->at_char;
    return result;
}

}  // namespace

std::vector<CheckResult> judge_answer(const std::vector<Check>& checks, const Answer& answer,
                                      const session::WorldFiles* world) {
    std::vector<CheckResult> results;
    results.reserve(checks.size());
    for (const Check& check : checks) results.push_back(judge(check, Subject(check, answer, world)));
    return results;
}

}  // namespace llmc::check
