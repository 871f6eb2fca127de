// A chat request as a demo server understands it, and what it will answer.
//
// Thread contract: plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "demo/demo_text.h"

namespace llmc::demo {

struct DemoModel {
    std::string_view id;
    Voice voice = Voice::brief;
    bool thinks = false;
    bool is_fragile = false;
};

struct ChatCall {
    std::string model;
    Conversation conversation;
    std::size_t prompt_tokens = 0;  // over all messages
    std::size_t max_tokens = 0;
    std::vector<std::string> stop;
    bool is_streamed = false;
    bool asks_for_usage = false;
};

// Errors: `http`, in words for the body of a 400.
Result<ChatCall> read_chat_call(std::string_view body);

struct Reply {
    std::string reasoning, text;                             // cut at max_tokens or a stop text
    std::vector<std::string_view> reasoning_tokens, tokens;  // of the two above
    std::string_view finish_reason;                          // "stop" or "length"

    Reply() = default;
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    std::size_t output_tokens() const { return reasoning_tokens.size() + tokens.size(); }
};
void compose_reply(const DemoModel& model, const ChatCall& call, Reply& reply);

}  // namespace llmc::demo
