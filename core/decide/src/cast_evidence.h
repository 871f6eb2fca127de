// Gathers what sessions say about the candidates of each role.
//
// Thread contract: plain functions; results point into the sources' sessions.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decide/cast.h"

namespace llmc::decide {

// One session's part of the evidence: what of it counts. Of an answer that several files hold the latest counts.
struct CountedAnswer {
    const session::Session* session = nullptr;
    const session::Answer* answer = nullptr;
    const session::Round* round = nullptr;
    std::string label;
    std::string model;
};
struct CountedVote {
    std::string a, b;  // labels
    session::Vote::Winner winner = session::Vote::Winner::tie;
    bool is_of_judge = false;
};
struct RoleEvidence {
    std::vector<CountedAnswer> answers;
    std::vector<CountedVote> votes;
    std::set<std::string> unlicensed;  // judges, by name, whose verdicts do not count
};
struct Gathered {
    std::map<std::string, RoleEvidence> roles;
    std::vector<std::string> without_role;
};

// The role that a session is about: its suite's, else the suite's name; empty without a suite.
std::string role_of(const session::Session& session);

// `sources` in an order that depends on what they are only.
Gathered gather(std::span<const CastSource> sources);

// How long a candidate took for each prompt, in seconds from end to end: the median of its complete answers whose model
// was not cold.
using Latencies = std::map<std::string_view, double>;

// The median over the prompts that both completed; nothing where there is none.
std::optional<double> median_latency(const Latencies& of, const Latencies& and_of);

// What the role's runs can carry; sets group, pass_k and k of its contenders.
Decision decide_role(const RoleEvidence& evidence, std::vector<Contender>& contenders);
// Whether prompts of the role are answered in a loop.
bool has_loop(const RoleEvidence& evidence);

// Everything about a role's candidates but end_to_end_latency_s, in no order; their latencies by label.
std::vector<Contender> contenders_of(const RoleEvidence& evidence, std::map<std::string, Latencies>& latencies);

}  // namespace llmc::decide
