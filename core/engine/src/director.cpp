#include "director.h"

#include <algorithm>
#include <unordered_map>
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
    for (const auto& [id, lane] : lanes_) {
        if (!lane.running) continue;
        const Running& running = *lane.running;
        const auto due =
            running.next_load_query && !running.is_load_query_out ? running.next_load_query : next_late(running);
        if (due && (!next || *due < *next)) next = due;
    }
    return next;
}

void Director::shut_down() {
    stop_running(StopReason::stopped);
}

// --- What is derived

Snapshot Director::snapshot() const {
    Snapshot snapshot;
    snapshot.session = session_;
    snapshot.labels = labels_;
    snapshot.servers = board_.statuses();
    snapshot.activity = activity();
    const int rounds = static_cast<int>(session_.rounds.size()) - (batch_first_round_ - 1);
    snapshot.rounds_done = rounds - static_cast<int>(open_.size());
    snapshot.rounds_total = rounds + static_cast<int>(session_.queue.size());
    std::size_t open_answers = 0;
    for (const auto& [id, lane] : lanes_) open_answers += lane.pending.size();
    const auto taking_part = std::ranges::count(session_.candidates, false, &session::Candidate::is_removed);
    snapshot.answers_done = batch_answers_ - static_cast<int>(open_answers) - answers_to_retry();
    snapshot.answers_total = batch_answers_ + static_cast<int>(session_.queue.size()) * static_cast<int>(taking_part);
    snapshot.round_now = round_now();
    for (const session::Candidate& candidate : session_.candidates) {
        const auto lane = lanes_.find(candidate.id);
        snapshot.rounds_of.push_back(lane == lanes_.end()           ? 0
                                     : lane->second.pending.empty() ? lane->second.newest_round
                                                                    : lane->second.pending.front().round);
    }
    snapshot.retries_from = first_to_retry_;
    snapshot.preflight = preflight_;
    snapshot.reports = reports_;
    snapshot.is_kept = is_kept();
    snapshot.stops_after_round = stops_after_round_;
    snapshot.mark = mark_;
    return snapshot;
}

void Director::begin_batch(int first_round) {
    batch_first_round_ = first_round;
    batch_answers_ = 0;
    for (auto i = static_cast<std::size_t>(first_round - 1); i < session_.rounds.size(); ++i)
        batch_answers_ += static_cast<int>(session_.rounds[i]->answers.size());
}

// Of this batch, while it is halted.
int Director::answers_to_retry() const {
    if (!session_.is_halted || stopping_for_ != StopReason::none) return 0;
    std::ptrdiff_t answers = 0;
    for (auto i = static_cast<std::size_t>(std::max(first_to_retry_, batch_first_round_) - 1);
         i < session_.rounds.size(); ++i)
        answers += std::ranges::count_if(session_.rounds[i]->answers,
                                         [this](const session::Answer& answer) { return needs_retry(answer); });
    return static_cast<int>(answers);
}

Activity Director::activity() const {
    if (stopping_for_ != StopReason::none) return Activity::stopping;
    if (drive_ == Drive::go) return has_begun_ ? Activity::running : Activity::starting;
    if (session_.is_halted) return Activity::halted;
    return drive_ == Drive::hold ? Activity::paused : Activity::idle;
}

bool Director::is_anything_running() const {
    return std::any_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane.second.running.has_value(); });
}

int Director::round_now() const {
    std::optional<int> now;
    for (const auto& [id, lane] : lanes_)
        if (lane.running) now = std::min(now.value_or(lane.running->key.round), lane.running->key.round);
    if (now) return *now;
    if (!open_.empty()) return *open_.begin();
    if (session_.is_halted && session_.halted_by && session_.halted_by->round > 0) return session_.halted_by->round;
    return static_cast<int>(session_.rounds.size());
}

std::vector<session::Candidate> Director::active() const {
    std::vector<session::Candidate> active;
    for (const auto& candidate : session_.candidates)
        if (!candidate.is_removed) active.push_back(candidate);
    return active;
}

// --- Commands

void Director::on(Configure& command) {
    if (begins_anew(noted_settings_)) noted_settings_.settings_before = session_.settings;
    note_instead(noted_settings_, settings_diff(noted_settings_.settings_before, command.settings));
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
    if (session_.queue.empty() && open_.empty() && !session_.is_halted)
        begin_batch(first_to_retry_ = static_cast<int>(session_.rounds.size()) + 1);
    std::vector<session::QueuedPrompt> prompts;
    for (std::string& prompt : command.prompts) prompts.push_back({.prompt = std::move(prompt)});
    const session::Queue added = session::queue_of(std::move(prompts));
    session_.queue.append(added.begin(), added.end());
    if (activity() == Activity::idle && has_work()) go();
}

void Director::on(SetQueue& command) {
    // A prompt that waited already stays what it was, of a suite too: only its place has changed.
    std::unordered_map<std::string_view, std::deque<std::shared_ptr<const session::QueuedPrompt>>> before;
    for (const auto& waiting : session_.queue) before[waiting->prompt].push_back(waiting);
    std::vector<std::shared_ptr<const session::QueuedPrompt>> now;
    for (std::string& prompt : command.prompts) {
        const auto known = before.find(prompt);
        if (known == before.end() || known->second.empty()) {
            now.push_back(std::make_shared<session::QueuedPrompt>(session::QueuedPrompt{.prompt = std::move(prompt)}));
        } else {
            now.push_back(std::move(known->second.front()));
            known->second.pop_front();
        }
    }
    session::Queue queue;
    queue.append(now.begin(), now.end());
    session_.queue = std::move(queue);
}

void Director::on(Pause&) {
    if (stopping_for_ != StopReason::none || drive_ != Drive::go) return;
    // A retry that has not begun is taken back.
    const bool took_back = std::exchange(wants_retry_, false) || !wanted_.empty();
    wanted_.clear();
    if (took_back && (session_.is_halted || !has_work())) return finish();
    drive_ = Drive::hold;
}

void Director::on(Continue&) {
    stops_after_round_ = false;
    const Activity now = activity();
    if ((now != Activity::paused && now != Activity::idle) || !has_work()) return;
    // What was stopped is left behind.
    if (open_.empty()) first_to_retry_ = static_cast<int>(session_.rounds.size()) + 1;
    go();
}

void Director::on(StopAfterRound&) {
    stops_after_round_ = activity() == Activity::running;
}

void Director::on(StopNow&) {
    const Activity now = activity();
    if (now == Activity::stopping || now == Activity::halted) return;
    stopping_for_ = StopReason::stopped;
    wants_retry_ = false;
    wanted_.clear();
    stop_running(StopReason::stopped);
    close_all_waiting(AnswerState::stopped);
}

void Director::on(Export& command) {
    export_reports(command.formats, command.folder);
}

void Director::on(Open& command) {
    if (is_anything_running()) return refuse("A session cannot be opened while answers are running. Stop them first.");
    take_up(std::move(command.session));
    take_up_suite();
    opened_journal_ = command.journal;
    is_of_a_file_ = command.is_of_a_file && command.journal.path.empty();
    if (is_of_a_file_) note_kept();
}

void Director::on(Save& command) {
    if (const auto saved = effects_.save_session(session_, command.path); !saved)
        return refuse(saved.error().message, Event::Kind::unwritten);
    note_kept();
    reports_.push_back(command.path.string());
    Event report = event(Event::Kind::report);
    report.path = command.path.string();
    effects_.emit(std::move(report));
}

void Director::on(Clear&) {
    if (is_anything_running())
        return refuse("The session cannot be cleared while answers are running. Stop them first.");
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
    lanes_.clear();
    open_.clear();
    give_ids();
    for (std::size_t i = 0; i < session_.rounds.size(); ++i) {  // nobody is at them any more
        if (std::ranges::all_of(session_.rounds[i]->answers, session::is_final, &session::Answer::state)) continue;
        session::Round& round = edit(static_cast<int>(i) + 1);
        for (session::Answer& answer : round.answers) {
            if (!session::is_final(answer.state)) answer.state = AnswerState::interrupted;
            round.settle(session::CandidateId(answer.candidate));
        }
    }
    if (session_.is_halted && !session_.halted_by) {
        const session::Answer* failed = session::first_failure(session_);
        session_.halted_by = failed ? session::AnswerPlace{failed->round, failed->candidate} : session::AnswerPlace{};
    }
    reports_.clear();
    kept_rounds_.clear();
    kept_casting_.clear();
    kept_judges_.clear();
    noted_settings_ = {};
    noted_candidates_.clear();
    is_of_a_file_ = false;
    preflight_ = {};
    stopping_for_ = StopReason::none;
    stops_after_round_ = wants_retry_ = is_checked_ = has_begun_ = is_announced_ = false;
    wanted_.clear();
    begin_batch(first_to_retry_ = first_unfinished_round(session_));
    drive_ = session_.queue.empty() ? Drive::rest : Drive::hold;
}

// --- What comes back

void Director::on(Tick&) {
    refresh(false);
    query_load_states();
    for (auto& [id, lane] : lanes_)
        if (lane.running) judge_wait(*lane.running);
}

void Director::on(AnswerUpdate& update) {
    Lane* lane = find_running(update.key);
    if (!lane) return;
    Running& running = *lane->running;
    const std::string& model = lane->pending.front().who->model_id;
    if (!update.warning.empty()) {
        warn(edit(update.key), update.warning);
    }
    if (update.stream) {
        session::Answer& answer = edit(update.key);
        answer.stream = std::move(update.stream);
        answer.checks = running.late;
        lane->begins_in_thought = true;
        effects_.emit(answer_event(Event::Kind::anew, answer));
    }
    if (!update.broken_checks.empty()) {
        update.broken_checks.insert(update.broken_checks.end(), running.late.begin(), running.late.end());
        edit(update.key).checks = std::move(update.broken_checks);
    }
    if (!update.state) return;
    if (*update.state == AnswerState::processing && running.sent == base::TimePoint{}) {
        running.sent = clock_->now();
        if (board_.tells_load_state(running.server_key, model)) running.next_load_query = running.sent;
    }
    if (*update.state == AnswerState::streaming) {
        running.has_token = true;
        note_unseen_load_end(running);
        running.next_load_query.reset();
        if (board_.note_answering(running.server_key, model)) refresh(false);
    }
    set_state(edit(update.key), *update.state);
    query_load_states();
    judge_wait(running);
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
    if (!written) refuse(written.error().message, Event::Kind::unwritten);
}

void Director::note_kept() {
    kept_rounds_ = session_.rounds;
    kept_casting_ = session_.casting;
    kept_judges_ = session_.judges;
}

bool Director::is_kept() const {
    if (session_.rounds.empty()) return true;
    const bool has_picks = !is_of_a_file_ && kept_casting_ != session_.casting;
    return open_.empty() && kept_rounds_ == session_.rounds && !has_picks && kept_judges_ == session_.judges;
}

// --- Small things

void Director::refuse(std::string text, Event::Kind kind) {
    Event refused = event(kind);
    refused.text = std::move(text);
    effects_.emit(std::move(refused));
}

const session::Round& Director::round(int number) const {
    return *session_.rounds[static_cast<std::size_t>(number - 1)];
}

session::Round& Director::edit(int number) {
    auto copy = std::make_shared<session::Round>(round(number));
    session::Round& edited = *copy;
    session_.rounds.set(static_cast<std::size_t>(number - 1), std::move(copy));
    return edited;
}

session::Answer& Director::edit(const AnswerKey& key) {
    return *edit(key.round).find(key.candidate);
}

Director::Lane* Director::find_running(const AnswerKey& key) {
    const auto lane = lanes_.find(key.candidate);
    return lane != lanes_.end() && lane->second.running && lane->second.running->key == key ? &lane->second : nullptr;
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
    made.candidate = made.label = answer.candidate;
    for (std::size_t i = 0; i < labels_.size(); ++i)
        if (session_.candidates[i].id == answer.candidate) made.label = labels_[i];
    made.round = answer.round;
    made.server = answer.server;
    made.answer = answer;
    return made;
}

}  // namespace llmc::engine
