// Probes of models (engine/probe_run.h) for the window: one at a time, and what is known by now.
//
// Thread contract: main thread; a probe runs on a thread of its own, which the destructor stops. Invariant: after every
// news `wake` is called, which any thread may do; pull() takes it over.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/probe_run.h"

namespace llmc::gui {

struct ProbeState {
    bool is_running = false, is_stopping = false;
    int answers_done = 0, answers_total = 0;
    std::vector<probe::Probe> known;  // kept ones, the newest last
};

class Probing {
public:
    // `file`: where verdicts are kept. It is read at once.
    Probing(std::function<void()> wake, std::filesystem::path file);
    ~Probing();
    Probing(const Probing&) = delete;
    Probing& operator=(const Probing&) = delete;

    // Nothing while one runs.
    void start(engine::ProbeOrder order);
    void stop();

    // What has happened since the last call: sentences, and whether each is an error.
    struct Told {
        std::string text;
        bool is_error = false;
    };
    std::vector<Told> pull();
    const ProbeState& state() const { return state_; }

private:
    struct Shared;

    std::shared_ptr<Shared> shared_;
    std::filesystem::path file_;
    ProbeState state_;
    std::jthread thread_;
};

}  // namespace llmc::gui
