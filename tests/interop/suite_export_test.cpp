#include "interop/suite_export.h"

#include "importing.h"

using namespace llmc;
using namespace llmc::interop;
using namespace llmc::interop::testing;

namespace {

ExportedSuite exported(std::string_view document, std::string_view format) {
    const auto suite = suite::suite_from_json(json(document));
    REQUIRE_MESSAGE(suite.ok(), (suite.ok() ? std::string() : suite.error().message));
    auto made = export_suite(*suite, "s.json", format);
    REQUIRE(made.ok());
    return *std::move(made);
}

std::vector<std::string> lines_of(const std::vector<NotTaken>& list) {
    std::vector<std::string> lines;
    for (const NotTaken& note : list) lines.push_back(note.place + ": " + note.what);
    return lines;
}

constexpr std::string_view kExportedSuite =
    R"({"format": "llm-compare-suite", "name": "n", "system_prompt": "s", "role": "r",
 "cases": [{"city": "Oslo"}, {"city": "Rome"}], "prompts": [
 {"id": "a", "prompt": "Where is {{city}}?", "category": "c", "pass_criteria": "is kind", "checks": [
   {"type": "contains", "value": "{{city}}", "ignore_case": true}, {"type": "not_contains", "values": ["a", "b"]}, {"type": "not_contains", "any": ["x", "y"]},
   {"type": "contains", "any": ["p", "q"]}, {"type": "json_schema", "value": {"type": "object"}}, {"type": "max_words", "value": 3},
   {"type": "equals", "value": "no", "ignore_case": true}, {"type": "max_total_s", "value": 2}]}]})";

}  // namespace

TEST_CASE("a suite as a promptfoo configuration comes back as the same prompts and checks") {
    const ExportedSuite made = exported(kExportedSuite, "promptfoo");
    CHECK(made.extension == "promptfoo.yaml");
    CHECK(lines_of(made.notes) ==
          std::vector<std::string>{
              "role: has no counterpart there (\"r\")",
              "prompts[0].checks[5]: there is no such assertion ({\"type\":\"max_words\",\"value\":3})",
              "prompts[0].checks[6]: there is no such assertion "
              "({\"type\":\"equals\",\"value\":\"no\",\"ignore_case\":true})"});
    const Import back = imported(made.text, "s.promptfoo.yaml");
    CHECK(back.kind == "promptfoo");
    CHECK(notes(back).empty());
    REQUIRE(back.suites.front().document["prompts"].size() == 2);
    CHECK(back.suites.front().document["system_prompt"] == "s");
    CHECK(prompt(back, 1)["prompt"] == "Where is Rome?");
    CHECK(prompt(back, 1)["pass_criteria"] == "is kind");
    CHECK(prompt(back, 1)["category"] == "c");
    CHECK(
        prompt(back, 1)["checks"] ==
        json(
            R"([{"type": "contains", "value": "Rome", "ignore_case": true}, {"type": "not_contains", "values": ["a", "b"]},
        {"type": "not_contains", "any": ["x", "y"]}, {"type": "contains", "any": ["p", "q"]}, {"type": "json_schema", "value": {"type": "object"}},
        {"type": "max_total_s", "value": 2.0}])"));
}

TEST_CASE("a suite as conversations: history, prompt, tools and the expected response") {
    const ExportedSuite made = exported(R"({"format": "llm-compare-suite", "name": "n", "prompts": [
 {"prompt": "b", "messages": [{"role": "system", "content": "s"}, {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "r"}],
  "tools": [{"type": "function", "function": {"name": "f"}}], "expected_response": "e", "checks": [{"type": "json"}]}, {"prompt": "c\n{{d}}"}]})",
                                        "chat");
    CHECK(made.extension == "chat.jsonl");
    CHECK(lines_of(made.notes) ==
          std::vector<std::string>{"prompts[0].checks: has no counterpart there ([{\"type\":\"json\"}])"});
    const Import back = imported(made.text, "s.chat.jsonl");
    CHECK(back.kind == "conversations");
    CHECK(notes(back).empty());
    CHECK(prompt(back)["prompt"] == "b");
    CHECK(prompt(back)["messages"].size() == 3);
    CHECK(prompt(back)["expected_response"] == "e");
    CHECK(prompt(back)["tools"].size() == 1);
    CHECK(prompt(back, 1)["prompt"] == "c\n{{d}}");
}

TEST_CASE("a suite for a program that is not known is refused") {
    const auto suite = suite::suite_from_json(json(kExportedSuite));
    REQUIRE(suite.ok());
    const auto made = export_suite(*suite, "s.json", "excel");
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().message == "\"excel\" is unknown; possible are promptfoo, chat");
}
