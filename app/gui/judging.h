// Judges (engine/judge_run.h) for the window: one at a time, over the session as it was when it was started.
//
// Thread contract: main thread; a judge runs on a thread of its own, which the destructor stops. Invariant: after every
// news `wake` is called, which any thread may do; pull() takes it over.
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

    // Nothing while one runs.
    void start(session::Session session, engine::JudgeOrder order);
    void stop();
    void give_way();  // to candidates, who come first: a stop that says so

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
    News pull();
    const JudgingState& state() const { return state_; }

private:
    struct Shared;

    std::shared_ptr<Shared> shared_;
    JudgingState state_;
    std::string session_id_;
    bool gives_way_ = false;
    std::jthread thread_;
};

}  // namespace llmc::gui
