// Chunks are read into the same object again and again: what an earlier one left is forgotten, its memory kept.
#include "chunk_reader.h"

namespace llmc::openai {

void ChoicePart::clear_message() {
    content.clear();
    reasoning.clear();
    refusal = {};
    tool_calls.clear();
}

void ChoicePart::clear() {
    has_delta = has_message = false;
    finish_reason = {};
    clear_message();
}

void Chunk::clear() {
    has_choices = has_choice = has_other_choices = has_error = was_repaired = false;
    choice.clear();
    model = {};
    usage = {};
    total_tokens.reset();
    timings = {};
}

}  // namespace llmc::openai
