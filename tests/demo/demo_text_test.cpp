#include "demo/demo_text.h"

#include <doctest/doctest.h>

#include "base/utf8.h"

namespace llmc::demo {

TEST_CASE("tokens joined give the text again, and none is half a character") {
    for (const std::string_view text : {"", " ", "Hello, world!", "a\n\n- b", "antidisestablishmentarianism",
                                        "日本語のテキスト 👩‍🚀 é", "  x  "}) {
        CAPTURE(text);
        std::string joined;
        for (const auto token : split_tokens(text)) {
            CHECK_FALSE(token.empty());
            CHECK(base::is_valid_utf8(token));
            joined += token;
        }
        CHECK(joined == text);
    }
    CHECK(split_tokens("Hello, world").size() == 3);
    CHECK(split_tokens("\x80\x80\x80\x80\x80").size() >= 1);
}

TEST_CASE("an answer is the same for the same messages, differs by voice, and recalls how the conversation began") {
    const Conversation first{{"What is the capital of France?"}};
    const Conversation second{{"What is the capital of France?", "And of Peru?"}};
    for (const Voice voice : {Voice::brief, Voice::thorough, Voice::wordy}) {
        CHECK(compose_answer(voice, first) == compose_answer(voice, first));
        CHECK(compose_answer(voice, first).find("France?") != std::string::npos);
        CHECK(compose_answer(voice, second).find("turn 2") != std::string::npos);
        CHECK(compose_answer(voice, second).find("What is the capital of France?") != std::string::npos);
        CHECK(compose_answer(voice, {{""}}).size() > 10);
    }
    CHECK(compose_answer(Voice::brief, first) != compose_answer(Voice::wordy, first));
}

TEST_CASE("words in the prompt bring their kind of Markdown") {
    const auto answer = [](std::string prompt) { return compose_answer(Voice::thorough, {{std::move(prompt)}}); };
    CHECK(answer("a list please").find("\n- ") != std::string::npos);
    CHECK(answer("As a TABLE.").find("|---|") != std::string::npos);
    CHECK(answer("some code").find("```python\n") != std::string::npos);
    CHECK(answer("json!").find("```json\n") != std::string::npos);
    CHECK(answer("unicode").find("日本語") != std::string::npos);
    CHECK(answer("a long one").size() > 2000);
    CHECK(answer("nothing listed").find("\n- ") == std::string::npos);
    CHECK(has_word("Please, fail!", "fail"));
    CHECK_FALSE(has_word("a failure", "fail"));
}

}  // namespace llmc::demo
