// Asks a judge model about the answers of a session (decide/judge_words.h), in a session of its own beside whatever else
// runs: every two counted complete answers of a round in both orders, and by criteria each answer to a prompt that has
// some. Never about an answer of its own model id.
//
// Thread contract: run_judge() blocks until the last answer; any thread, several at once. The rest are pure functions.
// Decisions: verdicts that the judge has given to the same questions (Judge::words) are not asked for again, unless it
// has given all: then it judges anew. What is stopped keeps the verdicts that were given. Temperature 0; the verdict is asked for as JSON by schema, then, where that cannot be read or is refused,
// by one forced call, then by words. Whatever fails is an abstention with its reason.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/config.h"
#include "engine/engine.h"
#include "session/session.h"

namespace llmc::engine {

struct JudgeOrder {
    std::vector<session::Server> servers;
    session::Judge judge;        // model, display name, pin in `server`; its verdicts so far
    session::Settings settings;  // of which the timeouts hold
    Engine::Options options = {};
    bool may_begin_anew = true;  // where there is nothing that it has not judged
};

struct JudgeProgress {
    std::size_t questions_done = 0, questions_total = 0;
};

struct JudgeOutcome {
    session::Judge judge;              // with its verdicts, by round
    std::vector<std::string> missing;  // sentences: servers that are not there, a model that nobody has
    bool is_stopped = false;           // before the last question
    std::size_t new_verdicts = 0;      // among them
};

// `tell` is called by this thread, ten times a second at most.
JudgeOutcome run_judge(const session::Session& session, const JudgeOrder& order, const std::stop_token& stop,
                       const std::function<void(const JudgeProgress&)>& tell);

// A judge of the configuration, without verdicts.
session::Judge judge_of(const config::JudgeModel& model);

// A sentence for a judge that came back without verdicts.
std::string nothing_to_judge(const session::Judge& judge);

// How many questions a judge without verdicts would be asked.
std::size_t judge_questions(const session::Session& session, const std::string& model);

// Those of the servers that have the judge's model and that no candidate could be answered by: where it may judge while
// candidates run, who come first.
std::vector<session::Server> servers_beside(const std::vector<ServerStatus>& servers,
                                            const std::vector<session::Candidate>& candidates,
                                            const session::Judge& judge);

// The judge takes its place in the session: that of the same model and server, whose id it gets, else a new one. What
// that one said of other answers, asked in the same words, stays.
void keep_judge(std::vector<session::Judge>& judges, session::Judge judge);

}  // namespace llmc::engine
