// What the Casting window knows without drawing: its sources, the sheet that follows from them, evidence in words.
//
// Thread contract: plain values and pure functions; any thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "decide/cast.h"
#include "engine/engine.h"

namespace llmc::gui {

struct CastingSource {
    std::string name;  // the file's
    std::shared_ptr<const session::Session> session;
};
inline constexpr const char* kThisSession = "this session";  // as a source

// What the user decided for a role here; it beats what the sources' own picks say.
struct CastingPick {
    std::string label;  // empty: the proposal stands
    std::string note;
    bool operator==(const CastingPick&) const = default;
};
using CastingPicks = std::map<std::string, CastingPick>;  // by role

// Whether a session has anything to say: rounds of a suite, ratings or votes.
bool is_evidence(const session::Session& session);

decide::CastSheet sheet_of(std::span<const CastingSource> sources, const CastingPicks& picks);
// Puts one decision into a sheet; a label that is no contender leaves the proposal.
void apply_pick(decide::CastRole& role, const CastingPick& pick);

// "2 roles, 3 candidates, 2 suites, 34 answers"
std::string head_line(const decide::CastSheet& sheet, std::span<const CastingSource> sources);
// "picked by you", "proposal: Q8 and Q4 are equal within the intervals"
std::string short_reason(const decide::CastRole& role);
// All that is known of a contender, a line each.
std::vector<std::string> evidence_lines(const decide::Contender& contender);
// "planner-basics · 3 candidates · 12 rounds"
std::string words_of(const session::Session& session);

// Tells when what this session has to say has changed; not with every token and not with the state of a server.
class EvidenceWatch {
public:
    // True the first time, and when rounds, labels or picks are others than at the last call.
    bool take(const engine::Snapshot& snapshot);

private:
    bool is_first_ = true;
    std::string session_id_;
    session::Rounds rounds_;
    std::vector<std::string> labels_;
    std::vector<session::RolePick> casting_;
};

}  // namespace llmc::gui
