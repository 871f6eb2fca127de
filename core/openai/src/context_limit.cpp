// Whether an error says that prompt or answer do not fit into the context: by stable words (type, code), else by what
// its sentences say. Servers word it in dozens of ways, and change that; what stays is the kind: something of the
// prompt, or the size of the context, and that it is exceeded. Plain searching instead of regular expressions: an error
// text may be a megabyte long.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "ascii.h"
#include "base/ascii.h"
#include "openai/server_error.h"

namespace llmc::openai {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::size_t kMaxText = 16 * 1024;  // bytes of a message that are looked at

constexpr std::array<std::string_view, 7> kCodes = {
    "exceed_context_size_error", "context_length_exceeded", "context_window_exceeded", "model_context_window_exceeded",
    "context_length_error",      "prompt_too_long",         "input_too_long",
};

// All of these in lower case.
// Said in a message, it needs no more words.
constexpr std::array<std::string_view, 25> kPhrases = {
    "exceed_context_size_error",
    "context_length_exceeded",
    "context_window_exceeded",
    "contextwindowexceeded",  // LiteLLM's exception
    "contextlengthreached",   // LM Studio's stop reason
    "context overflow",
    "context shift is disabled",
    "increasing context size",
    "increase the context size",
    "increasing the context size",
    "when context the overflows",  // LM Studio
    "when the context overflows",
    "does not fit in context",
    "does not fit in the context",
    "does not fit into the context",
    "is loaded with context length of only",
    "the configured context size is",
    "model token limit",               // Kimi
    "input length should be",          // Qwen: "Range of input length should be [1, 6000]"
    "tokens + `max_new_tokens` must",  // text-generation-inference
    "reduce the length of the messages",
    "reduce the length of the input",
    "reduce your prompt",
    "exceeds the maximum number of tokens allowed",  // Gemini
    "exceed max message tokens",                     // Doubao
};

// The size of the context.
constexpr std::array<std::string_view, 20> kSizes = {
    "context length",   "context size",         "context window", "context limit", "maximum context",
    "max context",      "context_length",       "n_ctx",          "max_model_len", "max_seq_len",
    "max_context",      "maximum model length", "maximum prompt", "max prompt",    "maximum input length",
    "maximum sequence", "max sequence length",  "kv size",        "kv cache",      "allowed input length",
};
// What stands before a size that is exceeded, …
constexpr std::array<std::string_view, 9> kBeyond = {
    "exceed",    "longer than",   "larger than", "greater than", "bigger than",
    "more than", "too large for", "too big",     "beyond",
};
// … and after one.
constexpr std::array<std::string_view, 10> kExceeded = {
    "exceed",    "overflow",   " is only", " of only", "only supports",
    "too small", "not enough", "is full",  "reached",  "too long",
};
// Before a number.
constexpr std::array<std::string_view, 6> kMaximums = {
    "maximum context length", "max context length",   "maximum prompt length",
    "maximum model length",   "maximum input length", "maximum context window",
};

// Of the prompt, …
constexpr std::array<std::string_view, 9> kPrompts = {
    "prompt",       "input",       "messages",         "conversation",
    "chat history", "token count", "requested tokens", "tokens in request",
    "total tokens",
};
// … that it is too much, …
constexpr std::array<std::string_view, 11> kTooMuch = {
    "too long",  "exceed",          "longer than",         "larger than",    "greater than", "more than",
    "too large", "too many tokens", "must have less than", "over the limit", "token limit",
};
// … in tokens, …
constexpr std::array<std::string_view, 5> kTokens = {"token", "too long", "length", "maximum context", "context"};
// … and not in something else, or the answer.
constexpr std::array<std::string_view, 18> kOthers = {
    "image",      "file",           "audio",      "video",        "attachment",       "byte",       " mb",
    "mib",        "pixel",          "base64",     "output token", "completion token", "max_tokens", "max_new_tokens",
    "max_output", "max_completion", "characters", "items",
};

// Words of a limit on how much may be asked in a time.
constexpr std::array<std::string_view, 12> kRates = {
    "per minute", "per hour", "per day", "per second",        "rate limit", "rate_limit",
    "ratelimit",  "quota",    "throttl", "too many requests", "(tpm)",      "billing",
};

// In Chinese: the context's, or the input's, length is beyond its most.
constexpr std::array<std::string_view, 3> kChineseNouns = {"上下文", "输入", "提示词"};
constexpr std::array<std::string_view, 4> kChineseTooMuch = {"超过", "超出", "超长", "过长"};

// What stands before the number of tokens asked for, and allowed, best first.
constexpr std::array<std::string_view, 27> kAskedAfter = {
    "n_prompt_tokens",
    "request (",
    "input has ",
    "you requested a total of ",
    "you requested about ",
    "you requested ",
    "resulted in ",
    "request contains ",
    "the input (",
    "prompt contains ",
    "prompt is too long: ",
    "token count of ",
    "token count (",
    "keep the first ",
    "n_keep",
    "given: ",
    "requested tokens (",
    "requested: ",
    "prompt has ",
    "(length ",
    "input length (",
    "input length ",
    "prompt length (",
    "prompt length of ",
    "prompt length ",
    "received ",
    "context length ",
};
constexpr std::array<std::string_view, 28> kAllowedAfter = {
    "n_ctx",
    "available context size (",
    "context length of only ",
    "only supports ",
    "maximum context length is ",
    "context length is only ",
    "maximum context length of ",
    "context length (",
    "context size (",
    "configured context size is ",
    "maximum prompt length is ",
    "maximum model length of ",
    "allowed input length of ",
    "maximum input length of ",
    "max_model_len ",
    "max_model_len (",
    "max_seq_len ",
    "model token limit: ",
    "should be [1, ",
    "tokens allowed (",
    "must be <= ",
    "must have less than ",
    "cannot exceed ",
    "context window of ",
    "context window (",
    "exceeds the limit of ",
    "limit of ",
    "context length of ",
};
constexpr std::array<std::string_view, 3> kAllowedBefore = {" maximum context length", " maximum", " context window"};

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

// Two numbers that were asked for together. vLLM: "You passed N input tokens and requested M output tokens", and
// "'max_tokens' is too large: M. … your request has N input tokens".
std::optional<std::int64_t> asked_together(std::string_view text) {
    for (const auto& [one, other] : {std::pair{"you passed ", "and requested "}, {"is too large: ", "request has "}}) {
        const auto first = number_after(text, one), second = number_after(text, other);
        if (first && second) return *first + *second;
    }
    return std::nullopt;
}

// The end of the first of `words` in `text` at or after `from`; npos where there is none.
std::size_t find_any(std::string_view text, Words words, std::size_t from = 0) {
    std::size_t found = std::string_view::npos, end = found;
    for (const std::string_view word : words)
        if (const auto at = text.find(word, from); at < found) {
            found = at;
            end = at + word.size();
        }
    return end;
}

bool has_any(std::string_view text, Words words) {
    return find_any(text, words) != std::string_view::npos;
}

bool follow(std::string_view text, Words first, Words second) {
    const auto at = find_any(text, first);
    return at != std::string_view::npos && find_any(text, second, at) != std::string_view::npos;
}

bool tells_maximum(std::string_view sentence) {
    const auto end = find_any(sentence, kMaximums);
    if (end == std::string_view::npos) return false;
    constexpr std::size_t kNear = 12;
    const std::string_view near = sentence.substr(end, kNear);
    return std::any_of(near.begin(), near.end(), is_digit);
}

bool is_about_context(std::string_view sentence) {
    if (follow(sentence, kBeyond, kSizes) || follow(sentence, kSizes, kExceeded) || tells_maximum(sentence))
        return true;
    if (has_any(sentence, kChineseNouns) && has_any(sentence, kChineseTooMuch)) return true;
    return follow(sentence, kPrompts, kTooMuch) && has_any(sentence, kTokens) && !has_any(sentence, kOthers);
}

bool is_about_context(std::string_view lower_message, std::string_view type, std::string_view code) {
    for (const std::string_view word : kCodes)
        if (type == word || code == word) return true;
    if (has_any(lower_message, kRates)) return false;
    if (has_any(lower_message, kPhrases)) return true;
    for (std::string_view rest = lower_message; !rest.empty();) {
        auto end = std::min(rest.find(". "), rest.find('\n'));
        end = std::min(end, rest.size());
        if (is_about_context(rest.substr(0, end))) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

}  // namespace

std::optional<ContextLimit> find_context_limit(std::string_view message, std::string_view type, std::string_view code) {
    const std::string text = to_lower(message.substr(0, kMaxText));
    if (!is_about_context(text, type, code)) return std::nullopt;
    ContextLimit limit;
    limit.asked = asked_together(text);
    if (!limit.asked) limit.asked = first_number_after(text, kAskedAfter);
    limit.allowed = first_number_after(text, kAllowedAfter);
    for (const std::string_view words : kAllowedBefore)
        if (!limit.allowed) limit.allowed = number_before(text, words);
    return limit;
}

}  // namespace llmc::openai
