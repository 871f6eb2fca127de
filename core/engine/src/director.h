// The director: sessions, rounds, routing, halting, reports. A state machine without threads and without I/O of its
// own: messages in, effects out, time from a clock. The engine runs it on one thread; tests run it step by step.
//
// Thread contract: one thread.
// Invariants:
//   1. A round starts when every answer of the one before is final (with Order::by_model: when the candidate's own is).
//   2. Every candidate has exactly one answer per round; a server never has more than max_concurrent requests of ours.
//   3. An answer's end is taken once: messages whose key (round, candidate, attempt) is not running are dropped.
//   4. Nothing is sent while halted, paused, or before every server has been asked for its manifest and preflight found
//   no error. What changes after that is checked before the next round; the open ones go on as they were begun.
//   5. What a front end is told of where things are (activity, progress) is derived, in snapshot(), from who waits and
//   runs (`lanes_`), what was asked for (`drive_`) and what is being stopped.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "agent/loop_run.h"
#include "answer_job.h"
#include "engine/commands.h"
#include "engine/engine.h"
#include "metrics/step_sum.h"
#include "openai/model_loading.h"
#include "server_board.h"
#include "suite_tasks.h"

namespace llmc::engine {

struct LoadStateQuery {
    AnswerKey key;
    int server_key = 0;
    session::Server server;
    openai::ManifestHints hints;
    std::string model;
};
struct LoadStateReply {
    AnswerKey key;
    int server_key = 0;
    std::string model;
    openai::LoadState state = openai::LoadState::unknown;
    base::TimePoint asked_at{};
};

struct LoadQuery {
    int server_key = 0;
    session::Server server;
    openai::LoadChange change;
    net::Deadlines deadlines;
};
struct LoadReply {
    int server_key = 0;
    openai::LoadChange change;
    Result<void> outcome;
};

// What the director makes happen. Answers and queries run elsewhere and come back as messages.
class DirectorEffects {
public:
    virtual ~DirectorEffects() = default;
    virtual void start_answer(AnswerJob job) = 0;
    virtual void ask_manifest(ManifestQuery query) = 0;
    virtual void ask_load_state(LoadStateQuery query) = 0;
    virtual void change_load(LoadQuery query) = 0;
    virtual void emit(Event event) = 0;
    virtual Result<std::vector<std::filesystem::path>> write_reports(const session::Session& session,
                                                                     const std::vector<report::Format>& formats,
                                                                     const std::filesystem::path& folder) = 0;
    virtual Result<void> save_session(const session::Session& session, const std::filesystem::path& path) = 0;
};

struct JournalFailed {
    Error error;
};
struct Tick {};  // time has passed
using Message =
    std::variant<Command, AnswerUpdate, AnswerEnd, ManifestReply, LoadStateReply, LoadReply, JournalFailed, Tick>;

class Director {
public:
    Director(DirectorEffects& effects, std::shared_ptr<const base::Clock> clock);

    void handle(Message message);
    // When the director wants a Tick; nothing: only messages matter.
    std::optional<base::TimePoint> next_tick() const;
    Snapshot snapshot() const;
    // The journal of the session that was opened since the last call, none for one without; nothing: none was opened.
    std::optional<OldJournal> take_opened_journal() { return std::exchange(opened_journal_, std::nullopt); }
    // Stops everything that runs, for the end of the program.
    void shut_down();

private:
    // What the user wants of the queue.
    enum class Drive { rest, go, hold };

    // An answer that takes several requests: what has become of it so far.
    struct Steps {
        agent::LoopRun run;
        metrics::StepSum sum;
        std::size_t messages_before = 0;  // those that the step before was sent

        // To a tool's result a model may have nothing to say: that ends a loop, and is no failure.
        void take_nothing_said(AnswerEnd& end) const;
    };
    struct Running {
        AnswerKey key;
        int server_key = 0;
        std::shared_ptr<AnswerControl> control;
        base::TimePoint sent{};  // zero before `processing`
        std::optional<base::TimePoint> next_load_query;
        std::optional<base::TimePoint> last_seen_unloaded;
        bool is_load_query_out = false;
        bool has_token = false;
        std::shared_ptr<const std::vector<check::Check>> checks;  // null: none
        std::vector<const check::Check*> waits;  // those of the wait for the first token that hold, strictest first
        std::vector<session::CheckResult> late;  // those that do not
    };
    // An answer that is not final. All of its round hold the candidate as it was when the round was opened.
    struct Pending {
        int round = 0;
        std::shared_ptr<const session::Candidate> who;
        base::TimePoint since{};  // it waits
    };
    // A candidate's answers that are not final: the first one runs or is to run next, the others wait for it, in the order
    // of their rounds, because each is part of the history of the next.
    struct Lane {
        std::deque<Pending> pending;
        int newest_round = 0;
        int history_from = 1;            // of the answers to come
        int last_server = 0;             // its key; 0: none
        bool begins_in_thought = false;  // its template opens the thought: only the end comes
        // Of the first:
        std::optional<Running> running;
        std::vector<int> unreachable;  // keys of servers that could not be connected to
        std::optional<session::Failure> connect_failure;
        bool has_asked_anew = false;  // for fresh manifests, since no server has the model
        std::optional<Steps> steps;   // once it was sent, where it takes several requests
    };

    // Commands
    void on(Configure& command);
    void on(AddCandidate& command);
    void on(ChangeCandidate& command);
    void on(RemoveCandidate& command);
    void on(Mark& command) { mark_ = command.number; }
    void on(Send& command);
    void on(SetQueue& command);
    void on(Pause& command);
    void on(Continue& command);
    void on(StopAfterRound& command);
    void on(StopNow& command);
    void on(Retry& command);
    void on(RetryAnswer& command);
    void on(RunAgain& command);
    void on(RunMissing& command);
    void on(SkipCandidate& command);
    void on(ForgetOldest& command);
    void on(RefreshManifests& command);
    void on(LoadModel& command);
    void on(UnloadModel& command);
    void on(Export& command);
    void on(Open& command);
    void on(Save& command);
    void on(Clear& command);
    void on(RunSuite& command);
    void on(Rate& command);
    void on(GiveVote& command);
    void on(NoteLook& command);
    void on(PickForRole& command);
    void on(KeepJudge& command);
    // Messages
    void on(Command& command);
    void on(AnswerUpdate& update);
    void on(AnswerEnd& end);
    void on(ManifestReply& reply);
    void on(LoadStateReply& reply);
    void on(LoadReply& reply);
    void on(JournalFailed& failed);
    void on(Tick& tick);

    void advance();  // everything that can happen now
    void go();       // as soon as the servers are known
    void check();    // whether rounds may be opened: manifests are known and preflight has no error
    void begin();
    void refuse_start();
    void finish();
    void open_rounds();
    // Who waits, for the scheduler; `key`: an index in `lanes`.
    std::vector<Waiting> waiting(std::vector<Lane*>& lanes);
    void dispatch();
    void dispatch_to(Lane& lane, int server_index);
    AnswerJob make_job(const Lane& lane, const session::Round& round, const session::Answer& answer,
                       const ServerStatus& status) const;
    // Steps
    void begin_steps(Lane& lane, const suite::Task& task, session::Answer& answer);
    static void note_step(const Lane& lane, const suite::Task& task, session::Answer& answer);
    // Takes the end of a step, whose state is `state`; false where the answer is over, in the state that stands there
    // then.
    bool take_step(Lane& lane, session::Answer& answer, const AnswerEnd& end, session::AnswerState& state);
    void settle_unreachable();
    bool tries_elsewhere(Lane& lane, int server_key, const session::Failure& failure);
    void warn(session::Answer& answer, std::string text);  // of an edited round
    void end_answer(int round, session::CandidateId candidate, session::AnswerState state);
    void close_round_if_final(int round);
    void begin_halt(session::AnswerPlace failed);
    void stop_running(StopReason reason);
    // Ends answers that were not sent.
    void close_waiting(const session::CandidateId& candidate, session::AnswerState state);
    void close_all_waiting(session::AnswerState state);
    bool needs_retry(const session::Answer& answer) const;
    void finish_stop();
    void retry_answers();
    void begin_history(session::Answer& answer, int from_round);
    // What was asked for one by one, as another attempt or a first one.
    struct Wanted {
        enum class Kind { retry, again, missing };
        Kind kind = Kind::retry;
        session::AnswerPlace place;
    };
    bool is_there(const session::AnswerPlace& place) const;  // round and candidate, who takes part
    bool may_try(const Wanted& wanted) const;
    void want(std::vector<session::AnswerPlace> places, Wanted::Kind kind);
    void begin_wanted();
    void try_wanted();
    // Where the candidate has none in this round.
    void add_answer(session::Round& round, const session::CandidateId& candidate);
    void tell_settled(const session::Round& round, const session::CandidateId& candidate, session::AnswerState state);
    // A new attempt takes the answer's place.
    void try_again(session::Round& round, session::Answer& answer);
    void begin_batch(int first_round);
    int answers_to_retry() const;
    void wait_for_turn(const session::Answer& answer, std::shared_ptr<const session::Candidate> who);
    void refresh(bool all);
    void query_load_states();
    void change_load(int server_key, openai::LoadChange change);
    void take_up(session::Session session);
    void take_up_suite();
    session::AnswerSettings settings_for(const session::Round& round, const session::Candidate& who) const;
    void add_task(const session::Answer& answer, const Lane& lane, AnswerJob& job) const;
    void read_demand(session::Answer& answer, AnswerEnd& end);
    void read_output(session::Answer& answer);
    void look_at_forms(const std::vector<session::Candidate>& candidates, Preflight& found) const;
    void judge(session::Answer& answer, const session::Round& round, const agent::World* world) const;
    void give_ids();  // to candidates of a session from a file
    session::CandidateId new_id();
    void place(std::size_t index, std::size_t among_active);
    void candidates_changed(const std::vector<std::string>& what);
    void note_changes(std::vector<std::string> what);
    // The same for what is set again and again before the next round: only the way from `before` counts.
    struct Noted {
        int from_round = 0;
        session::Candidate before;  // of the settings of all: `settings_before` instead
        session::Settings settings_before;
        std::vector<std::string> what;
    };
    bool begins_anew(Noted& noted) const;  // nothing was noted for the next round yet
    void note_instead(Noted& noted, std::vector<std::string> what);
    void take_out(const session::CandidateId& id, bool is_skipped);
    void note_kept();
    bool is_kept() const;
    void refuse(std::string text, Event::Kind kind = Event::Kind::error);
    void export_reports(const std::vector<report::Format>& formats, const std::filesystem::path& folder);

    // What is derived
    Activity activity() const;
    bool is_anything_running() const;
    bool has_work() const { return wants_retry_ || !wanted_.empty() || has_queue() || !open_.empty(); }
    bool has_queue() const { return !session_.queue.empty() && !session_.is_halted; }  // that goes on
    int round_now() const;

    std::vector<session::Candidate> active() const;
    std::vector<openai::Message> conversation_for(session::Candidate candidate, const session::Answer& answer) const;
    void take_load_state(const LoadStateReply& reply, Running& running);
    void note_unseen_load_end(Running& running) const;
    void judge_wait(Running& running);
    static bool may_see_load(const Running& running);
    static std::optional<base::TimePoint> next_late(const Running& running);
    std::vector<openai::Message> request_messages(const Lane& lane, const session::Answer& answer) const;
    std::optional<std::string> history_warning(Lane& lane, const session::Answer& answer) const;
    session::Candidate* find_candidate(const session::CandidateId& id);
    Lane* find_running(const AnswerKey& key);
    const session::Round& round(int number) const;
    // A copy takes the published round's place; valid until the next edit() of that round.
    session::Round& edit(int number);
    session::Answer& edit(const AnswerKey& key);
    void set_state(session::Answer& answer, session::AnswerState state);  // of an edited round
    Event event(Event::Kind kind) const;
    Event answer_event(Event::Kind kind, const session::Answer& answer) const;

    DirectorEffects& effects_;
    std::shared_ptr<const base::Clock> clock_;
    session::Session session_;
    ServerBoard board_;
    SuiteTasks suite_tasks_;           // of session_.suite
    std::vector<std::string> labels_;  // of session_.candidates
    std::map<session::CandidateId, Lane> lanes_;
    std::set<int> open_;     // rounds with answers that are not final
    std::size_t ended_ = 0;  // answers
    std::shared_ptr<const openai::Redactor> redactor_ = std::make_shared<openai::Redactor>();
    std::filesystem::path report_folder_;
    std::vector<report::Format> halt_formats_;
    Preflight preflight_;
    std::vector<std::string> reports_;
    // The rounds as they were last exported or saved: an edited round is another object.
    session::Rounds kept_rounds_;  // this and the next two: in a report or a file
    std::vector<session::RolePick> kept_casting_;
    std::vector<session::Judge> kept_judges_;
    Noted noted_settings_;
    std::map<session::CandidateId, Noted> noted_candidates_;
    bool is_of_a_file_ = false;  // opened from one: picks in it are for the casting sheet, a file of its own
    Drive drive_ = Drive::rest;
    StopReason stopping_for_ = StopReason::none;
    bool stops_after_round_ = false;
    bool wants_retry_ = false;    // once the servers are known
    std::vector<Wanted> wanted_;  // … single answers
    bool is_checked_ = false;     // preflight was passed since something of the setup changed
    bool has_begun_ = false;      // it was passed, and answers may be sent
    bool was_refused_ = false;    // the last start
    bool is_announced_ = false;
    int batch_first_round_ = 1;
    int batch_answers_ = 0;   // of the rounds from there
    int first_to_retry_ = 1;  // a round; those before it were left as they are
    std::optional<OldJournal> opened_journal_;
    std::int64_t next_candidate_ = 1;
    std::uint64_t mark_ = 0;
};

}  // namespace llmc::engine
