// Collects what a decoder passes on.
#pragma once

#include <string>
#include <utility>

#include "base/utf8.h"
#include "openai/answer_decoder.h"
#include "targets.h"

namespace llmc::fuzz {

class TextSink final : public openai::AnswerSink {
public:
    Result<void> on_text(std::string_view utf8) override { return take(text, utf8); }
    Result<void> on_reasoning(std::string_view utf8) override { return take(reasoning, utf8); }
    Result<std::string_view> take_text_back() override {
        ++taken_back;
        taken_back_ = std::exchange(text, {});
        return std::string_view(taken_back_);
    }
    void on_token_chunk(const openai::TokenChunk&) override {}

    std::string text, reasoning;
    int taken_back = 0;  // how often

private:
    std::string taken_back_;

    static Result<void> take(std::string& into, std::string_view utf8) {
        promise(base::is_valid_utf8(utf8), "what is passed on is valid UTF-8");
        into += utf8;
        return {};
    }
};

}  // namespace llmc::fuzz
