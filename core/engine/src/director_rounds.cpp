// The director's part about rounds: opening, sending, ending, halting, retrying.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "director.h"
#include "failure_text.h"
#include "history_check.h"
#include "report/report.h"

namespace llmc::engine {

using session::AnswerState;

namespace {

constexpr std::size_t kMaxInFlight = 300;  // product.md section 5

// Names that servers use for the same model: LM Studio's second instance ("key:2"), Ollama's default tag.
bool means_same_model(std::string_view asked, std::string_view reported) {
    if (asked == reported) return true;
    if (!reported.starts_with(asked) || reported.size() <= asked.size() || reported[asked.size()] != ':') return false;
    const std::string_view suffix = reported.substr(asked.size() + 1);
    return suffix == "latest" || std::all_of(suffix.begin(), suffix.end(), base::is_digit);
}

}  // namespace

void Director::advance() {
    if (stopping_for_ != StopReason::none) {
        if (running_.empty()) finish_stop();
        return;
    }
    if (activity_ != Activity::starting && activity_ != Activity::running) return;
    if (session_.queue.empty() && open_.empty()) {
        activity_ = Activity::idle;
        effects_.emit(event(Event::Kind::done));
        return;
    }
    if (!can_start()) return;
    activity_ = Activity::running;
    open_rounds();
    settle_unreachable();
    if (stopping_for_ == StopReason::none) dispatch();
    if (stopping_for_ != StopReason::none || (session_.queue.empty() && open_.empty())) advance();
}

bool Director::can_start() {
    if (is_checked_) return true;
    if (!board_.all_asked()) return false;
    Preflight found = check_start(board_.statuses(), active(), session_.settings);
    if (found.has_errors() && board_.any_pending()) return false;  // what is on its way may know better
    preflight_ = std::move(found);
    preflight_.rewrite(*redactor_);
    if (preflight_.has_errors()) {
        Event refused = event(Event::Kind::refused);
        refused.text = fmt::format("{}", fmt::join(preflight_.texts(Finding::Weight::error), "\n"));
        effects_.emit(std::move(refused));
        activity_ = Activity::idle;  // the queue waits for Continue or Send
        return false;
    }
    is_checked_ = true;
    Event started = event(Event::Kind::session);
    started.session = std::make_shared<session::Session>(session_);
    effects_.emit(std::move(started));
    for (std::string& text : preflight_.texts(Finding::Weight::warning)) {
        Event warning = event(Event::Kind::warning);
        warning.text = std::move(text);
        effects_.emit(std::move(warning));
    }
    return true;
}

void Director::open_rounds() {
    const bool all_at_once = session_.settings.order == session::Order::by_model;
    while (!session_.queue.empty() && (open_.empty() || all_at_once)) {
        auto round = std::make_shared<session::Round>();
        round->number = static_cast<int>(session_.rounds.size()) + 1;
        session::QueuedPrompt next = std::move(session_.queue.front());
        session_.queue.erase(session_.queue.begin());
        round->prompt = std::move(next.prompt);
        round->prompt_id = std::move(next.prompt_id);
        round->case_values = std::move(next.case_values);
        round->repeat = next.repeat;
        static const auto no_text = session::AnswerStream::holding("", "");  // until it is sent
        for (const session::Candidate& candidate : active()) {
            session::Answer answer;
            answer.candidate = candidate.id;
            answer.round = round->number;
            answer.settings = session::in_force(session_.settings, candidate.own);
            if (no_text.ok()) answer.stream = no_text.value();
            round->answers.push_back(std::move(answer));
            queued_since_[{round->number, candidate.id}] = clock_->now();
        }
        open_.push_back(round->number);
        session_.rounds.push_back(round);
        Event opened = event(Event::Kind::round);
        opened.round = round->number;
        opened.text = round->prompt;
        effects_.emit(std::move(opened));
        for (const session::Answer& answer : round->answers) effects_.emit(answer_event(Event::Kind::state, answer));
    }
}

std::vector<Waiting> Director::waiting() {
    std::vector<Waiting> waiting;
    const std::vector<session::Candidate> candidates = active();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const session::Candidate& candidate = candidates[i];
        // The first answer that is not final; a later round waits for it, because it is part of its history.
        for (const int number : open_) {
            const session::Round& round = *session_.rounds[static_cast<std::size_t>(number - 1)];
            const session::Answer* answer = round.find(candidate.id);
            if (!answer || session::is_final(answer->state)) continue;
            if (find_running({number, candidate.id, answer->attempt})) break;
            Waiting one{.key = number * static_cast<int>(candidates.size()) + static_cast<int>(i),
                        .position = position_in_round(static_cast<int>(i), static_cast<int>(candidates.size()), number,
                                                      session_.settings.order),
                        .model = candidate.model_id,
                        .is_pinned = !candidate.server.empty()};
            const auto& failed = unreachable_for_[candidate.id];
            for (const int index : servers_for(board_.statuses(), candidate))
                if (std::find(failed.begin(), failed.end(), board_.statuses()[static_cast<std::size_t>(index)].key) ==
                    failed.end())
                    one.servers.push_back(index);
            if (const auto last = last_server_.find(candidate.id); last != last_server_.end())
                one.last_server = board_.index_of(last->second);
            waiting.push_back(std::move(one));
            break;
        }
    }
    return waiting;
}

void Director::dispatch() {
    const std::vector<session::Candidate> candidates = active();
    const int count = static_cast<int>(candidates.size());
    for (const Assignment& made : assign(board_.free_servers(), waiting(), session_.settings.order)) {
        if (running_.size() >= kMaxInFlight || stopping_for_ != StopReason::none) return;
        dispatch_to(candidates[static_cast<std::size_t>(made.key % count)], made.key / count, made.server);
    }
}

void Director::dispatch_to(const session::Candidate& candidate, int number, int server_index) {
    const ServerStatus& status = board_.statuses()[static_cast<std::size_t>(server_index)];
    const int server_key = status.key;
    session::Round& round = edit(number);
    session::Answer& answer = *round.find(candidate.id);
    answer.server = status.server.label();
    answer.started_at = clock_->wall();
    if (const openai::ModelInfo* info = status.manifest->find(candidate.model_id))
        answer.served = {info->quantization, info->format,
                         info->context_length ? info->context_length : info->max_context_length};

    auto stream = session::AnswerStream::make();
    if (!stream) {
        answer.failure =
            session::Failure{.phase = net::Phase::resolve, .kind = ErrorKind::limit, .message = stream.error().message};
        end_answer(number, candidate.id, AnswerState::failed);
        return;
    }
    answer.stream = stream.value();

    AnswerJob job;
    job.key = {number, candidate.id, answer.attempt};
    job.server = status.server;
    job.stream = answer.stream;
    job.begins_in_thought = begin_in_thought_.contains(candidate.id);
    job.control = std::make_shared<AnswerControl>();
    job.redactor = redactor_;
    const base::TimePoint now = clock_->now();
    if (const auto since = queued_since_.find({number, candidate.id}); since != queued_since_.end())
        job.queue_wait = now - since->second;
    if (board_.knows_loaded(server_key, candidate.model_id)) job.control->set_warmth(metrics::ModelWarmth::warm);

    job.request.model = candidate.model_id;
    job.request.messages = conversation_for(candidate, answer, number);
    job.request.temperature = answer.settings.temperature;
    job.request.top_p = answer.settings.top_p;
    job.request.max_tokens = answer.settings.max_tokens;
    job.request.seed = answer.settings.seed;
    job.request.stop = answer.settings.stop;
    job.request.extra_body = answer.settings.extra_body;
    add_task(round, job);
    job.deadlines.connect = base::from_seconds(session_.settings.connect_timeout_s);
    job.deadlines.no_progress = base::from_seconds(answer.settings.timeout_s);
    if (session_.settings.total_timeout_s) job.deadlines.total = base::from_seconds(*session_.settings.total_timeout_s);

    running_.push_back({.key = job.key, .server_key = server_key, .model = candidate.model_id, .control = job.control});
    last_server_[candidate.id] = server_key;
    board_.began(server_key);
    job.requests_in_flight = board_.statuses()[static_cast<std::size_t>(server_index)].in_flight;
    effects_.start_answer(std::move(job));
}

std::vector<openai::Message> Director::conversation_for(const session::Candidate& candidate,
                                                        const session::Answer& answer, int number) const {
    session::Candidate with_prompt = candidate;
    with_prompt.own.system_prompt = answer.settings.system_prompt;
    std::vector<openai::Message> messages = session::history(session_, with_prompt, number);
    messages.push_back({.role = "user", .content = session_.rounds[static_cast<std::size_t>(number - 1)]->prompt});
    return messages;
}

// A waiting answer whose model no reachable server has: fresh manifests first, then it fails (product.md section 2.7).
void Director::settle_unreachable() {
    const std::vector<session::Candidate> candidates = active();
    const int count = static_cast<int>(candidates.size());
    bool asks = false;
    for (const Waiting& one : waiting()) {
        const session::Candidate& candidate = candidates[static_cast<std::size_t>(one.key % count)];
        const int number = one.key / count;
        if (!one.servers.empty()) {
            fresh_asked_.erase(candidate.id);
            continue;
        }
        if (fresh_asked_.insert(candidate.id).second) {
            asks = true;
            continue;
        }
        if (board_.any_pending() || asks) continue;
        fresh_asked_.erase(candidate.id);
        session::Answer& answer = *edit(number).find(candidate.id);
        if (const auto known = connect_failures_.find(candidate.id); known != connect_failures_.end()) {
            answer.failure = known->second;
        } else {
            std::string text = fmt::format("No reachable server has the model {}", candidate.model_id);
            if (!candidate.server.empty()) text += fmt::format(" (pinned to {})", candidate.server);
            for (const ServerStatus& status : board_.statuses())
                text += fmt::format("; {} {}", status.server.label(),
                                    status.is_reachable() ? "does not have it" : status.error);
            answer.failure = session::Failure{.phase = net::Phase::connect,
                                              .kind = ErrorKind::connection,
                                              .message = (*redactor_)(text + ". Nothing was sent.")};
        }
        end_answer(number, candidate.id, AnswerState::failed);
        if (stopping_for_ != StopReason::none) return;
    }
    if (asks) refresh(true);
}

void Director::on(AnswerEnd& end) {
    const Running* running = find_running(end.key);
    if (!running) return;
    const Running was = *running;
    running_.erase(running_.begin() + (running - running_.data()));
    board_.ended(was.server_key, was.model, end.metrics.chunks > 0);

    session::Answer& answer = *edit(end.key.round).find(end.key.candidate);
    const session::Candidate candidate = *session_.find_candidate(end.key.candidate);
    if (end.never_connected && end.failure && stopping_for_ == StopReason::none && !candidate.is_removed &&
        tries_elsewhere(candidate, was.server_key, *end.failure)) {
        answer.state = AnswerState::queued;
        const std::string text = fmt::format("{} Another server is asked.", end.failure->message);
        answer.warnings.push_back(text);
        Event warning = answer_event(Event::Kind::warning, answer);
        warning.text = text;
        effects_.emit(std::move(warning));
        set_state(answer, AnswerState::queued);
        return;
    }

    answer.finish_reason = end.finish_reason;
    answer.reported_model = end.reported_model;
    answer.failure = end.failure;
    if (end.without_temperature) answer.settings.temperature.reset();
    answer.metrics = end.metrics;
    // The worker may have ended before it could hear of a load.
    if (const auto load = was.control->model_load(); load && !answer.metrics.model_load_s)
        metrics::take_off_model_load(answer.metrics, base::seconds(*load));
    answer.tool_calls = std::move(end.tool_calls);
    std::vector<std::string> news;
    for (std::string& text : end.warnings)
        if (std::find(answer.warnings.begin(), answer.warnings.end(), text) == answer.warnings.end())
            news.push_back(std::move(text));
    if (!answer.reported_model.empty() && !means_same_model(candidate.model_id, answer.reported_model))
        news.push_back(
            fmt::format("the server says that {} answered, not {}", answer.reported_model, candidate.model_id));
    if (auto dropped = history_warning(candidate, answer)) news.push_back(std::move(*dropped));
    for (std::string& text : news) {
        answer.warnings.push_back(text);
        Event warning = answer_event(Event::Kind::warning, answer);
        warning.text = std::move(text);
        effects_.emit(std::move(warning));
    }
    end_answer(end.key.round, end.key.candidate, end.state);
}

// Whether a request that could not connect goes to another server: one that has the model, or may have it after a fresh
// manifest.
bool Director::tries_elsewhere(const session::Candidate& candidate, int server_key, const session::Failure& failure) {
    board_.mark_unreachable(server_key, {failure.kind, "could not be connected to"});
    auto& failed = unreachable_for_[candidate.id];
    failed.push_back(server_key);
    connect_failures_[candidate.id] = failure;
    if (!candidate.server.empty()) return false;
    for (const ServerStatus& status : board_.statuses()) {
        if (std::find(failed.begin(), failed.end(), status.key) != failed.end()) continue;
        if (!status.is_reachable() || can_serve(status, candidate, board_.statuses().size())) return true;
    }
    return false;
}

std::optional<std::string> Director::history_warning(const session::Candidate& candidate,
                                                     const session::Answer& answer) const {
    const auto is_counted = [](const session::Answer& one) {
        return one.metrics.prompt_tokens && !one.metrics.prompt_tokens_estimated;
    };
    if (!is_counted(answer)) return std::nullopt;
    std::optional<PromptCount> earlier;
    for (int number = answer.round - 1; number >= 1 && !earlier; --number) {
        const session::Answer* before = session_.rounds[static_cast<std::size_t>(number - 1)]->find(candidate.id);
        if (before && before->state == AnswerState::complete && is_counted(*before))
            earlier = PromptCount{*before->metrics.prompt_tokens, conversation_for(candidate, *before, number).size()};
    }
    return dropped_history(conversation_for(candidate, answer, answer.round), *answer.metrics.prompt_tokens, earlier);
}

// The one way in which an answer becomes final.
void Director::end_answer(int number, const session::CandidateId& candidate, AnswerState state) {
    session::Answer& answer = *edit(number).find(candidate);
    answer.ended_at = clock_->wall();
    answer.state = state;
    judge(answer, *session_.rounds[static_cast<std::size_t>(number - 1)]);
    queued_since_.erase({number, candidate});
    unreachable_for_.erase(candidate);
    connect_failures_.erase(candidate);
    fresh_asked_.erase(candidate);
    set_state(answer, state);
    const session::Candidate* who = session_.find_candidate(candidate);
    const bool takes_part = who && !who->is_removed;
    if (session::is_failure(state) && takes_part && stopping_for_ == StopReason::none &&
        session_.settings.on_failure == session::OnFailure::halt)
        begin_halt();
    close_round_if_final(number);
}

void Director::begin_halt() {
    session_.is_halted = true;
    session_.halt_reason = report::halt_line(session_);
    stopping_for_ = StopReason::interrupted;
    activity_ = Activity::stopping;
    stop_running(StopReason::interrupted);
    close_waiting(AnswerState::interrupted);
}

void Director::close_round_if_final(int number) {
    const session::Round& round = *session_.rounds[static_cast<std::size_t>(number - 1)];
    if (!std::all_of(round.answers.begin(), round.answers.end(),
                     [](const auto& answer) { return session::is_final(answer.state); }))
        return;
    std::erase(open_, number);
    if (stops_after_round_ && stopping_for_ == StopReason::none) {
        stops_after_round_ = false;
        activity_ = session_.queue.empty() && open_.empty() ? activity_ : Activity::paused;
    }
}

void Director::stop_running(StopReason reason) {
    for (Running& running : running_) running.control->stop(reason);
}

void Director::close_waiting(AnswerState state, bool of_removed) {
    const auto is_meant = [&](const session::CandidateId& id) {
        const session::Candidate* candidate = session_.find_candidate(id);
        return !of_removed || !candidate || candidate->is_removed;
    };
    for (const int number : std::vector<int>(open_)) {
        std::vector<session::CandidateId> waiting;
        for (const session::Answer& answer : session_.rounds[static_cast<std::size_t>(number - 1)]->answers)
            if (!session::is_final(answer.state) && !find_running({number, answer.candidate, answer.attempt}) &&
                is_meant(answer.candidate))
                waiting.push_back(answer.candidate);
        for (const session::CandidateId& candidate : waiting) end_answer(number, candidate, state);
    }
}

void Director::finish_stop() {
    const bool is_halt = stopping_for_ == StopReason::interrupted;
    stopping_for_ = StopReason::none;
    if (is_halt) {
        activity_ = Activity::halted;
        Event halted = event(Event::Kind::halt);
        halted.text = session_.halt_reason;
        if (const session::Answer* failure = session::first_failure(session_)) {
            halted = answer_event(Event::Kind::halt, *failure);
            halted.text = session_.halt_reason;
        }
        effects_.emit(std::move(halted));
        export_reports(halt_formats_, report_folder_);
    } else {
        activity_ = session_.queue.empty() ? Activity::idle : Activity::paused;
    }
    effects_.emit(event(Event::Kind::done));
}

bool Director::needs_retry(const session::Answer& answer) const {
    const session::Candidate* candidate = session_.find_candidate(answer.candidate);
    if (!candidate || candidate->is_removed || answer.state == AnswerState::complete) return false;
    // A check has judged it: a second chance would change what it says of the model.
    const auto is_verdict = [](const std::string& warning) { return warning.starts_with(kStoppedByCheck); };
    return answer.state != AnswerState::stopped || std::ranges::none_of(answer.warnings, is_verdict);
}

void Director::retry_open_answers() {
    for (std::size_t i = static_cast<std::size_t>(first_to_retry_ - 1); i < session_.rounds.size(); ++i) {
        const auto& answers = session_.rounds[i]->answers;
        if (std::ranges::none_of(answers, [this](const auto& answer) { return needs_retry(answer); })) continue;
        session::Round& round = edit(static_cast<int>(i) + 1);
        for (session::Answer& answer : round.answers) {
            if (!needs_retry(answer)) continue;
            session::Answer again;
            again.candidate = answer.candidate;
            again.round = answer.round;
            again.attempt = answer.attempt + 1;
            again.settings = session::in_force(session_.settings, session_.find_candidate(answer.candidate)->own);
            again.stream = session::AnswerStream::holding("", "").value();
            std::swap(answer, again);
            // What never began left nothing to keep.
            if (session::is_failure(again.state) || !again.text().empty() || !again.reasoning().empty())
                round.replaced.push_back(std::move(again));
            queued_since_[{round.number, answer.candidate}] = clock_->now();
            effects_.emit(answer_event(Event::Kind::state, answer));
        }
        open_.push_back(round.number);
    }
}

}  // namespace llmc::engine
