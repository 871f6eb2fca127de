// Small sessions to make reports of.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "session/session.h"

namespace llmc::samples {

inline constexpr base::WallTime kNow{std::chrono::milliseconds{1'763'820'000'000}};

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline session::Answer answer(std::string candidate, int round, session::AnswerState state, std::string_view text,
                              std::string_view reasoning = {}) {
    session::Answer made;
    made.candidate = std::move(candidate);
    made.round = round;
    made.state = state;
    if (state == session::AnswerState::complete) made.finish_reason = "stop";
    made.server = "rack";
    made.stream = *session::AnswerStream::holding(text, reasoning);
    made.settings = session::in_force({}, {});
    return made;
}

inline void add_round(session::Session& session, std::string prompt, std::vector<session::Answer> answers,
                      std::vector<session::Answer> replaced = {}) {
    auto round = std::make_shared<session::Round>();
    round->number = static_cast<int>(session.rounds.size()) + 1;
    round->prompt = std::move(prompt);
    round->answers = std::move(answers);
    round->replaced = std::move(replaced);
    session.rounds.push_back(std::move(round));
}

inline session::Candidate candidate(std::string id, std::string model_id, std::string display_name = {}) {
    session::Candidate made;
    made.id = std::move(id);
    made.model_id = std::move(model_id);
    made.display_name = std::move(display_name);
    return made;
}

// Two candidates without rounds on one server.
inline session::Session two_candidates() {
    session::Session session;
    session.id = "5e55";
    session.created_at = base::WallTime{std::chrono::milliseconds{1'763'820'000'123}};
    session.servers.push_back(
        {.url = *net::BaseUrl::parse("http://10.0.0.1:1234"), .name = "rack", .api_key = "sk-canary-0123456789"});
    session.candidates = {candidate("c1", "a"), candidate("c2", "b")};
    return session;
}

// One candidate, one round, this answer.
inline session::Session saying(std::string_view text, std::string_view reasoning = {}, std::string prompt = "Say it.") {
    session::Session session;
    session.candidates = {candidate("c1", "a")};
    add_round(session, std::move(prompt), {answer("c1", 1, session::AnswerState::complete, text, reasoning)});
    return session;
}

// A halted session in which most fields of most things are set.
session::Session eventful();

// The same after a suite of two prompts: checked, voted on and cast.
session::Session judged();

// Texts that would like to be something else than text.
std::vector<std::string> hostile_texts();

}  // namespace llmc::samples
