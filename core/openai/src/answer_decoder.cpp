#include "openai/answer_decoder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ascii.h"
#include "base/utf8.h"
#include "chunk_reader.h"
#include "foreign_answer.h"
#include "json_depth.h"
#include "json_string.h"
#include "outside_json.h"
#include "plain_text.h"
#include "reasoning_merger.h"
#include "think_splitter.h"
#include "tool_call_joiner.h"

namespace llmc::openai {
namespace {

constexpr const char* kTooDeep = "sent JSON that is nested deeper than 64 levels";
constexpr const char* kTooManyParts = "sent a chunk of more than 10 000 parts";
constexpr std::size_t kMaxBody = net::SseParser::kDefaultLimit;  // bytes of an answer that is no SSE
constexpr std::size_t kMaxBlanks = 4096;                         // bytes before the first one that tells what follows
constexpr std::size_t kMaxName = 500;                            // bytes of a model's or finish reason's name
constexpr std::size_t kMaxExcerpt = 200;                         // bytes of an event that is quoted
constexpr std::string_view kDone = "[DONE]";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr const char* kOtherChoices = "the server sent more than one choice; only the first is kept";
constexpr const char* kRefusal = "the model refused to answer; its refusal is the text";
constexpr const char* kNotUtf8 = "the server sent bytes that are not UTF-8; U+FFFD stands in their place";
constexpr const char* kUtf16 = "sent its answer in UTF-16; event streams and JSON are UTF-8";
constexpr const char* kNotJson = "the stream had events that are no chunks of an answer; they were left out";

// Whether nothing that follows can belong to `data`: for servers that leave out the blank line between events.
bool is_whole_message(std::string_view data) {
    const std::string_view text = trim(data);
    const bool is_json = text.starts_with('{') || (text.starts_with('[') && !text.starts_with(kDone));
    return !is_json || is_balanced_json(text);
}

std::string foreign_words(std::string_view name) {
    return "sent " + std::string(name) + ", not an OpenAI chat stream: another path of this server may be right";
}

// The beginning of what a server sent, as words for people: one line, valid UTF-8, no control characters.
std::string excerpt(std::string_view text) {
    std::string words = base::to_valid_utf8(text.substr(0, base::utf8_cut(text, kMaxExcerpt)));
    for (char& c : words)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') c = ' ';
    return text.size() > kMaxExcerpt ? words + "…" : words;
}

std::string name_in(const JsonString& string) {
    std::string name = to_text(string);
    name.resize(base::utf8_cut(name, kMaxName));
    return name;
}

enum class Framing { undecided, sse, whole, utf16 };

// What a response is, by its first bytes and its type; undecided while it could be both.
Framing framing_of(std::string_view start, bool has_sse_type) {
    if (start.size() < 2) return Framing::undecided;
    const std::string_view mark = start.substr(0, 2);
    if (mark == "\xFF\xFE" || mark == "\xFE\xFF" || mark.find('\0') != std::string_view::npos) return Framing::utf16;
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

struct AnswerDecoder::Impl final : net::SseSink, ThinkSplitter::Out {
    explicit Impl(std::string_view type) : content_type(type), has_sse_type(type_is_sse(type)) {}

    // The chunk reader is scratch: a copy makes its own when it needs one.
    Impl(const Impl& other)
        : SseSink(other),
          ThinkSplitter::Out(other),
          content_type(other.content_type),
          has_sse_type(other.has_sse_type),
          framing(other.framing),
          body(other.body),
          parser(other.parser),
          text_splitter(other.text_splitter),
          text_half(other.text_half),
          reasoning_halves(other.reasoning_halves),
          merger(other.merger),
          joiner(other.joiner),
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
    char16_t text_half = 0;  // a high surrogate at the end of the text so far
    std::array<char16_t, kReasoningSources> reasoning_halves{};
    ReasoningMerger merger;
    ToolCallJoiner joiner;
    std::string unescaped;  // storage for one string
    AnswerFacts facts;
    AnswerSink* sink = nullptr;  // during a call
    TokenChunk token;            // what the chunk at hand brought

    bool has_answer() const { return facts.has_text || facts.has_reasoning || !facts.tool_calls.empty(); }
    bool is_over() const { return facts.is_done || facts.error || facts.broken; }

    void feed(std::string_view bytes);
    void feed_parser(std::string_view bytes);
    void finish();
    void read_whole_body();

    bool on_event(const net::SseEvent& event) override;
    const Chunk* read_chunk(std::string_view data);
    void apply(const Chunk& chunk);
    void apply_facts(const Chunk& chunk);
    void take_usage(const Chunk& chunk);
    void find_error_in(const Chunk& chunk, std::string_view data);
    void read_event_without_choices(const base::Json& json);
    void judge_odd_event(std::string_view data);

    bool pass_text(const JsonString& string);
    bool pass_reasoning(const ReasoningPart& part);
    bool pass_tool_call(const ToolCallPart& part);
    std::string_view text_of(const JsonString& string, char16_t& half);
    bool send_reasoning(ReasoningSource source, std::string_view text, bool is_new = false);
    void flush();

    // ThinkSplitter::Out
    bool text(std::string_view piece) override;
    bool thought(std::string_view piece, bool is_new) override {
        return send_reasoning(ReasoningSource::tag, piece, is_new);
    }
    bool text_was_thought() override;

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
    } else if (framing == Framing::utf16) {
        fail({ErrorKind::protocol, kUtf16});
    } else if (body.size() > kMaxBody) {
        fail({ErrorKind::limit, "the answer is no event stream and longer than 16 MiB"});
    }
}

void AnswerDecoder::Impl::feed_parser(std::string_view bytes) {
    if (const auto fed = parser.feed(bytes, *this); !fed.ok()) fail(fed.error());
}

void AnswerDecoder::Impl::finish() {
    if (is_over()) return flush();
    if (framing == Framing::undecided && has_sse_type) {
        framing = Framing::sse;
        feed_parser(body);
    }
    if (framing == Framing::sse) {
        if (const auto finished = parser.finish(*this); !finished.ok()) fail(finished.error());
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
    if (const auto document = parse_outside_json(text); document.ok())
        if (const std::string_view name = foreign_answer(document.value()); !name.empty())
            return fail({ErrorKind::protocol, foreign_words(name)});
    ServerError error = read_error_body(200, content_type, text);
    if (error.kind == ErrorKind::protocol)
        fail({ErrorKind::protocol, "did not send an answer in the OpenAI format: " + error.message});
    else
        facts.error = std::move(error);
}

bool AnswerDecoder::Impl::on_event(const net::SseEvent& event) {
    const std::string_view data = trim(event.data);
    if (data == kDone) {
        facts.is_done = true;
        return false;
    }
    if (data.starts_with(kDone)) {
        fail({ErrorKind::protocol, "ended its stream with what only begins like [DONE]: " + excerpt(data)});
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
    if (is_too_deep(data)) {
        fail({ErrorKind::limit, kTooDeep});
        return false;
    }
    if (const Chunk* chunk = read_chunk(data)) {
        ++facts.events;
        apply(*chunk);
        find_error_in(*chunk, data);
    } else if (!is_over()) {
        judge_odd_event(data);
    }
    return !is_over();
}

// An event that is no chunk: what begins like JSON and is none was damaged on its way, and what it brought is lost.
// Behind a finish reason there is nothing to lose.
void AnswerDecoder::Impl::judge_odd_event(std::string_view data) {
    if (facts.finish_reason.empty() && (data.front() == '{' || data.front() == '[')) {
        const auto json = parse_outside_json(data);
        if (!json.ok() && json.error().kind != ErrorKind::limit)
            return fail({ErrorKind::protocol, "sent an event that begins like JSON and is none: " + excerpt(data)});
    }
    warn(kNotJson);
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
    const bool has_parts = choice.has_delta || !has_answer();
    token = {};
    bool is_token = false;
    const auto pass = [&](const JsonString& string, const auto& part, auto pass_on) {
        if (string.raw.empty()) return true;
        is_token = true;
        return (this->*pass_on)(part);
    };
    bool goes_on = true;
    if (chunk.has_choice && has_parts) {
        for (const ReasoningPart& part : choice.reasoning)
            goes_on = goes_on && pass(part.text, part, &Impl::pass_reasoning);
        for (const JsonString& part : choice.content) goes_on = goes_on && pass(part, part, &Impl::pass_text);
        if (!choice.refusal.raw.empty()) warn(kRefusal);
        goes_on = goes_on && pass(choice.refusal, choice.refusal, &Impl::pass_text);
        for (const ToolCallPart& part : choice.tool_calls) {
            goes_on = goes_on && pass_tool_call(part);
            is_token = true;
        }
    }
    if (is_token) sink->on_token_chunk(token);
    apply_facts(chunk);
}

void AnswerDecoder::Impl::apply_facts(const Chunk& chunk) {
    if (!chunk.choice.finish_reason.raw.empty()) facts.finish_reason = name_in(chunk.choice.finish_reason);
    if (facts.reported_model.empty() && !chunk.model.raw.empty()) facts.reported_model = name_in(chunk.model);
    if (chunk.usage != Usage{}) take_usage(chunk);
    if (chunk.timings != ServerTimings{}) facts.timings = chunk.timings;
}

// A count of 0 where something came is none. Where the total says so, the output is completed by the reasoning that was
// left out of it (xAI, Gemini).
void AnswerDecoder::Impl::take_usage(const Chunk& chunk) {
    Usage usage = chunk.usage;
    if (usage.prompt_tokens == 0) usage.prompt_tokens.reset();  // a chat has a prompt
    if (usage.output_tokens == 0 && has_answer()) usage.output_tokens.reset();
    if (usage.reasoning_tokens == 0 && facts.has_reasoning) usage.reasoning_tokens.reset();
    if (usage.prompt_tokens && usage.output_tokens && chunk.total_tokens) {
        const std::int64_t left_out = *chunk.total_tokens - *usage.prompt_tokens - *usage.output_tokens;
        const bool is_reasoning = usage.reasoning_tokens
                                      ? left_out == *usage.reasoning_tokens
                                      : facts.has_reasoning && left_out != usage.cached_tokens.value_or(0);
        if (left_out > 0 && is_reasoning) {
            *usage.output_tokens += left_out;
            usage.reasoning_tokens = left_out;
        }
    }
    // Some tell the prompt's tokens in the first chunk and the answer's in the last.
    const auto keep = [](auto& now, const auto& before) {
        if (!now) now = before;
    };
    keep(usage.prompt_tokens, facts.usage.prompt_tokens);
    keep(usage.output_tokens, facts.usage.output_tokens);
    keep(usage.reasoning_tokens, facts.usage.reasoning_tokens);
    keep(usage.cached_tokens, facts.usage.cached_tokens);
    facts.usage = usage;
}

void AnswerDecoder::Impl::find_error_in(const Chunk& chunk, std::string_view data) {
    if (chunk.has_error || !chunk.has_choices) {
        const auto json = parse_outside_json(data);
        if (json.ok()) {
            facts.error = find_error(json.value());
            if (!facts.error && !chunk.has_choices) read_event_without_choices(json.value());
        } else if (chunk.has_error) {
            facts.error = read_error_event(data);
        } else {
            judge_odd_event(data);
        }
    }
    if (!facts.error && facts.finish_reason == "error") {
        facts.error.emplace();
        facts.error->message = "the server ended the answer with the finish reason \"error\"";
    }
}

// Progress; or a stream of another interface, as long as nothing of an OpenAI answer has come.
void AnswerDecoder::Impl::read_event_without_choices(const base::Json& json) {
    if (!has_answer() && facts.finish_reason.empty())
        if (const std::string_view name = foreign_answer(json); !name.empty())
            return fail({ErrorKind::protocol, foreign_words(name)});
    for (const char* key : {"detail", "message", "status"})
        if (const auto words = base::get_string(json, key); words && !words->empty()) facts.progress = excerpt(*words);
}

bool AnswerDecoder::Impl::pass_text(const JsonString& string) {
    return text_splitter.feed(text_of(string, text_half), *this);
}

bool AnswerDecoder::Impl::pass_reasoning(const ReasoningPart& part) {
    text_splitter.note_reasoning();
    return send_reasoning(part.source, text_of(part.text, reasoning_halves[static_cast<std::size_t>(part.source)]));
}

bool AnswerDecoder::Impl::pass_tool_call(const ToolCallPart& part) {
    token.has_tool_call = true;
    const auto added = joiner.add(facts.tool_calls, part);
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

bool AnswerDecoder::Impl::text(std::string_view piece) {
    if (piece.empty()) return true;
    facts.has_text = token.has_text = true;
    const auto taken = sink->on_text(piece);
    if (!taken.ok()) fail(taken.error());
    return taken.ok();
}

bool AnswerDecoder::Impl::send_reasoning(ReasoningSource source, std::string_view text, bool is_new) {
    const std::string_view fresh = merger.add(source, text, is_new);
    if (fresh.empty()) return true;
    facts.has_reasoning = token.has_reasoning = true;
    const auto taken = sink->on_reasoning(fresh);
    if (!taken.ok()) fail(taken.error());
    return taken.ok();
}

bool AnswerDecoder::Impl::text_was_thought() {
    facts.has_text = token.has_text = false;
    const auto taken_back = sink->take_text_back();
    if (taken_back.ok()) return thought(taken_back.value(), true);
    fail(taken_back.error());
    return false;
}

// What was held back belongs to the answer only where the answer ended by itself. In a stream that was cut, it would be
// the beginning of a tag or half a character, which the whole stream would not have shown.
void AnswerDecoder::Impl::flush() {
    const bool ended = (facts.is_done || !facts.finish_reason.empty()) && !facts.error && !facts.broken;
    if (!ended) return;
    constexpr std::string_view kHalf = "\uFFFD";
    for (std::size_t i = 0; i < kReasoningSources; ++i)
        if (std::exchange(reasoning_halves[i], 0) != 0) send_reasoning(static_cast<ReasoningSource>(i), kHalf);
    if (std::exchange(text_half, 0) == 0 || text_splitter.feed(kHalf, *this)) text_splitter.finish(*this);
    while (const auto piece = joiner.finish(facts.tool_calls)) sink->on_tool_call(*piece);
    if (facts.usage.output_tokens == 0 && has_answer()) facts.usage.output_tokens.reset();
    if (facts.usage.reasoning_tokens == 0 && facts.has_reasoning) facts.usage.reasoning_tokens.reset();
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
