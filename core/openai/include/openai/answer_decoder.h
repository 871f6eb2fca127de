// From the bytes of one response to text, reasoning, tool calls and facts: the dialects of all servers end here.
//
// Thread contract: one thread. Can be copied in the middle of a stream (tests end a copy at every byte).
// Invariants:
//   1. What was passed to the sink is an exact prefix of what the whole stream gives, whatever the cuts; but for text
//      that is taken back later.
//   2. facts() says how the stream ended; nothing here decides on success: product.md section 5 does, in judge_end().
//   3. Nothing a server sends makes it crash, hang or grow: limits of product.md section 5.
// Decisions about dialects:
//   - Events are SSE (net/sse_parser.h), read leniently; a response that is no SSE (by its first byte, and by its type
//     where that says nothing) is read whole, up to 16 MiB: an `error`, or choices[0].message as a complete answer.
//   - Choice 0 only (`index` absent counts as 0, "0" too); other choices are left out with a warning, whatever their
//     index is written as.
//   - content: text, null, absent, or a list of parts ({"type":"text"}, Mistral's "thinking" parts).
//   - reasoning: all fields that servers have for it (chunk_reader.h), and what stands between tags in the text
//     (think_splitter.h, think_tags.h); what several say is said once (reasoning_merger.h). Text that a lone closing
//     tag proves to be a thought is taken back from the sink, and passed on as reasoning.
//   - A character cut into two surrogate escapes in two chunks is joined; a lone half becomes U+FFFD. In arguments of
//     tool calls, too.
//   - What is held back (the beginning of a tag, half a character) is passed on by finish() when the answer ended by
//     itself; of a stream that was cut it is dropped, since the whole stream might not have shown it.
//   - A refusal counts as text, with a warning.
//   - tool calls by index (else by id, else a new one), fragments joined (tool_call_joiner.h); at most 1000 of 8 MiB
//     together.
//   - usage and timings from any chunk, the last one wins; x_groq.usage too. A count of 0 where something came is none;
//     an output that leaves out the reasoning is completed where the total tells.
//   - Any truthy `error`, "error:" line or "event: error" is an error, also after text; "finish_reason":"error" and
//     MiniMax's base_resp too. Events without `choices` that only say something are progress. Streams of other
//     interfaces (foreign_answer.h) are told as what they are, UTF-16 as well.
//   - A chunk is one whole JSON object, brackets and quotes matched and nothing after it; values that are not needed
//   are
//     not checked further. An event that begins like JSON and is none fails the answer, "[DONE]" with something after
//     it too; any other event is left out with a warning. At the end of the stream an unfinished event proves a cut.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/sse_parser.h"
#include "openai/server_error.h"
#include "openai/tool_call.h"

namespace llmc::openai {

struct Usage {
    std::optional<std::int64_t> prompt_tokens;
    std::optional<std::int64_t> output_tokens;     // completion_tokens: reasoning included
    std::optional<std::int64_t> reasoning_tokens;  // completion_tokens_details.reasoning_tokens, else reasoning_tokens
    std::optional<std::int64_t> cached_tokens;     // prompt_tokens_details.cached_tokens
    bool operator==(const Usage&) const = default;
};

// llama-server's `timings`.
struct ServerTimings {
    std::optional<std::int64_t> prompt_tokens;  // prompt_n + cache_n
    std::optional<std::int64_t> output_tokens;  // predicted_n
    std::optional<double> prompt_tokens_per_s;
    std::optional<double> decode_tokens_per_s;
    bool operator==(const ServerTimings&) const = default;
};

struct AnswerFacts {
    std::string finish_reason;  // empty: none arrived
    bool is_done = false;       // "[DONE]"
    bool has_text = false, has_reasoning = false;
    bool is_truncated = false;  // bytes of an unfinished event were left at the end
    std::optional<ServerError> error;
    std::optional<Error> broken;  // a limit or no OpenAI answer at all: kind limit or protocol
    Usage usage;
    ServerTimings timings;
    std::string reported_model;  // as the server named it; empty where it did not
    std::vector<ToolCall> tool_calls;
    std::vector<std::string> warnings;  // sentences, each at most once
    std::string progress;               // the last words of an event that is no part of the answer
    std::uint64_t events = 0;           // JSON chunks read
};

// What one chunk brought, for the metrics: any of the three makes it a token chunk.
struct TokenChunk {
    bool has_text = false;
    bool has_reasoning = false;
    bool has_tool_call = false;
};

class AnswerSink {
public:
    virtual ~AnswerSink() = default;
    // New text, valid UTF-8. An error (limit) ends the answer.
    virtual Result<void> on_text(std::string_view utf8) = 0;
    virtual Result<void> on_reasoning(std::string_view utf8) = 0;
    // All text that was passed on so far was a thought, no answer: forgets it and gives it back, valid until the next
    // call; it comes again as reasoning. A sink that keeps its text overrides this.
    virtual Result<std::string_view> take_text_back() { return std::string_view{}; }
    // A fragment of a tool call, which facts().tool_calls has joined already: for who wants it as it comes.
    virtual void on_tool_call(const ToolCallPiece&) {}
    // After each chunk with a token in it, when its text has been passed on. Text that is held back (a possible
    // "<think>") counts here as has_text = has_reasoning = false with a call all the same: a token arrived.
    virtual void on_token_chunk(const TokenChunk& chunk) = 0;
};

class AnswerDecoder {
public:
    explicit AnswerDecoder(std::string_view content_type = "text/event-stream");
    AnswerDecoder(const AnswerDecoder&);
    AnswerDecoder& operator=(const AnswerDecoder&);
    AnswerDecoder(AnswerDecoder&&) noexcept;
    AnswerDecoder& operator=(AnswerDecoder&&) noexcept;
    ~AnswerDecoder();

    // Gives false when nothing more is wanted: after [DONE], an error, or a limit. What follows may be thrown away.
    bool feed(std::string_view bytes, AnswerSink& sink);
    // The body has ended, or was broken off.
    void finish(AnswerSink& sink);
    const AnswerFacts& facts() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// How an answer that ended by itself has to be called (product.md section 5): complete, cut_off, empty or failed.
// `transport_ok` is false where the connection broke; after a finish reason that changes nothing.
enum class EndState { complete, cut_off, empty, failed };
struct EndVerdict {
    EndState state = EndState::failed;
    std::vector<std::string> warnings;  // "no finish reason", and those of the facts
};
EndVerdict judge_end(const AnswerFacts& facts, bool transport_ok);

}  // namespace llmc::openai
