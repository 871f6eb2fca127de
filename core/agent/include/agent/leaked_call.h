// Calls that a model wrote as text, which its server did not see as such, in the notations that chat templates have:
// <|tool_call_start|>, <tool_call>, [TOOL_CALLS], Harmony's channels, <invoke>, <function=…>, JSON.
//
// Thread contract: a plain function.
// Cost: linear in the text, whatever stands there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "suite/script.h"

namespace llmc::agent {

struct LeakedCall {
    std::string tool;
    std::string_view notation;  // "<tool_call>", "JSON": for people
    bool is_in_reasoning = false;
    bool operator==(const LeakedCall&) const = default;
};

// The first call of an offered tool in the answer of a step that has no calls: of the notations with markers anywhere,
// else where the whole text, or one code fence that is the whole text, is the JSON of a call. Reasoning is looked at
// where there is no text.
std::optional<LeakedCall> find_leaked_call(std::string_view text, std::string_view reasoning,
                                           const suite::OfferedTools& tools);

}  // namespace llmc::agent
