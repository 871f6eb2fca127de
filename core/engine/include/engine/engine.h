// The engine: everything that happens in a comparison, for the window, the command line and tests alike.
//
// Thread contract: post() by any thread; look(), snapshot() and next_event() by one thread, the front end, which never
// waits in them; the destructor by the front end: it cancels what runs and returns when every worker has ended (at most
// 100 ms after that, name resolution aside). Invariants: a snapshot is immutable and holds together; answers in it
// share their growing text (session::AnswerStream). Everything that an event tells is in the snapshot that is read
// after it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/commands.h"
#include "engine/events.h"
#include "engine/preflight.h"
#include "net/http.h"
#include "session/session.h"

namespace llmc::engine {

enum class Activity {
    idle,      // nothing to do
    starting,  // waiting for the first manifests
    running,
    paused,    // by Pause, StopAfterRound or StopNow; answers that run go on, what waits waits
    stopping,  // answers are being stopped
    halted     // by a failure; Retry or SkipCandidate go on
};
std::string_view activity_name(Activity activity);
bool is_busy(Activity activity);  // starting, running or stopping: it goes on by itself

struct Snapshot {
    session::Session session;
    std::vector<std::string> labels;  // of session.candidates
    std::vector<ServerStatus> servers;
    Activity activity = Activity::idle;
    int rounds_done = 0;               // of this batch
    int rounds_total = 0;              // of this batch: done, running and waiting
    int answers_done = 0;              // of this batch: ended, but for those that Retry would try again
    int answers_total = 0;             // of this batch, of prompts that wait too
    int round_now = 0;                 // that runs; else that waits, or halted the session; else the last; 0: none
    std::vector<int> rounds_of;        // beside session.candidates: of the answer that runs or waits, else the newest
    int retries_from = 1;              // a round: Retry tries the answers of this and later ones again
    Preflight preflight;               // of the last start
    std::vector<std::string> reports;  // paths written since the session started
    bool is_kept = true;               // all that was said is in a report (CSV aside) or a saved file
    bool stops_after_round = false;    // by StopAfterRound, until then
    std::uint64_t mark = 0;            // the newest Mark
};

// The answer that a candidate is at: the one that runs or waits for its turn, else its newest. nullptr: it has none.
const session::Answer* answer_now(const Snapshot& snapshot, const session::CandidateId& candidate);

// How far a batch has come. What the window, its title, the menu bar and the command line count, they count by this.
struct Progress {
    int answers_done = 0, answers_total = 0;  // as in Snapshot
    int first_round = 1, last_round = 1;      // that run; where none does, Snapshot::round_now
    int rounds = 1;                           // of the session, those of prompts that wait too
    float fraction() const;                   // of the answers
};
Progress progress_of(const Snapshot& snapshot);
// "round 3 of 8 · 7 of 24 answers"; "rounds 3 to 5 of 8 · …" where candidates are at different ones.
std::string words(const Progress& progress);

// Whether Retry (in a halt) or RetryAnswer would try this answer again, and Skip would go on without its candidate.
bool can_retry(const Snapshot& snapshot, const session::Answer& answer);

// Whether RunAgain would make a further attempt of this answer.
bool can_run_again(const Snapshot& snapshot, const session::Answer& answer);

// Whether it may help an answer that met the context limit to forget the oldest rounds: can_retry(), and there are some.
bool can_forget(const Snapshot& snapshot, const session::Answer& answer);

// Why a halted session's last retry could not start, without a full stop: "studio-2 refuses the connection". Empty: it
// was not refused.
std::string refused_retry(const Snapshot& snapshot);
// What a halted session waits for, in sentences: its halt_reason, then why its last retry could not start.
std::string why_halted(const Snapshot& snapshot);

// Whether answers wait or run, in a pause too.
bool has_open_answers(const Snapshot& snapshot);

// The label of a candidate; its id where it is none of the session's.
const std::string& label_of(const Snapshot& snapshot, const session::CandidateId& id);

// Wakes the front end: something that can be seen has changed since it last looked. Called by any thread, at most once
// until the front end calls Engine::look(). Must not block.
class Waker {
public:
    virtual ~Waker() = default;
    virtual void wake() = 0;
};

class Engine {
public:
    struct Options {
        std::shared_ptr<const base::Clock> clock = std::make_shared<base::SystemClock>();
        net::Resolver resolver = net::system_resolver;
    };

    explicit Engine(Waker& waker);
    Engine(Waker& waker, Options options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void post(Command command);
    // All of them before a snapshot shows the first.
    void post(std::vector<Command> commands);

    // The front end looks now: what happens from here on wakes it again. To be called before next_event() and
    // snapshot().
    void look();
    // The newest state; valid until the next call.
    const Snapshot& snapshot();
    // The next event, oldest first; nothing when there is none.
    std::optional<Event> next_event();

    // The crash journal of what is neither exported nor saved stays when the engine ends: for an end that nobody chose.
    // False: there is none.
    bool keep_journal();

    // For what belongs to no session (discovery): the same client, so that the trusted authorities are read once.
    net::HttpClient& http();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace llmc::engine
