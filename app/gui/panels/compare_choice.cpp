#include "gui/panels/compare_choice.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace llmc::gui {
namespace {

std::size_t ended_answers(const session::Round& round) {
    return static_cast<std::size_t>(std::count_if(round.answers.begin(), round.answers.end(),
                                                  [](const auto& answer) { return session::is_final(answer.state); }));
}

std::size_t rank_of(const session::Session& session, const session::CandidateId& id) {
    return static_cast<std::size_t>(std::find_if(session.candidates.begin(), session.candidates.end(),
                                                 [&](const auto& one) { return one.id == id; }) -
                                    session.candidates.begin());
}

}  // namespace

const session::Session& CompareChoice::session_of(int source) const {
    return source == 0 ? session_ : *others_[static_cast<std::size_t>(source) - 1].session;
}

std::shared_ptr<const session::Round> CompareChoice::round_at(const RoundPlace& place) const {
    const bool is_there = place.source == 0 ||
                          (!is_blind_ && place.source > 0 && static_cast<std::size_t>(place.source) <= others_.size());
    if (!is_there || place.round < 1) return nullptr;
    const auto& rounds = session_of(place.source).rounds;
    return static_cast<std::size_t>(place.round) <= rounds.size() ? rounds[static_cast<std::size_t>(place.round) - 1]
                                                                  : nullptr;
}

const session::Round* CompareChoice::find_round(const RoundPlace& place) const {
    return round_at(place).get();
}

const std::string* CompareChoice::label_of(int source, const session::CandidateId& candidate) const {
    const auto& labels = source == 0 ? labels_ : others_[static_cast<std::size_t>(source) - 1].labels;
    const std::size_t rank = rank_of(session_of(source), candidate);
    return rank < labels.size() ? &labels[rank] : nullptr;
}

std::string CompareChoice::round_name(const RoundPlace& place) const {
    if (place.source == 0) return fmt::format("Round {}", place.round);
    return fmt::format("{} · round {}", others_[static_cast<std::size_t>(place.source) - 1].name, place.round);
}

void CompareChoice::update(const engine::Snapshot& snapshot, bool is_blind) {
    // Masked or not, it is the same session.
    if (!session_.id.empty() && snapshot.session.id != session_.id && is_blind == is_blind_) {
        follows_newest_ = true;
        round_ = {};
        std::erase_if(picks_, [](const AnswerPick& pick) { return pick.place.source == 0; });
    }
    session_ = {};
    session_.id = snapshot.session.id;
    session_.candidates = snapshot.session.candidates;
    session_.rounds = snapshot.session.rounds;
    labels_ = snapshot.labels;
    is_blind_ = is_blind;
    if (suite_ != snapshot.session.suite) {
        suite_ = snapshot.session.suite;
        incumbents_ = suite_ ? suite::incumbents_of(*suite_) : std::map<std::string, suite::Incumbent>();
    }

    rounds_.clear();
    const int sources = is_blind ? 1 : 1 + static_cast<int>(others_.size());
    for (int source = 0; source < sources; ++source)
        for (const auto& round : session_of(source).rounds)
            if (!round->answers.empty()) rounds_.push_back({source, round->number});

    if (follows_newest_) {
        RoundPlace newest;
        for (const RoundPlace& place : rounds_) {
            const bool is_better = place.source == newest.source || newest.round == 0;
            if (is_better && ended_answers(*find_round(place)) >= 2) newest = place;
        }
        if (newest.round > 0 && newest != round_) {
            show_round(newest);
            follows_newest_ = true;
        }
    }
    if (!find_round(round_)) {
        round_ = rounds_.empty() ? RoundPlace{} : rounds_.back();
        const bool has_any =
            std::any_of(picks_.begin(), picks_.end(), [&](const auto& pick) { return find_round(pick.place); });
        wants_all_ = wants_all_ || !has_any;
    }
    if (wants_all_ && find_round(round_)) {
        choose_of(round_, {});
        wants_all_ = false;
    }
    refresh();
}

void CompareChoice::refresh() {
    of_round_ = round_.round > 0 ? answers_of(round_) : std::vector<Choosable>{};
    chosen_.clear();
    // Not forgotten in blind mode, only left out.
    for (const AnswerPick& pick : picks_)
        for (Choosable& one : pick.attempt > 0 ? attempts_of(pick.place) : answers_of(pick.place))
            if (one.pick == pick) chosen_.push_back(std::move(one));
    std::stable_sort(chosen_.begin(), chosen_.end(), [this](const Choosable& a, const Choosable& b) {
        const auto key = [this](const AnswerPick& pick) {
            return std::tuple(pick.place.source, pick.place.round,
                              rank_of(session_of(pick.place.source), pick.candidate), pick.attempt == 0, pick.attempt);
        };
        return key(a.pick) < key(b.pick);
    });
    // Where all are of one round, its name says nothing.
    const bool is_mixed = std::any_of(chosen_.begin(), chosen_.end(), [&](const Choosable& one) {
        return one.pick.place != chosen_.front().pick.place;
    });
    const bool is_own = chosen_.empty() || chosen_.front().pick.place.source == 0;
    if (is_mixed || !is_own)
        for (Choosable& one : chosen_) {
            std::string place = round_name(one.pick.place);
            if (one.pick.place.source == 0) place[0] = 'r';
            one.label = fmt::format("{} · {}", place, one.label);
        }
}

Choosable CompareChoice::choosable(const RoundPlace& place, const std::shared_ptr<const session::Round>& round,
                                   const session::Answer& answer, const std::string& label) const {
    return {
        .pick = {place, answer.candidate},
        .id = place == round_ ? answer.candidate : fmt::format("{}:{}:{}", place.source, place.round, answer.candidate),
        .label = label,
        .round = round,
        .answer = &answer};
}

std::vector<Choosable> CompareChoice::answers_of(const RoundPlace& place) const {
    std::vector<Choosable> found;
    const auto round = round_at(place);
    if (!round) return found;
    for (const session::Answer& answer : round->answers)
        if (const std::string* label = label_of(place.source, answer.candidate))
            found.push_back(choosable(place, round, answer, *label));
    if (place.source != 0 || is_blind_) return found;
    if (const auto known = incumbents_.find(round->prompt_id); known != incumbents_.end())
        found.push_back(
            choosable(place, known->second.round, known->second.round->answers.front(), known->second.label));
    return found;
}

std::vector<Choosable> CompareChoice::attempts_of(const RoundPlace& place) const {
    std::vector<Choosable> found;
    const auto round = round_at(place);
    if (!round) return found;
    for (const session::Answer& earlier : round->replaced) {
        const std::string* label = label_of(place.source, earlier.candidate);
        if (!label || !round->find(earlier.candidate)) continue;
        Choosable& one = found.emplace_back(choosable(place, round, earlier, *label));
        one.pick.attempt = earlier.attempt;
        one.id += fmt::format("#{}", earlier.attempt);
        one.label += fmt::format(" · attempt {}", earlier.attempt);
    }
    std::ranges::stable_sort(
        found, {}, [&](const Choosable& one) { return round->find(one.pick.candidate) - round->answers.data(); });
    return found;
}

// The round's answers of `wanted`; where those are fewer than two, as many of all as can be shown.
void CompareChoice::choose_of(const RoundPlace& place, std::vector<session::CandidateId> wanted) {
    picks_.clear();
    const std::vector<Choosable> all = answers_of(place);
    const auto take = [&](bool is_all) {
        picks_.clear();
        for (const Choosable& one : all)
            if (!is_full() && (is_all || std::ranges::find(wanted, one.pick.candidate) != wanted.end()))
                picks_.push_back(one.pick);
    };
    take(wanted.empty());
    if (picks_.size() < 2) take(true);
}

void CompareChoice::show(int round, const std::vector<session::CandidateId>& candidates) {
    follows_newest_ = false;
    round_ = {0, round};
    picks_.clear();
    // The round may be newer than what was seen.
    wants_all_ = candidates.empty();
    if (wants_all_ && find_round(round_)) choose_of(round_, {});
    for (const session::CandidateId& id : candidates)
        if (!is_full() && !is_chosen({round_, id})) picks_.push_back({round_, id});
    const session::Round* now = find_round(round_);
    if (now && !picks_.empty() && !is_full() && incumbents_.contains(now->prompt_id))
        picks_.push_back({round_, suite::kIncumbent});
    refresh();
}

void CompareChoice::show_attempt(int round, const session::CandidateId& candidate, int attempt) {
    show(round, {candidate});
    picks_.push_back({round_, candidate, attempt});
    refresh();
}

void CompareChoice::show_round(const RoundPlace& place) {
    follows_newest_ = false;
    std::vector<session::CandidateId> wanted;
    for (const AnswerPick& pick : picks_)
        if (pick.place == round_ && pick.attempt == 0) wanted.push_back(pick.candidate);
    round_ = place;
    wants_all_ = false;
    choose_of(place, std::move(wanted));
    refresh();
}

bool CompareChoice::can_step(int by) const {
    const auto at = std::ranges::find(rounds_, round_);
    if (at == rounds_.end()) return false;
    return by < 0 ? at != rounds_.begin() : at + 1 != rounds_.end();
}

void CompareChoice::step(int by) {
    if (can_step(by)) show_round(*(std::ranges::find(rounds_, round_) + (by < 0 ? -1 : 1)));
}

bool CompareChoice::is_chosen(const AnswerPick& pick) const {
    return std::ranges::find(picks_, pick) != picks_.end();
}

void CompareChoice::toggle(const AnswerPick& pick) {
    if (is_chosen(pick))
        std::erase(picks_, pick);
    else if (!is_full())
        picks_.push_back(pick);
    refresh();
}

// The answer to the same prompt is put beside what is shown; where nothing is, the file's newest round is.
void CompareChoice::add_session(std::string name, session::Session session) {
    OtherSession other{std::move(name), nullptr, session::unique_labels(session.candidates)};
    other.session = std::make_shared<const session::Session>(std::move(session));
    others_.push_back(std::move(other));
    const int source = static_cast<int>(others_.size());
    const auto& rounds = others_.back().session->rounds;
    for (const auto& round : rounds)
        if (!round->answers.empty()) rounds_.push_back({source, round->number});
    if (rounds.empty() || is_blind_) return refresh();
    if (chosen_.empty()) {
        follows_newest_ = false;
        round_ = {source, rounds.back()->number};
        choose_of(round_, {});
        return refresh();
    }
    const std::string& prompt = chosen_.front().round->prompt;
    const auto same = std::ranges::find(rounds, prompt, [](const auto& round) { return round->prompt; });
    const std::vector<Choosable> found =
        answers_of({source, same == rounds.end() ? rounds.back()->number : (*same)->number});
    if (!found.empty() && !is_full()) picks_.push_back(found.front().pick);
    refresh();
}

}  // namespace llmc::gui
