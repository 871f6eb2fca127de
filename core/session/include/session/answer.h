// What one candidate said in one round.
//
// Thread contract: Answer is a plain value, copied freely; copies share the AnswerStream. An AnswerStream is written by
// one worker and read by anyone (text) and by one reader (live): see there.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/append_log.h"
#include "base/clock.h"
#include "base/triple_buffer.h"
#include "metrics/answer_metrics.h"
#include "net/http.h"
#include "openai/tool_call.h"
#include "session/candidate.h"
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

struct Failure {
    net::Phase phase = net::Phase::resolve;
    int status = 0;  // HTTP status; 0 where none arrived
    ErrorKind kind = ErrorKind::internal;
    std::string message;  // who, what, where, what was kept: a sentence
    bool operator==(const Failure&) const = default;
};

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

// What its server reported about the model that answered; empty where it did not.
struct ServedModel {
    std::string quantization, format;
    std::optional<std::int64_t> context_length;
    bool operator==(const ServedModel&) const = default;
};

struct Rating {
    std::optional<int> thumbs;  // 1 or -1
    std::optional<int> stars;   // 1-5
    std::string note;
    bool is_empty() const { return !thumbs && !stars && note.empty(); }
    bool operator==(const Rating&) const = default;
};

// What one check of a suite says of an answer (product.md section 8).
struct CheckResult {
    std::string type;  // "contains", …
    bool passed = false;
    std::string detail;  // why not; empty where it passed
    std::optional<std::int64_t>
        at_char;  // the place that broke the contract: code points from 0 in the text as it came
    bool operator==(const CheckResult&) const = default;
};

struct Answer {
    CandidateId candidate;
    int round = 0;         // from 1
    int attempt = 1;       // 2 and more after a retry
    int history_from = 1;  // a round: what was said before it is left out of what the model is sent
    AnswerState state = AnswerState::queued;
    std::string finish_reason;   // empty: none arrived
    std::string server;          // Server::label(); empty before one was chosen
    std::string reported_model;  // as the server named it; empty where it did not
    std::vector<std::string> warnings;
    std::optional<Failure> failure;
    metrics::AnswerMetrics metrics;
    std::vector<openai::ToolCall> tool_calls;
    AnswerSettings settings;
    ServedModel served;
    Rating rating;
    std::vector<CheckResult> checks;  // of a suite's prompt, in the suite's order; empty until the answer has ended
    std::optional<base::WallTime> started_at, ended_at;
    std::shared_ptr<AnswerStream> stream;  // never null
    base::OrderedJson unknown;  // members of a session file that this program does not know, kept; null for none

    std::string_view text() const { return stream ? stream->text() : std::string_view{}; }
    std::string_view reasoning() const { return stream ? stream->reasoning() : std::string_view{}; }
};

}  // namespace llmc::session
