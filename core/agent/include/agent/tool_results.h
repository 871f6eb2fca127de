// What the tools of a loop say: by the suite's rules and texts, else by the world (agents.md section 2). Nothing is
// executed.
//
// Thread contract: one thread.
// Invariants: the same calls in the same order get the same results; a result is valid UTF-8, at most kMaxResultBytes,
// and all of them together kMaxResultsBytes.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/world.h"
#include "base/json.h"
#include "openai/tool_call.h"
#include "session/step.h"
#include "suite/script.h"

namespace llmc::agent {

inline constexpr std::size_t kMaxResultBytes = std::size_t{1} << 20;    // of one call
inline constexpr std::size_t kMaxResultsBytes = std::size_t{16} << 20;  // of an answer

// The arguments of a call: an object, "" for an empty one; nothing where they are none.
std::optional<base::Json> arguments_of(const openai::ToolCall& call);

// Whether the tool was offered and the arguments fit its parameters.
bool is_valid_call(const openai::ToolCall& call, const std::optional<base::Json>& arguments,
                   const suite::OfferedTools& tools);

class ToolResults {
public:
    explicit ToolResults(std::shared_ptr<const suite::Script> script);

    // Carries out a call. `arguments`: arguments_of(call). `world`: null without one. Says in `warnings` what was cut.
    session::StepCall answer(const openai::ToolCall& call, const std::optional<base::Json>& arguments, World* world,
                             std::vector<std::string>& warnings);
    // Carries out a call whose result is known: what it changes and counts.
    void answer_again(const session::StepCall& call, const std::optional<base::Json>& arguments, World* world);

private:
    ToolSays say(const openai::ToolCall& call, const std::optional<base::Json>& arguments, World* world);
    std::optional<ToolSays> scripted(const suite::ToolResult& result, const openai::ToolCall& call,
                                     const base::Json& arguments, int nth) const;
    void cut(const std::string& tool, std::string& text, std::vector<std::string>& warnings);

    std::shared_ptr<const suite::Script> script_;
    std::map<std::string, int> calls_;  // of each tool so far
    std::size_t bytes_ = 0;             // of all results so far
    bool is_full_ = false;              // … which were once too many, and it was said
};

}  // namespace llmc::agent
