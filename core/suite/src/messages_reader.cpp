#include "messages_reader.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "base/utf8.h"

namespace llmc::suite {
namespace {

using base::FieldReader;
using base::JsonFile;
using base::OrderedJson;

constexpr std::array<std::string_view, 4> kRoles = {"system", "user", "assistant", "tool"};

openai::ToolCall read_call(FieldReader& fields) {
    openai::ToolCall call{.id = fields.required_text("id")};
    if (const auto type = fields.text("type"); type && *type != "function") fields.fail("type", "must be \"function\"");
    if (fields.find("function") == nullptr) fields.fail("function", "is missing");
    fields.object("function", [&](FieldReader& function) {
        call.name = function.required_text("name");
        call.arguments = function.text_or_empty("arguments").value_or("{}");
        function.finish();
    });
    fields.finish();
    return call;
}

// `ids`: of the calls so far.
openai::Message read_message(JsonFile& file, const OrderedJson& value, const std::string& pointer,
                             std::unordered_set<std::string>& ids) {
    openai::Message message;
    FieldReader fields(file, value, pointer);
    message.role = fields.required_text("role");
    if (!message.role.empty() && std::ranges::find(kRoles, message.role) == kRoles.end())
        fields.fail("role", fmt::format("\"{}\" is unknown; possible are {}", base::for_terminal_line(message.role),
                                        fmt::join(kRoles, ", ")));
    const bool is_assistant = message.role == "assistant";
    if (is_assistant)
        fields.each("tool_calls", [&](FieldReader& call) { message.tool_calls.push_back(read_call(call)); });
    const auto content = fields.text_or_empty("content", is_assistant ? base::Null::is_absent : base::Null::refused);
    if (fields.find("content") == nullptr && message.tool_calls.empty()) file.fail(pointer, "needs a \"content\"");
    message.content = content.value_or("");
    if (message.role == "tool") {
        message.tool_call_id = fields.required_text("tool_call_id");
        if (!ids.contains(message.tool_call_id))
            fields.fail("tool_call_id", "answers no call of an assistant's message before it");
    }
    for (const openai::ToolCall& call : message.tool_calls) ids.insert(call.id);
    fields.finish();
    return message;
}

}  // namespace

std::vector<openai::Message> read_messages(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    std::vector<openai::Message> messages;
    if (!value.is_array()) file.fail(pointer, fmt::format("must be a list, and is {}", base::json_type_name(value)));
    std::unordered_set<std::string> ids;
    for (std::size_t i = 0; value.is_array() && i < value.size() && !file.error(); ++i)
        messages.push_back(read_message(file, value[i], fmt::format("{}/{}", pointer, i), ids));
    return messages;
}

bool ends_with_prompt(const OrderedJson& messages) {
    if (!messages.is_array() || messages.empty() || !messages.back().is_object()) return false;
    const auto role = messages.back().find("role");
    return role != messages.back().end() && (*role == "user" || *role == "system");
}

}  // namespace llmc::suite
