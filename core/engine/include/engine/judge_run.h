// Asks a judge model about the answers of a session (decide/judge_words.h), in a session of its own beside whatever else
// runs: every two counted complete answers of a round in both orders, and by criteria each answer to a prompt that has
// some. Never about an answer of its own model id.
//
// Thread contract: run_judge() blocks until the last answer; any thread, several at once. The rest are pure functions.
// Decisions: temperature 0; the verdict is asked for as JSON by schema, then, where that cannot be read or is refused,
// by one forced call, then by words. Whatever fails is an abstention with its reason.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "session/session.h"

namespace llmc::engine {

struct JudgeOrder {
    std::vector<session::Server> servers;
    session::Judge judge;        // model, display name, pin in `server`; its verdicts are not used
    session::Settings settings;  // of which the timeouts hold
    Engine::Options options = {};
};

struct JudgeProgress {
    std::size_t questions_done = 0, questions_total = 0;
};

struct JudgeOutcome {
    session::Judge judge;              // with its verdicts, by round
    std::vector<std::string> missing;  // sentences: servers that are not there, a model that nobody has
    bool is_stopped = false;           // then there are no verdicts
};

// `tell` is called by this thread, ten times a second at most.
JudgeOutcome run_judge(const session::Session& session, const JudgeOrder& order, const std::stop_token& stop,
                       const std::function<void(const JudgeProgress&)>& tell);

// How many questions that would be.
std::size_t judge_questions(const session::Session& session, const std::string& model);

// The judge takes its place in the session: that of the same model and server, whose id it gets, else a new one.
void keep_judge(std::vector<session::Judge>& judges, session::Judge judge);

}  // namespace llmc::engine
