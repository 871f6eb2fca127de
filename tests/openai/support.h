// What the tests of this layer share: a sink that keeps everything, the recorded streams, and builders of event
// streams.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "openai/answer_decoder.h"

namespace llmc::openai::test {

// Everything a decoder passed on.
struct Collected final : AnswerSink {
    std::string text, reasoning;
    std::string taken_back;  // the last text that was
    std::vector<TokenChunk> tokens;
    std::size_t text_limit = std::size_t{1} << 40;  // bytes

    Result<void> on_text(std::string_view utf8) override;
    Result<void> on_reasoning(std::string_view utf8) override;
    Result<std::string_view> take_text_back() override;
    void on_tool_call(const ToolCallPiece& piece) override;
    void on_token_chunk(const TokenChunk& chunk) override { tokens.push_back(chunk); }

    // What came piece by piece, joined, in the order of the calls' indexes.
    std::vector<ToolCall> tool_calls() const;

private:
    std::vector<std::pair<std::int64_t, ToolCall>> calls_;  // with their indexes
};

struct Decoded {
    Collected got;
    AnswerFacts facts;
    EndVerdict verdict;
};

// Decodes `bytes` in pieces of `piece` bytes (0: all at once).
Decoded decode(std::string_view bytes, std::size_t piece = 0, std::string_view content_type = "text/event-stream");

// The same whole and in small pieces, which are checked to give the same.
Decoded decode_both(const std::string& bytes);

// "data: {…}" with its blank line.
std::string event(std::string_view json);
// A chunk whose delta is `delta` (members of an object).
std::string delta(std::string_view members);
// A chunk with this content; the text is escaped.
std::string content(std::string_view text);
std::string finished(std::string_view reason = "stop");
inline constexpr std::string_view kDone = "data: [DONE]\n\n";

std::string repeated(std::string_view part, std::size_t count);

std::string read_data(const std::string& name);  // a file below tests/data

// The body of a recorded HTTP response, without its chunk framing; as far as it goes where the recording was cut.
struct Response {
    int status = 0;
    std::string content_type;
    std::string body;
};
Response read_response(const std::string& name);

// One recorded stream and what a client has to read out of it.
struct Recorded {
    std::string file, bytes;
    std::string text, reasoning, finish_reason;  // inline <think> already split
    bool has_error = false, is_done = false;
    Usage usage;
    std::vector<ToolCall> tool_calls;
};
const std::vector<Recorded>& recorded_streams();

// The differences between what was decoded and what was expected, one line each; empty when there are none.
std::string differences(const Recorded& expected, const Collected& got, const AnswerFacts& facts);

}  // namespace llmc::openai::test
