#include "agent/loop_messages.h"

#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"

namespace llmc::agent {
namespace {

// The text of a JSON object that every server can read: as it came, unless only we could make sense of it.
std::string sent_arguments(const SaidCall& said) {
    const std::string& text = said.call.arguments;
    if (!said.has_arguments || base::trim(text).empty()) return "{}";
    // nlohmann is strict where parse_json() repairs: bytes that are no UTF-8, halves of surrogate pairs.
    if (base::Json::accept(text)) return text;
    const auto repaired = base::parse_ordered_json(text);
    return repaired ? base::dump_json(*repaired) : "{}";
}

}  // namespace

LoopMessages::LoopMessages(suite::LoopHistory form, const std::vector<openai::Message>& before) : form_(form) {
    for (const openai::Message& message : before)
        for (const openai::ToolCall& call : message.tool_calls) ids_.insert(call.id);
}

void LoopMessages::add_user(std::string_view text) {
    messages_.push_back({.role = "user", .content = std::string(text)});
}

void LoopMessages::add_text(std::string_view text) {
    messages_.push_back({.role = "assistant", .content = std::string(text)});
}

void LoopMessages::add_calls(std::string_view text, const std::vector<SaidCall>& calls) {
    const auto answer = [](const SaidCall& said, const std::string& id) {
        return openai::Message{.role = "tool", .content = std::string(said.result), .tool_call_id = id};
    };
    openai::Message message{.role = "assistant", .content = std::string(text)};
    if (form_ == suite::LoopHistory::one_call_per_message) {
        for (const SaidCall& said : calls) {
            message.tool_calls = {sent(said)};
            messages_.push_back(message);
            messages_.push_back(answer(said, message.tool_calls.front().id));
            message.content.clear();  // it was said once
        }
        return;
    }
    for (const SaidCall& said : calls) message.tool_calls.push_back(sent(said));
    messages_.push_back(message);
    for (std::size_t i = 0; i < calls.size(); ++i) messages_.push_back(answer(calls[i], message.tool_calls[i].id));
}

openai::ToolCall LoopMessages::sent(const SaidCall& said) {
    openai::ToolCall call{said.call.id, said.call.name, sent_arguments(said)};
    while (call.id.empty() || !ids_.insert(call.id).second) call.id = fmt::format("call_{}", ++replaced_);
    return call;
}

}  // namespace llmc::agent
