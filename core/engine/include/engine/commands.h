// What a front end asks of the engine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/journal.h"
#include "report/report.h"
#include "session/session.h"
#include "suite/suite.h"

namespace llmc::engine {

// Servers and settings from now on; answers that wait or run keep theirs, the next round takes these.
struct Configure {
    std::vector<session::Server> servers;
    session::Settings settings;
    std::filesystem::path report_folder;
    std::vector<report::Format> halt_formats = report::usual_formats();
    std::filesystem::path journal_folder;  // where the crash journal is written; empty: none is
};

// A new candidate, from the next round on. The engine gives it an id, whatever `candidate.id` says: one that was never
// given before.
struct AddCandidate {
    session::Candidate candidate;
    std::optional<std::size_t> place;  // among those who take part, from 0; nothing: the last
};
// What the candidate of this id is from the next round on. One that was removed or skipped takes part again.
struct ChangeCandidate {
    session::Candidate candidate;
    std::optional<std::size_t> place;  // as above; nothing: it stays where it is
};
// It takes no further part, until ChangeCandidate; what it said keeps its place. An answer that runs goes on.
struct RemoveCandidate {
    session::CandidateId candidate;
};

// Snapshot::mark shows `number` once all that was posted before is carried out.
struct Mark {
    std::uint64_t number = 0;
};

// Adds prompts to the queue and starts where nothing runs. Each becomes one round.
struct Send {
    std::vector<std::string> prompts;
};
// Replaces the prompts that wait. One that waited already, word by word, stays what it was (of a suite: with its
// checks); any other is a prompt of its own.
struct SetQueue {
    std::vector<std::string> prompts;
};
struct Pause {};           // running answers go on; nothing new is sent
struct Continue {};        // after a pause or a stop, or with what an opened session has waiting
struct StopAfterRound {};  // pauses when the round is complete
struct StopNow {};         // running answers are stopped, the queue stays and waits
// Of a session in which nothing runs: tries the answers that are not complete again, then goes on with the queue. A
// start that is refused leaves a halted session halted.
struct Retry {};
// Tries one failed answer again, while others wait or run or after. In a pause it waits, too. Of a halted session: Retry.
// What can_retry() does not allow is left as it is.
struct RetryAnswer {
    int round = 0;
    session::CandidateId candidate;
};
// Further attempts of answers that are complete, while others wait or run or after, in a halt too. Each ends among
// Round::replaced, in whatever state, and counts for nothing: it neither mends nor fails an answer, and halts nothing. In
// a pause they wait. What can_run_again() does not allow is left as it is.
struct RunAgain {
    std::vector<session::AnswerPlace> places;
};
// The answers that count, where there are none: a candidate never gave one in that round of a suite, or it is not
// complete and no check was the reason. As RetryAnswer for each; of a halted session: Retry, and these too.
struct RunMissing {
    std::vector<session::AnswerPlace> places;
};
// Takes the candidate out until ChangeCandidate; then, in a halt or a pause, as Retry. `round`: of the answer that it is
// skipped for.
struct SkipCandidate {
    int round = 0;
    session::CandidateId candidate;
};
// After a context limit: leaves the older half of the turns that the answer's history still held, one at least, out of
// its candidate's history from now on, then as RetryAnswer. Refused where can_forget() says no.
struct ForgetOldest {
    int round = 0;
    session::CandidateId candidate;
};
struct RefreshManifests {};
// Has a server load a model by the server's own way, where it has one (openai::can_load). `server_key` as in
// ServerStatus.
struct LoadModel {
    int server_key = 0;
    std::string model;
    std::optional<std::int64_t> context_length;  // where openai::can_set_context
};
// The only thing that ever unloads a model. Refused while the model answers us there.
struct UnloadModel {
    int server_key = 0;
    std::string model;
};
struct Export {
    std::vector<report::Format> formats;
    std::filesystem::path folder;
};
// Takes up a session; refused while answers run.
struct Open {
    session::Session session;
    // The crash journal that it was recovered from: dismissed as soon as a new one holds the whole session.
    OldJournal journal;
    bool is_of_a_file = true;  // without a journal: whether a file holds all of it
};

// Writes the session file. An event `report` with the path, or `error`.
struct Save {
    std::filesystem::path path;
};
// A new session that runs a suite: each prompt, case and repeat is a round. Refused while answers run. The suite's
// settings are the front end's to apply (Configure): the command line's beat them.
struct RunSuite {
    suite::Suite suite;
    int repeat = 1;
};
// What the user thinks of an answer; takes the place of what was said before. An empty rating takes it back.
struct Rate {
    int round = 0;
    session::CandidateId candidate;
    session::Rating rating;
};
// Which of two answers of a round is better; takes the place of an earlier vote on the same two.
struct GiveVote {
    int round = 0;
    session::Vote vote;
};
// The results of the suite that runs came into view. Counts before the suite's end only.
struct NoteLook {};
// The candidate for a role; without a candidate the role is open again.
struct PickForRole {
    session::RolePick pick;
};
// What a judge said of this session's answers (judge_run.h); takes the place of what the same one said before. Of another
// session, or of rounds that are not there: left as it is.
struct KeepJudge {
    std::string session_id;
    session::Judge judge;
};

// A new session with the same candidates, servers and settings; refused while answers run.
struct Clear {};

using Command = std::variant<Configure, AddCandidate, ChangeCandidate, RemoveCandidate, Mark, Send, SetQueue, Pause,
                             Continue, StopAfterRound, StopNow, Retry, RetryAnswer, RunAgain, RunMissing, SkipCandidate,
                             ForgetOldest, RefreshManifests, LoadModel, UnloadModel, Export, Open, Save, Clear,
                             RunSuite, Rate, GiveVote, NoteLook, PickForRole, KeepJudge>;

}  // namespace llmc::engine
