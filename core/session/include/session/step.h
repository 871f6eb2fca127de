// A step: one request of an answer that takes several, in a loop with tools or over further user turns (agents.md
// section 2). What was called, what the tools said, and what came of it.
//
// Thread contract: plain values; a step that has ended is immutable and shared.
// Invariants: steps of an answer are numbered from 1 without gaps; only the last one may be other than complete.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/answer_metrics.h"
#include "openai/tool_call.h"
#include "session/answer_stream.h"

namespace llmc::session {

// Why a loop is over, of an answer that is complete.
enum class EndedBy { final, done, max_steps, cycle, leaked_call };
std::string_view ended_by_name(EndedBy how);  // "max_steps"
std::optional<EndedBy> ended_by_from(std::string_view name);

struct StepCall {
    openai::ToolCall call;              // as it arrived
    std::optional<std::string> result;  // what the model is told; none of the done tool, nor where the step failed
    bool is_error = false;              // the result says that it did not work
    bool is_valid = false;              // the tool was offered and the arguments fit its parameters
    bool operator==(const StepCall&) const = default;
};

struct Step {
    int index = 1;       // in the answer
    int turn = 1;        // of the user
    std::string prompt;  // the user's, where the turn begins with this step; empty in the first, whose is the round's
    AnswerState state = AnswerState::complete;
    std::string finish_reason;  // empty: none arrived
    std::vector<StepCall> calls;
    metrics::AnswerMetrics metrics;
    // Whole, in memory of their size: an answer may have hundreds of steps, and a stream has a mapping of its own.
    std::string text, reasoning;
    bool operator==(const Step&) const = default;
};

// Where an answer that is not final stands; 0 where it takes one request.
struct StepNow {
    int index = 0, turn = 0;
    int of_turn = 0;     // which step of its turn
    int max_steps = 0;   // of a turn; 0: no loop
    std::string prompt;  // as in Step
    bool operator==(const StepNow&) const = default;
};

// Whether every call of a complete step is valid, that of the done tool left out; true of one without calls.
bool is_valid(const Step& step);

}  // namespace llmc::session
