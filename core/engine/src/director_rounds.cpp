// The director's part about rounds: opening, sending, ending, halting, retrying.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "director.h"
#include "failure_text.h"
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
    for (bool has_news = true; has_news && stopping_for_ == StopReason::none && drive_ == Drive::go;) {
        check();
        if (!has_begun_) break;
        const std::size_t ended = ended_;
        if (is_checked_) open_rounds();
        settle_unreachable();
        if (stopping_for_ == StopReason::none && drive_ == Drive::go) dispatch();
        has_news = ended_ != ended;  // whoever waited for these
    }
    if (stopping_for_ != StopReason::none) {
        if (!is_anything_running()) finish_stop();
    } else if (drive_ != Drive::rest && !has_work()) {
        finish();
    }
}

void Director::go() {
    drive_ = Drive::go;
    if (was_refused_) refresh(true);  // the servers may have changed since
}

void Director::check() {
    if (is_checked_) {
        if (!has_begun_) begin();
        return;
    }
    if (!board_.all_asked()) return;
    const std::vector<session::Candidate> candidates = active();
    Preflight found = check_start(board_.statuses(), candidates, session_.settings);
    look_at_forms(candidates, found);
    if (found.has_errors() && board_.any_pending()) return;          // what is on its way may know better
    if (found.has_errors() && has_begun_ && !open_.empty()) return;  // what was begun goes on
    found.rewrite(*redactor_);
    const std::vector<std::string> said_before = preflight_.texts(Finding::Weight::warning);
    preflight_ = std::move(found);
    if (preflight_.has_errors()) return refuse_start();
    is_checked_ = true;
    if (!has_begun_) begin();
    for (std::string& text : preflight_.texts(Finding::Weight::warning)) {
        if (std::ranges::find(said_before, text) != said_before.end()) continue;
        Event warning = event(Event::Kind::warning);
        warning.text = std::move(text);
        effects_.emit(std::move(warning));
    }
}

void Director::begin() {
    has_begun_ = true;
    was_refused_ = false;
    const bool retries = std::exchange(wants_retry_, false);
    if (retries) {
        session_.is_halted = false;
        session_.halt_reason.clear();
        session_.halted_by.reset();
    }
    if (!std::exchange(is_announced_, true)) {
        Event started = event(Event::Kind::session);
        started.session = std::make_shared<session::Session>(session_);
        effects_.emit(std::move(started));
    }
    if (retries) retry_answers();
    try_wanted();
}

// What waits waits for Continue, Send or Retry: in a pause, where answers were begun.
void Director::refuse_start() {
    Event refused = event(Event::Kind::refused);
    refused.text = fmt::format("{}", fmt::join(preflight_.texts(Finding::Weight::error), "\n"));
    effects_.emit(std::move(refused));
    drive_ = open_.empty() ? Drive::rest : Drive::hold;
    wants_retry_ = has_begun_ = false;
    wanted_.clear();
    was_refused_ = true;
}

void Director::finish() {
    const bool was_starting = std::exchange(drive_, Drive::rest) == Drive::go;
    if (std::exchange(has_begun_, false) || was_starting) effects_.emit(event(Event::Kind::done));
}

void Director::open_rounds() {
    const bool all_at_once = session_.settings.order == session::Order::by_model;
    static const auto no_text = session::AnswerStream::holding("", "");  // until it is sent
    std::vector<std::shared_ptr<const session::Candidate>> active;
    while (has_queue() && (open_.empty() || all_at_once)) {
        if (active.empty())
            for (const session::Candidate& candidate : session_.candidates)
                if (!candidate.is_removed) active.push_back(std::make_shared<const session::Candidate>(candidate));
        auto round = std::make_shared<session::Round>();
        round->number = static_cast<int>(session_.rounds.size()) + 1;
        const session::QueuedPrompt& next = *session_.queue.front();
        round->prompt = next.prompt;
        round->prompt_id = next.prompt_id;
        round->case_values = next.case_values;
        round->repeat = next.repeat;
        if (const suite::Task* task = suite_tasks_.find(*round)) {
            round->category = task->category;
            round->severity = task->severity;
        }
        session_.queue.drop_front();
        for (const auto& candidate : active) {
            session::Answer answer;
            answer.candidate = candidate->id;
            answer.round = round->number;
            answer.settings = settings_for(*round, *candidate);
            if (no_text.ok()) answer.stream = no_text.value();
            if (!session::has_own_context(session_, *round)) begin_history(answer, lanes_[candidate->id].history_from);
            wait_for_turn(answer, candidate);
            round->answers.push_back(std::move(answer));
        }
        session_.rounds.push_back(round);
        batch_answers_ += static_cast<int>(round->answers.size());
        Event opened = event(Event::Kind::round);
        opened.round = round->number;
        opened.text = round->prompt;
        effects_.emit(std::move(opened));
        for (const session::Answer& answer : round->answers) effects_.emit(answer_event(Event::Kind::state, answer));
    }
}

void Director::begin_history(session::Answer& answer, int from_round) {
    answer.history_from = from_round;
    if (from_round == 2) answer.warnings.emplace_back("round 1 is left out of what this model is sent");
    if (from_round > 2)
        answer.warnings.push_back(
            fmt::format("rounds 1 to {} are left out of what this model is sent", from_round - 1));
}

void Director::wait_for_turn(const session::Answer& answer, std::shared_ptr<const session::Candidate> who) {
    open_.insert(answer.round);
    Lane& lane = lanes_[answer.candidate];
    lane.newest_round = std::max(lane.newest_round, answer.round);
    const bool has_begun = lane.running || lane.steps;  // the first: it may be between two steps
    const auto behind = std::find_if(lane.pending.begin() + (has_begun ? 1 : 0), lane.pending.end(),
                                     [&](const Pending& one) { return one.round > answer.round; });
    lane.pending.insert(behind, {answer.round, std::move(who), clock_->now()});
}

std::vector<Waiting> Director::waiting(std::vector<Lane*>& lanes) {
    std::vector<Waiting> waiting;
    const auto count =
        static_cast<int>(std::ranges::count(session_.candidates, false, &session::Candidate::is_removed));
    int index = -1;  // among those who take part
    for (const session::Candidate& candidate : session_.candidates) {
        if (candidate.is_removed) continue;
        ++index;
        const auto found = lanes_.find(candidate.id);
        if (found == lanes_.end() || found->second.pending.empty() || found->second.running) continue;
        Lane& lane = found->second;
        const Pending& first = lane.pending.front();
        Waiting one{.key = static_cast<int>(lanes.size()),
                    .position = position_in_round(index, count, first.round, session_.settings.order),
                    .model = first.who->model_id,
                    .is_pinned = !first.who->server.empty(),
                    .last_server = board_.index_of(lane.last_server),
                    .is_between_steps = lane.steps && lane.steps->run.step() > 1};
        for (const int server : servers_for(board_.statuses(), *first.who))
            if (std::ranges::find(lane.unreachable, board_.statuses()[static_cast<std::size_t>(server)].key) ==
                lane.unreachable.end())
                one.servers.push_back(server);
        lanes.push_back(&lane);
        waiting.push_back(std::move(one));
    }
    return waiting;
}

void Director::dispatch() {
    std::vector<Lane*> lanes;
    std::vector<Waiting> waits = waiting(lanes);
    if (waits.empty()) return;
    auto in_flight = static_cast<std::size_t>(
        std::count_if(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane.second.running.has_value(); }));
    for (const Assignment& made : assign(board_.free_servers(), std::move(waits), session_.settings.order)) {
        if (in_flight++ >= kMaxInFlight || stopping_for_ != StopReason::none) return;
        dispatch_to(*lanes[static_cast<std::size_t>(made.key)], made.server);
    }
}

void Director::dispatch_to(Lane& lane, int server_index) {
    const Pending& first = lane.pending.front();
    const ServerStatus& status = board_.statuses()[static_cast<std::size_t>(server_index)];
    session::Round& round = edit(first.round);
    session::Answer& answer = *round.find(first.who->id);
    answer.server = status.server.label();
    const suite::Task* task = suite_tasks_.find(round);
    if (!lane.steps || !answer.started_at) answer.started_at = clock_->wall();
    if (!lane.steps && task && task->script->has_steps()) begin_steps(lane, *task, answer);
    if (task && agent::has_demand(*task)) {
        const auto form = agent::form_of(answer.settings, *task);
        answer.form = {.name = std::string(agent::request_form_name(form)), .words = agent::kFormWords};
    }
    if (const openai::ModelInfo* info = status.manifest->find(first.who->model_id))
        answer.served = {info->quantization, info->format,
                         info->context_length ? info->context_length : info->max_context_length};

    auto stream = session::AnswerStream::make();
    if (!stream) {
        answer.failure =
            session::Failure{.phase = net::Phase::resolve, .kind = ErrorKind::limit, .message = stream.error().message};
        return end_answer(first.round, answer.candidate, AnswerState::failed);
    }
    answer.stream = stream.value();

    AnswerJob job = make_job(lane, round, answer, status);
    lane.running = Running{.key = job.key, .server_key = status.key, .control = job.control, .checks = job.checks};
    if (job.checks)
        for (const check::Check& check : *job.checks)
            if (check.kind->judge_wait) lane.running->waits.push_back(&check);
    std::ranges::sort(lane.running->waits, {}, &check::Check::limit);
    lane.last_server = status.key;
    board_.began(status.key);
    job.requests_in_flight = status.in_flight;
    effects_.start_answer(std::move(job));
}

// A waiting answer whose model no reachable server has: fresh manifests first, then it fails (product.md section 2.7).
void Director::settle_unreachable() {
    std::vector<Lane*> lanes;
    bool asks = false;
    for (const Waiting& one : waiting(lanes)) {
        Lane& lane = *lanes[static_cast<std::size_t>(one.key)];
        if (!one.servers.empty()) {
            lane.has_asked_anew = false;
            continue;
        }
        if (!std::exchange(lane.has_asked_anew, true)) {
            asks = true;
            continue;
        }
        if (board_.any_pending() || asks) continue;
        const Pending first = lane.pending.front();
        session::Answer& answer = *edit(first.round).find(first.who->id);
        if (lane.connect_failure) {
            answer.failure = lane.connect_failure;
        } else {
            std::string text = fmt::format("No reachable server has the model {}", first.who->model_id);
            if (!first.who->server.empty()) text += fmt::format(" (pinned to {})", first.who->server);
            for (const ServerStatus& status : board_.statuses())
                text += fmt::format("; {} {}", status.server.label(),
                                    status.is_reachable() ? "does not have it" : status.error);
            answer.failure = session::Failure{.phase = net::Phase::connect,
                                              .kind = ErrorKind::connection,
                                              .message = (*redactor_)(text + ". Nothing was sent.")};
        }
        end_answer(first.round, first.who->id, AnswerState::failed);
        if (stopping_for_ != StopReason::none) return;
    }
    if (asks) refresh(true);
}

void Director::on(AnswerEnd& end) {
    Lane* lane = find_running(end.key);
    if (!lane) return;
    const Running was = *std::exchange(lane->running, std::nullopt);
    const std::shared_ptr<const session::Candidate> who = lane->pending.front().who;
    board_.ended(was.server_key, who->model_id, end.metrics.chunks > 0);
    if (end.failure) {  // whether it is still there is not known any more
        board_.make_due(was.server_key);
        refresh(false);
    }

    session::Answer& answer = edit(end.key);
    const session::Candidate* now = find_candidate(end.key.candidate);
    if (end.never_connected && end.failure && stopping_for_ == StopReason::none && now && !now->is_removed &&
        tries_elsewhere(*lane, was.server_key, *end.failure)) {
        warn(answer, fmt::format("{} Another server is asked.", end.failure->message));
        answer.server.clear();
        set_state(answer, AnswerState::queued);
        return;
    }
    if (lane->steps) lane->steps->take_nothing_said(end);
    answer.finish_reason = end.finish_reason;
    answer.reported_model = end.reported_model;
    answer.failure = end.failure;
    if (end.without_temperature) answer.settings.temperature.reset();
    answer.metrics = end.metrics;
    // The worker may have ended before it could hear of a load.
    if (const auto load = was.control->model_load(); load && !answer.metrics.model_load_s)
        metrics::take_off_model_load(answer.metrics, base::seconds(*load));
    read_demand(answer, end);
    if (!lane->steps) answer.tool_calls = end.tool_calls;
    for (std::string& text : end.warnings)
        if (std::ranges::find(answer.warnings, text) == answer.warnings.end()) warn(answer, std::move(text));
    if (!answer.reported_model.empty() && !means_same_model(who->model_id, answer.reported_model))
        warn(answer, fmt::format("the server says that {} answered, not {}", answer.reported_model, who->model_id));
    if (auto dropped = history_warning(*lane, answer)) warn(answer, std::move(*dropped));
    // The worker may have come to the end before it heard of it.
    const bool is_stopped = was.control->stop_reason() == StopReason::check && end.state == AnswerState::complete;
    AnswerState state = is_stopped ? AnswerState::stopped : end.state;
    if (lane->steps && take_step(*lane, answer, end, state)) return;
    end_answer(end.key.round, end.key.candidate, state);
}

void Director::warn(session::Answer& answer, std::string text) {
    answer.warnings.push_back(text);
    Event warning = answer_event(Event::Kind::warning, answer);
    warning.text = std::move(text);
    effects_.emit(std::move(warning));
}

// Whether a request that could not connect goes to another server: one that has the model, or may have it after a fresh
// manifest.
bool Director::tries_elsewhere(Lane& lane, int server_key, const session::Failure& failure) {
    board_.mark_unreachable(server_key, {failure.kind, "could not be connected to"});
    lane.unreachable.push_back(server_key);
    lane.connect_failure = failure;
    const session::Candidate& candidate = *lane.pending.front().who;
    if (!candidate.server.empty()) return false;
    for (const ServerStatus& status : board_.statuses()) {
        if (std::ranges::find(lane.unreachable, status.key) != lane.unreachable.end()) continue;
        if (!status.is_reachable() || can_serve(status, candidate, board_.statuses().size())) return true;
    }
    return false;
}

// The one way in which an answer becomes final.
void Director::end_answer(int number, session::CandidateId candidate, AnswerState state) {
    session::Round& edited = edit(number);
    session::Answer& answer = *edited.find(candidate);
    answer.ended_at = clock_->wall();
    answer.state = state;
    Lane& lane = lanes_[candidate];
    const bool is_first = !lane.pending.empty() && lane.pending.front().round == number;
    const agent::World* world = is_first && lane.steps ? lane.steps->run.world() : nullptr;
    if (world) answer.world = std::make_shared<const session::WorldChanges>(world->changes());
    read_output(answer);
    judge(answer, edited, world);
    if (is_first) {
        lane.steps.reset();
        lane.unreachable.clear();
        lane.connect_failure.reset();
        lane.has_asked_anew = false;
    }
    const auto ended = std::ranges::find(lane.pending, number, &Pending::round);
    if (ended != lane.pending.end()) lane.pending.erase(ended);
    ++ended_;
    set_state(answer, state);
    const session::Candidate* who = find_candidate(candidate);
    const bool takes_part = who && !who->is_removed;
    if (edited.settle(candidate))
        tell_settled(edited, candidate, state);
    else if (session::is_failure(state) && takes_part && stopping_for_ == StopReason::none &&
             session_.settings.on_failure == session::OnFailure::halt)
        begin_halt({number, std::move(candidate)});
    close_round_if_final(number);
}

void Director::begin_halt(session::AnswerPlace failed) {
    session_.is_halted = true;
    first_to_retry_ = std::min(first_to_retry_, failed.round);
    session_.halted_by = std::move(failed);
    session_.halt_reason = report::halt_line(session_);
    stopping_for_ = StopReason::interrupted;
    stop_running(StopReason::interrupted);
    close_all_waiting(AnswerState::interrupted);
}

void Director::close_round_if_final(int number) {
    if (!std::ranges::all_of(round(number).answers, [](const auto& answer) { return session::is_final(answer.state); }))
        return;
    open_.erase(number);
    if (!stops_after_round_ || stopping_for_ != StopReason::none) return;
    stops_after_round_ = false;
    if (has_work()) drive_ = Drive::hold;
}

void Director::stop_running(StopReason reason) {
    for (auto& [id, lane] : lanes_)
        if (lane.running) lane.running->control->stop(reason);
}

void Director::close_waiting(const session::CandidateId& candidate, AnswerState state) {
    const Lane& lane = lanes_[candidate];
    std::vector<int> rounds;
    for (const Pending& one : lane.pending)
        if (!lane.running || lane.running->key.round != one.round) rounds.push_back(one.round);
    for (const int number : rounds) end_answer(number, candidate, state);
}

void Director::close_all_waiting(AnswerState state) {
    for (const auto& [id, lane] : lanes_) close_waiting(id, state);
}

void Director::finish_stop() {
    const bool is_halt = stopping_for_ == StopReason::interrupted;
    stopping_for_ = StopReason::none;
    has_begun_ = false;
    drive_ = is_halt || !has_work() ? Drive::rest : Drive::hold;
    if (is_halt) {
        const session::Answer* failure = session::first_failure(session_);
        Event halted = failure ? answer_event(Event::Kind::halt, *failure) : event(Event::Kind::halt);
        halted.text = session_.halt_reason;
        effects_.emit(std::move(halted));
        export_reports(halt_formats_, report_folder_);
    }
    effects_.emit(event(Event::Kind::done));
}

}  // namespace llmc::engine
