// The growing part of an answer, and how far it is.
//
// Thread contract: an AnswerStream is written by one worker and read by anyone (text) and by one reader (live): see
// there.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/append_log.h"
#include "base/clock.h"
#include "base/triple_buffer.h"
#include "metrics/answer_metrics.h"
#include "net/http.h"
#include "session/tool_call_log.h"

namespace llmc::session {

// product.md section 5.
enum class AnswerState {
    queued,
    loading,
    processing,
    streaming,
    complete,
    stopped,
    interrupted,
    cut_off,
    empty,
    failed
};
std::string_view answer_state_name(AnswerState state);  // "cut_off"
std::optional<AnswerState> answer_state_from(std::string_view name);
bool is_final(AnswerState state);    // complete … failed
bool is_failure(AnswerState state);  // cut_off, empty, failed: what halts a session

// What a front end shows of a running answer; small, published as often as tokens arrive.
struct AnswerLive {
    net::Phase phase = net::Phase::resolve;
    metrics::AnswerMetrics metrics;
    base::TimePoint started{};  // t0; zero before
    base::TimePoint last_token{};
};

// A log that most answers do not need: made on its first byte.
// Thread contract: append() and seal() by one writer; view() by anyone.
class LazyLog {
public:
    LazyLog() = default;
    ~LazyLog();
    LazyLog(const LazyLog&) = delete;
    LazyLog& operator=(const LazyLog&) = delete;

    // `limit` in bytes, of all that is ever appended. Errors: `limit`.
    Result<void> append(std::string_view utf8, std::size_t limit);
    void seal();
    // Takes a whole log; only while nobody else uses this one.
    void hold(base::AppendLog log);
    std::string_view view() const;

private:
    std::atomic<base::AppendLog*> log_{nullptr};
};

// The growing part of an answer.
// Thread contract: append_…/publish/seal by the one worker; text(), reasoning(), tool_call_log() by anyone; live() by
// one reader (the front end). Invariant: text, reasoning and tool calls only grow.
class AnswerStream {
public:
    // Errors: `limit` when the system has no address space for the text.
    static Result<std::shared_ptr<AnswerStream>> make(std::size_t limit = base::AppendLog::kDefaultLimit);
    // A finished one, from a file. Ill-formed bytes must have been repaired.
    static Result<std::shared_ptr<AnswerStream>> holding(std::string_view text, std::string_view reasoning);

    // What `before` holds but its text: goes on in its place where that text was found to be no answer.
    static Result<std::shared_ptr<AnswerStream>> without_text(const AnswerStream& before);

    explicit AnswerStream(base::AppendLog text, std::size_t limit) : text_(std::move(text)), limit_(limit) {}
    Result<void> append_text(std::string_view utf8);
    Result<void> append_reasoning(std::string_view utf8);
    Result<void> append_tool_call(const openai::ToolCallPiece& piece);
    void publish(const AnswerLive& live) { live_.write(live); }
    void seal();

    std::string_view text() const { return text_.view(); }
    std::string_view reasoning() const { return reasoning_.view(); }
    // As far as they have come, for read_tool_call_log(); Answer::tool_calls has them at the end.
    std::string_view tool_call_log() const { return tool_calls_.view(); }
    const AnswerLive& live() { return live_.read(); }

private:
    base::AppendLog text_;
    LazyLog reasoning_, tool_calls_;
    ToolCallLogWriter tool_call_writer_;
    std::size_t limit_;
    base::TripleBuffer<AnswerLive> live_;
};

}  // namespace llmc::session
