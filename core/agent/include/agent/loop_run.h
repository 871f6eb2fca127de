// One answer that takes several steps, as a state machine without I/O and without a clock: given what the suite says and
// what a step brought, what is sent next or how it ended (agents.md section 2).
//
// Thread contract: one thread. The cost of a step is that of its own calls, but for cycles (bounded by the calls so
// far) and history (appended to).
// Invariants: nothing is executed; the same steps give the same results, so that a run can be rebuilt from them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/call_cycle.h"
#include "agent/loop_messages.h"
#include "agent/request_form.h"
#include "agent/tool_results.h"
#include "agent/world.h"
#include "base/json.h"
#include "openai/chat_request.h"
#include "session/step.h"
#include "suite/suite.h"

namespace llmc::agent {

// A complete step.
struct StepBrought {
    std::string_view text, reasoning;
    const std::vector<openai::ToolCall>& calls;
};

struct StepTaken {
    std::vector<session::StepCall> calls;      // with what the tools said
    std::optional<session::EndedBy> ended_by;  // none: the next step is to be sent
    std::vector<std::string> warnings;
    std::optional<std::string> text;  // the answer's, where the done tool's "response" is one
};

class LoopRun {
public:
    // Its script has_steps(). `form`: that it is asked in.
    explicit LoopRun(const suite::Task& task, RequestForm form = RequestForm::native);

    // The step that is to be sent next, or runs: from 1, and its turn.
    int step() const { return step_; }
    int turn() const { return turn_; }
    // What has been said in this answer after its prompt; the next request has it behind the prompt.
    const std::vector<openai::Message>& messages() const { return messages_.all(); }
    // Of the next request; null: not sent.
    base::Json tool_choice() const;

    // Takes what the step brought, plays the tools and decides. Nothing happens after the end.
    StepTaken take(const StepBrought& step);
    // Takes a whole step that an earlier attempt kept, with what the tools said then. False where the run ends with it:
    // there is nothing to resume.
    bool restore(const session::Step& step);

    // Null without one.
    const World* world() const { return world_ ? &*world_ : nullptr; }

private:
    using Kept = std::vector<session::StepCall>;
    StepTaken advance(const StepBrought& step, const Kept* kept);
    void take_turn(const StepBrought& step, const Kept* kept, StepTaken& taken);
    void take_done(const StepBrought& step, const openai::ToolCall& done, StepTaken& taken);
    void take_text(const StepBrought& step, StepTaken& taken);
    void take_calls(const StepBrought& step, const Kept* kept, StepTaken& taken);
    void end_turn(std::string_view said, session::EndedBy how, StepTaken& taken);
    bool has_more_turns() const;
    void next_turn();

    std::shared_ptr<const suite::Script> script_;
    base::Json tool_choice_;
    int step_ = 1, turn_ = 1;
    int steps_of_turn_ = 0;  // that are through
    bool is_over_ = false;
    LoopMessages messages_;
    std::optional<World> world_;
    ToolResults results_;
    CallCycle cycle_;
};

}  // namespace llmc::agent
