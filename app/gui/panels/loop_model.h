// What the Loop window shows, derived from a snapshot: once per revision, not per frame.
//
// Thread contract: pure. A run is a candidate's current answer to a prompt that is answered in several steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "gui/widgets.h"
#include "session/loop_results.h"

namespace llmc::gui {

// One step of a run, at a glance; the worst that is true of it.
enum class StepMark { valid, error_result, invalid_call, stopped, failed, running };
StepMark mark_of(const session::Step& step);
std::string step_text(const session::Step& step);  // "Step 4 · 2.1 s" and a line for each call

struct LoopRun {
    int round = 0;
    std::string name;  // "sort, repeat 2"; empty where there is only one
    std::vector<StepMark> steps;
    std::string ending;  // "final answer", "failed", "step 4 of 20"
    Role role = Role::weak;
    std::optional<int> resumed_at, first_invalid;
    std::optional<double> task_time_s;
};

struct LoopLane {
    int index = 0;  // of the candidate
    session::CandidateId id;
    std::string label, summary;
    std::vector<LoopRun> runs;
    std::vector<double> steps, valid;            // decay: share of the runs that got there, in percent
    std::vector<double> context_steps, context;  // median prompt tokens
};

struct LoopModel {
    std::uint64_t revision = 0;  // that it was made of; 0: none
    std::string chosen;          // a prompt's id; empty: that of the newest round
    std::vector<std::string> prompts;
    std::string shown;  // the prompt of the runs
    std::vector<LoopLane> lanes;
    int most_steps = 0;
    double most_context = 0;

    void update(const engine::Snapshot& snapshot, std::uint64_t new_revision);
    void choose(std::string prompt);
};

}  // namespace llmc::gui
