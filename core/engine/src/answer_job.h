// One request on its way: what a worker needs, what it says back.
//
// Thread contract: an AnswerJob is made by the director and handed to one worker; AnswerControl is shared by the two.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "check/checks.h"
#include "net/http.h"
#include "openai/answer_decoder.h"
#include "openai/chat_request.h"
#include "openai/redact.h"
#include "session/session.h"

namespace llmc::engine {

// Which request of which answer: never by model id. A late message of a worker whose answer was replaced finds no match and is dropped.
struct AnswerKey {
    int round = 0;
    session::CandidateId candidate;
    int attempt = 1;
    int step = 1;  // of an answer that takes several requests
    bool operator==(const AnswerKey&) const = default;
};

enum class StopReason {
    none,
    stopped,      // by the user
    interrupted,  // by another's failure
    check         // by one of its checks, which is the last word: also where the whole answer has come
};

// The director's hand on a running answer.
class AnswerControl {
public:
    // Asks for the end; the first reason stays.
    void stop(StopReason reason);
    StopReason stop_reason() const { return reason_.load(std::memory_order_acquire); }
    const net::Cancellation& cancellation() const { return cancellation_; }

    // Waits; false at once when the answer is stopped.
    bool wait(base::Duration time);

    // What the director learns about the model's state while the worker waits for the first byte.
    void set_model_load(base::Duration load) { model_load_ns_.store(load.count(), std::memory_order_release); }
    void set_warmth(metrics::ModelWarmth warmth) { warmth_.store(warmth, std::memory_order_release); }
    std::optional<base::Duration> model_load() const;
    metrics::ModelWarmth warmth() const { return warmth_.load(std::memory_order_acquire); }

    // The worker's word of the request that is on its way. A moment that is none is zero.
    void set_sent(base::TimePoint when);
    void set_first_token(base::TimePoint when) { first_token_.store(when, std::memory_order_release); }
    base::TimePoint sent() const { return sent_.load(std::memory_order_acquire); }
    base::TimePoint first_token() const { return first_token_.load(std::memory_order_acquire); }

private:
    net::Cancellation cancellation_;
    std::atomic<StopReason> reason_{StopReason::none};
    std::atomic<std::int64_t> model_load_ns_{-1};
    std::atomic<metrics::ModelWarmth> warmth_{metrics::ModelWarmth::cold};
    std::atomic<base::TimePoint> sent_{base::TimePoint{}}, first_token_{base::TimePoint{}};
    base::Mutex mutex_;  // of waits only: guards no member
    std::condition_variable_any stopped_;
};

struct AnswerJob {
    AnswerKey key;
    session::Server server;
    std::vector<net::BaseUrl>
        other_places;  // where the API may begin too: of a server without a list, which cannot tell
    openai::ChatRequest request;
    net::Deadlines deadlines;  // connect, between tokens, total
    std::shared_ptr<session::AnswerStream> stream;
    std::shared_ptr<AnswerControl> control;
    std::shared_ptr<const openai::Redactor> redactor;
    base::Duration queue_wait{};
    int requests_in_flight = 1;
    std::shared_ptr<const std::vector<check::Check>> checks;  // of a suite's task; null: none
    // The candidate began an answer in the middle of a thought before: no check breaks until the thought has ended.
    bool begins_in_thought = false;
    bool is_step = false;  // of several: its end tells what sums are made of
};

struct AnswerUpdate {
    AnswerKey key;
    std::optional<session::AnswerState> state;        // loading, processing, streaming
    std::string warning;                              // empty: none
    std::vector<session::CheckResult> broken_checks;  // all that are broken so far; empty: nothing new
    // The text so far was a thought: what goes on in the stream's place, without it. Null: nothing new.
    std::shared_ptr<session::AnswerStream> stream;
};

struct AnswerEnd {
    AnswerKey key;
    session::AnswerState state = session::AnswerState::failed;
    std::string finish_reason;
    std::string reported_model;
    std::vector<std::string> warnings;
    std::optional<session::Failure> failure;
    metrics::AnswerMetrics metrics;
    std::vector<openai::ToolCall> tool_calls;
    bool without_temperature = false;  // the server refused it
    bool never_connected = false;      // nothing was sent: another server may be asked
    net::Phase phase = net::Phase::resolve;
    // Of a step: the gaps between its chunks, when its first byte was sent, and its last token; zero where none came.
    std::vector<float> gaps_ms;
    base::TimePoint sent{}, last_token{};
};

}  // namespace llmc::engine
