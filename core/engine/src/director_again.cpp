// The director's part about other attempts: of what failed, what is missing, and what was complete.
#include <algorithm>

#include <fmt/format.h>

#include "director.h"
#include "session/ending.h"

namespace llmc::engine {

using session::AnswerState;

void Director::on(Retry&) {
    if (stopping_for_ != StopReason::none) return;
    // While a halted session runs answers again, others of it can be retried.
    if (drive_ == Drive::go && (!session_.is_halted || wants_retry_)) return;
    if (session_.is_halted || !is_anything_running()) {
        wants_retry_ = true;
        is_checked_ = has_begun_ = false;
        refresh(true);
    }
    go();
}

void Director::on(RetryAnswer& command) {
    if (activity() == Activity::halted) {
        Retry retry;
        return on(retry);
    }
    want({{command.round, std::move(command.candidate)}}, Wanted::Kind::retry);
    begin_wanted();
}

void Director::on(RunAgain& command) {
    want(std::move(command.places), Wanted::Kind::again);
    begin_wanted();
}

void Director::on(RunMissing& command) {
    const bool is_halted = activity() == Activity::halted;
    want(std::move(command.places), Wanted::Kind::missing);
    if (!is_halted || wanted_.empty()) return begin_wanted();
    Retry retry;
    on(retry);
}

void Director::want(std::vector<session::AnswerPlace> places, Wanted::Kind kind) {
    if (stopping_for_ != StopReason::none) return;
    for (session::AnswerPlace& place : places) {
        Wanted wanted{kind, std::move(place)};
        if (may_try(wanted)) wanted_.push_back(std::move(wanted));
    }
}

void Director::begin_wanted() {
    if (wanted_.empty()) return;
    const bool is_paused = activity() == Activity::paused;
    if (has_begun_ || is_paused) try_wanted();
    if (is_paused || drive_ == Drive::go) return;  // it waits, or runs or starts
    is_checked_ = false;
    refresh(true);
    go();
}

bool Director::is_there(const session::AnswerPlace& place) const {
    const session::Candidate* candidate = session_.find_candidate(place.candidate);
    return place.round >= 1 && place.round <= static_cast<int>(session_.rounds.size()) && candidate &&
           !candidate->is_removed;
}

bool Director::may_try(const Wanted& wanted) const {
    if (!is_there(wanted.place)) return false;
    const session::Round& asked = round(wanted.place.round);
    const session::Answer* answer = asked.find(wanted.place.candidate);
    switch (wanted.kind) {
        case Wanted::Kind::retry: return answer && session::is_failure(answer->state);
        case Wanted::Kind::again: return answer && answer->state == AnswerState::complete;
        case Wanted::Kind::missing: return answer ? needs_retry(*answer) : !asked.prompt_id.empty();
    }
    return false;
}

void Director::try_wanted() {
    for (const Wanted& wanted : std::exchange(wanted_, {})) {
        if (!may_try(wanted)) continue;
        const session::AnswerPlace& place = wanted.place;
        if (place.round < batch_first_round_) begin_batch(place.round);
        session::Round& round = edit(place.round);
        if (session::Answer* answer = round.find(place.candidate))
            try_again(round, *answer);
        else
            add_answer(round, place.candidate);
    }
}

bool Director::needs_retry(const session::Answer& answer) const {
    const session::Candidate* candidate = session_.find_candidate(answer.candidate);
    if (!candidate || candidate->is_removed || answer.state == AnswerState::complete) return false;
    if (!session::is_final(answer.state)) return false;  // it waits already
    // A check has judged it: a second chance would change what it says of the model.
    return !session::was_stopped_by_check(answer);
}

void Director::retry_answers() {
    for (std::size_t i = static_cast<std::size_t>(first_to_retry_ - 1); i < session_.rounds.size(); ++i) {
        const auto& answers = session_.rounds[i]->answers;
        if (std::ranges::none_of(answers, [this](const auto& answer) { return needs_retry(answer); })) continue;
        session::Round& round = edit(static_cast<int>(i) + 1);
        for (session::Answer& answer : round.answers) {
            if (needs_retry(answer)) try_again(round, answer);
        }
    }
}

void Director::try_again(session::Round& round, session::Answer& answer) {
    const bool is_further = answer.state == AnswerState::complete;
    const auto who = std::make_shared<const session::Candidate>(*session_.find_candidate(answer.candidate));
    session::Answer again;
    again.candidate = answer.candidate;
    again.round = answer.round;
    again.attempt = round.attempts(answer.candidate) + 1;
    again.settings = settings_for(round, *who);
    again.stream = session::AnswerStream::holding("", "").value();
    // What is forgotten later is no business of an earlier round, nor of an attempt at the same question.
    const int from = lanes_[answer.candidate].history_from;
    begin_history(again, from <= answer.round && !is_further ? from : answer.history_from);
    if (!is_further)
        for (const auto& step : answer.steps)
            if (step->state == AnswerState::complete) again.steps.push_back(step);
    std::swap(answer, again);
    if (session::has_anything(again)) round.keep(std::move(again));
    wait_for_turn(answer, who);
    effects_.emit(answer_event(Event::Kind::state, answer));
}

void Director::add_answer(session::Round& round, const session::CandidateId& candidate) {
    const auto who = std::make_shared<const session::Candidate>(*session_.find_candidate(candidate));
    session::Answer answer;
    answer.candidate = candidate;
    answer.round = round.number;
    answer.settings = settings_for(round, *who);
    answer.stream = session::AnswerStream::holding("", "").value();
    if (!session::has_own_context(session_, round)) begin_history(answer, lanes_[candidate].history_from);
    const auto place_of = [this](const session::CandidateId& id) {
        return std::ranges::find(session_.candidates, id, &session::Candidate::id) - session_.candidates.begin();
    };
    const auto behind = std::ranges::find_if(
        round.answers, [&](const session::Answer& other) { return place_of(other.candidate) > place_of(candidate); });
    wait_for_turn(answer, who);
    ++batch_answers_;
    effects_.emit(answer_event(Event::Kind::state, *round.answers.insert(behind, std::move(answer))));
}

// A further attempt has ended in this state, and what counts is in its place.
void Director::tell_settled(const session::Round& round, const session::CandidateId& candidate, AnswerState state) {
    const session::Answer& counts = *round.find(candidate);
    if (state != AnswerState::complete) {
        Event warning = answer_event(Event::Kind::warning, counts);
        warning.answer.reset();
        warning.text = fmt::format("a further attempt in round {} is not complete ({}); attempt {} counts as before",
                                   round.number, session::answer_state_name(state), counts.attempt);
        effects_.emit(std::move(warning));
    }
    effects_.emit(answer_event(Event::Kind::state, counts));
}

}  // namespace llmc::engine
