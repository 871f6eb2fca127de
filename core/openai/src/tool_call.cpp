#include "openai/tool_call.h"

namespace llmc::openai {

void join_piece(ToolCall& call, const ToolCallPiece& piece) {
    if (call.id.empty()) call.id = piece.id;
    if (call.name != piece.name) call.name += piece.name;
    call.arguments += piece.arguments;
}

}  // namespace llmc::openai
