// Whether a server seems to have dropped part of the conversation without saying so (LM Studio, Ollama): its prompt
// token count is then far below what was sent.
//
// Thread contract: pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "openai/chat_request.h"

namespace llmc::engine {

struct PromptCount {
    std::int64_t prompt_tokens = 0;  // the server's count for an earlier round
    std::size_t messages = 0;        // of the conversation that it counted
};

// A warning, or nothing. Sure sign: fewer tokens than an earlier, shorter conversation of the same candidate had. Else
// far fewer than an estimate of what was sent: estimates are rough, so only large gaps on long conversations count.
std::optional<std::string> dropped_history(const std::vector<openai::Message>& sent, std::int64_t prompt_tokens,
                                           const std::optional<PromptCount>& earlier);

}  // namespace llmc::engine
