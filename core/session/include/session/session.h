// The record of a session: who took part, with which settings, and everything that was said.
//
// Thread contract: a plain value; rounds and waiting prompts are immutable and shared between copies, so that a copy
// costs the same however long the session is. Invariants: rounds are numbered from 1 without gaps; a round has at most
// one current answer per candidate, in the order of the candidates; its other attempts are kept in `replaced`: those that
// were tried again, and further ones of an answer that was complete (settle()).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_list.h"
#include "openai/chat_request.h"
#include "session/answer.h"
#include "session/candidate.h"
#include "session/judge.h"

namespace llmc::session {

// Which of two answers of a round is the better one, said without knowing whose they are or not.
struct Vote {
    enum class Winner { a, b, tie, both_bad };
    CandidateId a, b;
    Winner winner = Winner::tie;
    bool operator==(const Vote&) const = default;
};

// What a failed check of a suite's prompt means: a `warning` is told, and decides nothing.
enum class Severity { critical, warning };

struct Round {
    int number = 0;
    std::string prompt;
    std::string prompt_id;   // of a suite; empty otherwise
    base::Json case_values;  // of a suite: an object, or null
    int repeat = 1;
    std::string category;  // of a suite; empty: none
    Severity severity = Severity::critical;
    std::vector<Answer> answers;
    std::vector<Answer> replaced;  // other attempts of `answers`, as they ended; a candidate's oldest first
    std::vector<Vote> votes;       // in the order in which they were given

    const Answer* find(const CandidateId& candidate) const;
    Answer* find(const CandidateId& candidate);
    // The attempt that results count: the first complete one, else the current one. Further attempts of an answer that
    // was complete are shown; they cannot mend it.
    const Answer* counted(const CandidateId& candidate) const;
    int attempts(const CandidateId& candidate) const;  // the number of the newest; 0: it has no answer
    void keep(Answer attempt);                         // among `replaced`
    // After a further attempt has ended, in whatever state: what counts is the current answer again, the attempt stands
    // among `replaced`, or nowhere where nothing came of it. False: there was nothing to settle.
    bool settle(const CandidateId& candidate);
};

struct SettingsChange {
    int from_round = 0;
    std::string what;  // "temperature 0.7 -> 0.2"
};

// The suite that a session's rounds come from.
struct SuiteRun {
    std::string name;
    std::string role;  // empty: none given, the suite counts under its name
    int repeat = 1;
    bool is_fresh = true;      // every prompt in a context of its own; else one conversation per repeat
    base::OrderedJson source;  // the suite's document, cases included: suite::suite_from_json() reads it
    bool operator==(const SuiteRun&) const = default;
};

// A prompt that waits to become a round.
struct QueuedPrompt {
    std::string prompt;
    std::string prompt_id;   // of a suite; empty otherwise
    base::Json case_values;  // of a suite: an object, or null
    int repeat = 1;
    bool operator==(const QueuedPrompt&) const = default;
};

using Rounds = base::SharedList<std::shared_ptr<const Round>>;
using Queue = base::SharedList<std::shared_ptr<const QueuedPrompt>>;
Queue queue_of(std::vector<QueuedPrompt> prompts);

// Which answer of a session: the current one of a candidate in a round.
struct AnswerPlace {
    int round = 0;  // 0: none
    CandidateId candidate;
    bool operator==(const AnswerPlace&) const = default;
};

// The user's choice for a role.
struct RolePick {
    std::string role;
    CandidateId candidate;
    std::string note;
    bool operator==(const RolePick&) const = default;
};

struct Session {
    std::string id;
    base::WallTime created_at{};
    Settings settings;
    std::vector<Server> servers;
    std::vector<Candidate> candidates;  // removed ones included
    Rounds rounds;
    std::vector<SettingsChange> changes;
    bool is_halted = false;
    std::string halt_reason;
    std::optional<AnswerPlace> halted_by;   // whose failure it was; nothing where only the answers tell
    Queue queue;                            // what of a batch has not been sent yet, for going on with it later
    std::shared_ptr<const SuiteRun> suite;  // null without one; shared: its source may be long
    std::vector<RolePick> casting;
    std::vector<Judge> judges;
    int looks = 0;              // how often the suite's results were shown before its end
    base::OrderedJson unknown;  // members of a session file that this program does not know, kept; null for none

    const Candidate* find_candidate(const CandidateId& id) const;
};

// Whether nothing that was said before belongs to the round's conversation: a suite's prompt in a context of its own.
bool has_own_context(const Session& session, const Round& round);

// A candidate's conversation before round `before_round`: what is sent as history. The system prompt in force (the
// candidate's own, else the session's) comes first, unless it is empty. Then `complete` turns only, prompt and text
// together, no reasoning; a tool-call turn is followed by one `tool` message per call (what the suite has the tool say,
// else "{}"), and a call without an id gets one, since the two have to be matched. The prompt of a round in which the
// candidate has no complete answer is left out; replaced answers do not count. With a suite only the turns of the same
// conversation: none where every prompt has a context of its own. Rounds before `from_round` are left out.
std::vector<openai::Message> history(const Session& session, const Candidate& candidate, int before_round,
                                     int from_round = 1);

// The rounds whose turns that history holds, in order.
std::vector<int> rounds_of_history(const Session& session, const CandidateId& candidate, int before_round,
                                   int from_round = 1);

// The same without the system prompt and up to the end: a report's `messages`.
std::vector<openai::Message> conversation(const Session& session, const CandidateId& candidate);

// The answer that made the session halt: `halted_by`; where that is not known, of the last round with a failure the one
// that failed first, those of removed candidates left out. nullptr where none failed.
const Answer* first_failure(const Session& session);

}  // namespace llmc::session
