// A session of its own over the engine, beside whatever else runs, followed by the thread that wants its end: what
// probes and judges are made of.
//
// Thread contract: one thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <stop_token>

#include "base/mutex.h"
#include "engine/engine.h"

namespace llmc::engine {

class SideRun {
public:
    SideRun(const Engine::Options& options, const std::stop_token& stop) : stop_(stop), engine_(waker_, options) {}

    Engine& engine() { return engine_; }

    // Until `condition` holds of a snapshot or the stop is asked for, ten times a second; `say` is told each.
    void follow(const std::function<bool(const Snapshot&)>& condition, const std::function<void(const Snapshot&)>& say);
    // Until each server has told what it has, or why not.
    void wait_for_servers(std::size_t servers, const std::function<void(const Snapshot&)>& say);
    // Until nothing is left to do. The words of a start that was refused.
    std::vector<std::string> follow_to_end(const std::function<void(const Snapshot&)>& say);

private:
    // Nobody is woken: follow() looks by itself.
    class NoWaker final : public Waker {
    public:
        void wake() override {}
    };

    const std::stop_token& stop_;
    NoWaker waker_;
    Engine engine_;
    base::Mutex mutex_;  // of pauses only: guards no member
    std::condition_variable_any pause_;
};

}  // namespace llmc::engine
