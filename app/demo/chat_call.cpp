#include "demo/chat_call.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/json.h"

namespace llmc::demo {
namespace {

// The calls of a message, or the tools of a request, are in its prompt too.
std::size_t tokens_of_json(const base::Json& object, std::string_view key) {
    const base::Json* value = base::find(object, key);
    return value != nullptr && value->is_array() ? split_tokens(base::dump_json(*value)).size() : 0;
}

void split(Reply& reply) {
    using Of = Reply::Token::Of;
    for (const auto token : split_tokens(reply.reasoning)) reply.tokens.push_back({Of::reasoning, token});
    for (const auto token : split_tokens(reply.text)) reply.tokens.push_back({Of::text, token});
    for (std::size_t i = 0; i < reply.calls.size(); ++i) {
        reply.tokens.push_back({Of::call, "", i, true});
        for (const auto token : split_tokens(reply.calls[i].arguments)) reply.tokens.push_back({Of::call, token, i});
    }
}

// To the tokens that are left. What shrinks stays where it is: the tokens stay valid.
void cut(Reply& reply) {
    std::size_t reasoning = 0, text = 0, calls = 0, arguments = 0;
    for (const Reply::Token& token : reply.tokens) {
        if (token.of == Reply::Token::Of::reasoning) reasoning += token.text.size();
        if (token.of == Reply::Token::Of::text) text += token.text.size();
        if (token.of != Reply::Token::Of::call) continue;
        arguments = token.is_first ? 0 : arguments + token.text.size();
        calls = token.call + 1;
    }
    reply.reasoning.resize(reasoning);
    reply.text.resize(text);
    reply.calls.resize(calls);
    if (calls > 0) reply.calls.back().arguments.resize(arguments);
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
        std::string text = text_of(message);
        call.prompt_tokens += split_tokens(text).size() + 4;  // some tokens frame each message, as in real templates
        call.prompt_tokens += tokens_of_json(message, "tool_calls");
        const auto role = base::get_string(message, "role");
        if (role == "user") {
            call.conversation.user.push_back(std::move(text));
            call.step = 0;
        } else if (role == "assistant") {
            ++call.step;
        }
    }
    call.prompt_tokens += tokens_of_json(*json, "tools");
    call.demand = read_form_demand(*json);
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

std::size_t Reply::reasoning_tokens() const {
    return static_cast<std::size_t>(std::ranges::count(tokens, Token::Of::reasoning, &Token::of));
}

void compose_reply(const DemoModel& model, const RolePlays& plays, const ChatCall& call, Reply& reply) {
    if (model.form != nullptr) {
        FormAnswer answer = answer_form(*model.form, call.demand);
        reply.reasoning = std::move(answer.reasoning);
        reply.text = std::move(answer.text);
        reply.calls = std::move(answer.calls);
    } else if (auto verdict = model.judge ? judge_reply(*model.judge, call.conversation.user.back()) : std::nullopt) {
        reply.text = *std::move(verdict);
    } else if (auto step = plays.play(model.playing, call.conversation.user.back(), call.step)) {
        reply.text = std::move(step->text);
        reply.calls = std::move(step->calls);
    } else {
        reply.text = compose_answer(model.voice, call.conversation);
        if (model.thinks) reply.reasoning = compose_reasoning(call.conversation);
    }
    for (const auto& stop : call.stop)
        if (!stop.empty()) reply.text.resize(std::min(reply.text.find(stop), reply.text.size()));

    split(reply);
    reply.finish_reason = reply.calls.empty() ? "stop" : "tool_calls";
    if (reply.tokens.size() <= call.max_tokens) return;
    reply.finish_reason = "length";
    reply.tokens.resize(call.max_tokens);
    cut(reply);
}

}  // namespace llmc::demo
