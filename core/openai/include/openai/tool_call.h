// A function call that a model asked for.
//
// Thread contract: plain values, pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace llmc::openai {

struct ToolCall {
    std::string id;
    std::string name;
    std::string arguments;  // exactly as it arrived, fragments joined; JSON when the model did well

    bool operator==(const ToolCall&) const = default;
};

// A fragment of a call.
struct ToolCallPiece {
    std::size_t call = 0;    // which one, from 0 in the order in which they began
    std::int64_t index = 0;  // calls stand in this order; those of one index in the order in which they began
    std::string_view id, name, arguments;
};

// Adds `piece` to its call. The first id counts; a name that comes again whole is no fragment.
void join_piece(ToolCall& call, const ToolCallPiece& piece);

}  // namespace llmc::openai
