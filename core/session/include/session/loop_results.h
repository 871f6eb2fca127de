// How the loops of a suite went: how each run ended, and at which step calls began to be wrong (agents.md section 2).
//
// Thread contract: plain values and a pure function.
// Decisions: a run is the attempt that counts at a prompt with a loop; a step counts where it is complete, what failed on
// its way says nothing about the model. Follow-ups without a loop are no loop.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "session/session.h"

namespace llmc::session {

struct DecayStep {
    int step = 0;
    int reached = 0;                       // runs
    int valid = 0;                         // of them, with valid calls only at this step
    std::optional<double> context_tokens;  // median of the prompt tokens
    bool operator==(const DecayStep&) const = default;
};

struct LoopResults {
    std::map<EndedBy, int> ended_by;                                              // of complete runs
    std::vector<DecayStep> decay;                                                 // from step 1
    std::vector<std::pair<std::string, std::vector<DecayStep>>> decay_by_prompt;  // in the order of the rounds
    std::vector<std::optional<int>> first_invalid_step;                           // per run, in the order of the rounds
    std::optional<double> steps_median, task_time_s_median;                       // of complete runs
};

// Of one candidate; nothing where the session has no loop.
std::optional<LoopResults> loop_results(const Session& session, const CandidateId& candidate);

// The ids of the prompts that are answered in a loop.
std::vector<std::string> loop_prompts(const Session& session);

}  // namespace llmc::session
