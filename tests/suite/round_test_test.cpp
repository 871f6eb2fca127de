#include "suite/round_test.h"

#include <doctest/doctest.h>

#include "suite/suite.h"

using namespace llmc;
using namespace llmc::suite;
using base::OrderedJson;

namespace {

std::shared_ptr<session::Round> round_of(int number, const std::string& prompt, const std::string& text) {
    auto round = std::make_shared<session::Round>();
    round->number = number;
    round->prompt = prompt;
    session::Answer answer{.candidate = "c1", .round = number, .state = session::AnswerState::complete};
    answer.stream = session::AnswerStream::holding(text, "").value();
    answer.settings.system_prompt = "Be brief.";
    answer.settings.temperature = 0.25;
    round->answers.push_back(std::move(answer));
    return round;
}

}  // namespace

TEST_CASE("a round becomes a test with its history, as its candidate was asked and answered") {
    session::Session session;
    session.candidates.push_back({.id = "c1", .model_id = "qwen"});
    auto first = round_of(1, "Weather?", "");
    first->answers[0].tool_calls = {{"1", "get_weather", R"({"city": "{{x}}"})"}};
    session.rounds.push_back(first);
    session.rounds.push_back(round_of(2, "And {{tomorrow}}?", "Snow."));
    const OrderedJson document = test_of_round(session, 2, "c1");
    CHECK(document["system_prompt"] == "Be brief.");
    CHECK(document["settings"] == OrderedJson{{"temperature", 0.25}});
    const auto suite = suite_from_json(document);
    REQUIRE_MESSAGE(suite.ok(), (suite.ok() ? "" : suite.error().message));
    const auto all = tasks(*suite, 1);
    REQUIRE(all.size() == 1);
    CHECK(all[0].prompt == "And {{tomorrow}}?");
    REQUIRE(all[0].messages->size() == 3);
    CHECK((*all[0].messages)[1].tool_calls[0].arguments == R"({"city": "{{x}}"})");
    CHECK((*all[0].messages)[2].role == "tool");
    CHECK(suite->source["prompts"][0]["expected_response"] == "Snow.");
    CHECK_FALSE(test_of_round(session, 1, "c1")["prompts"][0].contains("messages"));
    CHECK_FALSE(test_of_round(session, 1, "c1")["prompts"][0].contains("expected_response"));
}

TEST_CASE("a round of a suite keeps its checks, its tools and its case") {
    const auto suite = suite_from_json(OrderedJson::parse(R"({"format": "llm-compare-suite", "version": 1, "name": "s",
        "role": "planner", "tools": [{"type": "function", "function": {"name": "f"}}], "loop": {"max_steps": 3},
        "cases": [{"who": "Ada"}, {"who": "{{Bob}}"}],
        "prompts": [{"id": "hi", "prompt": "Greet {{who}}", "checks": [{"type": "contains", "value": "{{who}}"}]}]})"));
    REQUIRE(suite.ok());
    session::Session session;
    session.candidates.push_back({.id = "c1", .model_id = "qwen"});
    session.suite = std::make_shared<const session::SuiteRun>(suite_run(*suite, 1));
    auto round = round_of(1, "Greet {{Bob}}", R"(Hello \{{Bob}} {{ {{}} \\{{x}})");
    round->prompt_id = "hi";
    round->case_values = {{"who", "{{Bob}}"}};
    session.rounds.push_back(round);
    const auto made = suite_from_json(test_of_round(session, 1, "c1"));
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    CHECK(made->role == "planner");
    CHECK(made->source["prompts"][0]["expected_response"] == R"(Hello \\\{{Bob}} {{ {{}} \\\\\{{x}})");
    const auto all = tasks(*made, 1);
    REQUIRE(all.size() == 1);
    CHECK(all[0].prompt_id == "hi");
    CHECK(all[0].prompt == "Greet {{Bob}}");
    CHECK(all[0].checks->size() == 1);
    CHECK((*all[0].checks)[0].texts == std::vector<std::string>{"{{Bob}}"});
    CHECK(all[0].script->loop->max_steps == 3);
    CHECK(all[0].tools->size() == 1);
}
