#include "director.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.h"
#include "settings_diff.h"

namespace llmc::engine {

using session::AnswerState;

Director::Director(DirectorEffects& effects, std::shared_ptr<const base::Clock> clock)
    : effects_(effects), clock_(std::move(clock)) {
    session_.id = base::random_id();
    session_.created_at = clock_->wall();
}

void Director::handle(Message message) {
    std::visit([this](auto& one) { on(one); }, message);
    advance();
}

void Director::on(Command& command) {
    std::visit([this](auto& one) { on(one); }, command);
}

std::optional<base::TimePoint> Director::next_tick() const {
    auto next = board_.next_due();
    for (const Running& running : running_)
        if (running.next_load_query && !running.is_load_query_out && (!next || *running.next_load_query < *next))
            next = running.next_load_query;
    return next;
}

Snapshot Director::snapshot() const {
    Snapshot snapshot;
    snapshot.session = session_;
    snapshot.labels = session::unique_labels(session_.candidates);
    snapshot.servers = board_.statuses();
    snapshot.activity = activity_;
    snapshot.queue.assign(queue_.begin(), queue_.end());
    const int rounds = static_cast<int>(session_.rounds.size()) - (batch_first_round_ - 1);
    snapshot.rounds_done = rounds - static_cast<int>(open_.size());
    snapshot.rounds_total = rounds + static_cast<int>(queue_.size());
    snapshot.preflight = preflight_;
    snapshot.reports = reports_;
    return snapshot;
}

void Director::shut_down() {
    stop_running(StopReason::stopped);
}

// --- Commands

void Director::on(Configure& command) {
    for (session::Candidate& candidate : command.candidates)
        if (candidate.id.empty()) candidate.id = fmt::format("c{}", next_candidate_++);
    if (!session_.rounds.empty()) {
        const int next_round = static_cast<int>(session_.rounds.size()) + 1;
        for (std::string& what : settings_diff(session_, command.settings, command.candidates))
            session_.changes.push_back({next_round, std::move(what)});
    }
    // Removed ones keep their place.
    std::vector<session::Candidate> candidates;
    for (session::Candidate& old : session_.candidates) {
        const bool is_named = std::any_of(command.candidates.begin(), command.candidates.end(),
                                          [&](const auto& one) { return one.id == old.id; });
        const bool took_part = std::any_of(session_.rounds.begin(), session_.rounds.end(),
                                           [&](const auto& round) { return round->find(old.id); });
        if (is_named || !took_part) continue;
        old.is_removed = true;
        candidates.push_back(old);
    }
    candidates.insert(candidates.begin(), command.candidates.begin(), command.candidates.end());
    session_.candidates = std::move(candidates);
    session_.settings = command.settings;
    session_.servers = command.servers;
    report_folder_ = command.report_folder;
    halt_formats_ = command.halt_formats;
    std::vector<std::string> keys;
    for (const session::Server& server : command.servers)
        if (!server.api_key.empty()) keys.push_back(server.api_key);
    redactor_ = std::make_shared<openai::Redactor>(std::move(keys));
    board_.configure(command.servers);
    is_checked_ = false;
    refresh(false);
}

void Director::on(Send& command) {
    if (queue_.empty() && open_.empty() && activity_ != Activity::halted)
        batch_first_round_ = static_cast<int>(session_.rounds.size()) + 1;
    queue_.insert(queue_.end(), command.prompts.begin(), command.prompts.end());
    if (activity_ == Activity::idle && !queue_.empty()) activity_ = Activity::starting;
}

void Director::on(SetQueue& command) {
    queue_.assign(command.prompts.begin(), command.prompts.end());
}

void Director::on(Pause&) {
    if (activity_ == Activity::running || activity_ == Activity::starting) activity_ = Activity::paused;
}

void Director::on(Continue&) {
    stops_after_round_ = false;
    if (activity_ == Activity::paused || activity_ == Activity::idle)
        activity_ = queue_.empty() && open_.empty() ? Activity::idle : Activity::starting;
}

void Director::on(StopAfterRound&) {
    stops_after_round_ = activity_ == Activity::running;
}

void Director::on(StopNow&) {
    if (activity_ == Activity::stopping || activity_ == Activity::halted) return;
    stopping_for_ = StopReason::stopped;
    activity_ = Activity::stopping;
    stop_running(StopReason::stopped);
    close_waiting(AnswerState::stopped);
}

void Director::on(Retry&) {
    if (!running_.empty() || activity_ == Activity::stopping) return;
    retry_open_answers();
    session_.is_halted = false;
    session_.halt_reason.clear();
    activity_ = Activity::starting;
    is_checked_ = false;
    refresh(true);
}

void Director::on(SkipCandidate& command) {
    for (session::Candidate& candidate : session_.candidates)
        if (candidate.id == command.candidate) candidate.is_removed = true;
    Retry retry;
    on(retry);
}

void Director::on(RefreshManifests&) {
    refresh(true);
}

void Director::on(Export& command) {
    export_reports(command.formats, command.folder);
}

void Director::on(Open& command) {
    if (!running_.empty()) {
        Event refused = event(Event::Kind::error);
        refused.text = "A session cannot be opened while answers are running. Stop them first.";
        effects_.emit(std::move(refused));
        return;
    }
    session_ = std::move(command.session);
    if (session_.id.empty()) session_.id = base::random_id();
    if (session_.created_at == base::WallTime{}) session_.created_at = clock_->wall();
    for (const session::Candidate& candidate : session_.candidates)
        if (candidate.id.size() > 1 && candidate.id[0] == 'c')
            next_candidate_ = std::max(next_candidate_, std::atoi(candidate.id.c_str() + 1) + 1);
    queue_.clear();
    open_.clear();
    reports_.clear();
    last_server_.clear();
    batch_first_round_ = std::max(1, static_cast<int>(session_.rounds.size()));
    activity_ = session_.is_halted ? Activity::halted : Activity::idle;
    is_checked_ = false;
}

// --- What comes back

void Director::on(Tick&) {
    refresh(false);
    query_load_states();
}

void Director::on(ManifestReply& reply) {
    const std::string change = board_.take(reply, clock_->now(), clock_->wall());
    if (change.empty()) return;
    Event changed = event(Event::Kind::server);
    const int index = board_.index_of(reply.server_key);
    if (index >= 0) changed.server = board_.statuses()[static_cast<std::size_t>(index)].server.label();
    changed.text = (*redactor_)(change);
    effects_.emit(std::move(changed));
}

void Director::on(LoadStateReply& reply) {
    Running* running = find_running(reply.key);
    if (!running) return;
    running->is_load_query_out = false;
    if (running->has_token || !running->next_load_query) return;
    const AnswerState state =
        session_.rounds[static_cast<std::size_t>(reply.key.round - 1)]->find(reply.key.candidate)->state;
    switch (reply.state) {
        case openai::LoadState::unknown:
            running->next_load_query.reset();  // the server does not say after all
            return;
        case openai::LoadState::loaded:
            if (running->last_seen_unloaded) {
                running->control->set_model_load(reply.asked_at - running->sent);
                running->control->set_warmth(metrics::ModelWarmth::loaded);
            } else {
                running->control->set_warmth(metrics::ModelWarmth::warm);
            }
            running->next_load_query.reset();
            if (board_.note_answering(reply.server_key, reply.model)) refresh(false);
            if (state == AnswerState::loading)
                set_state(*edit(reply.key.round).find(reply.key.candidate), AnswerState::processing);
            return;
        case openai::LoadState::loading:
        case openai::LoadState::not_loaded:
            running->last_seen_unloaded = reply.asked_at;
            running->next_load_query = clock_->now() + std::chrono::seconds{1};
            if (state == AnswerState::processing)
                set_state(*edit(reply.key.round).find(reply.key.candidate), AnswerState::loading);
            return;
    }
}

void Director::on(AnswerUpdate& update) {
    Running* running = find_running(update.key);
    if (!running) return;
    if (!update.warning.empty()) {
        session::Answer& answer = *edit(update.key.round).find(update.key.candidate);
        answer.warnings.push_back(update.warning);
        Event warning = answer_event(Event::Kind::warning, answer);
        warning.text = update.warning;
        effects_.emit(std::move(warning));
    }
    if (!update.state) return;
    if (*update.state == AnswerState::processing && running->sent == base::TimePoint{}) {
        running->sent = clock_->now();
        if (board_.tells_load_state(running->server_key, running->model)) running->next_load_query = running->sent;
    }
    if (*update.state == AnswerState::streaming) {
        running->has_token = true;
        note_unseen_load_end(*running);
        running->next_load_query.reset();
        if (board_.note_answering(running->server_key, running->model)) refresh(false);
    }
    set_state(*edit(update.key.round).find(update.key.candidate), *update.state);
    query_load_states();
}

// A load was seen, its end was not: it ended after the last look, at most a second before the first token.
void Director::note_unseen_load_end(Running& running) const {
    if (!running.last_seen_unloaded || running.control->model_load()) return;
    const base::Duration load = *running.last_seen_unloaded - running.sent;
    if (load < std::chrono::milliseconds{500}) return;  // one look just after the request says too little
    running.control->set_model_load(load);
    running.control->set_warmth(metrics::ModelWarmth::loaded);
}

// --- Reports

void Director::export_reports(const std::vector<report::Format>& formats, const std::filesystem::path& folder) {
    auto written = effects_.write_reports(session_, formats, folder);
    if (!written) {
        Event failed = event(Event::Kind::error);
        failed.text = written.error().message;
        effects_.emit(std::move(failed));
        return;
    }
    for (const auto& path : written.value()) {
        reports_.push_back(path.string());
        Event report = event(Event::Kind::report);
        report.path = path.string();
        effects_.emit(std::move(report));
    }
}

void Director::refresh(bool all) {
    for (ManifestQuery& query : board_.due(clock_->now(), all, base::from_seconds(session_.settings.connect_timeout_s)))
        effects_.ask_manifest(std::move(query));
}

void Director::query_load_states() {
    const base::TimePoint now = clock_->now();
    for (Running& running : running_) {
        if (running.has_token || running.is_load_query_out || !running.next_load_query ||
            *running.next_load_query > now)
            continue;
        const int index = board_.index_of(running.server_key);
        if (index < 0) continue;
        running.is_load_query_out = true;
        effects_.ask_load_state({running.key, running.server_key,
                                 board_.statuses()[static_cast<std::size_t>(index)].server,
                                 board_.hints(running.server_key), running.model});
    }
}

// --- Small things

session::Round& Director::edit(int round) {
    auto& slot = session_.rounds[static_cast<std::size_t>(round - 1)];
    auto copy = std::make_shared<session::Round>(*slot);
    session::Round& edited = *copy;
    slot = std::move(copy);
    return edited;
}

Director::Running* Director::find_running(const AnswerKey& key) {
    const auto found =
        std::find_if(running_.begin(), running_.end(), [&](const Running& running) { return running.key == key; });
    return found == running_.end() ? nullptr : &*found;
}

void Director::set_state(session::Answer& answer, AnswerState state) {
    answer.state = state;
    effects_.emit(answer_event(Event::Kind::state, answer));
}

Event Director::event(Event::Kind kind) const {
    Event event;
    event.kind = kind;
    event.time = clock_->wall();
    return event;
}

Event Director::answer_event(Event::Kind kind, const session::Answer& answer) const {
    Event made = event(kind);
    made.candidate = answer.candidate;
    made.label = label_of(answer.candidate);
    made.round = answer.round;
    made.server = answer.server;
    made.answer = answer;
    return made;
}

std::string Director::label_of(const session::CandidateId& id) const {
    const auto labels = session::unique_labels(session_.candidates);
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (session_.candidates[i].id == id) return labels[i];
    return id;
}

std::vector<session::Candidate> Director::active() const {
    std::vector<session::Candidate> active;
    for (const auto& candidate : session_.candidates)
        if (!candidate.is_removed) active.push_back(candidate);
    return active;
}

}  // namespace llmc::engine
