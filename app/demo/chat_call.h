// A chat request as a demo server understands it, and what it will answer.
//
// Thread contract: plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "demo/demo_text.h"
#include "demo/form_demand.h"
#include "demo/form_plays.h"
#include "demo/judge_plays.h"
#include "demo/role_plays.h"

namespace llmc::demo {

struct DemoModel {
    std::string_view id;
    Voice voice = Voice::brief;
    bool thinks = false;
    bool is_fragile = false;
    Playing playing = Playing::nothing;  // what is no role, it answers in its voice
    const FormPlay* form = nullptr;      // null: a request's form changes nothing
    const JudgePlay* judge = nullptr;    // what is no question for a judge, it answers in its voice
};

struct ChatCall {
    std::string model;
    Conversation conversation;
    FormDemand demand;
    std::size_t step = 0;           // messages of the assistant since the user said something
    std::size_t prompt_tokens = 0;  // over all messages and tools
    std::size_t max_tokens = 0;
    std::vector<std::string> stop;
    bool is_streamed = false;
    bool asks_for_usage = false;
};

// Errors: `http`, in words for the body of a 400.
Result<ChatCall> read_chat_call(std::string_view body);

struct Reply {
    // In the order in which they are sent; of a call its arguments, the first of them with its name.
    struct Token {
        enum class Of { reasoning, text, call } of = Of::text;
        std::string_view text;
        std::size_t call = 0;
        bool is_first = false;  // of its call
    };
    std::string reasoning, text;     // cut at max_tokens or a stop text
    std::vector<PlayedCall> calls;   // … those that max_tokens has room for, the last one's arguments cut
    std::vector<Token> tokens;       // of all these
    std::string_view finish_reason;  // "stop", "tool_calls" or "length"

    Reply() = default;
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    std::size_t reasoning_tokens() const;
};
void compose_reply(const DemoModel& model, const RolePlays& plays, const ChatCall& call, Reply& reply);

}  // namespace llmc::demo
