// Sessions of a suite, made from what each candidate's runs came to.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "session/session.h"

namespace llmc::decide_test {

// '1' passed, '0' failed, 'x' no connection, '-' never asked.
inline session::Answer answer_of(const std::string& candidate, int round, char outcome) {
    session::Answer answer;
    answer.candidate = candidate;
    answer.round = round;
    answer.server = "rack";
    answer.state = outcome == 'x' ? session::AnswerState::failed : session::AnswerState::complete;
    answer.checks = {{.type = "contains", .passed = outcome == '1', .detail = "", .at_char = {}}};
    if (outcome == 'x')
        answer.failure = session::Failure{net::Phase::connect, 0, ErrorKind::connection, "rack refuses the connection"};
    return answer;
}

// A candidate for each label; `runs[i]` are its runs, one prompt after the other, the repeats of one together.
inline session::Session made_suite(const std::vector<std::pair<std::string, std::string>>& runs, int repeats = 1) {
    session::Session session;
    session.suite = std::make_shared<const session::SuiteRun>(
        session::SuiteRun{.name = "sums", .role = "clerk", .repeat = repeats, .is_fresh = true, .source = {}});
    for (std::size_t i = 0; i < runs.size(); ++i) {
        session::Candidate candidate;
        candidate.id = "c" + std::to_string(i + 1);
        candidate.model_id = runs[i].first;
        session.candidates.push_back(candidate);
    }
    const std::size_t rounds = runs.empty() ? 0 : runs.front().second.size();
    for (std::size_t at = 0; at < rounds; ++at) {
        auto round = std::make_shared<session::Round>();
        round->number = static_cast<int>(at) + 1;
        round->prompt_id = "p" + std::to_string(at / static_cast<std::size_t>(repeats) + 1);
        round->prompt = "the prompt " + round->prompt_id;
        round->repeat = static_cast<int>(at % static_cast<std::size_t>(repeats)) + 1;
        for (std::size_t i = 0; i < runs.size(); ++i)
            if (runs[i].second[at] != '-')
                round->answers.push_back(answer_of(session.candidates[i].id, round->number, runs[i].second[at]));
        session.rounds.push_back(std::move(round));
    }
    return session;
}

// Changes one round of it.
template <class Change>
void change_round(session::Session& session, std::size_t at, const Change& change) {
    auto round = std::make_shared<session::Round>(*session.rounds[at]);
    change(*round);
    session.rounds.set(at, std::move(round));
}

}  // namespace llmc::decide_test
