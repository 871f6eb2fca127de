// Joins the fragments of tool calls, as servers number them: by index, else by id, else a fragment with a name starts a
// new call.
//
// Thread contract: one thread. Copyable.
// Dialects: Gemini's OpenAI interface gives every call the index 0 and another id (a new id together with a name is a
// new call); old vLLM gives every fragment of one call another id (an id without a name changes nothing); some repeat
// the whole name in every fragment. Memory: at most kMaxCalls calls of kMaxBytes together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "openai/tool_call.h"

namespace llmc::openai {

class ToolCallJoiner {
public:
    static constexpr std::size_t kMaxCalls = 1000;
    static constexpr std::size_t kMaxBytes = std::size_t{8} << 20;

    // Adds a fragment to `calls`, which is kept in index order and which nobody else changes, and says where it
    // belongs. Errors: `limit`.
    Result<ToolCallPiece> add(std::vector<ToolCall>& calls, std::optional<std::int64_t> index, std::string_view id,
                              std::string_view name, std::string_view arguments);

private:
    std::optional<std::size_t> find_call(const std::vector<ToolCall>& calls, std::optional<std::int64_t> index,
                                         std::string_view id, std::string_view name) const;

    // Of the calls, in their order.
    std::vector<std::int64_t> indexes_;  // ascending
    std::vector<std::size_t> began_;     // ToolCallPiece::call
    std::size_t bytes_ = 0;
};

}  // namespace llmc::openai
