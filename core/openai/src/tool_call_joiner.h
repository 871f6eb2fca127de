// Joins the fragments of tool calls, as servers number them: by index, else by id, else a fragment belongs to the call
// before.
//
// Thread contract: one thread. Copyable.
// A fragment with a name begins a call of its own, whatever its index and id, where the call it would belong to has
// another id, has arguments and another name, or has all of its arguments (one whole JSON object) and this one brings
// new ones. Dialects: Gemini's OpenAI interface gives every call the index 0 and another id, gateways the index 0 and
// no id or the function's name as id; old vLLM gives every fragment of one call another id (an id without a name
// changes nothing); some repeat id and name in every fragment, or the whole call at the end (the same call again is
// none). A character cut into two surrogate escapes in two fragments is joined. Memory: at most kMaxCalls calls of
// kMaxBytes together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "chunk_reader.h"
#include "openai/tool_call.h"

namespace llmc::openai {

class ToolCallJoiner {
public:
    static constexpr std::size_t kMaxCalls = 1000;
    static constexpr std::size_t kMaxBytes = std::size_t{8} << 20;

    // Adds a fragment to `calls`, which is kept in index order and which nobody else changes, and says where it
    // belongs; valid until the next call. Errors: `limit`.
    Result<ToolCallPiece> add(std::vector<ToolCall>& calls, const ToolCallPart& part);
    // What the halves of characters that are left become, one fragment for each call that has one; then nothing.
    std::optional<ToolCallPiece> finish(std::vector<ToolCall>& calls);

private:
    // Of one call, beside what it is.
    struct Progress {
        std::int64_t index = 0;
        std::size_t began = 0;  // ToolCallPiece::call
        char16_t half = 0;      // a high surrogate at the end of the arguments so far
        std::size_t depth = 0;  // of the arguments' JSON
        bool is_in_string = false, is_escaped = false;
        bool has_whole_object = false;
        bool repeats_name = false;  // in its fragments

        void read(std::string_view arguments);
    };

    std::optional<std::size_t> find_call(const std::vector<ToolCall>& calls, std::optional<std::int64_t> index) const;
    bool begins_anew(const ToolCall& call, const Progress& progress, bool has_index) const;
    bool is_repeated(const ToolCall& call) const;
    std::size_t insert_call(std::vector<ToolCall>& calls, std::optional<std::int64_t> index);
    void read_arguments(const ToolCallPart& part, char16_t& half);

    std::vector<Progress> progress_;     // of the calls, in their order: by ascending index
    std::string id_, name_, arguments_;  // of the fragment
    std::size_t bytes_ = 0;
};

}  // namespace llmc::openai
