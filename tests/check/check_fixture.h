// Checks and answers for tests, by a few words each.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/json.h"
#include "check/checks.h"
#include "session/answer.h"

namespace llmc::check {

// The check in `json`, its quotes written as '.
inline Check check_of(std::string json) {
    for (char& c : json)
        if (c == '\'') c = '"';
    const auto document = base::parse_ordered_json(json);
    REQUIRE_MESSAGE(document.ok(), json);
    auto check = parse_check(*document);
    REQUIRE_MESSAGE(check.ok(), (check ? "" : check.error().message));
    return *std::move(check);
}

// Why the check in `json` is refused; empty where it is not.
inline std::string refusal(std::string json) {
    for (char& c : json)
        if (c == '\'') c = '"';
    const auto document = base::parse_ordered_json(json);
    REQUIRE_MESSAGE(document.ok(), json);
    const auto check = parse_check(*document);
    return check ? "" : check.error().message;
}

inline session::Answer answer_of(std::string_view text, std::string_view reasoning = "") {
    session::Answer answer{.state = session::AnswerState::complete, .finish_reason = "stop"};
    answer.stream = *session::AnswerStream::holding(text, reasoning);
    return answer;
}

inline session::CheckResult result_of(const Check& check, const session::Answer& answer) {
    const auto results = judge_answer({check}, answer);
    REQUIRE(results.size() == 1);
    return results.front();
}

// A call as a step records it. Its arguments are written with ' for ".
struct Called {
    std::string name, arguments = "{}";
    std::optional<std::string> result = "ok";  // none: of the done tool
    bool is_error = false, is_valid = true;
};

inline session::StepCall step_call(const Called& called) {
    std::string arguments = called.arguments;
    std::ranges::replace(arguments, '\'', '"');
    return {.call = {.id = "id", .name = called.name, .arguments = arguments},
            .result = called.result,
            .is_error = called.is_error,
            .is_valid = called.is_valid};
}

// Adds a step to an answer.
inline void add_step(session::Answer& answer, std::string_view text, const std::vector<Called>& calls, int turn = 1) {
    session::Step step{.index = static_cast<int>(answer.steps.size()) + 1,
                       .turn = turn,
                       .finish_reason = calls.empty() ? "stop" : "tool_calls",
                       .text = std::string(text)};
    for (const Called& called : calls) {
        step.calls.push_back(step_call(called));
        answer.tool_calls.push_back(step.calls.back().call);
    }
    answer.finish_reason = step.finish_reason;
    answer.stream = *session::AnswerStream::holding(text, "");
    answer.steps.push_back(std::make_shared<const session::Step>(std::move(step)));
}

// An answer of steps with calls, and a last one with a text.
inline session::Answer loop_of(const std::vector<std::vector<Called>>& steps, std::string_view text = "Done.") {
    session::Answer answer{.state = session::AnswerState::complete, .ended_by = session::EndedBy::final};
    for (const auto& calls : steps) add_step(answer, "", calls);
    add_step(answer, text, {});
    return answer;
}

}  // namespace llmc::check
