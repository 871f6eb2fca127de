// The director's part about who takes part: it alone gives ids, takes candidates out and brings them back.
#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include "director.h"
#include "settings_diff.h"

namespace llmc::engine {

using session::AnswerState;

namespace {

// "c7" → 7; 0 for what is no such id.
std::int64_t number_of(const session::CandidateId& id) {
    std::int64_t number = 0;
    if (!id.starts_with('c')) return 0;
    const auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), number);
    constexpr std::int64_t kMost = std::int64_t{1} << 53;  // beyond that no file of ours has counted
    return error == std::errc{} && end == id.data() + id.size() && number <= kMost ? number : 0;
}

}  // namespace

void Director::on(AddCandidate& command) {
    session::Candidate& added = session_.candidates.emplace_back(std::move(command.candidate));
    added.id = new_id();
    added.is_removed = added.is_skipped = false;
    const std::string name = added.name();
    if (command.place) place(session_.candidates.size() - 1, *command.place);
    candidates_changed({fmt::format("{} added", name)});
}

void Director::on(ChangeCandidate& command) {
    session::Candidate* known = find_candidate(command.candidate.id);
    if (!known) return refuse("The model is not among the candidates any more: its change came too late.");
    Noted& noted = noted_candidates_[known->id];
    if (known->is_removed) {
        noted = {};
        note_changes({fmt::format("{} brought back", known->name())});
    }
    if (begins_anew(noted)) noted.before = *known;
    note_instead(noted, candidate_diff(noted.before, command.candidate));
    *known = std::move(command.candidate);
    known->is_removed = known->is_skipped = false;
    if (command.place) place(static_cast<std::size_t>(known - session_.candidates.data()), *command.place);
    candidates_changed({});
}

void Director::on(RemoveCandidate& command) {
    take_out(command.candidate, false);
}

void Director::on(SkipCandidate& command) {
    const Activity before = activity();
    take_out(command.candidate, true);
    if (before != Activity::halted && before != Activity::paused) return;
    Retry retry;
    on(retry);
}

void Director::on(ForgetOldest& command) {
    const session::Answer* answer = command.round >= 1 && command.round <= static_cast<int>(session_.rounds.size())
                                        ? round(command.round).find(command.candidate)
                                        : nullptr;
    if (!answer || !can_forget(snapshot(), *answer)) return refuse("There are no rounds that this model could forget.");
    const std::vector<int> held =
        session::rounds_of_history(session_, answer->candidate, answer->round, answer->history_from);
    const std::size_t drops = (held.size() + 1) / 2;
    lanes_[answer->candidate].history_from = drops < held.size() ? held[drops] : answer->round;
    RetryAnswer again{command.round, std::move(command.candidate)};
    on(again);
}

// One that took part keeps its place.
void Director::take_out(const session::CandidateId& id, bool is_skipped) {
    session::Candidate* known = find_candidate(id);
    if (!known || known->is_removed) return;
    const std::string name = known->name();
    const auto lane = lanes_.find(id);
    known->is_removed = true;
    known->is_skipped = is_skipped;
    if (lane == lanes_.end())
        session_.candidates.erase(session_.candidates.begin() + (known - session_.candidates.data()));
    candidates_changed({fmt::format("{} {}", name, is_skipped ? "skipped" : "removed")});
    if (lane != lanes_.end()) close_waiting(id, AnswerState::stopped);
}

void Director::candidates_changed(const std::vector<std::string>& what) {
    note_changes(what);
    labels_ = session::unique_labels(session_.candidates);
    is_checked_ = false;
}

void Director::note_changes(std::vector<std::string> what) {
    if (session_.rounds.empty()) return;
    const int next_round = static_cast<int>(session_.rounds.size()) + 1;
    for (std::string& one : what) session_.changes.push_back({next_round, std::move(one)});
}

bool Director::begins_anew(Noted& noted) const {
    const int next_round = static_cast<int>(session_.rounds.size()) + 1;
    if (noted.from_round == next_round) return false;
    noted = {};
    noted.from_round = next_round;
    return true;
}

void Director::note_instead(Noted& noted, std::vector<std::string> what) {
    for (const std::string& one : noted.what) {
        const auto last = std::find_if(session_.changes.rbegin(), session_.changes.rend(), [&](const auto& change) {
            return change.from_round == noted.from_round && change.what == one;
        });
        if (last != session_.changes.rend()) session_.changes.erase(std::next(last).base());
    }
    noted.what = what;
    note_changes(std::move(what));
}

void Director::place(std::size_t index, std::size_t among_active) {
    auto& candidates = session_.candidates;
    session::Candidate moved = std::move(candidates[index]);
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(index));
    auto at = candidates.begin();
    for (; at != candidates.end() && (at->is_removed || among_active > 0); ++at)
        if (!at->is_removed) --among_active;
    candidates.insert(at, std::move(moved));
}

session::CandidateId Director::new_id() {
    return fmt::format("c{}", next_candidate_++);
}

// Of a session that was taken up. Whoever said something in it has an id, also one that is no candidate any more.
void Director::give_ids() {
    std::set<session::CandidateId> seen;
    for (session::Candidate& candidate : session_.candidates) {
        if (!seen.insert(candidate.id).second) candidate.id.clear();
        next_candidate_ = std::max(next_candidate_, number_of(candidate.id) + 1);
    }
    for (const auto& round : session_.rounds)
        for (const session::Answer& answer : round->answers) {
            Lane& lane = lanes_[answer.candidate];
            lane.newest_round = round->number;
            lane.history_from = std::max(lane.history_from, answer.history_from);
            next_candidate_ = std::max(next_candidate_, number_of(answer.candidate) + 1);
        }
    for (session::Candidate& candidate : session_.candidates)
        if (candidate.id.empty()) candidate.id = new_id();
    labels_ = session::unique_labels(session_.candidates);
}

session::Candidate* Director::find_candidate(const session::CandidateId& id) {
    const auto found = std::ranges::find(session_.candidates, id, &session::Candidate::id);
    return found == session_.candidates.end() ? nullptr : &*found;
}

}  // namespace llmc::engine
