#include "director.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/ids.h"
#include "settings_diff.h"

namespace llmc::engine {

using session::AnswerState;

namespace {

// Where a session that was taken up goes on: the first of the rounds at its end that are not complete, else the last.
int first_unfinished_round(const session::Session& session) {
    const auto is_unfinished = [](const std::shared_ptr<const session::Round>& round) {
        return std::any_of(round->answers.begin(), round->answers.end(),
                           [](const auto& answer) { return answer.state != AnswerState::complete; });
    };
    int first = static_cast<int>(session.rounds.size());
    while (first > 1 && is_unfinished(session.rounds[static_cast<std::size_t>(first - 2)])) --first;
    // Where nothing halts at a failure, it may be in any round.
    if (session.settings.on_failure == session::OnFailure::keep_going)
        for (const auto& round : session.rounds)
            if (round->number < first &&
                std::any_of(round->answers.begin(), round->answers.end(),
                            [](const auto& answer) { return session::is_failure(answer.state); }))
                return round->number;
    return std::max(1, first);
}

}  // namespace

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
    for (const session::QueuedPrompt& one : session_.queue) snapshot.queue.push_back(one.prompt);
    const int rounds = static_cast<int>(session_.rounds.size()) - (batch_first_round_ - 1);
    snapshot.rounds_done = rounds - static_cast<int>(open_.size());
    snapshot.rounds_total = rounds + static_cast<int>(session_.queue.size());
    snapshot.preflight = preflight_;
    snapshot.reports = reports_;
    snapshot.is_kept = is_kept();
    snapshot.stops_after_round = stops_after_round_;
    return snapshot;
}

void Director::shut_down() {
    stop_running(StopReason::stopped);
}

// --- Commands

void Director::on(Configure& command) {
    give_ids(command.candidates);
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
    close_waiting(AnswerState::stopped, true);
}

void Director::on(Send& command) {
    if (session_.queue.empty() && open_.empty() && activity_ != Activity::halted)
        batch_first_round_ = first_to_retry_ = static_cast<int>(session_.rounds.size()) + 1;
    for (std::string& prompt : command.prompts) session_.queue.push_back({.prompt = std::move(prompt)});
    if (activity_ == Activity::idle && !session_.queue.empty()) activity_ = Activity::starting;
}

void Director::on(SetQueue& command) {
    // A prompt that waited already stays what it was, of a suite too: only its place has changed.
    std::vector<session::QueuedPrompt> before = std::exchange(session_.queue, {});
    for (std::string& prompt : command.prompts) {
        const auto known = std::ranges::find(before, prompt, &session::QueuedPrompt::prompt);
        if (known == before.end()) {
            session_.queue.push_back({.prompt = std::move(prompt)});
        } else {
            session_.queue.push_back(std::move(*known));
            before.erase(known);
        }
    }
}

void Director::on(Pause&) {
    if (activity_ == Activity::running || activity_ == Activity::starting) activity_ = Activity::paused;
}

void Director::on(Continue&) {
    stops_after_round_ = false;
    if (activity_ != Activity::paused && activity_ != Activity::idle) return;
    activity_ = session_.queue.empty() && open_.empty() ? Activity::idle : Activity::starting;
    if (activity_ == Activity::idle) return;
    // What was stopped is left behind.
    if (open_.empty()) first_to_retry_ = static_cast<int>(session_.rounds.size()) + 1;
    if (!is_checked_) refresh(true);  // the last start was refused: the servers may have changed
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
    close_waiting(AnswerState::stopped, true);
    Retry retry;
    on(retry);
}

void Director::on(Export& command) {
    export_reports(command.formats, command.folder);
}

void Director::on(Open& command) {
    if (!running_.empty()) return refuse("A session cannot be opened while answers are running. Stop them first.");
    take_up(std::move(command.session));
    take_up_suite();
    opened_journal_ = command.journal;
    if (command.journal.path.empty()) note_kept();
}

void Director::on(Save& command) {
    if (const auto saved = effects_.save_session(session_, command.path); !saved) return refuse(saved.error().message);
    note_kept();
    reports_.push_back(command.path.string());
    Event report = event(Event::Kind::report);
    report.path = command.path.string();
    effects_.emit(std::move(report));
}

void Director::on(Clear&) {
    if (!running_.empty()) return refuse("The session cannot be cleared while answers are running. Stop them first.");
    session::Session fresh;
    fresh.settings = session_.settings;
    fresh.servers = session_.servers;
    fresh.candidates = active();
    take_up(std::move(fresh));
    take_up_suite();
}

// `session` takes the place of the one that was there.
void Director::take_up(session::Session session) {
    session_ = std::move(session);
    if (session_.id.empty()) session_.id = base::random_id();
    if (session_.created_at == base::WallTime{}) session_.created_at = clock_->wall();
    give_ids(session_.candidates);
    open_.clear();
    reports_.clear();
    kept_rounds_.clear();
    kept_casting_.clear();
    last_server_.clear();
    unreachable_for_.clear();
    connect_failures_.clear();
    fresh_asked_.clear();
    queued_since_.clear();
    preflight_ = {};
    stopping_for_ = StopReason::none;
    stops_after_round_ = false;
    batch_first_round_ = first_to_retry_ = first_unfinished_round(session_);
    activity_ = session_.is_halted ? Activity::halted : session_.queue.empty() ? Activity::idle : Activity::paused;
    is_checked_ = false;
}

// Candidates without an id of their own get one that was never there.
void Director::give_ids(std::vector<session::Candidate>& candidates) {
    std::set<session::CandidateId> seen;
    for (session::Candidate& candidate : candidates) {
        if (!seen.insert(candidate.id).second) candidate.id.clear();
        if (candidate.id.size() > 1 && candidate.id[0] == 'c')
            next_candidate_ = std::max(next_candidate_, std::atoi(candidate.id.c_str() + 1) + 1);
    }
    for (session::Candidate& candidate : candidates)
        if (candidate.id.empty()) candidate.id = fmt::format("c{}", next_candidate_++);
}

// --- What comes back

void Director::on(Tick&) {
    refresh(false);
    query_load_states();
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
    if (update.stream) {
        session::Answer& answer = *edit(update.key.round).find(update.key.candidate);
        answer.stream = std::move(update.stream);
        answer.checks.clear();
        begin_in_thought_.insert(answer.candidate);
        effects_.emit(answer_event(Event::Kind::anew, answer));
    }
    if (!update.broken_checks.empty())
        edit(update.key.round).find(update.key.candidate)->checks = std::move(update.broken_checks);
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

void Director::on(JournalFailed& failed) {
    Event warning = event(Event::Kind::warning);
    warning.text = fmt::format(
        "The crash journal fails: {}. The session goes on without it: only what is exported or saved will be there "
        "after a crash.",
        failed.error.message);
    effects_.emit(std::move(warning));
}

// --- Reports

void Director::export_reports(const std::vector<report::Format>& formats, const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    auto written = effects_.write_reports(session_, formats, folder);
    if (written) {
        files = std::move(*written);
        if (std::any_of(formats.begin(), formats.end(),
                        [](report::Format one) { return one->keeps != report::Keeps::figures; }))
            note_kept();
    } else if (formats.size() > 1) {
        // Where not all of them fit, one does perhaps: more than nothing, though not what was asked for.
        for (const report::Format format : formats)
            if (const auto one = effects_.write_reports(session_, {format}, folder))
                files.insert(files.end(), one->begin(), one->end());
    }
    for (const auto& path : files) {
        reports_.push_back(path.string());
        Event report = event(Event::Kind::report);
        report.path = path.string();
        effects_.emit(std::move(report));
    }
    if (!written) refuse(written.error().message);
}

void Director::note_kept() {
    kept_rounds_ = session_.rounds;
    kept_casting_ = session_.casting;
}

bool Director::is_kept() const {
    return session_.rounds.empty() ||
           (open_.empty() && kept_rounds_ == session_.rounds && kept_casting_ == session_.casting);
}

// --- Small things

void Director::refuse(std::string text) {
    Event refused = event(Event::Kind::error);
    refused.text = std::move(text);
    effects_.emit(std::move(refused));
}

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
