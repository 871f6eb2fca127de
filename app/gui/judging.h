// Judges (engine/judge_run.h) for the window: one at a time, on servers that no candidate needs. One that is wanted waits
// for a server, makes way for candidates, goes on when there are more answers, and is done when it has judged all and
// nothing runs any more.
//
// Thread contract: main thread; a judge runs on a thread of its own, which the destructor stops. Invariant: after every
// news `wake` is called, which any thread may do; pull() takes it over. Verdicts that were given are kept, however it ends.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/judge_run.h"

namespace llmc::gui {

struct JudgingState {
    bool is_wanted = false;  // else nothing below means anything
    bool is_running = false, is_stopping = false;
    std::string model, server;  // of whom: as it was asked for
    std::size_t questions_done = 0, questions_total = 0;
};

class Judging {
public:
    explicit Judging(std::function<void()> wake);
    ~Judging();
    Judging(const Judging&) = delete;
    Judging& operator=(const Judging&) = delete;

    // `order`: with all servers. `known`: who it is in the session, whose verdicts it goes on with; nullptr: it is new
    // there. Nothing while one is wanted.
    void want(engine::JudgeOrder order, const engine::Snapshot& now, const session::Judge* known);
    void stop();
    // Before answers are asked for: off the servers that a candidate could be answered by.
    void make_room(const engine::Snapshot& now);

    // What has happened since the last call: a sentence where there is something to say, and a judge with its verdicts.
    struct Told {
        std::string text;
        bool is_error = false;
    };
    struct News {
        std::vector<Told> told;
        std::string session_id;
        std::optional<session::Judge> judge;
    };
    News pull(const engine::Snapshot& now);
    const JudgingState& state() const { return state_; }

private:
    struct Shared;

    void go_on(const engine::Snapshot& now);
    void start(const engine::Snapshot& now, std::vector<session::Server> servers);
    void take(engine::JudgeOutcome outcome, News& news);

    std::shared_ptr<Shared> shared_;
    JudgingState state_;
    engine::JudgeOrder order_;  // with the verdicts so far
    std::string session_id_;
    std::string server_;                     // where it judged first, under which the session knows it; empty: not yet
    std::vector<session::Server> in_use_;    // by the one that runs
    std::optional<session::Rounds> judged_;  // as they were when it last began; none: it has not begun
    bool makes_room_ = false;
    std::jthread thread_;
};

}  // namespace llmc::gui
