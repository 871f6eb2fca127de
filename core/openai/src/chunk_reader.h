// One event's JSON, as the few things a chat client wants from it.
//
// Thread contract: one thread; a reader is not copied (a copied decoder makes its own).
// Invariants:
//   1. A chunk is taken only when the text is one JSON object from its first to its last byte: brackets and quotes
//      match, nothing follows. Values that nobody asked for are skipped, not checked. So text that ends too early is
//      never a chunk.
//   2. Of a key that stands twice, the last one counts; names written with escapes are understood.
//   3. After the first chunks nothing is allocated; nothing recurses, however deep the JSON is nested.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "json_string.h"
#include "openai/answer_decoder.h"

namespace llmc::openai {

// Where a chunk says what the model thinks. Servers name the field differently, some say it in two fields at once.
enum class ReasoningSource {
    reasoning_content,
    reasoning,
    reasoning_text,
    reasoning_details,
    reasoning_summary,
    thinking,
    thinking_content,
    thinking_blocks,
    thought,
    cot_summary,
    content_part,  // a part of the content: Mistral's {"type": "thinking"}
    tag            // in the text, between tags (think_splitter.h)
};
inline constexpr std::size_t kReasoningSources = static_cast<std::size_t>(ReasoningSource::tag) + 1;

struct ReasoningPart {
    ReasoningSource source = ReasoningSource::reasoning_content;
    JsonString text;
};

struct ToolCallPart {
    std::optional<std::int64_t> index;
    JsonString id, name, arguments;
    std::string_view arguments_json;  // where the arguments are an object instead of text
};

// choices[i].delta, or choices[i].message of a whole answer.
struct ChoicePart {
    bool has_delta = false;
    bool has_message = false;
    std::vector<JsonString> content;  // the text, or its parts in order
    std::vector<ReasoningPart> reasoning;
    JsonString refusal;
    std::vector<ToolCallPart> tool_calls;
    JsonString finish_reason;

    void clear();
    void clear_message();
};

struct Chunk {
    bool has_choices = false;  // the key is there, whatever it holds
    bool has_choice = false;   // choice 0
    bool has_other_choices = false;
    bool has_error = false;     // `error` is there and not null, or MiniMax's base_resp tells a failure
    bool was_repaired = false;  // it had bytes that are not UTF-8; U+FFFD stands for them
    ChoicePart choice;
    JsonString model;
    Usage usage;
    std::optional<std::int64_t> total_tokens;  // of the usage
    ServerTimings timings;

    void clear();
};

class ChunkReader {
public:
    ChunkReader();
    ~ChunkReader();

    // The most parts that one chunk may have: texts of a content, fragments of tool calls.
    static constexpr std::size_t kMaxParts = 10'000;

    // The chunk in `json`, which net::kSsePadding readable bytes must follow; valid until the next call and as long as
    // `json`. Null where it is no JSON object, or has more parts.
    const Chunk* read(std::string_view json);
    // Whether the last one was refused for having more parts.
    bool has_too_many_parts() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace llmc::openai
