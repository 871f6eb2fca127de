// Answers of other interfaces than OpenAI's chat: told as what they are, since the address is wrong then.
//
// Thread contract: plain functions.
#pragma once

#include <string_view>

#include "base/json.h"

namespace llmc::openai {

// "an Anthropic messages stream" for {"type": "message_start", …}; empty where `object` is none that is known.
std::string_view foreign_answer(const base::Json& object);

}  // namespace llmc::openai
