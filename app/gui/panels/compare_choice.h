// Which answers are beside each other: of a round, of several rounds, of other sessions; what an incumbent answered to a
// suite's prompt stands among the answers of its rounds.
//
// Thread contract: plain values and pure functions of the window's thread.
// Invariants: an answer is chosen once; at most kMostCompared are; they stand in the order of sessions, rounds, candidates
// and attempts. Until the user chooses a round, the newest one with two ended answers is shown. In blind mode only the
// masked session is there: other sessions would name names.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "gui/panels/compare_model.h"
#include "session/session.h"
#include "suite/incumbents.h"

namespace llmc::gui {

struct OtherSession {
    std::string name;  // of its file
    std::shared_ptr<const session::Session> session;
    std::vector<std::string> labels;  // of its candidates
};

struct RoundPlace {
    int source = 0;  // 0: the session that is open; else others()[source - 1]
    int round = 0;
    bool operator==(const RoundPlace&) const = default;
};

struct AnswerPick {
    RoundPlace place;
    session::CandidateId candidate;
    int attempt = 0;  // another one of Round::replaced; 0: the answer that counts
    bool operator==(const AnswerPick&) const = default;
};

// An answer that can be chosen. Holds what it points to.
struct Choosable {
    AnswerPick pick;
    std::string id;     // for widgets: "c1", "c1#1" of an earlier attempt, or "0:1:c1" of another round
    std::string label;  // "Qwen 7B Q4", "Qwen 7B Q4 · attempt 1", "round 1 · …", "old.json · round 1 · …"
    std::shared_ptr<const session::Round> round;
    const session::Answer* answer = nullptr;
    bool has_ended() const { return session::is_final(answer->state); }
};

class CompareChoice {
public:
    // Looks at a new snapshot: what is gone is not chosen any more, what is newer is followed.
    void update(const engine::Snapshot& snapshot, bool is_blind);

    void show(int round, const std::vector<session::CandidateId>& candidates);         // empty: all of the round
    void show_attempt(int round, const session::CandidateId& candidate, int attempt);  // beside the one that counts
    void show_round(const RoundPlace& place);  // its answers of the same candidates, else all
    void step(int by);                         // to the round before (-1) or after (+1); nothing at the ends
    bool can_step(int by) const;
    void toggle(const AnswerPick& pick);
    bool is_chosen(const AnswerPick& pick) const;
    bool is_full() const { return picks_.size() >= kMostCompared; }
    void add_session(std::string name, session::Session session);

    // All of the last update().
    const std::vector<RoundPlace>& rounds() const { return rounds_; }  // oldest first, the open session's first
    const RoundPlace& round() const { return round_; }                 // round 0: there is none
    const session::Round* find_round(const RoundPlace& place) const;
    const std::vector<Choosable>& of_round() const { return of_round_; }  // what round() has
    const std::vector<Choosable>& chosen() const { return chosen_; }
    std::string round_name(const RoundPlace& place) const;              // "Round 2", "old.json · round 2"
    std::vector<Choosable> answers_of(const RoundPlace& place) const;   // that count
    std::vector<Choosable> attempts_of(const RoundPlace& place) const;  // earlier ones, in the order of their answers
    bool has_others() const { return !others_.empty() && !is_blind_; }

private:
    const session::Session& session_of(int source) const;
    const std::string* label_of(int source, const session::CandidateId& candidate) const;
    void choose_of(const RoundPlace& place, std::vector<session::CandidateId> wanted);
    Choosable choosable(const RoundPlace& place, const std::shared_ptr<const session::Round>& round,
                        const session::Answer& answer, const std::string& label) const;
    std::shared_ptr<const session::Round> round_at(const RoundPlace& place) const;
    void refresh();

    // What the last update() saw: shared rounds, so that nothing here dangles.
    session::Session session_;
    std::vector<std::string> labels_;
    bool is_blind_ = false;
    std::vector<OtherSession> others_;
    std::shared_ptr<const session::SuiteRun> suite_;      // of the session that is open
    std::map<std::string, suite::Incumbent> incumbents_;  // of its prompts

    bool follows_newest_ = true;
    bool wants_all_ = false;  // of round_, as soon as it is there
    RoundPlace round_;
    std::vector<AnswerPick> picks_;

    std::vector<RoundPlace> rounds_;
    std::vector<Choosable> of_round_, chosen_;
};

}  // namespace llmc::gui
