// Conversations a line: what a prompt sends with a case's values, and the response that is expected.
#include <fmt/format.h>

#include "suite_export_formats.h"

namespace llmc::interop {

using base::OrderedJson;

std::string write_chat_lines(const suite::Suite& suite, const Place& place, Notes& notes) {
    note_others(suite.source,
                {"format", "version", "name", "description", "system_prompt", "tools", "parallel_tool_calls", "cases",
                 "prompts", "messages", "expected_response"},
                place, notes);
    const auto tasks = suite::tasks(suite, 1);
    std::string lines;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const suite::Task& task = tasks[i];
        const std::size_t prompt = place_of_task(suite, i).prompt;
        const Place at = (place / "prompts")[prompt];
        note_others(suite.source["prompts"][prompt],
                    {"id", "prompt", "messages", "tools", "parallel_tool_calls", "expected_response"}, at, notes);
        OrderedJson line = {{"messages", sent_messages(suite, task)}};
        if (const OrderedJson* expected = said_of(suite, prompt, "expected_response"); expected && suite.cases.empty())
            line["messages"].push_back({{"role", "assistant"}, {"content", *expected}});
        else if (expected)
            notes.add(at / "expected_response", "is not written for prompts with cases");
        if (task.tools->is_array() && !task.tools->empty()) line["tools"] = OrderedJson(*task.tools);
        if (task.parallel_tool_calls) line["parallel_tool_calls"] = *task.parallel_tool_calls;
        lines += base::dump_json(line) + '\n';
    }
    return lines;
}

}  // namespace llmc::interop
