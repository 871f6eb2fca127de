// Messages, tools and tool choices as OpenAI's API has them, and near to it, made what a suite takes.
//
// Thread contract: one thread.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "import_place.h"
#include "suite_draft.h"

namespace llmc::interop {

// What a conversation's last message answers, where an assistant has the last word.
struct LastAnswer {
    std::string text;
    base::OrderedJson tool_calls = base::OrderedJson::array();  // as a suite's incumbent has them
};

// Puts the messages into the prompt: a system text that begins them, the history, and the last user's text as `prompt`.
// A last word of the assistant is no part of them. What cannot be said in a suite is noted.
std::optional<LastAnswer> take_messages(const base::OrderedJson& messages, SuiteDraft::Prompt& prompt,
                                        const Place& place, Notes& notes);

// The same where a suite has no place for the assistant's last word, which is noted.
void take_messages_asked(const base::OrderedJson& messages, SuiteDraft::Prompt& prompt, const Place& place,
                         Notes& notes);

// Definitions with or without {"type": "function"} around them; a JSON text of such a list too.
void take_tools(const base::OrderedJson& tools, SuiteDraft::Prompt& prompt, const Place& place, Notes& notes);

// "auto", "none", "required" ("any"), OpenAI's object for one tool, or its name.
void take_tool_choice(const base::OrderedJson& choice, SuiteDraft::Prompt& prompt, const Place& place, Notes& notes);

// "critical" and "warning"; anything else is noted.
void take_severity(const std::string& word, SuiteDraft::Prompt& prompt, const Place& place, Notes& notes);

// What a file says of every prompt alike: "category", "severity".
void take_category(Members& members, SuiteDraft::Prompt& prompt);

}  // namespace llmc::interop
