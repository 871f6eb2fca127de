// Asks models the requests of a probe (probe/probe.h), in a session of its own beside whatever else runs.
//
// Thread contract: blocks until the last answer, for minutes; any thread, several at once.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/commands.h"
#include "engine/engine.h"
#include "probe/probe.h"

namespace llmc::engine {

struct ProbeOrder {
    std::vector<session::Server> servers;
    std::vector<session::Candidate> candidates;  // model and pin; what is their own beside that is not used
    session::Settings settings;                  // of which the timeouts hold
    Engine::Options options = {};
};

struct ProbeProgress {
    int answers_done = 0, answers_total = 0;
    std::vector<std::string> running;  // "enum, native: qwen on studio-1"
};

struct ProbeOutcome {
    std::vector<probe::Probe> probes;  // one for each model at each server that has it
    std::vector<std::string> missing;  // sentences: servers and models that are not there
    bool is_stopped = false;           // then there are no probes
    bool all_answered = true;          // be it by a refusal in words
};

// `tell` is called by this thread, ten times a second at most, and may stop it: while servers are asked, too.
ProbeOutcome run_probes(const ProbeOrder& order, const std::stop_token& stop,
                        const std::function<void(const ProbeProgress&)>& tell);

}  // namespace llmc::engine
