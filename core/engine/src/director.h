// The director: sessions, rounds, routing, halting, reports. A state machine without threads and without I/O of its
// own: messages in, effects out, time from a clock. The engine runs it on one thread; tests run it step by step.
//
// Thread contract: one thread.
// Invariants:
//   1. A round starts when every answer of the one before is final (with Order::by_model: when the candidate's own is).
//   2. Every candidate has exactly one answer per round; a server never has more than max_concurrent requests of ours.
//   3. An answer's end is taken once: messages whose key (round, candidate, attempt) is not running are dropped.
//   4. Nothing is sent while halted, paused, or before every server has been asked for its manifest and preflight found
//   no error.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "answer_job.h"
#include "engine/commands.h"
#include "engine/engine.h"
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
    struct Running {
        AnswerKey key;
        int server_key = 0;
        std::string model;
        std::shared_ptr<AnswerControl> control;
        base::TimePoint sent{};  // zero before `processing`
        std::optional<base::TimePoint> next_load_query;
        std::optional<base::TimePoint> last_seen_unloaded;
        bool is_load_query_out = false;
        bool has_token = false;
    };

    // Commands
    void on(Configure& command);
    void on(Send& command);
    void on(SetQueue& command);
    void on(Pause& command);
    void on(Continue& command);
    void on(StopAfterRound& command);
    void on(StopNow& command);
    void on(Retry& command);
    void on(SkipCandidate& command);
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
    void on(PickForRole& command);
    // Messages
    void on(Command& command);
    void on(AnswerUpdate& update);
    void on(AnswerEnd& end);
    void on(ManifestReply& reply);
    void on(LoadStateReply& reply);
    void on(LoadReply& reply);
    void on(JournalFailed& failed);
    void on(Tick& tick);

    void advance();    // everything that can happen now
    bool can_start();  // manifests are known and preflight has no error
    void open_rounds();
    std::vector<Waiting> waiting();
    void dispatch();
    void dispatch_to(const session::Candidate& candidate, int round, int server_index);
    void settle_unreachable();
    bool tries_elsewhere(const session::Candidate& candidate, int server_key, const session::Failure& failure);
    void end_answer(int round, const session::CandidateId& candidate, session::AnswerState state);
    void close_round_if_final(int round);
    void begin_halt();
    void stop_running(StopReason reason);
    // Ends answers that were not sent; `of_removed`: only those whose candidate has gone.
    void close_waiting(session::AnswerState state, bool of_removed = false);
    bool needs_retry(const session::Answer& answer) const;
    void finish_stop();
    void retry_open_answers();
    void refresh(bool all);
    void query_load_states();
    void change_load(int server_key, openai::LoadChange change);
    void take_up(session::Session session);
    void take_up_suite();
    void add_task(const session::Round& round, AnswerJob& job) const;
    void judge(session::Answer& answer, const session::Round& round) const;
    void give_ids(std::vector<session::Candidate>& candidates);
    void note_kept();
    bool is_kept() const;
    void refuse(std::string text);
    void export_reports(const std::vector<report::Format>& formats, const std::filesystem::path& folder);

    std::vector<session::Candidate> active() const;
    std::string label_of(const session::CandidateId& id) const;
    std::vector<openai::Message> conversation_for(const session::Candidate& candidate, const session::Answer& answer,
                                                  int round) const;
    void note_unseen_load_end(Running& running) const;
    std::optional<std::string> history_warning(const session::Candidate& candidate,
                                               const session::Answer& answer) const;
    Running* find_running(const AnswerKey& key);
    session::Round& edit(
        int round);  // a copy takes the published round's place; valid until the next edit() of that round
    void set_state(session::Answer& answer, session::AnswerState state);  // of an edited round
    Event event(Event::Kind kind) const;
    Event answer_event(Event::Kind kind, const session::Answer& answer) const;

    DirectorEffects& effects_;
    std::shared_ptr<const base::Clock> clock_;
    session::Session session_;
    ServerBoard board_;
    SuiteTasks suite_tasks_;  // of session_.suite
    std::vector<int> open_;   // numbers of rounds with answers that are not final
    std::vector<Running> running_;
    std::map<session::CandidateId, int> last_server_;  // server keys
    std::set<session::CandidateId> begin_in_thought_;  // whose template opens the thought: only its end comes
    // Of a waiting answer, until it ends: servers (keys) that could not be connected to, the last failure, and who
    // waits for fresh manifests.
    std::map<session::CandidateId, std::vector<int>> unreachable_for_;
    std::map<session::CandidateId, session::Failure> connect_failures_;
    std::set<session::CandidateId> fresh_asked_;
    std::map<std::pair<int, session::CandidateId>, base::TimePoint> queued_since_;
    std::shared_ptr<const openai::Redactor> redactor_ = std::make_shared<openai::Redactor>();
    std::filesystem::path report_folder_;
    std::vector<report::Format> halt_formats_;
    Preflight preflight_;
    std::vector<std::string> reports_;
    // The rounds as they were last exported or saved: an edited round is another object.
    std::vector<std::shared_ptr<const session::Round>> kept_rounds_;  // this and the next: in a report or a file
    std::vector<session::RolePick> kept_casting_;
    Activity activity_ = Activity::idle;
    StopReason stopping_for_ = StopReason::none;
    bool stops_after_round_ = false;
    bool is_checked_ = false;  // preflight was passed since the last Configure
    int batch_first_round_ = 1;
    int first_to_retry_ = 1;  // a round; those before it were left as they are
    std::optional<OldJournal> opened_journal_;
    int next_candidate_ = 1;
};

}  // namespace llmc::engine
