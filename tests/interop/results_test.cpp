#include "interop/results.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "decide/decision.h"

using namespace llmc;
using namespace llmc::interop;

namespace {

using base::OrderedJson;

OrderedJson result(const std::string& test, const std::string& model, const std::string& status,
                   const std::string& response, const std::string& error = {}) {
    OrderedJson json{{"test_id", test},      {"model_id", model},    {"status", status},
                     {"response", response}, {"latency_ms", 1500.5}, {"error", error}};
    if (error.empty()) json["error"] = nullptr;
    return json;
}

constexpr const char* kCall = "Let me look.\n**Tool Call:** `get_weather`\n```json\n{\"city\": \"Tokyo\"}\n```\n";

SourceFile file_of(const OrderedJson& document) {
    return {"results.json", base::dump_json(document)};
}

session::Session read(const OrderedJson& document, const suite::Suite* suite = nullptr) {
    auto results = read_results(file_of(document), suite);
    if (!results) FAIL(results.error().message);
    return std::move(results->session);
}

suite::Suite weather_suite() {
    const auto suite = suite::suite_from_json(base::parse_ordered_json(R"({
        "format": "llm-compare-suite", "version": 1, "name": "weather",
        "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}],
        "prompts": [
            {"id": "call", "prompt": "Weather in Tokyo?", "checks": [{"type": "calls", "value": [{"name": "get_weather", "arguments": {"city": "Tokyo"}}]}]},
            {"id": "talk", "prompt": "Say hello.", "severity": "warning", "checks": [{"type": "contains", "value": "hello"}]}]})")
                                                  .value());
    if (!suite) FAIL(suite.error().message);
    return *suite;
}

}  // namespace

TEST_CASE("results are judged again by the tests they are of, calls in their text are calls") {
    const suite::Suite suite = weather_suite();
    const session::Session session =
        read({{"tests", {"call", "talk"}},
              {"models", {"a", "b"}},
              {"results",
               {result("call", "a", "completed", kCall), result("call", "b", "completed", "It is sunny."),
                result("talk", "a", "semantic_failure", "hello"), result("talk", "b", "completed", "bye")}}},
             &suite);
    REQUIRE(session.rounds.size() == 2);
    REQUIRE(session.candidates.size() == 2);
    const session::Answer& call = session.rounds[0]->answers[0];
    CHECK(call.text() == "Let me look.");
    REQUIRE(call.tool_calls.size() == 1);
    CHECK(call.tool_calls[0].name == "get_weather");
    CHECK(call.tool_calls[0].arguments == R"({"city": "Tokyo"})");
    CHECK(call.metrics.end_to_end_latency_s == doctest::Approx(1.5005));
    CHECK(call.checks[0].passed);
    CHECK_FALSE(session.rounds[0]->answers[1].checks[0].passed);
    CHECK(session.rounds[1]->answers[0].checks[0].passed);
    CHECK_FALSE(session.rounds[1]->answers[1].checks[0].passed);
    CHECK(session.rounds[1]->severity == session::Severity::warning);
}

TEST_CASE("failures of servers stand apart") {
    const suite::Suite suite = weather_suite();
    OrderedJson results = OrderedJson::array();
    for (const char* words :
         {"Connection refused", "HTTP 503: Service Unavailable", "Request timed out after 300 s", "ReadTimeout",
          "Server disconnected without sending a response", "Model produced an invalid grammar: HTTP 500",
          "context length exceeded", "'NoneType' object is not iterable"})
        results.push_back(result("call", words, "error", "", words));
    const session::Session session =
        read({{"tests", {"call"}}, {"models", OrderedJson::array()}, {"results", results}}, &suite);
    const auto decision = decide::decision_of(session);
    REQUIRE(decision);
    CHECK(decision->infrastructure == std::vector<std::int64_t>{1, 1, 1, 1, 1, 0, 0, 0});
}

TEST_CASE("tests that are known by name only: the file's own verdict is the one check") {
    auto results = read_results(
        file_of({{"tests", {"t1"}},
                 {"models", {"a", "b", "c"}},
                 {"results",
                  {result("t1", "a", "completed", "yes"), result("t1", "b", "semantic_failure", "I cannot"),
                   result("t1", "c", "pending", "")}}}));
    REQUIRE(results);
    REQUIRE(results->notes.size() == 1);
    CHECK(results->notes[0].what.find("known by name only") != std::string::npos);
    const auto& answers = results->session.rounds[0]->answers;
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].checks[0].passed);
    CHECK_FALSE(answers[1].checks[0].passed);
    CHECK(answers[1].checks[0].detail == "semantic_failure");
}

TEST_CASE("tests within the file are used") {
    const session::Session session =
        read({{"tests",
               {{{"id", "sum"},
                 {"user", "2 + 2?"},
                 {"expected", {{"match_mode", "text_only"}, {"response_contains", "4"}}}}}},
              {"models", {"a", "b"}},
              {"results", {result("sum", "a", "completed", "It is 4."), result("sum", "b", "completed", "It is 5.")}}});
    REQUIRE(session.rounds.size() == 1);
    CHECK(session.rounds[0]->prompt == "2 + 2?");
    const auto decision = decide::decision_of(session);
    CHECK(decision->rates == std::vector<std::optional<double>>{1, 0});
}

TEST_CASE("several runs of a test are its repeats") {
    const session::Session session = read({{"tests", {"t1"}},
                                           {"models", {"a"}},
                                           {"runs_total", 3},
                                           {"aggregates",
                                            {{{"test_id", "t1"},
                                              {"model_id", "a"},
                                              {"status", "inconsistent"},
                                              {"results",
                                               {{{"status", "completed"}, {"response", "x"}},
                                                {{"status", "semantic_failure"}, {"response", "y"}},
                                                {{"status", "completed"}, {"response", "z"}}}}}}}});
    REQUIRE(session.rounds.size() == 3);
    CHECK(session.suite->repeat == 3);
    CHECK(decide::decision_of(session)->pass_k[0][0] == doctest::Approx(2.0 / 3));
}

TEST_CASE("15 tests of 21 models: groups, prompts that separate nobody, what would settle it") {
    OrderedJson tests = OrderedJson::array(), models = OrderedJson::array(), results = OrderedJson::array();
    for (int t = 0; t < 15; ++t) tests.push_back(fmt::format("test_{}", t + 1));
    for (int m = 0; m < 21; ++m) {
        const std::string model = fmt::format("vendor/model-{}", m + 1);
        models.push_back(model);
        for (int t = 0; t < 15; ++t) {
            const std::string test = fmt::format("test_{}", t + 1);
            const bool is_weak = m == 20;  // fails 11 of 15
            const bool passes = is_weak ? t < 4 : (t < 12 || (m + t) % 4 != 0);
            if (m == 3 && t == 2)
                results.push_back(result(test, model, "error", "", "Connection refused"));
            else
                results.push_back(result(test, model, passes ? "completed" : "semantic_failure", "text"));
        }
    }
    const session::Session session = read({{"tests", tests}, {"models", models}, {"results", results}});
    const auto decision = decide::decision_of(session);
    REQUIRE(decision);
    CHECK(decision->pairs.size() == 210);
    CHECK(decision->prompts.size() == 15);
    CHECK(decision->infrastructure[3] == 1);
    CHECK(decision->prompts_that_separate_nobody == 4);
    // 8 of 8 differing prompts is p 0.0078, and 210 pairs ask for 0.00024: nobody is told apart.
    CHECK(decision->groups.size() == 1);
    CHECK(decision->verdict.find("and 17 others cannot be told apart by these 15 prompts") != std::string::npos);
    CHECK(decision->verdict.find("1 run of vendor/model-4 failed by a server and is left out") != std::string::npos);
}

TEST_CASE("what is no result of prompt-prix is refused, and damaged ones too") {
    CHECK_FALSE(is_results("{}"));
    CHECK_FALSE(is_results(R"({"tests": [], "models": []})"));
    CHECK(is_results(R"({"tests": [], "models": [], "results": []})"));
    CHECK_FALSE(read_results({"r.json", R"({"tests": [], "models": [], "results": []})"}));
    CHECK_FALSE(read_results({"r.json", R"({"tests": [], "models": [], "results": [{}, 5, null]})"}));
    CHECK_FALSE(read_results({"r.json", R"({"tests": [)"}));
    const std::string unclosed = "**Tool Call:** `x`\n```json\n{\"a\": 1}";
    const session::Session session =
        read({{"tests", {"t"}}, {"models", {"m"}}, {"results", {result("t", "m", "completed", unclosed)}}});
    CHECK(session.rounds[0]->answers[0].text() == unclosed);
}
