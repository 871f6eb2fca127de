// The calls that an answer made, with their arguments read: what checks of calls judge.
//
// Thread contract: plain values; the answer must outlive them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "session/answer.h"

namespace llmc::check {

struct Subject;

struct MadeCall {
    const openai::ToolCall* call = nullptr;
    std::size_t number = 0;            // from 1 among those that are judged
    int step = 0;                      // 0: the answer has no steps
    std::optional<base::Json> object;  // the arguments; "" counts as {}; none where they are no JSON object
    std::optional<bool> is_valid;      // as the run has found; none without steps

    // "call 3 (step 2), read_file({"path": "a"})", shortened.
    std::string words() const;
};

// Without those of the done tool and those dropped beside them: calls of a complete step that have no result.
std::vector<MadeCall> made_calls(const Subject& subject);
std::vector<MadeCall> all_calls(const Subject& subject);  // with them
// "made were a, b, a" or "no call was made".
std::string names_in_words(const std::vector<MadeCall>& calls);

// None where they are no JSON object.
std::optional<base::Json> arguments_of(const openai::ToolCall& call);
// "read_file({"path": "a"})", shortened.
std::string call_words(const openai::ToolCall& call);
// Whether it ended the turn, or was dropped because another call did.
bool is_done_call(const session::Step& step, const session::StepCall& call);

}  // namespace llmc::check
