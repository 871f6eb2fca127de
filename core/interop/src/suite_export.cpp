#include "interop/suite_export.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "import_place.h"
#include "suite_export_formats.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;

struct SuiteExport {
    std::string_view name, extension;
    std::string (*write)(const suite::Suite& suite, const Place& place, Notes& notes);
};
constexpr std::array kSuiteExports = {SuiteExport{"promptfoo", "promptfoo.yaml", write_promptfoo},
                                      SuiteExport{"chat", "chat.jsonl", write_chat_lines}};

}  // namespace

std::string suite_export_formats() {
    std::vector<std::string_view> names;
    for (const SuiteExport& one : kSuiteExports) names.push_back(one.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

Result<ExportedSuite> export_suite(const suite::Suite& suite, std::string_view file, std::string_view format) {
    const auto found = std::ranges::find(kSuiteExports, format, &SuiteExport::name);
    if (found == kSuiteExports.end())
        return Error{ErrorKind::usage, fmt::format("\"{}\" is unknown; possible are {}",
                                                   base::for_terminal_line(format), suite_export_formats())};
    Notes notes;
    std::string text = found->write(suite, {std::string(file), {}}, notes);
    return ExportedSuite{std::move(text), std::string(found->extension), notes.take()};
}

TaskPlace place_of_task(const suite::Suite& suite, std::size_t task) {
    const std::size_t cases = std::max<std::size_t>(suite.cases.size(), 1), prompts = suite.prompts.size();
    if (suite.context == suite::Context::fresh) return {task / cases, task % cases};
    return {task % prompts, task / prompts};
}

OrderedJson sent_message(const openai::Message& message) {
    OrderedJson json = {{"role", message.role}, {"content", message.content}};
    if (!message.tool_calls.empty()) {
        if (message.content.empty()) json["content"] = nullptr;
        for (const openai::ToolCall& call : message.tool_calls)
            json["tool_calls"].push_back({{"id", call.id},
                                          {"type", "function"},
                                          {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
    }
    if (!message.tool_call_id.empty()) json["tool_call_id"] = message.tool_call_id;
    return json;
}

OrderedJson sent_messages(const suite::Suite& suite, const suite::Task& task) {
    OrderedJson messages = OrderedJson::array();
    const auto is_system = [](const openai::Message& one) { return one.role == "system"; };
    const bool has_own_system = std::ranges::any_of(*task.messages, is_system);
    if (suite.system_prompt && !suite.system_prompt->empty() && !has_own_system)
        messages.push_back({{"role", "system"}, {"content", *suite.system_prompt}});
    for (const openai::Message& message : *task.messages) messages.push_back(sent_message(message));
    if (!task.prompt.empty()) messages.push_back({{"role", "user"}, {"content", task.prompt}});
    return messages;
}

void note_others(const OrderedJson& object, std::initializer_list<std::string_view> taken, const Place& place,
                 Notes& notes) {
    for (const auto& [key, value] : object.items())
        if (std::ranges::find(taken, std::string_view(key)) == taken.end())
            notes.add(place / key, fmt::format("has no counterpart there ({})", shortly(value)));
}

const OrderedJson* said_of(const suite::Suite& suite, std::size_t prompt, const char* key) {
    for (const OrderedJson* object : {&suite.source["prompts"][prompt], &suite.source})
        if (const auto found = object->find(key); found != object->end() && !found->is_null()) return &*found;
    return nullptr;
}

}  // namespace llmc::interop
