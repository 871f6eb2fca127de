// What a suite says of answers that take several requests: loops with tools, the results the tools give, the world they
// work on, and further user turns (agents.md sections 1 and 2).
//
// Thread contract: plain values, immutable once a suite was read, shared by the tasks of a prompt and case.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "openai/chat_request.h"
#include "session/world_files.h"

namespace llmc::check {
class JsonSchema;
}

namespace llmc::suite {

enum class LoopHistory {
    openai,               // one assistant message with all calls of a step, then one tool message each
    one_call_per_message  // an assistant message per call
};

struct Loop {
    int max_steps = 15;                    // per turn
    std::optional<std::string> done_tool;  // none: only a step without calls ends it
    int cycle_repetitions = 3;
    LoopHistory history = LoopHistory::openai;
};

// One rule of a tool's results; the first that holds counts.
struct ResultRule {
    base::Json when;         // arguments that have to be equal, deep; null: any
    std::optional<int> nth;  // only the n-th call of the tool in the answer, from 1
    std::string text;        // the result, or what went wrong
    bool is_error = false;
};

// Of one tool: a text for every call, texts by arguments ("_default" for the rest), or rules.
using ToolResult = std::variant<std::string, std::map<std::string, std::string>, std::vector<ResultRule>>;
using ToolResults = std::map<std::string, ToolResult>;

struct World {
    session::WorldFiles files;
    bool offers_tools = false;
};

// A tool that is offered. The schema is null where it says nothing of its parameters: any object will do.
using OfferedTools = std::map<std::string, std::shared_ptr<const check::JsonSchema>>;

struct Script {
    std::optional<Loop> loop;
    OfferedTools tools;
    ToolResults tool_results;
    std::optional<World> world;
    std::vector<std::string> follow_ups;

    // Whether an answer has steps.
    bool has_steps() const { return loop || !follow_ups.empty(); }
};

// What a prompt says beside its text, its own and the suite's, with the values of a case.
struct PromptScript {
    std::shared_ptr<const Script> script;                          // never null
    std::shared_ptr<const std::vector<openai::Message>> messages;  // before the prompt; never null
    std::shared_ptr<const base::Json> tools;                       // those of a world included; a list, or null
    base::Json tool_choice;                                        // as OpenAI has it; null: not sent
    std::optional<bool> parallel_tool_calls;                       // none: not sent
};

}  // namespace llmc::suite
