#include "check/checks.h"

#include <fmt/format.h>

#include "check_groups.h"
#include "text_watch.h"

namespace llmc::check {
namespace {

using session::Answer;
using session::CheckResult;

CheckResult judge(const Check& check, const Subject& subject) {
    const CheckKind& kind = *check.kind;
    const bool is_complete = subject.answer.state == session::AnswerState::complete;
    Broken broken;
    if (kind.watch) {
        const auto watch = kind.watch(check);
        broken = watch->update(subject.text);
        if (!broken && is_complete) broken = watch->finish(subject.text);
    }
    CheckResult result = broken.value_or(CheckResult{.type = std::string(kind.name)});
    if (!is_complete) {
        const std::string state =
            fmt::format("the answer is not complete ({})", session::answer_state_name(subject.answer.state));
        result.detail = broken ? state + "; it " + broken->detail : state;
    } else if (!broken) {
        const Fault fault = kind.judge ? kind.judge(check, subject) : std::nullopt;
        result.passed = !fault;
        result.detail = fault.value_or("");
    }
    return result;
}

}  // namespace

std::vector<CheckResult> judge_answer(const std::vector<Check>& checks, const Answer& answer,
                                      const session::WorldFiles* world) {
    std::vector<CheckResult> results;
    results.reserve(checks.size());
    for (const Check& check : checks) results.push_back(judge(check, {answer, answer.text(), world}));
    return results;
}

}  // namespace llmc::check
