#include "demo/chat_call.h"

#include <algorithm>
#include <limits>

#include "base/json.h"

namespace llmc::demo {
namespace {

// The text of a message: a string, or the texts in a list of parts.
std::string content_of(const base::Json& message) {
    if (auto text = base::get_string(message, "content")) return *std::move(text);
    std::string text;
    if (const base::Json* parts = base::find(message, "content"); parts != nullptr && parts->is_array())
        for (const auto& part : *parts) text += base::get_string(part, "text").value_or("");
    return text;
}

}  // namespace

Result<ChatCall> read_chat_call(std::string_view body) {
    const auto json = base::parse_json(body);
    if (!json) return Error{ErrorKind::http, json.error().message};
    const base::Json* messages = base::find(*json, "messages");
    if (messages == nullptr || !messages->is_array() || messages->empty())
        return Error{ErrorKind::http, "'messages' must be a list with at least one message"};

    ChatCall call;
    call.model = base::get_string(*json, "model").value_or("");
    for (const auto& message : *messages) {
        std::string text = content_of(message);
        call.prompt_tokens += split_tokens(text).size() + 4;  // some tokens frame each message, as in real templates
        if (base::get_string(message, "role") == "user") call.conversation.user.push_back(std::move(text));
    }
    if (call.conversation.user.empty()) call.conversation.user.emplace_back();

    const auto limit = base::get_int(*json, "max_completion_tokens");
    const auto max_tokens = limit ? limit : base::get_int(*json, "max_tokens");
    if (max_tokens && *max_tokens < 0) return Error{ErrorKind::http, "'max_tokens' must not be negative"};
    call.max_tokens = max_tokens ? static_cast<std::size_t>(*max_tokens) : std::numeric_limits<std::size_t>::max();
    if (const auto one = base::get_string(*json, "stop")) call.stop.push_back(*one);
    if (const base::Json* list = base::find(*json, "stop"); list != nullptr && list->is_array())
        for (const auto& one : *list)
            if (one.is_string()) call.stop.push_back(one.get<std::string>());
    call.is_streamed = base::get_bool(*json, "stream").value_or(false);
    if (const base::Json* options = base::find(*json, "stream_options"))
        call.asks_for_usage = base::get_bool(*options, "include_usage").value_or(false);
    return call;
}

void compose_reply(const DemoModel& model, const ChatCall& call, Reply& reply) {
    reply.text = compose_answer(model.voice, call.conversation);
    if (model.thinks) reply.reasoning = compose_reasoning(call.conversation);
    for (const auto& stop : call.stop)
        if (!stop.empty()) reply.text.resize(std::min(reply.text.find(stop), reply.text.size()));

    reply.reasoning_tokens = split_tokens(reply.reasoning);
    reply.tokens = split_tokens(reply.text);
    reply.finish_reason = reply.output_tokens() > call.max_tokens ? "length" : "stop";
    reply.reasoning_tokens.resize(std::min(reply.reasoning_tokens.size(), call.max_tokens));
    reply.tokens.resize(std::min(reply.tokens.size(), call.max_tokens - reply.reasoning_tokens.size()));
    const auto cut_to = [](std::string& text, const std::vector<std::string_view>& tokens) {
        std::size_t size = 0;
        for (const auto token : tokens) size += token.size();
        text.resize(size);  // shrinks in place: the tokens stay valid
    };
    cut_to(reply.reasoning, reply.reasoning_tokens);
    cut_to(reply.text, reply.tokens);
}

}  // namespace llmc::demo
