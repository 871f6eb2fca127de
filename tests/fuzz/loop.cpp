// What models send in a loop: any text and any calls, step by step. A run ends by itself, every call gets a result that
// can be sent, and the same steps give the same run again.
//
// The bytes are steps, apart by 0x1E; in each, apart by 0x1F, the text, the reasoning, and for each call a sign that
// says which tool, then its arguments.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "agent/loop_run.h"
#include "base/utf8.h"
#include "suite/suite.h"
#include "targets.h"

namespace llmc::fuzz {
namespace {

constexpr std::array kTools = {"read_file",   "write_file", "create_directory", "move_file", "list_directory",
                               "delete_file", "search",     "look_up",          "DONE",      "unknown"};

const suite::Task& loop_task() {
    static const suite::Task task = [] {
        const auto suite = suite::suite_from_json(base::parse_ordered_json(R"({
            "format": "llm-compare-suite", "loop": {"max_steps": 8, "done_tool": "DONE", "history": "one_call_per_message"},
            "world": {"files": {"./inbox/1.txt": "The zebra", "./animals/": null}, "tools": true},
            "tools": [{"type": "function", "function": {"name": "search", "parameters": {"type": "object",
                       "properties": {"q": {"type": "string", "pattern": "^(a+)+$"}}, "required": ["q"]}}},
                      {"type": "function", "function": {"name": "look_up"}},
                      {"type": "function", "function": {"name": "DONE"}}],
            "tool_results": {"search": [{"when": {"q": {"a": [1]}}, "result": "x"}, {"nth": 2, "error": "busy"}],
                             "look_up": {"{\"a\": 1.5, \"b\": \"\\u00e4\"}": "whole", "x": "one", "_default": "else"}},
            "follow_ups": ["And now?"], "prompts": [{"prompt": "Go."}]})")
                                                      .value());
        return suite::tasks(suite.value(), 1).front();
    }();
    return task;
}

std::vector<std::string_view> parts_of(std::string_view bytes, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= bytes.size();) {
        const std::size_t end = std::min(bytes.find(separator, begin), bytes.size());
        parts.push_back(bytes.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

void check_messages(const agent::LoopRun& run) {
    for (const openai::Message& message : run.messages())
        for (const openai::ToolCall& call : message.tool_calls) {
            const base::Json arguments = base::Json::parse(call.arguments, nullptr, false);
            promise(arguments.is_object(), "arguments in the history are a JSON object for any server");
            promise(!call.id.empty(), "every call has an id");
        }
}

}  // namespace

void loop(std::string_view bytes) {
    agent::LoopRun run(loop_task()), again(loop_task());
    int steps = 0;
    for (const std::string_view step_bytes : parts_of(bytes, '\x1e')) {
        const auto parts = parts_of(step_bytes, '\x1f');
        std::vector<openai::ToolCall> calls;
        for (std::size_t i = 2; i < parts.size(); ++i) {
            const std::size_t tool = parts[i].empty() ? 0 : static_cast<unsigned char>(parts[i][0]) % kTools.size();
            calls.push_back({i % 2 ? "id" : "", kTools[tool],
                             std::string(parts[i].substr(std::min<std::size_t>(parts[i].size(), 1)))});
        }
        session::Step step;
        step.text = base::to_valid_utf8(parts[0]);
        const agent::StepTaken taken = run.take({parts[0], parts.size() > 1 ? parts[1] : "", calls});
        for (const session::StepCall& call : taken.calls) {
            promise(!call.result || base::is_valid_utf8(*call.result), "results are valid UTF-8");
            promise(!call.result || call.result->size() <= agent::kMaxResultBytes, "results are bounded");
        }
        check_messages(run);
        step.calls = taken.calls;
        const bool goes_on = again.restore(step);
        promise(++steps <= 16, "a loop ends");
        if (taken.ended_by) return;
        promise(goes_on || taken.calls.empty(), "a step that went on can be kept");
        if (!goes_on) return;  // a text that was repaired may hold what the bytes did not
        promise(again.step() == run.step() && again.turn() == run.turn(), "kept steps are the same run");
        promise(again.messages().size() == run.messages().size(), "kept steps are the same history");
        promise(again.world()->changes().size() == run.world()->changes().size(), "kept steps are the same world");
    }
}

}  // namespace llmc::fuzz
