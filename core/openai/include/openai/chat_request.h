// The body of POST /v1/chat/completions.
//
// Thread contract: plain values.
// Source: OpenAI's chat completion reference; LM Studio, llama-server and Ollama take the same fields.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "openai/tool_call.h"

namespace llmc::openai {

struct Message {
    std::string role;  // system, user, assistant, tool
    std::string content;
    std::vector<ToolCall> tool_calls;  // of an assistant
    std::string tool_call_id;          // of a tool's answer

    bool operator==(const Message&) const = default;
};

struct ChatRequest {
    std::string model;
    std::vector<Message> messages;
    base::OrderedJson settings;               // an object whose members are sent: temperature, max_tokens …; or null
    bool renames_max_tokens = false;          // max_completion_tokens, which newer servers take in its place
    base::OrderedJson tools;                  // an array, or null
    base::Json tool_choice;                   // a word or an object; null: not sent
    std::optional<bool> parallel_tool_calls;  // none: not sent
    base::OrderedJson response_format;        // an object, or null
    base::Json extra_body;       // an object whose members are added, or null; never model, messages, stream
    bool asks_for_usage = true;  // stream_options.include_usage
};

// The JSON text, always with "stream": true. Valid UTF-8 whatever the strings hold. An assistant message with tool
// calls and no content gets "content": null. `extra_body` may set any field but model, messages and stream, and
// replaces what stands there; a null takes a field out. With max_completion_tokens in it no max_tokens is sent.
std::string to_json(const ChatRequest& request);

// The names of extra_body's members that are not allowed ("model", "messages", "stream"), in order; empty when it is
// fine.
std::vector<std::string> forbidden_extra_body_keys(const base::Json& extra_body);

}  // namespace llmc::openai
