// Checks and answers for tests, by a few words each.
#pragma once

#include <memory>
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

}  // namespace llmc::check
