// Whether an error says that prompt or answer do not fit into the context: by stable words (type, code), else by the
// sentences that servers are known to use. Plain searching instead of regular expressions: an error text may be a
// megabyte long.
#include <array>

#include "ascii.h"
#include "base/ascii.h"
#include "openai/server_error.h"

namespace llmc::openai {
namespace {

constexpr std::size_t kMaxText = 16 * 1024;  // bytes of a message that are looked at

constexpr std::array<std::string_view, 4> kWords = {
    "exceed_context_size_error",
    "context_length_exceeded",
    "context_window_exceeded",
    "model_context_window_exceeded",
};

// In lower case. Each belongs to at least one server that is known to send it.
constexpr std::array<std::string_view, 34> kSentences = {
    // llama.cpp, its ancestors and its wrappers
    "exceed_context_size_error",
    "exceeds the available context size",
    "context size has been exceeded",
    "context size exceeded",
    "larger than the max context size",
    "too big compared to kv size",
    "context shift is disabled",
    "increasing context size",
    "increase the context size",
    "increasing the context size",
    // LM Studio
    "when context the overflows",
    "when the context overflows",
    "to keep from the initial prompt is greater than the context length",
    "does not fit in context length",
    "does not fit in the context",
    "contextlengthreached",
    "model is loaded with context length of only",
    // OpenAI, vLLM, SGLang, text-generation-inference
    "context_length_exceeded",
    "maximum context length",
    "context length is only",
    "context length exceeded",
    "exceeds the model's context",
    "exceeds the context length",
    "longer than the model's context length",
    "exceeds the context window",
    "context window exceeded",
    "tokens + `max_new_tokens` must be",
    "reduce the length of the messages",
    // other hosted services
    "maximum prompt length",
    "prompt is too long",
    "input is too long for requested model",
    "exceeds the maximum number of tokens allowed",
    "exceeds the maximum context",
    "tokens exceed context",
};

// What stands before the number of tokens asked for, and allowed, best first.
constexpr std::array<std::string_view, 16> kAskedAfter = {
    "n_prompt_tokens",
    "request (",
    "input has ",
    "you requested a total of ",
    "you requested ",
    "resulted in ",
    "request contains ",
    "the input (",
    "prompt contains ",
    "prompt is too long: ",
    "token count (",
    "keep the first ",
    "n_keep",
    "given: ",
    "requested tokens (",
    "prompt has ",
};
constexpr std::array<std::string_view, 14> kAllowedAfter = {
    "n_ctx",
    "available context size (",
    "context length of only ",
    "only supports ",
    "maximum context length is ",
    "context length is only ",
    "maximum context length of ",
    "context length (",
    "context size (",
    "maximum prompt length is ",
    "tokens allowed (",
    "must be <= ",
    "context window of ",
    "context window (",
};
constexpr std::array<std::string_view, 2> kAllowedBefore = {" maximum context length", " maximum"};

using base::is_digit;

// A number at `pos`, with commas between groups of digits; nothing when there is none or it is absurd.
std::optional<std::int64_t> number_at(std::string_view text, std::size_t pos) {
    std::int64_t number = 0;
    int digits = 0;
    for (; pos < text.size(); ++pos) {
        if (is_digit(text[pos])) {
            if (++digits > 15) return std::nullopt;
            number = number * 10 + (text[pos] - '0');
        } else if (text[pos] != ',' || digits == 0 || pos + 1 >= text.size() || !is_digit(text[pos + 1])) {
            break;
        }
    }
    if (digits == 0) return std::nullopt;
    return number;
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view words) {
    for (auto found = text.find(words); found != std::string_view::npos; found = text.find(words, found + 1)) {
        std::size_t pos = found + words.size();
        while (pos < text.size() && std::string_view(" :=\"'`\\").find(text[pos]) != std::string_view::npos) ++pos;
        if (const auto number = number_at(text, pos)) return number;
    }
    return std::nullopt;
}

std::optional<std::int64_t> number_before(std::string_view text, std::string_view words) {
    for (auto found = text.find(words); found != std::string_view::npos; found = text.find(words, found + 1)) {
        std::size_t pos = found;
        while (pos > 0 && (is_digit(text[pos - 1]) || text[pos - 1] == ',')) --pos;
        if (pos < found)
            if (const auto number = number_at(text, pos)) return number;
    }
    return std::nullopt;
}

template <std::size_t N>
std::optional<std::int64_t> first_number_after(std::string_view text, const std::array<std::string_view, N>& words) {
    for (const std::string_view w : words)
        if (const auto number = number_after(text, w)) return number;
    return std::nullopt;
}

// vLLM 0.16: "You passed N input tokens and requested M output tokens."
std::optional<std::int64_t> passed_and_requested(std::string_view text) {
    const auto passed = number_after(text, "you passed ");
    const auto requested = number_after(text, "and requested ");
    if (!passed || !requested) return std::nullopt;
    return *passed + *requested;
}

bool is_about_context(std::string_view lower_message, std::string_view type, std::string_view code) {
    for (const std::string_view word : kWords)
        if (type == word || code == word) return true;
    for (const std::string_view sentence : kSentences)
        if (lower_message.find(sentence) != std::string_view::npos) return true;
    return false;
}

}  // namespace

std::optional<ContextLimit> find_context_limit(std::string_view message, std::string_view type, std::string_view code) {
    const std::string text = to_lower(message.substr(0, kMaxText));
    if (!is_about_context(text, type, code)) return std::nullopt;
    ContextLimit limit;
    limit.asked = passed_and_requested(text);
    if (!limit.asked) limit.asked = first_number_after(text, kAskedAfter);
    limit.allowed = first_number_after(text, kAllowedAfter);
    for (const std::string_view words : kAllowedBefore)
        if (!limit.allowed) limit.allowed = number_before(text, words);
    return limit;
}

}  // namespace llmc::openai
