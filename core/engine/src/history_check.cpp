#include "history_check.h"

#include <fmt/format.h>

#include "metrics/answer_metrics.h"

namespace llmc::engine {
namespace {

constexpr double kFarBelow = 0.5;  // of the estimate
constexpr std::int64_t kLongEnough =
    200;  // estimated tokens; below that, templates and rounding matter more than the text

std::int64_t estimate(const std::vector<openai::Message>& messages, std::size_t from) {
    metrics::TokenEstimate tokens;
    for (std::size_t i = from; i < messages.size(); ++i) tokens.add(messages[i].content);
    return tokens.tokens();
}

}  // namespace

std::optional<std::string> dropped_history(const std::vector<openai::Message>& sent, std::int64_t prompt_tokens,
                                           const std::optional<PromptCount>& earlier) {
    if (earlier && earlier->messages < sent.size() && prompt_tokens < earlier->prompt_tokens)
        return fmt::format(
            "the server counted {} prompt tokens, fewer than the {} of an earlier, shorter conversation: it has "
            "probably dropped "
            "part of the history",
            prompt_tokens, earlier->prompt_tokens);
    const std::int64_t known = earlier && earlier->messages < sent.size() ? earlier->prompt_tokens : 0;
    const std::int64_t added = estimate(sent, known > 0 ? earlier->messages : 0);
    const double expected = static_cast<double>(known) + static_cast<double>(added);
    if (added >= kLongEnough && static_cast<double>(prompt_tokens) < kFarBelow * expected)
        return fmt::format(
            "the server counted {} prompt tokens where about {:.0f} were sent: it has probably dropped part of the "
            "history",
            prompt_tokens, expected);
    return std::nullopt;
}

}  // namespace llmc::engine
