// Conversations as they are collected for fine-tuning: {"messages": […]} a line.
#include <utility>

#include "chat_parts.h"
#include "import_formats.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;

void take_line(const Record& record, ImportJob& job) {
    SuiteDraft::Prompt prompt{.place = record.place};
    Members members(record.value, record.place, job.notes);
    prompt.id = members.text("id").value_or("");
    take_category(members, prompt);
    std::optional<LastAnswer> answer;
    if (const OrderedJson* messages = members.list("messages"))
        answer = take_messages(*messages, prompt, members.at("messages"), job.notes);
    const OrderedJson* tools = members.find("tools");
    if (tools == nullptr) tools = members.find("functions");
    if (tools != nullptr) take_tools(*tools, prompt, members.at("tools"), job.notes);
    if (const OrderedJson* choice = members.find("tool_choice"))
        take_tool_choice(*choice, prompt, members.at("tool_choice"), job.notes);
    if (const OrderedJson* flag = members.find("parallel_tool_calls"); flag != nullptr && flag->is_boolean())
        prompt.json["parallel_tool_calls"] = *flag;
    if (answer && !answer->text.empty()) prompt.json["expected_response"] = answer->text;
    if (answer && !answer->tool_calls.empty())
        prompt.json["incumbent"] = {{"text", answer->text}, {"tool_calls", answer->tool_calls}};
    members.finish();
    job.draft.add(std::move(prompt));
}

}  // namespace

bool is_chat_lines(const Document& document) {
    const OrderedJson& first = document.first();
    return first.is_object() && first.contains("messages") && first["messages"].is_array();
}

Result<void> read_chat_lines(ImportJob& job) {
    for (const Document& document : job.documents)
        for (const Record& record : document.records) take_line(record, job);
    return {};
}

}  // namespace llmc::interop
