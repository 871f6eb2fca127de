// What is said in an answer of several steps after its prompt, as the next request has it.
//
// Thread contract: one thread.
// Invariants: every call has an id of its own and an answer; its arguments are a JSON object, since servers answer 500
// to anything else. Reasoning is never sent back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/json.h"
#include "openai/chat_request.h"
#include "suite/script.h"

namespace llmc::agent {

// A call as it goes into the history.
struct SaidCall {
    openai::ToolCall call;       // as it arrived
    bool has_arguments = false;  // they are a JSON object
    std::string_view result;
};

class LoopMessages {
public:
    // `before`: a prepared history, whose ids are taken.
    LoopMessages(suite::LoopHistory form, const std::vector<openai::Message>& before);

    void add_user(std::string_view text);
    void add_text(std::string_view text);  // of the model, without calls
    void add_calls(std::string_view text, const std::vector<SaidCall>& calls);

    const std::vector<openai::Message>& all() const { return messages_; }

private:
    // The call as it is sent: with an id that no other has.
    openai::ToolCall sent(const SaidCall& said);

    suite::LoopHistory form_;
    std::vector<openai::Message> messages_;
    std::unordered_set<std::string> ids_;
    int replaced_ = 0;
};

}  // namespace llmc::agent
