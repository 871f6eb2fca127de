// Collects what a decoder passes on.
#pragma once

#include <string>

#include "base/utf8.h"
#include "openai/answer_decoder.h"
#include "targets.h"

namespace llmc::fuzz {

class TextSink final : public openai::AnswerSink {
public:
    Result<void> on_text(std::string_view utf8) override { return take(text, utf8); }
    Result<void> on_reasoning(std::string_view utf8) override { return take(reasoning, utf8); }
    void on_token_chunk(const openai::TokenChunk&) override {}

    std::string text, reasoning;

private:
    static Result<void> take(std::string& into, std::string_view utf8) {
        promise(base::is_valid_utf8(utf8), "what is passed on is valid UTF-8");
        into += utf8;
        return {};
    }
};

}  // namespace llmc::fuzz
