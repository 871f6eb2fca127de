#include <fmt/format.h>

#include "importing.h"

using namespace llmc;
using namespace llmc::interop;
using namespace llmc::interop::testing;

TEST_CASE("prompt-prix: of two names for one thing the first counts, and another value is told") {
    const Import import =
        imported(R"([{"id": "a", "test_id": "b", "user": "u", "system": "s", "system_prompt": "s"}])");
    CHECK(prompt(import)["id"] == "a");
    CHECK(notes(import) == std::vector<std::string>{"[0].test_id: stands beside another word for it (\"a\")"});
}

namespace {

constexpr const char* kTools = R"([
 {"type": "function", "function": {"name": "send", "parameters": {"type": "object", "properties": {"to": {"type": "string"}, "amount": {"type": "number"}, "when": {"type": "object"}}, "required": ["to"]}}},
 {"type": "function", "function": {"name": "ask", "parameters": {"type": "object", "properties": {"question": {"type": "string"}}, "required": ["question"]}}}])";

Import expecting(const std::string& expected) {
    return imported(
        fmt::format(R"({{"test_suite": "t", "prompts": [{{"id": "a", "user": "u", "tools": {}, "expected": {}}}]}})",
                    json(kTools).dump(), expected));
}

struct PrixCase {
    const char* expected;
    Calls right, wrong;
};

const std::vector<PrixCase> kPrixCases = {
    {R"({"match_mode": "exact", "tool_name": "send", "params": {"to": "Bob"}})",
     {{"send", R"({"to": "Bob", "amount": 1})"}},
     {{"send", R"({"to": "Bo"})"}}},
    {R"({"tool_name": "send", "params": {"when": {"day": 1}}})",
     {{"send", R"({"to": "", "when": {"day": 1}})"}},
     {{"send", R"({"to": "", "when": {"day": 1, "hour": 2}})"}}},
    {R"({"match_mode": "contains", "tool_name": "send", "params": {"to": "Bob"}})",
     {{"send", R"({"to": "to Bob!"})"}},
     {{"send", R"({"to": "Eve"})"}}},
    {R"({"match_mode": "contains", "tool_name": "send", "params": {"amount": 5}})",
     {{"send", R"({"to": "x", "amount": 5})"}},
     {{"send", R"({"to": "x", "amount": 6})"}}},
    {R"({"match_mode": "exclusion", "tool_name_not": "send", "tool_name_any": ["ask", "tell"]})",
     {{"ask", R"({"question": "?"})"}},
     {{"send", R"({"to": "Bob"})"}}},
    {R"({"match_mode": "exclusion", "tool_name_any": ["ask", "tell"]})",
     {{"ask", R"({"question": "?"})"}},
     {{"ask", R"({"question": 5})"}}},
    {R"({"match_mode": "exclusion", "tool_name": "send", "params_not": {"to": "Eve"}, "params_any": {"to": ["Bob", "Eve"]}})",
     {{"send", R"({"to": "Bob"})"}},
     {{"send", R"({"to": "Eve"})"}}},
    {R"({"match_mode": "exclusion", "tool_name": "send", "params_not": {"to": ["Eve", "Mallory"]}})",
     {{"send", R"({"to": "Bob"})"}},
     {{"send", R"({"to": "Mallory"})"}}},
    {R"({"match_mode": "exact_with_enum", "tool_name": "send", "params_enum_valid": {"to": ["Bob", "Ann"]}})",
     {{"send", R"({"to": "Ann"})"}},
     {{"send", R"({"to": "Eve"})"}}},
    {R"({"match_mode": "valid_choice", "tool_name": "send", "params_required": ["to", "amount"]})",
     {{"send", R"({"to": "Ann", "amount": 0})"}},
     {{"send", R"({"to": "Ann"})"}}},
    {R"({"match_mode": "structure", "tool_name": "send", "params_structure": {"to": "string", "when": {"day": "integer", "at": {"hour": "integer"}}}})",
     {{"send", R"({"to": "B", "when": {"day": 3, "at": {"hour": 1}}})"}},
     {{"send", R"({"to": "B", "when": {"day": 3, "at": 1}})"}}},
    {R"({"match_mode": "required_present", "tool_name": "send", "params_required": ["to"], "params_types": {"amount": "number"}})",
     {{"send", R"({"to": "B", "amount": 2})"}},
     {{"send", R"({"to": "B", "amount": "2"})"}}},
    {R"({"match_mode": "type_strict", "tool_name": "send", "params": {"amount": 500}, "params_types": {"amount": "number"}})",
     {{"send", R"({"to": "B", "amount": 500})"}},
     {{"send", R"({"to": "B", "amount": "500"})"}}},
    {R"({"match_mode": "exact_with_pattern", "tool_name": "send", "params": {"amount": 1}, "params_pattern": {"to": "^B"}})",
     {{"send", R"({"to": "Bob", "amount": 1})"}},
     {{"send", R"({"to": "aB", "amount": 1})"}}},
    {R"({"match_mode": "parallel", "tool_calls_count": 2, "tool_calls": [{"tool_name": "send", "params": {"to": "A"}}, {"tool_name": "send", "params": {"to": "B"}}]})",
     {{"send", R"({"to": "B"})"}, {"send", R"({"to": "A"})"}},
     {{"send", R"({"to": "A"})"}, {"send", R"({"to": "A"})"}}},
    {R"({"match_mode": "first_step", "tool_name": "ask"})",
     {{"ask", R"({"question": "?"})"}, {"send", R"({"to": "B"})"}},
     {{"send", R"({"to": "B"})"}, {"ask", R"({"question": "?"})"}}},
    {R"({"match_mode": "exact", "tool_name": "ask"})",
     {{"ask", R"({"question": "?"})"}},
     {{"ask", R"({"question": 1})"}}},
    {R"({"match_mode": "exact", "tool_name": "missing"})", {{"missing", "{}"}}, {{"ask", R"({"question": "?"})"}}},
};

}  // namespace

TEST_CASE("prompt-prix: every way to expect a call is checked") {
    for (const PrixCase& one : kPrixCases) {
        CAPTURE(std::string(one.expected));
        const Import import = expecting(one.expected);
        CHECK(import.kind == "prompt-prix");
        CHECK(passes(import, one.right));
        CHECK_FALSE(passes(import, one.wrong));
        CHECK_FALSE(passes(import, {}, "text"));
    }
}

TEST_CASE("prompt-prix: one call has to fit all that speaks of a call") {
    const Import import =
        expecting(R"({"tool_name": "send", "params": {"to": "Bob"}, "params_types": {"amount": "number"}})");
    CHECK_FALSE(passes(import, {{"send", R"({"to": "Bob"})"}, {"send", R"({"to": "Eve", "amount": 1})"}}));
}

TEST_CASE("prompt-prix: a text without a call") {
    const Import import = expecting(
        R"({"match_mode": "text_only", "response_type": "text", "response_contains": "4", "no_tool_call": true})");
    CHECK(passes(import, {}, "It is 4."));
    CHECK_FALSE(passes(import, {}, "It is 5."));
    CHECK_FALSE(passes(import, {{"ask", R"({"question": "?"})"}}, "4"));
    CHECK(prompt(import)["checks"].size() == 2);
    CHECK(notes(import).empty());
}

TEST_CASE("prompt-prix: what has no counterpart is told, and nothing else") {
    const Import import = expecting(
        R"x({"match_mode": "fuzzy", "tool_name": "send", "params_pattern": {"to": "(?=x)"}, "params_types": {"amount": "money"}, "notes": "n"})x");
    CHECK(is_noted(import, "prompts[0].expected.match_mode: \"fuzzy\" is unknown"));
    CHECK(is_noted(import, "prompts[0].expected.params_pattern.to: is no expression of RE2"));
    CHECK(is_noted(import, "prompts[0].expected.params_types.amount: \"money\" is no type"));
    CHECK(is_noted(import, "prompts[0].expected.notes: has no counterpart"));
    CHECK(import.notes.size() == 4);
    CHECK(passes(import, {{"send", R"({"to": "anything", "amount": 1})"}}));
}

TEST_CASE("prompt-prix: a loop with mock tools") {
    const Import import =
        imported(R"({"prompts": [{"id": "l", "mode": "react", "system": "s", "user": "u", "max_iterations": 250,
 "tools": [{"type": "function", "function": {"name": "read", "parameters": {"type": "object"}}}, {"type": "function", "function": {"name": "DONE"}}],
 "mock_tools": {"read": {"a": "text", "_default": "none"}, "gone": {"_default": "x"}},
 "pass_criteria": "reads", "expected_response": "all read", "severity": "warning", "category": "c"}]})");
    const auto& loop = prompt(import);
    CHECK(
        loop["loop"] ==
        json(R"({"max_steps": 200, "done_tool": "DONE", "cycle_repetitions": 3, "history": "one_call_per_message"})"));
    CHECK(loop["tool_results"] == json(R"({"read": {"a": "text", "_default": "none"}})"));
    CHECK(loop["pass_criteria"] == "reads");
    CHECK(loop["expected_response"] == "all read");
    CHECK(loop["severity"] == "warning");
    CHECK(loop["category"] == "c");
    CHECK(import.suites.front().document["system_prompt"] == "s");
    CHECK(is_noted(import, "prompts[0].max_iterations: a loop has 200 steps at most"));
    CHECK(is_noted(import, "prompts[0].mock_tools.gone: the prompt offers no such tool"));
    CHECK(import.notes.size() == 2);
}

TEST_CASE("prompt-prix: lines, and tests with a system prompt, are read alike") {
    const std::string one = R"({"id": "a", "user": "u", "system": "x", "expected": {"no_tool_call": true}})";
    const Import lines =
        imported("\xEF\xBB\xBF" + one + "\r\n\r\n" + R"({"id": "b", "user": "v", "system": "y"})" + "\r\n", "l.jsonl");
    CHECK(lines.kind == "prompt-prix");
    CHECK(lines.suites.front().document["prompts"].size() == 2);
    CHECK(prompt(lines)["messages"] == json(R"([{"role": "system", "content": "x"}])"));
    const Import tests = imported(
        R"({"system_prompt": "s", "tests": [{"test_id": "t1", "user": "u", "severity": "blocker"}, {"test_id": "t1", "user": "v"}]})");
    CHECK(tests.suites.front().document["system_prompt"] == "s");
    CHECK(prompt(tests, 1)["id"] == "t1 (2)");
    CHECK(is_noted(tests, "tests[0].severity: \"blocker\""));
    CHECK(is_noted(tests, "tests[1]: the id \"t1\" stands there once more"));
}

TEST_CASE("prompt-prix: an expected call of the tool that ends a loop is one that its check can see") {
    const Import import = imported(R"({"prompts": [{"id": "a", "mode": "react", "user": "u",
        "tools": [{"type": "function", "function": {"name": "DONE", "parameters": {"type": "object"}}}],
        "expected": {"match_mode": "exact", "tool_name": "DONE", "params": {"response": "x"}}}]})");
    CHECK(prompt(import)["checks"] == json(R"([{"type": "tool_call", "name": "DONE"}])"));
    CHECK(is_noted(import, "prompts[0].expected: arguments of the call that ends the loop"));
}
