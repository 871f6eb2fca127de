// The tool calls of an answer that is still coming, as text that only grows: what a crash journal keeps of them.
//
// Thread contract: ToolCallLogWriter belongs to one thread; read_tool_call_log() is pure.
// Layout: per fragment a line of numbers, then its id, name and arguments. The line is "ARGUMENTS" (bytes) where a
// fragment only continues the call of the one before it, which nearly all do, else "ARGUMENTS CALL INDEX ID NAME".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "openai/tool_call.h"

namespace llmc::session {

class ToolCallLogWriter {
public:
    // What `piece` adds to the log; valid until the next call.
    std::string_view add(const openai::ToolCallPiece& piece);

private:
    std::optional<std::size_t> last_call_;
    std::string line_;
};

// The calls as far as `log` has them, in the order of their indexes; what is not whole at its end, or damaged, and all
// that follows it, is left out.
std::vector<openai::ToolCall> read_tool_call_log(std::string_view log);

}  // namespace llmc::session
