#include "worker.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "check/stream_judge.h"
#include "failure_text.h"
#include "metrics/recorder.h"
#include "net/failure_words.h"
#include "openai/retry_after.h"
#include "openai/server_error.h"

namespace llmc::engine {
namespace {

using namespace std::chrono_literals;
using session::AnswerState;

constexpr std::size_t kErrorBodyLimit = std::size_t{1} << 20;  // bytes; product.md section 5, "error body 1 MiB"
constexpr base::Duration kAfterFinish =
    5s;  // for usage and [DONE] after the finish reason; the answer is complete by then
constexpr base::Duration kLoadingPause = 1s;    // product.md section 2.7
constexpr int kMaxBusyRetries = 3;              // product.md section 2.7
constexpr base::Duration kMaxRetryAfter = 60s;  // product.md section 2.7
constexpr base::Duration kOwnPause = 500ms;     // until another of our connections may have ended
constexpr base::Duration kBusyPause = 2s;       // a server that says "busy, try again" without Retry-After (Ollama)

// One response: decodes it into the stream, counts it, publishes it.
class Receiver final : public net::HttpReceiver, public openai::AnswerSink {
public:
    // `is_loading`: the server said before that it loads the model; the state stays `loading` until it answers.
    // `stream` is replaced where the text is taken back.
    Receiver(const AnswerJob& job, const WorkerPorts& ports, metrics::Recorder& recorder,
             std::shared_ptr<session::AnswerStream>& stream, bool is_loading)
        : job_(job),
          ports_(ports),
          recorder_(recorder),
          stream_(stream),
          is_loading_(is_loading),
          text_filter_(job.server.api_key),
          reasoning_filter_(job.server.api_key) {
        if (!job.begins_in_thought) begin_judging();
    }

    // HttpReceiver
    void on_sending(net::HttpCall& call, base::TimePoint request_started) override {
        call_ = &call;
        started_ = request_started;
        recorder_.start(request_started);
        job_.control->set_sent(request_started);
        if (is_loading_)
            ports_.report({.key = job_.key});  // the wait for a token has begun again
        else
            say(AnswerState::processing);
    }
    void on_phase(net::Phase phase) override {
        phase_ = phase;
        publish();
    }
    bool on_head(const net::ResponseHead& head) override {
        head_ = head;
        if (head.status == 200) {
            decoder_.emplace(head.content_type);
            say(AnswerState::processing);
        }
        return true;
    }
    bool on_body(std::string_view bytes) override {
        if (!decoder_) {
            error_body_.append(bytes.substr(0, kErrorBodyLimit - std::min(kErrorBodyLimit, error_body_.size())));
            return error_body_.size() < kErrorBodyLimit;
        }
        now_ = ports_.clock.now();
        const bool wants_more = decoder_->feed(bytes, *this);
        if (!decoder_->facts().finish_reason.empty() && !is_finishing_) {
            is_finishing_ = true;
            call_->progress(kAfterFinish);
        }
        if (has_news_) publish();
        judge_so_far();
        return wants_more && !limit_;
    }

    // AnswerSink
    Result<void> on_text(std::string_view utf8) override {
        return keep(utf8, text_filter_, &session::AnswerStream::append_text, &metrics::Recorder::text);
    }
    Result<void> on_reasoning(std::string_view utf8) override {
        return keep(utf8, reasoning_filter_, &session::AnswerStream::append_reasoning, &metrics::Recorder::reasoning);
    }
    // Text is shown as it comes, before a lone closing tag may tell that it was a thought. A stream only grows, so
    // another takes its place; who shows it begins it anew, as with another attempt.
    Result<std::string_view> take_text_back() override {
        flush(text_filter_, &session::AnswerStream::append_text);
        auto next = session::AnswerStream::without_text(*stream_);
        if (!next) limit_ = next.error();
        if (!next) return next.error();
        taken_back_ = std::exchange(stream_, std::move(*next));
        taken_back_->seal();
        recorder_.text_was_reasoning();
        begin_judging();
        ports_.report({.key = job_.key, .stream = stream_});
        publish();
        return taken_back_->text();
    }
    // For the crash journal, as it comes; a failure costs that only. Without the key, like all that is written.
    void on_tool_call(const openai::ToolCallPiece& piece) override {
        if (!text_filter_.is_active()) {
            (void)stream_->append_tool_call(piece);
            return;
        }
        const std::string& key = job_.server.api_key;
        while (call_filters_.size() <= piece.call) call_filters_.emplace_back(key);
        const std::string id = openai::without_key(piece.id, key), name = openai::without_key(piece.name, key);
        clean_.clear();
        call_filters_[piece.call].feed(piece.arguments, clean_);
        (void)stream_->append_tool_call({piece.call, piece.index, id, name, clean_});
    }
    void on_token_chunk(const openai::TokenChunk& chunk) override {
        recorder_.token_chunk(now_, chunk);
        if (last_token_ == base::TimePoint{}) job_.control->set_first_token(now_);
        last_token_ = now_;
        has_news_ = true;
        if (call_ && !is_finishing_) call_->progress();
        say(AnswerState::streaming);
    }

    // The request has ended: what was held back comes out.
    void finish() {
        call_ = nullptr;  // lives as long as the request
        if (last_token_ == base::TimePoint{}) job_.control->set_sent({});
        now_ = ports_.clock.now();
        if (decoder_) decoder_->finish(*this);
        flush(text_filter_, &session::AnswerStream::append_text);
        flush(reasoning_filter_, &session::AnswerStream::append_reasoning);
        publish();
    }

    const net::ResponseHead& head() const { return head_; }
    const std::string& error_body() const { return error_body_; }
    const openai::AnswerFacts* facts() const { return decoder_ ? &decoder_->facts() : nullptr; }
    const std::optional<Error>& limit() const { return limit_; }
    base::TimePoint started() const { return started_; }

private:
    using Append = Result<void> (session::AnswerStream::*)(std::string_view);

    Result<void> keep(std::string_view utf8, openai::StreamRedactor& filter, Append append,
                      void (metrics::Recorder::*count)(std::string_view)) {
        (recorder_.*count)(utf8);
        has_news_ = true;
        if (filter.is_active()) {
            clean_.clear();
            filter.feed(utf8, clean_);
            utf8 = clean_;
        }
        auto kept = ((*stream_).*append)(utf8);
        if (!kept) limit_ = kept.error();
        return kept;
    }
    void flush(openai::StreamRedactor& filter, Append append) {
        if (!filter.is_active()) return;
        clean_.clear();
        filter.finish(clean_);
        if (auto kept = ((*stream_).*append)(clean_); !kept) limit_ = kept.error();
    }

    void begin_judging() {
        judge_.reset();
        breaks_said_ = 0;
        if (!job_.checks) return;
        judge_.emplace(job_.checks);
        if (judge_->is_idle()) judge_.reset();
    }

    // What the answer has broken for good is said at once, and ends it where its check wants that.
    void judge_so_far() {
        if (!judge_) return;
        judge_->update(stream_->text());
        judge_->update(live_);
        if (judge_->breaks().size() == breaks_said_) return;
        breaks_said_ = judge_->breaks().size();
        AnswerUpdate update{.key = job_.key};
        for (const check::Break& one : judge_->breaks()) update.broken_checks.push_back(one.result);
        const check::Break* stop = judge_->stop();
        if (stop && job_.control->stop_reason() == StopReason::none) {
            update.warning = fmt::format("{} {}: {}", kStoppedByCheck, stop->result.type, stop->result.detail);
            job_.control->stop(StopReason::check);
        }
        ports_.report(std::move(update));
    }

    void say(AnswerState state) {
        if (said_ == state) return;
        said_ = state;
        ports_.report({.key = job_.key, .state = state});
    }
    void publish() {
        has_news_ = false;
        session::AnswerLive live;
        live.phase = phase_;
        live.started = started_;
        live.last_token = last_token_;
        if (const auto load = job_.control->model_load()) recorder_.set_model_load(*load);
        recorder_.set_model_warmth(job_.control->warmth());
        live.metrics = recorder_.live(decoder_ ? decoder_->facts().usage : openai::Usage{});
        if (judge_) live_ = live.metrics;
        stream_->publish(live);
        ports_.wake();
    }

    const AnswerJob& job_;
    const WorkerPorts& ports_;
    metrics::Recorder& recorder_;
    std::shared_ptr<session::AnswerStream>& stream_;
    std::shared_ptr<session::AnswerStream> taken_back_;  // what stream_ was before
    const bool is_loading_;
    openai::StreamRedactor text_filter_, reasoning_filter_;
    std::vector<openai::StreamRedactor> call_filters_;  // of the tool calls' arguments
    std::string clean_;
    std::optional<check::StreamJudge> judge_;  // where the checks can break before the end
    std::size_t breaks_said_ = 0;
    metrics::AnswerMetrics live_;  // as published last; for the judge
    net::HttpCall* call_ = nullptr;
    net::Phase phase_ = net::Phase::resolve;
    net::ResponseHead head_;
    std::string error_body_;
    std::optional<openai::AnswerDecoder> decoder_;
    std::optional<Error> limit_;
    std::optional<AnswerState> said_;
    base::TimePoint started_{}, now_{}, last_token_{};
    bool has_news_ = false;
    bool is_finishing_ = false;
};

class Run {
public:
    Run(const AnswerJob& job, const WorkerPorts& ports)
        : job_(job), ports_(ports), stream_(job.stream), begun_(ports.clock.now()) {
        for (const openai::Message& message : job.request.messages) recorder_.prompt(message.content);
        recorder_.set_queue_wait(job.queue_wait);
        recorder_.set_requests_in_flight(job.requests_in_flight);
        recorder_.set_model_warmth(job.control->warmth());
    }

    AnswerEnd run() {
        openai::ChatRequest chat = job_.request;
        int busy_retries = 0;
        for (;;) {
            Receiver receiver(job_, ports_, recorder_, stream_, load_begun_.has_value());
            const net::HttpOutcome outcome = perform(chat, receiver);
            receiver.finish();
            phase_ = outcome.phase;
            const bool has_ended = has_whole_answer(receiver);
            if (job_.control->stop_reason() != StopReason::none && !has_ended) return stopped(receiver);
            if (receiver.facts() && receiver.head().status == 200) return judged(receiver, outcome);
            if (outcome.end == net::HttpOutcome::End::failed && receiver.head().status == 0) {
                if (outcome.error.kind != ErrorKind::own_limit || !waits_for_own_limit(outcome.error))
                    return broken(outcome);
                if (!job_.control->wait(kOwnPause)) return stopped(receiver);
                continue;
            }
            was_answered_ = true;

            // A status that is no success, with what came of its body.
            const int status = receiver.head().status;
            openai::ServerError error =
                openai::read_error_body(status, receiver.head().content_type, receiver.error_body());
            if (asks_elsewhere(status, error) || asks_without(error, chat)) continue;
            if (error.is_loading) {
                if (!has_time_for(kLoadingPause)) return out_of_time(receiver, error);
                if (!load_begun_) {
                    load_begun_ = receiver.started();
                    ports_.report({.key = job_.key, .state = AnswerState::loading});
                }
                const base::Duration left = *load_begun_ + job_.deadlines.no_progress - ports_.clock.now();
                if (!job_.control->wait(std::clamp<base::Duration>(left, 0s, kLoadingPause))) return stopped(receiver);
                if (left <= kLoadingPause) return not_loaded(receiver, error);
                load_ended_ = ports_.clock.now();
                continue;
            }
            if (const auto pause = busy_pause(receiver.head(), error); pause && busy_retries < kMaxBusyRetries) {
                if (!has_time_for(*pause)) return out_of_time(receiver, error);
                ++busy_retries;
                warn(fmt::format("{} was busy (HTTP {}): tried again after {:.3g} s ({} of {})", job_.server.label(),
                                 status, base::seconds(*pause), busy_retries, kMaxBusyRetries));
                if (!job_.control->wait(*pause)) return stopped(receiver);
                continue;
            }
            return refused(receiver, error);
        }
    }

private:
    net::HttpOutcome perform(const openai::ChatRequest& chat, Receiver& receiver) {
        net::HttpRequest request{.method = "POST",
                                 .server = place_,
                                 .path = place_.openai_path("/chat/completions"),
                                 .headers = {{"Content-Type", "application/json"}, {"Accept", "text/event-stream"}},
                                 .body = openai::to_json(chat),
                                 .ca_file = job_.server.ca_file};
        if (!job_.server.api_key.empty())
            request.headers.emplace_back("Authorization", "Bearer " + job_.server.api_key);
        net::Deadlines deadlines = job_.deadlines;
        deadlines.spent = ports_.clock.now() - begun_;
        // The time without a token includes the loading of the model; a busy server is waited for.
        if (load_begun_) deadlines.waited = ports_.clock.now() - *load_begun_;
        return ports_.http.perform(request, deadlines, receiver, job_.control->cancellation());
    }

    // The server said that it was the end: whatever happens after that changes nothing. A check's stop comes from the
    // text itself, and does not depend on how much of the rest came in the same bytes.
    bool has_whole_answer(const Receiver& receiver) const {
        const openai::AnswerFacts* facts = receiver.facts();
        return facts && job_.control->stop_reason() != StopReason::check &&
               (!facts->finish_reason.empty() || facts->is_done) && !facts->error && !facts->broken &&
               !receiver.limit();
    }

    bool has_time_for(base::Duration pause) const {
        return !job_.deadlines.total || ports_.clock.now() + pause < begun_ + *job_.deadlines.total;
    }

    std::optional<base::Duration> busy_pause(const net::ResponseHead& head, const openai::ServerError& error) const {
        if (head.status != 429 && head.status != 503) return std::nullopt;
        if (const auto wait = openai::retry_after(head, ports_.clock.wall()))
            return *wait > kMaxRetryAfter ? std::nullopt : wait;
        if (head.status == 503 && error.is_busy) return kBusyPause;
        return std::nullopt;
    }

    // Whether the request is asked at the next place where the API may begin: there is no such path here.
    bool asks_elsewhere(int status, const openai::ServerError& error) {
        if ((status != 404 && status != 405) || error.kind == ErrorKind::model) return false;
        const auto& places = job_.other_places;
        const auto here = std::find(places.begin(), places.end(), place_);
        if (here == places.end() || here + 1 == places.end()) return false;
        place_ = *(here + 1);
        return true;
    }

    // Whether the request is asked once more without what this server refuses.
    bool asks_without(const openai::ServerError& error, openai::ChatRequest& chat) {
        if (error.refuses_stream_options && std::exchange(chat.asks_for_usage, false)) return true;
        if (error.wants_max_completion_tokens && !std::exchange(chat.renames_max_tokens, true)) return true;
        if (!error.refuses_temperature || !chat.settings.contains("temperature")) return false;
        warn(fmt::format("{} refused the temperature {}: it was asked with its own. It said: {}", job_.server.label(),
                         session::text_of(chat.settings["temperature"], ""), (*job_.redactor)(error.message)));
        chat.settings.erase("temperature");
        without_temperature_ = true;
        return true;
    }

    // Whether this program's own limit (files, threads) is waited for: no server is at fault. Within the time that an
    // answer may be without a token.
    bool waits_for_own_limit(const Error& error) {
        const base::TimePoint now = ports_.clock.now();
        if (!own_limit_since_) {
            own_limit_since_ = now;
            warn(fmt::format("{} {}: tried again", job_.server.label(), error.message));
        }
        return now - *own_limit_since_ < job_.deadlines.no_progress && has_time_for(kOwnPause);
    }

    void warn(std::string text) {
        ports_.report({.key = job_.key, .warning = text});
        warnings_.push_back(std::move(text));
    }

    // What an answer says, without the key: the rule for answers, so that a key like "test" breaks no arguments.
    std::string clean(std::string_view text) const { return openai::without_key(text, job_.server.api_key); }

    // What every end has in common.
    AnswerEnd end(const Receiver* receiver, AnswerState state) {
        stream_->seal();
        AnswerEnd end{.key = job_.key, .state = state};
        end.warnings = warnings_;
        end.phase = phase_;
        end.without_temperature = without_temperature_;
        if (load_begun_ && load_ended_) {
            // Seen as 503 "Loading model": t0 is that of the request that was answered, so TTFT needs no correction.
            recorder_.set_model_load(base::Duration{0});
            recorder_.set_model_warmth(metrics::ModelWarmth::loaded);
        } else {
            if (const auto load = job_.control->model_load()) recorder_.set_model_load(*load);
            recorder_.set_model_warmth(job_.control->warmth());
        }
        if (const openai::AnswerFacts* facts = receiver ? receiver->facts() : nullptr) {
            end.finish_reason = clean(facts->finish_reason);
            end.reported_model = clean(facts->reported_model);
            for (const openai::ToolCall& call : facts->tool_calls)
                end.tool_calls.push_back({clean(call.id), clean(call.name), clean(call.arguments)});
            end.metrics = recorder_.finish(facts->usage, facts->timings);
        } else {
            end.metrics = recorder_.finish({}, {});
        }
        if (job_.is_step && receiver) {
            end.gaps_ms.assign(recorder_.gaps_ms().begin(), recorder_.gaps_ms().end());
            end.sent = receiver->started();
            end.last_token = recorder_.last_token().value_or(base::TimePoint{});
        }
        if (load_begun_ && load_ended_) end.metrics.model_load_s = base::seconds(*load_ended_ - *load_begun_);
        return end;
    }

    AnswerEnd stopped(const Receiver& receiver) {
        const bool is_interrupted = job_.control->stop_reason() == StopReason::interrupted;
        return end(&receiver, is_interrupted ? AnswerState::interrupted : AnswerState::stopped);
    }

    AnswerEnd fail(const Receiver* receiver, AnswerState state, session::Failure failure) {
        AnswerEnd ended = end(receiver, state);
        failure.message =
            (*job_.redactor)(failure_text(job_.server, job_.request.model, failure, *stream_, ended.metrics));
        ended.failure = std::move(failure);
        return ended;
    }

    AnswerEnd broken(const net::HttpOutcome& outcome) {
        AnswerEnd ended = fail(nullptr, AnswerState::failed,
                               {.phase = outcome.phase,
                                .status = outcome.status,  // of a head that could not be followed by a body
                                .kind = outcome.error.kind,
                                .message = outcome.error.message});
        ended.never_connected = !was_answered_ && outcome.error.kind != ErrorKind::own_limit &&
                                (outcome.phase == net::Phase::resolve || outcome.phase == net::Phase::connect);
        return ended;
    }

    // The server wants to be asked again when the answer's time is over.
    AnswerEnd out_of_time(const Receiver& receiver, const openai::ServerError& error) {
        const int status = receiver.head().status;
        return fail(&receiver, AnswerState::failed,
                    {.phase = net::Phase::waiting,
                     .status = status,
                     .kind = ErrorKind::timeout,
                     .message = fmt::format("could not finish {}{:g} s: it {}", net::kTotalLimitWords,
                                            base::seconds(*job_.deadlines.total), server_words(status, error))});
    }

    AnswerEnd not_loaded(const Receiver& receiver, const openai::ServerError& error) {
        return fail(&receiver, AnswerState::failed,
                    {.phase = net::Phase::waiting,
                     .status = receiver.head().status,
                     .kind = ErrorKind::timeout,
                     .message = fmt::format("was still loading the model after {:g} s, which is timeout_seconds: it {}",
                                            base::seconds(job_.deadlines.no_progress),
                                            server_words(receiver.head().status, error))});
    }

    AnswerEnd refused(const Receiver& receiver, const openai::ServerError& error) {
        const net::ResponseHead& head = receiver.head();
        session::Failure failure{.phase = net::Phase::waiting,
                                 .status = head.status,
                                 .kind = error.kind,
                                 .message = server_words(head.status, error)};
        if (head.status >= 300 && failure.kind != ErrorKind::context_limit)
            failure.kind = ErrorKind::http;  // `status` says which
        if (head.status >= 300 && head.status < 400) {
            failure.message = fmt::format(
                "answered HTTP {} with a redirect to {}, which is not followed. Set that address as the server if it "
                "is right.",
                head.status, head.location.empty() ? "nowhere" : head.location);
        }
        return fail(&receiver, AnswerState::failed, std::move(failure));
    }

    // A response with status 200, however it ended.
    AnswerEnd judged(const Receiver& receiver, const net::HttpOutcome& outcome) {
        const openai::AnswerFacts& facts = *receiver.facts();
        // Comments and pings are no progress: a wait without a token is still the wait for the first one.
        const bool has_token = facts.has_text || facts.has_reasoning || !facts.tool_calls.empty();
        const bool is_timeout =
            outcome.end == net::HttpOutcome::End::failed && outcome.error.kind == ErrorKind::timeout;
        const net::Phase phase = is_timeout && !has_token ? net::Phase::waiting : net::Phase::streaming;
        const bool transport_ok = outcome.end != net::HttpOutcome::End::failed;
        if (receiver.limit())
            return fail(&receiver, AnswerState::failed,
                        {.phase = net::Phase::streaming,
                         .status = 200,
                         .kind = ErrorKind::limit,
                         .message = receiver.limit()->message});
        if (facts.broken)
            return fail(&receiver, AnswerState::failed,
                        {.phase = phase, .status = 200, .kind = facts.broken->kind, .message = facts.broken->message});
        if (facts.error)
            return fail(
                &receiver, AnswerState::failed,
                {.phase = phase, .status = 200, .kind = facts.error->kind, .message = server_words(200, *facts.error)});

        const openai::EndVerdict verdict = openai::judge_end(facts, transport_ok);
        for (const std::string& warning : verdict.warnings) warnings_.push_back((*job_.redactor)(warning));
        switch (verdict.state) {
            case openai::EndState::complete: return end(&receiver, AnswerState::complete);
            case openai::EndState::empty:
                return fail(&receiver, AnswerState::empty,
                            {.phase = net::Phase::streaming,
                             .status = 200,
                             .kind = ErrorKind::empty,
                             .message = "ended the answer without text, reasoning or a tool call"});
            default: break;
        }
        // Without an end: what the transport says counts, a plain close is cut off.
        if (!transport_ok && outcome.error.kind != ErrorKind::connection)
            return fail(&receiver, AnswerState::failed,
                        {.phase = phase, .status = 200, .kind = outcome.error.kind, .message = outcome.error.message});
        std::string message =
            transport_ok ? "ended the stream without a finish reason or [DONE]" : outcome.error.message;
        if (!facts.progress.empty()) message += fmt::format(" (the last that it said: {})", facts.progress);
        return fail(
            &receiver, AnswerState::cut_off,
            {.phase = net::Phase::streaming, .status = 200, .kind = ErrorKind::cut_off, .message = std::move(message)});
    }

    const AnswerJob& job_;
    const WorkerPorts& ports_;
    std::shared_ptr<session::AnswerStream> stream_;  // the job's, or what took its place
    metrics::Recorder recorder_;
    base::TimePoint begun_;
    std::optional<base::TimePoint> load_begun_, load_ended_, own_limit_since_;
    net::Phase phase_ = net::Phase::resolve;
    net::BaseUrl place_ = job_.server.url;
    bool without_temperature_ = false;
    bool was_answered_ = false;  // with a status that was no end
    std::vector<std::string> warnings_;
};

}  // namespace

AnswerEnd run_answer(const AnswerJob& job, const WorkerPorts& ports) {
    return Run(job, ports).run();
}

}  // namespace llmc::engine
