#include "suite/round_conversation.h"

#include <doctest/doctest.h>

#include "suite/incumbents.h"
#include "suite/suite.h"

using namespace llmc;
using namespace llmc::suite;
using base::OrderedJson;
using session::AnswerState;

namespace {

session::Session played(const std::string& document, const std::string& prompt, base::Json case_values = {}) {
    const auto suite = suite_from_json(OrderedJson::parse(document));
    REQUIRE_MESSAGE(suite.ok(), (suite.ok() ? "" : suite.error().message));
    session::Session session;
    session.id = "s1";
    session.settings = with_suite({}, *suite);
    session.suite = std::make_shared<const session::SuiteRun>(suite_run(*suite, 1));
    for (const char* id : {"c1", "c2"}) session.candidates.push_back({.id = id, .model_id = "qwen"});
    session.candidates[1].own.system_prompt = "Own.";
    auto round = std::make_shared<session::Round>();
    round->number = 1;
    round->prompt_id = "p";
    round->prompt = prompt;
    round->case_values = std::move(case_values);
    for (const char* id : {"c1", "c2"}) {
        session::Answer answer{.candidate = id, .round = 1, .attempt = 2, .state = AnswerState::complete};
        answer.stream = session::AnswerStream::holding("It rains.", "").value();
        answer.settings.system_prompt = "Be brief.";
        answer.checks = {{.type = "contains", .passed = false}};
        round->answers.push_back(answer);
        answer.attempt = 1;
        answer.state = AnswerState::failed;
        round->replaced.push_back(std::move(answer));
    }
    session.rounds.push_back(std::move(round));
    return session;
}

std::vector<openai::Message> next_history(const session::Session& talk) {
    return session::history(talk, talk.candidates.front(), static_cast<int>(talk.rounds.size()) + 1);
}

}  // namespace

TEST_CASE("a suite's answer becomes a conversation of its candidate alone, all attempts with it") {
    const session::Session session = played(R"({"format": "llm-compare-suite", "version": 1, "name": "s",
        "settings": {"temperature": 0.5}, "prompts": [{"id": "p", "prompt": "Weather?"}]})",
                                            "Weather?");
    const auto talk = conversation_of(session, 1, "c2");
    REQUIRE(talk.ok());
    CHECK(talk->id.empty());
    CHECK_FALSE(talk->suite);
    CHECK(talk->settings.temperature == 0.5);
    REQUIRE(talk->candidates.size() == 1);
    CHECK(talk->candidates[0].id == "c2");
    REQUIRE(talk->rounds.size() == 1);
    CHECK(talk->rounds[0]->prompt_id.empty());
    CHECK(talk->rounds[0]->answers.size() == 1);
    CHECK(talk->rounds[0]->replaced.size() == 1);
    CHECK(talk->rounds[0]->answers[0].checks.size() == 1);
    const auto messages = next_history(*talk);
    REQUIRE(messages.size() == 3);
    CHECK(messages[0].content == "Be brief.");  // as the answer was asked
    CHECK(messages[1].content == "Weather?");
    CHECK(messages[2].content == "It rains.");
}

TEST_CASE("turns that the suite had prepared stand before it, and say that no model said them") {
    const session::Session session = played(R"({"format": "llm-compare-suite", "version": 1, "name": "s",
        "cases": [{"who": "Ada"}, {"who": "Bob"}],
        "tools": [{"type": "function", "function": {"name": "look"}}],
        "prompts": [{"id": "p", "messages": [
            {"role": "system", "content": "You are {{who}}."},
            {"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi {{who}}"},
            {"role": "user", "content": "Look"},
            {"role": "assistant", "content": "", "tool_calls": [{"id": "t1", "type": "function",
                "function": {"name": "look", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "t1", "content": "sunny"},
            {"role": "assistant", "content": "It is sunny."},
            {"role": "user", "content": "And"}, {"role": "user", "content": "now?"}]}]})",
                                            "", {{"who", "Bob"}});
    const auto talk = conversation_of(session, 1, "c1");
    REQUIRE(talk.ok());
    REQUIRE(talk->rounds.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(talk->rounds[i]->number == static_cast<int>(i) + 1);
    const session::Answer& first = talk->rounds[0]->answers.front();
    CHECK(first.warnings == std::vector<std::string>{"No model said this: the suite prepared it."});
    CHECK_FALSE(first.metrics.end_to_end_latency_s);
    CHECK(talk->rounds[1]->answers.front().steps.size() == 2);
    CHECK(talk->rounds[2]->prompt == "And\n\nnow?");
    CHECK(talk->rounds[2]->answers.front().round == 3);
    const auto messages = next_history(*talk);
    REQUIRE(messages.size() == 9);
    CHECK(messages[0].content == "You are Bob.");
    CHECK(messages[2].content == "Hi Bob");
    CHECK(messages[4].tool_calls.front().name == "look");
    CHECK(messages[5].role == "tool");
    CHECK(messages[5].content == "sunny");
    CHECK(messages[6].content == "It is sunny.");
    CHECK(messages[8].content == "It rains.");
}

TEST_CASE("incumbents are read by prompt, the suite's where the prompt has none") {
    const auto suite = suite_from_json(OrderedJson::parse(R"({"format": "llm-compare-suite", "version": 1, "name": "s",
        "incumbent": {"text": "as ever"},
        "prompts": [{"prompt": "a", "incumbent": {"model": "gpt-4", "text": "old", "latency_s": 2}}, {"prompt": "b"}]})"));
    REQUIRE_MESSAGE(suite.ok(), (suite.ok() ? "" : suite.error().message));
    const auto known = incumbents_of(suite_run(*suite, 1));
    REQUIRE(known.size() == 2);
    CHECK(known.at("1").label == "gpt-4 (incumbent)");
    CHECK(known.at("1").round->answers.front().text() == "old");
    CHECK(known.at("1").round->answers.front().metrics.end_to_end_latency_s == 2);
    CHECK(known.at("2").label == "incumbent");
    CHECK_FALSE(known.at("2").round->answers.front().metrics.end_to_end_latency_s);
    CHECK(incumbents_of({}).empty());
}
