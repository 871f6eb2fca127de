#include "chunk_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include <simdjson.h>

#include "ascii.h"
#include "base/utf8.h"
#include "net/sse_parser.h"

namespace llmc::openai {
namespace {

namespace ondemand = simdjson::ondemand;
using ondemand::json_type;

static_assert(net::kSsePadding >= simdjson::SIMDJSON_PADDING, "simdjson reads beyond the end of its text");

constexpr std::size_t kMinCapacity = 4096;  // bytes of JSON that need no growing
constexpr int kMaxReasoningDepth = 4;       // lists and objects around what a reasoning field says

constexpr std::array<std::pair<std::string_view, ReasoningSource>, 10> kReasoningFields = {{
    {"reasoning_content", ReasoningSource::reasoning_content},
    {"reasoning", ReasoningSource::reasoning},
    {"reasoning_text", ReasoningSource::reasoning_text},        // GitHub Copilot
    {"reasoning_details", ReasoningSource::reasoning_details},  // OpenRouter: texts, summaries, encrypted ones
    {"reasoning_summary", ReasoningSource::reasoning_summary},
    {"thinking", ReasoningSource::thinking},
    {"thinking_content", ReasoningSource::thinking_content},
    {"thinking_blocks", ReasoningSource::thinking_blocks},  // LiteLLM
    {"thought", ReasoningSource::thought},
    {"cot_summary", ReasoningSource::cot_summary},
}};

std::optional<ReasoningSource> reasoning_field(std::string_view key) {
    for (const auto& [name, source] : kReasoningFields)
        if (key == name) return source;
    return std::nullopt;
}

// The string whose text starts at `start`; its closing quote is before `end` (simdjson has found it).
JsonString string_at(const char* start, const char* end) {
    const auto room = [end](const char* from) { return static_cast<std::size_t>(end - from); };
    const char* quote = static_cast<const char*>(std::memchr(start, '"', room(start)));
    if (!quote) return {};
    const auto size = static_cast<std::size_t>(quote - start);
    if (!std::memchr(start, '\\', size)) return {{start, size}, false};
    for (const char* at = start; at < end; ++at) {
        if (*at == '\\')
            ++at;
        else if (*at == '"')
            return {{start, static_cast<std::size_t>(at - start)}, true};
    }
    return {};
}

}  // namespace

struct ChunkReader::Impl {
    ondemand::parser parser;
    Chunk chunk;
    ChoicePart other;      // a further choice, which is read and forgotten
    std::string storage;   // the text with its UTF-8 repaired, and padding
    std::string key_text;  // of a name with escapes
    const char* end = nullptr;
    bool has_too_many_parts = false;

    bool read(std::string_view json);
    bool grow(std::size_t size);

    // Whether there is room for one more part.
    bool has_room(const ChoicePart& choice) {
        const std::size_t count = choice.content.size() + choice.reasoning.size() + choice.tool_calls.size();
        has_too_many_parts = has_too_many_parts || count >= kMaxParts;
        return count < kMaxParts;
    }

    template <class OnMember>
    bool each_member(ondemand::object& object, OnMember on_member);
    template <class OnMember>
    bool members_of(ondemand::value& value, OnMember on_member);
    template <class OnElement>
    bool each_element(ondemand::value& value, OnElement on_element);

    std::string_view name_of(const char* start);
    JsonString string_in(ondemand::value& value) const;
    static std::optional<double> number_in(ondemand::value& value);
    static std::optional<std::int64_t> count_in(ondemand::value& value);
    std::optional<std::int64_t> index_in(ondemand::value& value) const;

    bool read_top(std::string_view key, ondemand::value& value);
    bool read_choice(ondemand::value& value);
    bool read_message(ondemand::value& value, ChoicePart& choice);
    bool read_content(ondemand::value& value, ChoicePart& choice);
    bool read_part(ondemand::value& value, ChoicePart& choice);
    bool read_reasoning(ondemand::value& value, ReasoningSource source, ChoicePart& choice, int depth);
    bool add_reasoning(ReasoningSource source, const JsonString& text, ChoicePart& choice);
    bool read_base_resp(ondemand::value& value);
    bool read_tool_call(ondemand::value& value, ChoicePart& choice);
    bool read_usage(ondemand::value& value);
    bool read_timings(ondemand::value& value);
};

namespace {

std::optional<json_type> type_of(ondemand::value& value) {
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
    return type;
}

}  // namespace

bool ChunkReader::Impl::grow(std::size_t size) {
    if (parser.capacity() >= size) return true;
    return parser.allocate(std::bit_ceil(std::max(size, kMinCapacity))) == simdjson::SUCCESS;
}

// Calls on_member(name, value) for each member; false where the JSON is damaged.
template <class OnMember>
bool ChunkReader::Impl::each_member(ondemand::object& object, OnMember on_member) {
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS) return false;
        const std::string_view key = name_of(field.key().raw());
        if (!on_member(key, field.value())) return false;
    }
    return true;
}

// The same for a value; one that is no object has no members.
template <class OnMember>
bool ChunkReader::Impl::members_of(ondemand::value& value, OnMember on_member) {
    const auto type = type_of(value);
    if (!type) return false;
    if (*type != json_type::object) return true;
    ondemand::object object;
    return value.get_object().get(object) == simdjson::SUCCESS && each_member(object, on_member);
}

template <class OnElement>
bool ChunkReader::Impl::each_element(ondemand::value& value, OnElement on_element) {
    const auto type = type_of(value);
    if (!type) return false;
    if (*type != json_type::array) return true;
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto result : array) {
        ondemand::value element;
        if (std::move(result).get(element) != simdjson::SUCCESS || !on_element(element)) return false;
    }
    return true;
}

std::string_view ChunkReader::Impl::name_of(const char* start) {
    const char* at = start;
    while (at < end && *at != '"' && *at != '\\') ++at;
    if (at == end || *at == '"') return {start, static_cast<std::size_t>(at - start)};
    key_text = to_text(string_at(start, end));
    return key_text;
}

// The text of a string; an empty one for anything else.
JsonString ChunkReader::Impl::string_in(ondemand::value& value) const {
    ondemand::raw_json_string raw;
    if (value.get_raw_json_string().get(raw) != simdjson::SUCCESS) return {};
    return string_at(raw.raw(), end);
}

std::optional<double> ChunkReader::Impl::number_in(ondemand::value& value) {
    double number = 0;
    if (type_of(value) != json_type::number || value.get_double().get(number) != simdjson::SUCCESS) return std::nullopt;
    if (!std::isfinite(number) || number < 0) return std::nullopt;
    return number;
}

std::optional<std::int64_t> ChunkReader::Impl::count_in(ondemand::value& value) {
    constexpr std::int64_t kMax = 9'000'000'000'000'000;  // whole numbers below are exact as double
    std::uint64_t whole = 0;
    if (value.get_uint64().get(whole) == simdjson::SUCCESS)
        return whole <= std::uint64_t{kMax} ? std::optional(static_cast<std::int64_t>(whole)) : std::nullopt;
    const auto number = number_in(value);  // 7.0
    if (!number || *number > static_cast<double>(kMax) || *number != std::trunc(*number)) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

// A number, also where it is written as text; nothing for anything else.
std::optional<std::int64_t> ChunkReader::Impl::index_in(ondemand::value& value) const {
    if (type_of(value) != json_type::string) return count_in(value);
    const std::string_view digits = trim(string_in(value).raw);
    if (digits.empty() || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    std::int64_t index = 0;
    for (const char digit : digits) index = index * 10 + (digit - '0');
    return index;
}

bool ChunkReader::Impl::read(std::string_view json) {
    chunk.clear();
    has_too_many_parts = false;
    end = json.data() + json.size();
    ondemand::document document;
    if (!grow(json.size()) || parser.iterate(json.data(), json.size(), json.size() + net::kSsePadding).get(document))
        return false;
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return false;
    const bool is_read =
        each_member(object, [this](std::string_view key, ondemand::value value) { return read_top(key, value); });
    return is_read && document.current_location().error() == simdjson::OUT_OF_BOUNDS;  // nothing follows
}

bool ChunkReader::Impl::read_top(std::string_view key, ondemand::value& value) {
    if (key == "choices") {
        chunk.has_choices = true;
        chunk.has_choice = chunk.has_other_choices = false;
        chunk.choice.clear();
        return each_element(value, [this](ondemand::value& element) { return read_choice(element); });
    }
    if (key == "model") {
        chunk.model = string_in(value);
    } else if (key == "usage") {
        return read_usage(value);
    } else if (key == "timings") {
        return read_timings(value);
    } else if (key == "x_groq") {
        return members_of(value, [this](std::string_view name, ondemand::value member) {
            return name != "usage" || read_usage(member);
        });
    } else if (key == "error") {
        const auto type = type_of(value);
        chunk.has_error = chunk.has_error || (type && *type != json_type::null);
        return type.has_value();
    } else if (key == "base_resp") {
        return read_base_resp(value);
    }
    return true;
}

// MiniMax says how it went in each chunk: {"status_code": 0, "status_msg": ""}.
bool ChunkReader::Impl::read_base_resp(ondemand::value& value) {
    return members_of(value, [this](std::string_view name, ondemand::value member) {
        double status = 0;
        if (name == "status_code" && type_of(member) == json_type::number &&
            member.get_double().get(status) == simdjson::SUCCESS && status != 0)
            chunk.has_error = true;
        return true;
    });
}

bool ChunkReader::Impl::read_choice(ondemand::value& value) {
    if (type_of(value) != json_type::object) return true;
    ChoicePart& choice = chunk.has_choice ? other : chunk.choice;
    choice.clear();
    bool is_first = true;  // also where it has no index
    const bool is_read = members_of(value, [&](std::string_view key, ondemand::value member) {
        if (key == "index") {
            is_first = type_of(member) == json_type::null || index_in(member) == 0;
        } else if (key == "finish_reason") {
            choice.finish_reason = string_in(member);
        } else if (key == "delta") {
            if (type_of(member) != json_type::object) return true;
            choice.has_delta = true;
            choice.clear_message();
            return read_message(member, choice);
        } else if (key == "message" && !choice.has_delta) {  // Perplexity repeats all text so far beside each delta
            if (type_of(member) != json_type::object) return true;
            choice.has_message = true;
            choice.clear_message();
            return read_message(member, choice);
        }
        return true;
    });
    if (!is_read) return false;
    if (is_first && !chunk.has_choice) {
        chunk.has_choice = true;
    } else {
        choice.clear();  // the index may come after everything else
        chunk.has_other_choices = true;
    }
    return true;
}

bool ChunkReader::Impl::read_message(ondemand::value& value, ChoicePart& choice) {
    return members_of(value, [&](std::string_view key, ondemand::value member) {
        if (key == "content") return read_content(member, choice);
        if (const auto source = reasoning_field(key)) {
            std::erase_if(choice.reasoning, [&](const ReasoningPart& part) { return part.source == *source; });
            return read_reasoning(member, *source, choice, 0);
        }
        if (key == "refusal") {
            choice.refusal = string_in(member);
        } else if (key == "tool_calls") {
            choice.tool_calls.clear();
            return each_element(member, [&](ondemand::value& element) { return read_tool_call(element, choice); });
        }
        return true;
    });
}

bool ChunkReader::Impl::read_content(ondemand::value& value, ChoicePart& choice) {
    choice.content.clear();
    std::erase_if(choice.reasoning,
                  [](const ReasoningPart& part) { return part.source == ReasoningSource::content_part; });
    if (type_of(value) == json_type::array)
        return each_element(value, [&](ondemand::value& part) { return read_part(part, choice); });
    choice.content.push_back(string_in(value));
    return true;
}

// A part of a list: text as such, {"type": "text", "text": …}, or Mistral's {"type": "thinking", "thinking": [{"type":
// "text", "text": …}]}.
bool ChunkReader::Impl::read_part(ondemand::value& value, ChoicePart& choice) {
    if (!has_room(choice)) return false;
    if (type_of(value) == json_type::string) {
        choice.content.push_back(string_in(value));
        return true;
    }
    JsonString text;
    bool is_thinking = false;
    const bool is_read = members_of(value, [&](std::string_view key, ondemand::value member) {
        if (key == "type") {
            const std::string_view type = string_in(member).raw;
            is_thinking = type.starts_with("thinking") || type.starts_with("reasoning");
        } else if (key == "text") {
            text = string_in(member);
        } else if (key == "thinking") {
            return read_reasoning(member, ReasoningSource::content_part, choice, 0);
        }
        return true;
    });
    if (is_thinking) return is_read && add_reasoning(ReasoningSource::content_part, text, choice);
    choice.content.push_back(text);
    return is_read;
}

// A text; or lists and objects with texts: {"type": "reasoning.text", "text": …}, {"type": "reasoning.summary",
// "summary": …}, {"type": "thinking", "thinking": …}. What is encrypted, and what is deeper, is nothing to read.
bool ChunkReader::Impl::read_reasoning(ondemand::value& value, ReasoningSource source, ChoicePart& choice, int depth) {
    const auto type = type_of(value);
    if (type == json_type::string) return add_reasoning(source, string_in(value), choice);
    if (depth == kMaxReasoningDepth) return true;
    if (type == json_type::array)
        return each_element(value,
                            [&](ondemand::value& one) { return read_reasoning(one, source, choice, depth + 1); });
    return members_of(value, [&](std::string_view key, ondemand::value member) {
        const bool has_words = key == "text" || key == "thinking" || key == "content" || key == "summary";
        return !has_words || read_reasoning(member, source, choice, depth + 1);
    });
}

bool ChunkReader::Impl::add_reasoning(ReasoningSource source, const JsonString& text, ChoicePart& choice) {
    if (!has_room(choice)) return false;
    choice.reasoning.push_back({source, text});
    return true;
}

bool ChunkReader::Impl::read_tool_call(ondemand::value& value, ChoicePart& choice) {
    if (type_of(value) != json_type::object) return true;
    if (!has_room(choice)) return false;
    ToolCallPart part;
    const bool is_read = members_of(value, [&](std::string_view key, ondemand::value member) {
        if (key == "index") part.index = index_in(member);
        if (key == "id") part.id = string_in(member);
        if (key != "function") return true;
        return members_of(member, [&](std::string_view name, ondemand::value words) {
            if (name == "name") part.name = string_in(words);
            if (name != "arguments") return true;
            part.arguments = {};
            part.arguments_json = {};
            if (type_of(words) != json_type::object) {
                part.arguments = string_in(words);
                return true;
            }
            ondemand::object object;
            return words.get_object().get(object) == simdjson::SUCCESS &&
                   object.raw_json().get(part.arguments_json) == simdjson::SUCCESS;
        });
    });
    choice.tool_calls.push_back(part);
    return is_read;
}

bool ChunkReader::Impl::read_usage(ondemand::value& value) {
    Usage usage;
    std::optional<std::int64_t> flat_reasoning_tokens, total_tokens;
    const bool is_read = members_of(value, [&](std::string_view key, ondemand::value member) {
        if (key == "prompt_tokens") {
            usage.prompt_tokens = count_in(member);
        } else if (key == "completion_tokens") {
            usage.output_tokens = count_in(member);
        } else if (key == "total_tokens") {
            total_tokens = count_in(member);
        } else if (key == "reasoning_tokens") {
            flat_reasoning_tokens = count_in(member);
        } else if (key == "completion_tokens_details") {
            return members_of(member, [&](std::string_view name, ondemand::value number) {
                if (name == "reasoning_tokens") usage.reasoning_tokens = count_in(number);
                return true;
            });
        } else if (key == "prompt_tokens_details") {
            return members_of(member, [&](std::string_view name, ondemand::value number) {
                if (name == "cached_tokens") usage.cached_tokens = count_in(number);
                return true;
            });
        }
        return true;
    });
    if (!usage.reasoning_tokens) usage.reasoning_tokens = flat_reasoning_tokens;
    if (usage != Usage{}) {
        chunk.usage = usage;
        chunk.total_tokens = total_tokens;
    }
    return is_read;
}

bool ChunkReader::Impl::read_timings(ondemand::value& value) {
    ServerTimings timings;
    std::optional<std::int64_t> cached;
    const bool is_read = members_of(value, [&](std::string_view key, ondemand::value member) {
        if (key == "prompt_n") timings.prompt_tokens = count_in(member);
        if (key == "cache_n") cached = count_in(member);
        if (key == "predicted_n") timings.output_tokens = count_in(member);
        if (key == "prompt_per_second") timings.prompt_tokens_per_s = number_in(member);
        if (key == "predicted_per_second") timings.decode_tokens_per_s = number_in(member);
        return true;
    });
    if (timings.prompt_tokens) *timings.prompt_tokens += cached.value_or(0);
    if (timings != ServerTimings{}) chunk.timings = timings;
    return is_read;
}

ChunkReader::ChunkReader() : impl_(std::make_unique<Impl>()) {}
ChunkReader::~ChunkReader() = default;

const Chunk* ChunkReader::read(std::string_view json) {
    if (impl_->read(json)) return &impl_->chunk;
    if (impl_->has_too_many_parts) return nullptr;
    if (base::is_valid_utf8(json)) return nullptr;
    impl_->storage = base::to_valid_utf8(json);
    const std::size_t size = impl_->storage.size();
    impl_->storage.resize(size + net::kSsePadding);
    if (!impl_->read(std::string_view(impl_->storage).substr(0, size))) return nullptr;
    impl_->chunk.was_repaired = true;
    return &impl_->chunk;
}

bool ChunkReader::has_too_many_parts() const {
    return impl_->has_too_many_parts;
}

}  // namespace llmc::openai
