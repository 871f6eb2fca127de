#include "session/session.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace llmc::session {
namespace {

// What a suite has a tool say; "{}" where it says nothing of it.
std::string tool_result(const Session& session, const std::string& name) {
    if (session.suite && session.suite->source.is_object())
        if (const auto results = session.suite->source.find("tool_results");
            results != session.suite->source.end() && results->is_object())
            if (const auto found = results->find(name); found != results->end())
                return found->is_string() ? found->get<std::string>() : base::dump_json(*found);
    return "{}";
}

// Whether what was said in `earlier` belongs to the conversation that round `later` goes on with. With a suite every
// prompt has a context of its own, or every repeat is one conversation.
bool is_one_conversation(const Session& session, const Round& earlier, const Round& later) {
    if (!session.suite || (earlier.prompt_id.empty() && later.prompt_id.empty())) return true;
    return !session.suite->is_fresh && earlier.repeat == later.repeat && !earlier.prompt_id.empty() &&
           !later.prompt_id.empty();
}

// The further turns of the user, and what the tools said in them.
void append_steps(std::vector<openai::Message>& messages, const Round& round, const Answer& answer) {
    for (const auto& step : answer.steps) {
        if (!step->prompt.empty()) messages.push_back({.role = "user", .content = step->prompt});
        openai::Message said{.role = "assistant", .content = step->text};
        for (const StepCall& one : step->calls) {
            said.tool_calls.push_back(one.call);
            if (one.call.id.empty())
                said.tool_calls.back().id =
                    fmt::format("call_{}_{}_{}", round.number, step->index, said.tool_calls.size());
        }
        messages.push_back(said);
        for (std::size_t i = 0; i < step->calls.size(); ++i)
            messages.push_back({.role = "tool",
                                .content = step->calls[i].result.value_or("{}"),
                                .tool_call_id = said.tool_calls[i].id});
    }
}

void append_turn(std::vector<openai::Message>& messages, const Session& session, const Round& round,
                 const Answer& answer) {
    messages.push_back({.role = "user", .content = round.prompt});
    if (!answer.steps.empty()) return append_steps(messages, round, answer);
    openai::Message said{.role = "assistant", .content = std::string(answer.text()), .tool_calls = answer.tool_calls};
    for (std::size_t i = 0; i < said.tool_calls.size(); ++i)
        if (said.tool_calls[i].id.empty()) said.tool_calls[i].id = fmt::format("call_{}_{}", round.number, i + 1);
    messages.push_back(said);
    for (const openai::ToolCall& call : said.tool_calls)
        messages.push_back({.role = "tool", .content = tool_result(session, call.name), .tool_call_id = call.id});
}

// Hands on the rounds that belong to the conversation, each with its complete answer.
template <class Take>
void each_turn(const Session& session, const CandidateId& candidate, int before_round, int from_round, Take take) {
    const auto next = static_cast<std::size_t>(before_round - 1);
    const Round* later = next < session.rounds.size() ? session.rounds[next].get() : nullptr;
    if (later && has_own_context(session, *later)) return;
    for (const auto& round : session.rounds) {
        if (round->number >= before_round) break;
        if (round->number < from_round || (later && !is_one_conversation(session, *round, *later))) continue;
        const Answer* answer = round->counted(candidate);
        if (answer && answer->state == AnswerState::complete) take(*round, *answer);
    }
}

void append_turns(std::vector<openai::Message>& messages, const Session& session, const CandidateId& candidate,
                  int before_round, int from_round) {
    each_turn(session, candidate, before_round, from_round,
              [&](const Round& round, const Answer& answer) { append_turn(messages, session, round, answer); });
}

}  // namespace

bool has_anything(const Answer& attempt) {
    return attempt.state == AnswerState::complete || is_failure(attempt.state) || !attempt.text().empty() ||
           !attempt.reasoning().empty() || !attempt.tool_calls.empty() || !attempt.steps.empty();
}

const Answer* Round::find(const CandidateId& candidate) const {
    for (const Answer& answer : answers)
        if (answer.candidate == candidate) return &answer;
    return nullptr;
}

Answer* Round::find(const CandidateId& candidate) {
    return const_cast<Answer*>(std::as_const(*this).find(candidate));
}

const Answer* Round::counted(const CandidateId& candidate) const {
    const Answer* current = find(candidate);
    const Answer* first = current && current->state == AnswerState::complete ? current : nullptr;
    for (const Answer& answer : replaced)
        if (answer.candidate == candidate && answer.state == AnswerState::complete &&
            (!first || answer.attempt < first->attempt))
            first = &answer;
    return first ? first : current;
}

int Round::attempts(const CandidateId& candidate) const {
    const Answer* current = find(candidate);
    int newest = current ? current->attempt : 0;
    for (const Answer& answer : replaced)
        if (answer.candidate == candidate) newest = std::max(newest, answer.attempt);
    return newest;
}

void Round::keep(Answer attempt) {
    const auto is_later = [&](const Answer& other) {
        return other.candidate == attempt.candidate && other.attempt > attempt.attempt;
    };
    replaced.insert(std::ranges::find_if(replaced, is_later), std::move(attempt));
}

bool Round::settle(const CandidateId& candidate) {
    Answer* current = find(candidate);
    const Answer* counts = counted(candidate);
    if (!current || counts == current) return false;
    const auto at = replaced.begin() + (counts - replaced.data());
    Answer further = std::exchange(*current, std::move(*at));
    replaced.erase(at);
    if (has_anything(further)) keep(std::move(further));
    return true;
}

Queue queue_of(std::vector<QueuedPrompt> prompts) {
    std::vector<std::shared_ptr<const QueuedPrompt>> shared;
    shared.reserve(prompts.size());
    for (QueuedPrompt& one : prompts) shared.push_back(std::make_shared<const QueuedPrompt>(std::move(one)));
    Queue queue;
    queue.append(shared.begin(), shared.end());
    return queue;
}

bool has_own_context(const Session& session, const Round& round) {
    return session.suite && session.suite->is_fresh && !round.prompt_id.empty();
}

const Candidate* Session::find_candidate(const CandidateId& candidate_id) const {
    for (const Candidate& candidate : candidates)
        if (candidate.id == candidate_id) return &candidate;
    return nullptr;
}

std::vector<openai::Message> history(const Session& session, const Candidate& candidate, int before_round,
                                     int from_round) {
    std::vector<openai::Message> messages;
    std::string system_prompt = in_force(session.settings, candidate.own).system_prompt;
    if (!system_prompt.empty()) messages.push_back({.role = "system", .content = std::move(system_prompt)});
    append_turns(messages, session, candidate.id, before_round, from_round);
    return messages;
}

std::vector<int> rounds_of_history(const Session& session, const CandidateId& candidate, int before_round,
                                   int from_round) {
    std::vector<int> rounds;
    each_turn(session, candidate, before_round, from_round,
              [&](const Round& round, const Answer&) { rounds.push_back(round.number); });
    return rounds;
}

std::vector<openai::Message> conversation(const Session& session, const CandidateId& candidate) {
    std::vector<openai::Message> messages;
    if (session.suite && session.suite->is_fresh) return messages;  // there is no conversation, only questions
    append_turns(messages, session, candidate, std::numeric_limits<int>::max(), 1);
    return messages;
}

const Answer* first_failure(const Session& session) {
    const auto counts = [&session](const Answer& answer) {
        // One that was skipped stands in nobody's way.
        const Candidate* candidate = session.find_candidate(answer.candidate);
        return is_failure(answer.state) && !(candidate && candidate->is_removed);
    };
    if (session.halted_by) {
        if (session.halted_by->round == 0) return nullptr;
        const auto index = static_cast<std::size_t>(session.halted_by->round - 1);
        const Answer* known =
            index < session.rounds.size() ? session.rounds[index]->find(session.halted_by->candidate) : nullptr;
        if (known && counts(*known)) return known;
    }
    for (auto round = session.rounds.rbegin(); round != session.rounds.rend(); ++round) {
        const Answer* first = nullptr;
        for (const Answer& answer : (*round)->answers) {
            if (!counts(answer)) continue;
            // One without a time sorts last; of equal times the first in order.
            const bool is_earlier =
                answer.ended_at && (!first || !first->ended_at || *answer.ended_at < *first->ended_at);
            if (!first || is_earlier) first = &answer;
        }
        if (first) return first;
    }
    return nullptr;
}

}  // namespace llmc::session
