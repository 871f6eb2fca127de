#include "check/checks.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/regex.h"
#include "base/utf8.h"
#include "base/white_space.h"
#include "check/json_schema.h"
#include "check/stream_judge.h"
#include "check_words.h"
#include "json_text.h"
#include "needle.h"
#include "text_watch.h"

namespace llmc::check {
namespace {

using session::Answer;
using session::CheckResult;

// Why an answer fails; nothing where it passes.
using Fault = std::optional<std::string>;

std::size_t count_words(std::string_view text) {
    std::size_t words = 0;
    bool is_in_word = false;
    for (std::size_t at = 0; at < text.size();) {
        const bool is_white = base::is_white_space(base::next_code_point(text, at));
        if (!is_white && !is_in_word) ++words;
        is_in_word = !is_white;
    }
    return words;
}

bool holds(CheckType type, const Needle& needle, std::string_view text) {
    switch (type) {
        case CheckType::contains: return needle.find(text).has_value();
        case CheckType::starts_with: return needle.starts(text);
        case CheckType::ends_with: return needle.ends(text);
        default: return needle.equals(text);
    }
}

// "does not start with", "starts with none of"
std::string_view lacks_words(CheckType type, bool is_any) {
    switch (type) {
        case CheckType::contains: return is_any ? "contains none of " : "does not contain ";
        case CheckType::starts_with: return is_any ? "starts with none of " : "does not start with ";
        case CheckType::ends_with: return is_any ? "ends with none of " : "does not end with ";
        default: return is_any ? "equals none of " : "does not equal ";
    }
}

Fault judge_text(const Check& check, std::string_view text) {
    text = base::trimmed(text);
    const auto fits = [&](const auto& needle) { return holds(check.type, *needle, text); };
    if (check.wants == Check::Wants::any) {
        if (std::any_of(check.needles.begin(), check.needles.end(), fits)) return std::nullopt;
        return std::string(lacks_words(check.type, true)) + in_quotes(check.texts);
    }
    const auto lacking = std::find_if_not(check.needles.begin(), check.needles.end(), fits);
    if (lacking == check.needles.end()) return std::nullopt;
    return std::string(lacks_words(check.type, false)) +
           in_quotes(check.texts[static_cast<std::size_t>(lacking - check.needles.begin())]);
}

Fault judge_schema(const Check& check, std::string_view text) {
    JsonText json(check.allow_fence);
    json.update(text);
    json.finish();
    const auto value = base::parse_json(json.json(text));
    if (!value) return "is not JSON: " + value.error().message;
    auto misfit = check.schema->misfit(*value);
    if (misfit) return "does not fit the schema: " + *misfit;
    return std::nullopt;
}

// Why a call is not what a check wants.
Fault call_fault(const Check& check, const openai::ToolCall& call) {
    const auto arguments = base::parse_json(call.arguments);
    if (!arguments) return fmt::format("the arguments of {} are {}", in_quotes(call.name), arguments.error().message);
    if (!check.schema) return std::nullopt;
    const auto misfit = check.schema->misfit(*arguments);
    if (misfit) return fmt::format("the arguments of {} do not fit the schema: {}", in_quotes(call.name), *misfit);
    return std::nullopt;
}

Fault judge_tool_calls(const Check& check, const Answer& answer) {
    const std::string wanted = check.tool.empty() ? "any tool" : in_quotes(check.tool);
    std::int64_t good = 0, named = 0;
    Fault first;
    for (const auto& call : answer.tool_calls) {
        if (!check.tool.empty() && call.name != check.tool) continue;
        ++named;
        if (check.type == CheckType::no_tool_call) return "calls " + in_quotes(call.name);
        if (auto fault = call_fault(check, call))
            first = first ? first : fault;
        else
            ++good;
    }
    if (check.type == CheckType::no_tool_call || (check.count ? good == *check.count : good > 0)) return std::nullopt;
    if (check.count && named > 0) {
        return fmt::format("{} {} of {} {} what is wanted, and {} should{}", good, good == 1 ? "call" : "calls", wanted,
                           good == 1 ? "is" : "are", *check.count, first ? ": " + *first : "");
    }
    if (first) return first;
    if (answer.tool_calls.empty()) return "no call of " + wanted;
    std::vector<std::string> names;
    for (const auto& call : answer.tool_calls) names.push_back(call.name);
    return fmt::format("no call of {}, but of {}", wanted, in_quotes(names));
}

Fault judge_size(const Check& check, std::size_t size, std::string_view what) {
    if (static_cast<double>(size) >= check.limit) return std::nullopt;
    return fmt::format("has {} {}, and at least {} are wanted", size, what, check.limit);
}

Fault judge_speed(const Check& check, const metrics::AnswerMetrics& metrics) {
    if (check.type == CheckType::max_ttft_s) {
        if (!metrics.time_to_first_token_s) return "the time to the first token is not known";
        if (auto late = judge_wait(check, *metrics.time_to_first_token_s, true)) return std::move(late->detail);
        return std::nullopt;
    }
    if (!metrics.decode_tokens_per_s && metrics.speed_note == metrics::SpeedNote::burst)
        return "the answer was buffered on its way, no decode speed was seen";
    if (!metrics.decode_tokens_per_s) return "the decode speed is not known";
    if (*metrics.decode_tokens_per_s >= check.limit) return std::nullopt;
    return fmt::format("{}{:.2f} tokens/s were decoded, and at least {} are wanted",
                       metrics.tokens_estimated ? "~" : "", *metrics.decode_tokens_per_s, check.limit);
}

Fault judge_reasoning(const Check& check, const Answer& answer) {
    const auto& metrics = answer.metrics;
    if (!metrics.reasoning_tokens && !answer.reasoning().empty()) return "the reasoning tokens are not known";
    const std::int64_t tokens = metrics.reasoning_tokens.value_or(0);
    if (static_cast<double>(tokens) <= check.limit) return std::nullopt;
    return fmt::format("has {}{} reasoning tokens, and at most {} are allowed",
                       metrics.reasoning_tokens_estimated ? "~" : "", tokens, check.limit);
}

// Of what a text cannot break before its end, and of json_schema for a text that is JSON.
Fault judge_whole(const Check& check, const Answer& answer) {
    switch (check.type) {
        case CheckType::contains:
        case CheckType::starts_with:
        case CheckType::ends_with:
        case CheckType::equals: return judge_text(check, answer.text());
        case CheckType::regex:
            if (check.regex->is_in(answer.text())) return std::nullopt;
            return "does not match " + in_quotes(check.texts.front());
        case CheckType::json_schema: return judge_schema(check, answer.text());
        case CheckType::tool_call:
        case CheckType::no_tool_call: return judge_tool_calls(check, answer);
        case CheckType::min_words: return judge_size(check, count_words(answer.text()), "words");
        case CheckType::min_chars: return judge_size(check, base::count_code_points(answer.text()), "characters");
        case CheckType::finish_reason:
            if (answer.finish_reason == check.texts.front()) return std::nullopt;
            return fmt::format("the finish reason is {}, and {} is wanted",
                               answer.finish_reason.empty() ? "missing" : in_quotes(answer.finish_reason),
                               in_quotes(check.texts.front()));
        case CheckType::max_ttft_s:
        case CheckType::min_decode_tokens_per_s: return judge_speed(check, answer.metrics);
        case CheckType::max_reasoning_tokens: return judge_reasoning(check, answer);
        default: return std::nullopt;
    }
}

CheckResult judge(const Check& check, const Answer& answer) {
    const bool is_complete = answer.state == session::AnswerState::complete;
    std::optional<CheckResult> broken;
    if (const auto watch = make_watch(check)) {
        broken = watch->update(answer.text());
        if (!broken && is_complete) broken = watch->finish(answer.text());
    }
    CheckResult result = broken.value_or(CheckResult{.type = std::string(check_type_name(check.type))});
    if (!is_complete) {
        const std::string state =
            fmt::format("the answer is not complete ({})", session::answer_state_name(answer.state));
        result.detail = broken ? state + "; it " + broken->detail : state;
    } else if (!broken) {
        const Fault fault = judge_whole(check, answer);
        result.passed = !fault;
        result.detail = fault.value_or("");
    }
    return result;
}

}  // namespace

std::vector<CheckResult> judge_answer(const std::vector<Check>& checks, const Answer& answer,
                                      const session::WorldFiles* /*world*/) {
    std::vector<CheckResult> results;
    results.reserve(checks.size());
    for (const Check& check : checks) results.push_back(judge(check, answer));
    return results;
}

}  // namespace llmc::check
