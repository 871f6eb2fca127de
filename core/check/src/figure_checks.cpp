// Checks of how an answer ended, and of its figures.
#include <algorithm>

#include <fmt/format.h>

#include "check_groups.h"
#include "check_members.h"
#include "check_words.h"

namespace llmc::check {
namespace {

using metrics::AnswerMetrics;

constexpr Member kReason{.key = "value",
                         .kind = MemberKind::text,
                         .is_required = true,
                         .hint = "stop, length, tool_calls",
                         .example = R"("stop")",
                         .words = " ",
                         .read = read_text};

Fault judge_finish_reason(const Check& check, const Subject& subject) {
    const std::string_view reason = subject.finish_reason;
    if (reason == check.texts.front()) return std::nullopt;
    return fmt::format("the finish reason is {}, and {} is wanted", reason.empty() ? "missing" : in_quotes(reason),
                       in_quotes(check.texts.front()));
}

Fault judge_late_token(const Check& check, double waited_s, bool is_over) {
    if (waited_s <= check.limit) return std::nullopt;
    return fmt::format("{} {:.3f} s, and at most {} s are allowed",
                       is_over ? "the first token came after" : "no token came in", waited_s, check.limit);
}

Fault judge_first_token(const Check& check, const Subject& subject) {
    const auto& waited_s = subject.answer.metrics.time_to_first_token_s;
    if (!waited_s) return "the time to the first token is not known";
    return judge_late_token(check, *waited_s, true);
}

Fault judge_decode_speed(const Check& check, const Subject& subject) {
    const AnswerMetrics& metrics = subject.answer.metrics;
    if (!metrics.decode_tokens_per_s && metrics.speed_note == metrics::SpeedNote::burst)
        return "the answer was buffered on its way, no decode speed was seen";
    if (!metrics.decode_tokens_per_s) return "the decode speed is not known";
    if (*metrics.decode_tokens_per_s >= check.limit) return std::nullopt;
    return fmt::format("{}{:.2f} tokens/s were decoded, and at least {} are wanted",
                       metrics.tokens_estimated ? "~" : "", *metrics.decode_tokens_per_s, check.limit);
}

Fault judge_reasoning(const Check& check, const Subject& subject) {
    const AnswerMetrics& metrics = subject.answer.metrics;
    if (!metrics.reasoning_tokens && !subject.answer.reasoning().empty()) return "the reasoning tokens are not known";
    const std::int64_t tokens = metrics.reasoning_tokens.value_or(0);
    if (static_cast<double>(tokens) <= check.limit) return std::nullopt;
    return fmt::format("has {}{} reasoning tokens, and at most {} are allowed",
                       metrics.reasoning_tokens_estimated ? "~" : "", tokens, check.limit);
}

// An estimate may take long words for several tokens, but hardly any server sends a token in several chunks: where both
// say so, it is so.
Fault judge_reasoning_so_far(const Check& check, const AnswerMetrics& metrics) {
    if (!metrics.reasoning_tokens) return std::nullopt;
    std::int64_t tokens = *metrics.reasoning_tokens;
    if (metrics.reasoning_tokens_estimated)
        tokens = metrics.time_to_first_output_s ? 0 : std::min(tokens, metrics.chunks);
    if (static_cast<double>(tokens) <= check.limit) return std::nullopt;
    return fmt::format("has more than {} reasoning tokens", check.limit);
}

}  // namespace

std::vector<CheckKind> figure_checks() {
    return {
        {.name = "finish_reason", .members = {kReason, kTurn}, .judge = judge_finish_reason},
        {.name = "max_ttft_s", .members = {kFigureLimit}, .judge = judge_first_token, .judge_wait = judge_late_token},
        {.name = "min_decode_tokens_per_s", .members = {kFigureLimit}, .judge = judge_decode_speed},
        {.name = "max_reasoning_tokens",
         .members = {kLimit},
         .judge = judge_reasoning,
         .judge_numbers = judge_reasoning_so_far},
    };
}

}  // namespace llmc::check
