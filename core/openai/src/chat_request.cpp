#include "openai/chat_request.h"

#include <array>
#include <string_view>

namespace llmc::openai {
namespace {

using base::OrderedJson;

constexpr const char* kMaxCompletionTokens = "max_completion_tokens";
constexpr std::array<std::string_view, 3> kForbidden = {"model", "messages", "stream"};

OrderedJson call_json(const ToolCall& call) {
    return {{"id", call.id}, {"type", "function"}, {"function", {{"name", call.name}, {"arguments", call.arguments}}}};
}

OrderedJson message_json(const Message& message) {
    OrderedJson json{{"role", message.role}, {"content", message.content}};
    if (!message.tool_calls.empty()) {
        if (message.content.empty()) json["content"] = nullptr;
        json["tool_calls"] = OrderedJson::array();
        for (const ToolCall& call : message.tool_calls) json["tool_calls"].push_back(call_json(call));
    }
    if (!message.tool_call_id.empty()) json["tool_call_id"] = message.tool_call_id;
    return json;
}

bool is_forbidden(std::string_view key) {
    for (const std::string_view name : kForbidden)
        if (key == name) return true;
    return false;
}

}  // namespace

std::string to_json(const ChatRequest& request) {
    OrderedJson json{{"model", request.model}, {"messages", OrderedJson::array()}, {"stream", true}};
    for (const Message& message : request.messages) json["messages"].push_back(message_json(message));
    if (request.asks_for_usage) json["stream_options"] = {{"include_usage", true}};
    if (request.settings.is_object()) json.update(request.settings);
    if (request.tools.is_array() && !request.tools.empty()) json["tools"] = request.tools;
    if (!request.tool_choice.is_null()) json["tool_choice"] = request.tool_choice;
    if (request.parallel_tool_calls) json["parallel_tool_calls"] = *request.parallel_tool_calls;
    if (request.response_format.is_object()) json["response_format"] = request.response_format;
    if (request.extra_body.is_object())
        for (const auto& [key, value] : request.extra_body.items()) {
            if (is_forbidden(key)) continue;
            if (value.is_null())
                json.erase(key);
            else
                json[key] = value;
        }
    if (request.renames_max_tokens && json.contains("max_tokens") && !json.contains(kMaxCompletionTokens))
        json[kMaxCompletionTokens] = json["max_tokens"];
    if (json.contains(kMaxCompletionTokens)) json.erase("max_tokens");
    return base::dump_json(json);
}

std::vector<std::string> forbidden_extra_body_keys(const base::Json& extra_body) {
    std::vector<std::string> names;
    for (const std::string_view name : kForbidden)
        if (base::find(extra_body, name)) names.emplace_back(name);
    return names;
}

}  // namespace llmc::openai
