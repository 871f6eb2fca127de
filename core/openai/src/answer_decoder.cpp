#include "openai/answer_decoder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ascii.h"
#include "base/utf8.h"
#include "chunk_reader.h"
#include "json_depth.h"
#include "json_string.h"
#include "outside_json.h"
#include "plain_text.h"
#include "think_splitter.h"
#include "tool_call_joiner.h"

namespace llmc::openai {
namespace {

constexpr const char* kTooDeep = "sent JSON that is nested deeper than 64 levels";
constexpr const char* kTooManyParts = "sent a chunk of more than 10 000 parts";
constexpr std::size_t kMaxBody = net::SseParser::kDefaultLimit;  // bytes of an answer that is no SSE
constexpr std::size_t kMaxBlanks = 4096;                         // bytes before the first one that tells what follows
constexpr std::size_t kMaxName = 500;                            // bytes of a model's or finish reason's name
constexpr std::string_view kDone = "[DONE]";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr const char* kOtherChoices = "the server sent more than one choice; only the first is kept";
constexpr const char* kRefusal = "the model refused to answer; its refusal is the text";
constexpr const char* kNotUtf8 = "the server sent bytes that are not UTF-8; U+FFFD stands in their place";
constexpr const char* kNotJson = "the stream had events that are no chunks of an answer; they were left out";

// Whether nothing that follows can belong to `data`: for servers that leave out the blank line between events.
bool is_whole_message(std::string_view data) {
    const std::string_view text = trim(data);
    const bool is_json = text.starts_with('{') || (text.starts_with('[') && !text.starts_with(kDone));
    return !is_json || is_balanced_json(text);
}

std::string name_in(const JsonString& string) {
    std::string name = to_text(string);
    name.resize(base::utf8_cut(name, kMaxName));
    return name;
}

enum class Framing { undecided, sse, whole };

// What a response is, by its first bytes and its type; undecided while it could be both.
Framing framing_of(std::string_view start, bool has_sse_type) {
    if (kByteOrderMark.starts_with(start)) return Framing::undecided;
    if (start.starts_with(kByteOrderMark)) start.remove_prefix(kByteOrderMark.size());
    const std::string_view text = trim_start(start);
    if (text.empty() && start.size() < kMaxBlanks) return Framing::undecided;
    if (text.empty()) return has_sse_type ? Framing::sse : Framing::whole;
    if (text.front() == '{' || text.front() == '[' || text.front() == '<') return Framing::whole;
    if (has_sse_type) return Framing::sse;
    for (const std::string_view name : {":", "data:", "event:", "id:", "retry:", "error:"}) {
        if (text.starts_with(name)) return Framing::sse;
        if (name.starts_with(text)) return Framing::undecided;
    }
    return Framing::whole;
}

}  // namespace

struct AnswerDecoder::Impl final : net::SseSink {
    explicit Impl(std::string_view type) : content_type(type), has_sse_type(type_is_sse(type)) {}

    // The chunk reader is scratch: a copy makes its own when it needs one.
    Impl(const Impl& other)
        : SseSink(other),
          content_type(other.content_type),
          has_sse_type(other.has_sse_type),
          framing(other.framing),
          body(other.body),
          parser(other.parser),
          text_splitter(other.text_splitter),
          text_half(other.text_half),
          reasoning_half(other.reasoning_half),
          joiner(other.joiner),
          has_odd_event(other.has_odd_event),
          facts(other.facts) {}

    static bool type_is_sse(std::string_view type) {
        return to_lower(trim_start(type)).starts_with("text/event-stream");
    }

    std::string content_type;
    bool has_sse_type;
    Framing framing = Framing::undecided;
    std::string body;  // while undecided, or of an answer that is no SSE
    net::SseParser parser{is_whole_message};
    std::unique_ptr<ChunkReader> reader;
    ThinkSplitter text_splitter;
    char16_t text_half = 0;       // a high surrogate at the end of the text so far
    char16_t reasoning_half = 0;  // … of the reasoning
    ToolCallJoiner joiner;
    bool has_odd_event = false;  // the last event was no chunk
    std::string unescaped;       // storage for one string
    AnswerFacts facts;
    AnswerSink* sink = nullptr;  // during a call

    bool is_over() const { return facts.is_done || facts.error || facts.broken; }

    void feed(std::string_view bytes);
    void feed_parser(std::string_view bytes);
    void finish();
    void read_whole_body();

    bool on_event(const net::SseEvent& event) override;
    const Chunk* read_chunk(std::string_view data);
    void apply(const Chunk& chunk);
    void apply_facts(const Chunk& chunk);
    void find_error_in(const Chunk& chunk, std::string_view data);

    bool pass_text(const JsonString& string, TokenChunk& token);
    bool pass_reasoning(const JsonString& string, TokenChunk& token);
    bool pass_tool_call(const ToolCallPart& part, TokenChunk& token);
    std::string_view text_of(const JsonString& string, char16_t& half);
    bool send_text(std::string_view text, TokenChunk& token);
    bool send_reasoning(std::string_view text, TokenChunk& token);
    void flush();

    void fail(Error error) {
        if (!facts.broken) facts.broken = std::move(error);
    }
    void warn(const char* sentence) {
        if (std::find(facts.warnings.begin(), facts.warnings.end(), sentence) == facts.warnings.end())
            facts.warnings.emplace_back(sentence);
    }
};

void AnswerDecoder::Impl::feed(std::string_view bytes) {
    if (framing == Framing::sse) return feed_parser(bytes);
    body += bytes;
    if (framing == Framing::undecided) framing = framing_of(body, has_sse_type);
    if (framing == Framing::sse) {
        feed_parser(body);
        body = {};
    } else if (body.size() > kMaxBody) {
        fail({ErrorKind::limit, "the answer is no event stream and longer than 16 MiB"});
    }
}

void AnswerDecoder::Impl::feed_parser(std::string_view bytes) {
    if (const auto fed = parser.feed(bytes, *this); !fed.ok()) fail(fed.error());
}

void AnswerDecoder::Impl::finish() {
    if (is_over()) return flush();
    if (framing == Framing::sse) {
        if (const auto finished = parser.finish(*this); !finished.ok()) fail(finished.error());
        if (has_odd_event) facts.is_truncated = true;
    } else {
        read_whole_body();
    }
    flush();
}

// A JSON answer although a stream was asked for, an error page, or anything else.
void AnswerDecoder::Impl::read_whole_body() {
    std::string_view text = body;
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    text = trim(text);
    if (text.empty()) return;
    if (is_too_deep(text)) return fail({ErrorKind::limit, kTooDeep});
    std::string padded(text);
    padded.resize(text.size() + net::kSsePadding);
    const std::string_view json = std::string_view(padded).substr(0, text.size());
    const Chunk* chunk = read_chunk(json);
    if (chunk && chunk->has_choice && (chunk->choice.has_message || chunk->choice.has_delta)) {
        ++facts.events;
        apply(*chunk);
        find_error_in(*chunk, json);
        facts.is_done = true;
        return;
    }
    if (is_over()) return;
    if (text.front() == '{' && !chunk && !is_balanced_json(text)) {
        facts.is_truncated = true;
        return;
    }
    ServerError error = read_error_body(200, content_type, text);
    if (error.kind == ErrorKind::protocol)
        fail({ErrorKind::protocol, "did not send an answer in the OpenAI format: " + error.message});
    else
        facts.error = std::move(error);
}

bool AnswerDecoder::Impl::on_event(const net::SseEvent& event) {
    const std::string_view data = trim(event.data);
    if (data.starts_with(kDone)) {
        facts.is_done = true;
        return false;
    }
    const bool is_error = event.type == "error";
    if (data.empty() && !is_error) return true;  // a heartbeat
    if (event.is_unterminated && !is_balanced_json(data)) {
        facts.is_truncated = true;
        return true;
    }
    if (is_error) {
        facts.error = read_error_event(data);
        return false;
    }
    if (has_odd_event) warn(kNotJson);
    if (is_too_deep(data)) {
        fail({ErrorKind::limit, kTooDeep});
        return false;
    }
    const Chunk* chunk = read_chunk(data);
    has_odd_event = !chunk;
    if (!chunk) return !is_over();
    ++facts.events;
    apply(*chunk);
    find_error_in(*chunk, data);
    return !is_over();
}

const Chunk* AnswerDecoder::Impl::read_chunk(std::string_view data) {
    if (!reader) reader = std::make_unique<ChunkReader>();
    const Chunk* chunk = reader->read(data);
    if (reader->has_too_many_parts()) fail({ErrorKind::limit, kTooManyParts});
    return chunk;
}

void AnswerDecoder::Impl::apply(const Chunk& chunk) {
    const ChoicePart& choice = chunk.choice;
    if (chunk.has_other_choices) warn(kOtherChoices);
    if (chunk.was_repaired) warn(kNotUtf8);
    // A whole message counts only where no deltas came before it: some servers end a stream by repeating everything.
    const bool has_parts = choice.has_delta || !(facts.has_text || facts.has_reasoning || !facts.tool_calls.empty());
    TokenChunk token;
    bool is_token = false;
    const auto pass = [&](const JsonString& string, auto pass_on) {
        if (string.raw.empty()) return true;
        is_token = true;
        return (this->*pass_on)(string, token);
    };
    bool goes_on = true;
    if (chunk.has_choice && has_parts) {
        const bool has_field = !choice.reasoning_content.raw.empty() || !choice.reasoning.raw.empty();
        goes_on = pass(choice.reasoning_content.raw.empty() ? choice.reasoning : choice.reasoning_content,
                       &Impl::pass_reasoning);
        if (!has_field)
            for (const JsonString& part : choice.thinking) goes_on = goes_on && pass(part, &Impl::pass_reasoning);
        for (const JsonString& part : choice.content) goes_on = goes_on && pass(part, &Impl::pass_text);
        if (!choice.refusal.raw.empty()) warn(kRefusal);
        goes_on = goes_on && pass(choice.refusal, &Impl::pass_text);
        for (const ToolCallPart& part : choice.tool_calls) {
            goes_on = goes_on && pass_tool_call(part, token);
            is_token = true;
        }
    }
    if (is_token) sink->on_token_chunk(token);
    apply_facts(chunk);
}

void AnswerDecoder::Impl::apply_facts(const Chunk& chunk) {
    if (!chunk.choice.finish_reason.raw.empty()) facts.finish_reason = name_in(chunk.choice.finish_reason);
    if (facts.reported_model.empty() && !chunk.model.raw.empty()) facts.reported_model = name_in(chunk.model);
    if (chunk.usage != Usage{}) facts.usage = chunk.usage;
    if (chunk.timings != ServerTimings{}) facts.timings = chunk.timings;
}

void AnswerDecoder::Impl::find_error_in(const Chunk& chunk, std::string_view data) {
    if (chunk.has_error || !chunk.has_choices) {
        const auto json = parse_outside_json(data);
        if (json.ok())
            facts.error = find_error(json.value());
        else if (chunk.has_error)
            facts.error = read_error_event(data);
        else
            has_odd_event = true;
    }
    if (!facts.error && facts.finish_reason == "error") {
        facts.error.emplace();
        facts.error->message = "the server ended the answer with the finish reason \"error\"";
    }
}

bool AnswerDecoder::Impl::pass_text(const JsonString& string, TokenChunk& token) {
    const auto split = text_splitter.feed(text_of(string, text_half));
    return send_reasoning(split.reasoning, token) && send_text(split.text, token);
}

bool AnswerDecoder::Impl::pass_reasoning(const JsonString& string, TokenChunk& token) {
    return send_reasoning(text_of(string, reasoning_half), token);
}

bool AnswerDecoder::Impl::pass_tool_call(const ToolCallPart& part, TokenChunk& token) {
    token.has_tool_call = true;
    const std::string arguments =
        part.arguments_json.empty() ? to_text(part.arguments) : std::string(trim(part.arguments_json));
    const std::string id = to_text(part.id), name = to_text(part.name);
    const auto added = joiner.add(facts.tool_calls, part.index, id, name, arguments);
    if (!added.ok()) {
        fail(added.error());
        return false;
    }
    sink->on_tool_call(added.value());
    return true;
}

// The text of a string, which is copied only where it has escapes.
std::string_view AnswerDecoder::Impl::text_of(const JsonString& string, char16_t& half) {
    if (!string.has_escapes && !half) return string.raw;
    unescaped.clear();
    append_text(string, half, unescaped);
    return unescaped;
}

bool AnswerDecoder::Impl::send_text(std::string_view text, TokenChunk& token) {
    if (text.empty()) return true;
    facts.has_text = token.has_text = true;
    const auto taken = sink->on_text(text);
    if (!taken.ok()) fail(taken.error());
    return taken.ok();
}

bool AnswerDecoder::Impl::send_reasoning(std::string_view text, TokenChunk& token) {
    if (text.empty()) return true;
    facts.has_reasoning = token.has_reasoning = true;
    const auto taken = sink->on_reasoning(text);
    if (!taken.ok()) fail(taken.error());
    return taken.ok();
}

// What was held back belongs to the answer only where the answer ended by itself. In a stream that was cut, it would be
// the beginning of a tag or half a character, which the whole stream would not have shown.
void AnswerDecoder::Impl::flush() {
    const bool ended = (facts.is_done || !facts.finish_reason.empty()) && !facts.error && !facts.broken;
    if (!ended) return;
    TokenChunk token;
    const auto finish_half = [](char16_t& half) -> std::string_view {
        if (!half) return {};
        half = 0;
        return "\uFFFD";
    };
    send_reasoning(finish_half(reasoning_half), token);
    const auto last = text_splitter.feed(finish_half(text_half));
    if (send_reasoning(last.reasoning, token) && send_text(last.text, token)) {
        const auto held = text_splitter.finish();
        send_reasoning(held.reasoning, token);
        send_text(held.text, token);
    }
}

AnswerDecoder::AnswerDecoder(std::string_view content_type) : impl_(std::make_unique<Impl>(content_type)) {}
AnswerDecoder::AnswerDecoder(const AnswerDecoder& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
AnswerDecoder& AnswerDecoder::operator=(const AnswerDecoder& other) {
    if (this != &other) impl_ = std::make_unique<Impl>(*other.impl_);
    return *this;
}
AnswerDecoder::AnswerDecoder(AnswerDecoder&&) noexcept = default;
AnswerDecoder& AnswerDecoder::operator=(AnswerDecoder&&) noexcept = default;
AnswerDecoder::~AnswerDecoder() = default;

bool AnswerDecoder::feed(std::string_view bytes, AnswerSink& sink) {
    if (impl_->is_over()) return false;
    impl_->sink = &sink;
    impl_->feed(bytes);
    impl_->sink = nullptr;
    return !impl_->is_over();
}

void AnswerDecoder::finish(AnswerSink& sink) {
    impl_->sink = &sink;
    impl_->finish();
    impl_->sink = nullptr;
}

const AnswerFacts& AnswerDecoder::facts() const {
    return impl_->facts;
}

}  // namespace llmc::openai
