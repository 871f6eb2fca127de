#include <fmt/format.h>

#include "importing.h"

using namespace llmc;
using namespace llmc::interop;
using namespace llmc::interop::testing;

namespace {

Import with_target(const std::string& target) {
    return imported(fmt::format(R"({{"name": "n", "samples": [{{"id": "a", "input": "i", "target": {},
 "tools": [{{"type": "function", "function": {{"name": "f", "parameters": {{"type": "object", "properties": {{"x": {{}}}}}}}}}},
           {{"name": "g", "parameters": {{"type": "object", "required": ["q"]}}}}]}}]}})",
                                target));
}

struct InspectCase {
    const char* target;
    Calls right, wrong;
};

const std::vector<InspectCase> kInspectCases = {
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": "a"}}]})",
     {{"f", R"({"x": "a"})"}},
     {{"f", R"({"x": "b"})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": {"enum": [1, 2]}}}]})",
     {{"f", R"({"x": 2})"}},
     {{"f", R"({"x": 3})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": {"not": "b"}}}]})",
     {{"f", R"({"x": "a"})"}},
     {{"f", R"({"x": "b"})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": {"pattern": "^a"}}}]})",
     {{"f", R"({"x": "ab"})"}},
     {{"f", R"({"x": "ba"})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": {"type": "integer"}}}]})",
     {{"f", R"({"x": 1})"}},
     {{"f", R"({"x": "1"})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": {"min_length": 2}}}]})",
     {{"f", R"({"x": "ab"})"}},
     {{"f", R"({"x": "a"})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": {"value": 5, "type": "number"}}}]})",
     {{"f", R"({"x": 5})"}},
     {{"f", R"({"x": "5"})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": {"y": {"type": "string"}, "z": 1}}}]})",
     {{"f", R"({"x": {"y": "", "z": 1}})"}},
     {{"f", R"({"x": {"y": 1, "z": 1}})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": [1, 2]}}]})",
     {{"f", R"({"x": [1, 2]})"}},
     {{"f", R"({"x": [2, 1]})"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": {"x": 1}}, {"function": "f", "arguments": {"x": 2}}], "tool_calls_count": 2})",
     {{"f", R"({"x": 2})"}, {"f", R"({"x": 1})"}},
     {{"f", R"({"x": 1})"}, {"f", R"({"x": 1})"}}},
    {R"({"tool_calls_any": ["f", "h"], "tool_calls_exclude": ["g"]})",
     {{"f", "{}"}},
     {{"f", "{}"}, {"g", R"({"q": 1})"}}},
    {R"({"tool_calls_first": [{"function": "f"}]})",
     {{"f", "{}"}, {"g", R"({"q": 1})"}},
     {{"g", R"({"q": 1})"}, {"f", "{}"}}},
    {R"({"tool_calls": [{"function": "g"}]})", {{"g", R"({"q": 1})"}}, {{"g", "{}"}}},
    {R"({"tool_calls": [{"function": "f", "arguments": "{\"x\": 1}"}]})",
     {{"f", R"({"x": 1})"}},
     {{"f", R"({"x": 2})"}}},
    {R"({"tool_calls_count": 2})", {{"f", "{}"}, {"f", "{}"}}, {{"f", "{}"}}},
};

}  // namespace

TEST_CASE("Inspect: targets of calls are checked") {
    for (const InspectCase& one : kInspectCases) {
        CAPTURE(std::string(one.target));
        const Import import = with_target(one.target);
        CHECK(import.kind == "Inspect samples");
        CHECK(passes(import, one.right));
        CHECK_FALSE(passes(import, one.wrong));
    }
}

TEST_CASE("Inspect: targets of texts") {
    const Import none = with_target(R"({"tool_calls": [], "response_contains": "4"})");
    CHECK(passes(none, {}, "4"));
    CHECK_FALSE(passes(none, {}, "5"));
    CHECK_FALSE(passes(none, {{"f", "{}"}}, "4"));
    CHECK(passes(with_target(R"("Oslo")"), {}, "It is Oslo."));
    CHECK_FALSE(passes(with_target(R"("Oslo")"), {}, "Rome"));
    CHECK(passes(with_target(R"(["Oslo", "Kristiania"])"), {}, "Kristiania"));
}

TEST_CASE("Inspect: system prompt, category and messages are taken, other metadata is told") {
    const Import import = imported(
        R"({"input": [{"role": "system", "content": "s"}, {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {}}]}], "target": "x", "metadata": {"category": "c", "severity": "warning", "author": "me"}, "choices": ["x", "y"]}
{"input": "b", "target": "y", "metadata": {"system_prompt": "t"}})");
    CHECK(prompt(import)["prompt"] == "a");
    CHECK(prompt(import)["messages"] == json(R"([{"role": "system", "content": "s"}])"));
    CHECK(prompt(import)["category"] == "c");
    CHECK(prompt(import, 1)["messages"][0]["content"] == "t");
    CHECK(is_noted(import, "line 1, metadata.author: has no counterpart"));
    CHECK(is_noted(import, "line 1, input[1].content[1]: a part of the type \"image_url\""));
    CHECK(is_noted(import, "line 1, choices: has no counterpart"));
    CHECK(import.notes.size() == 3);
    CHECK(imported(R"([{"input": "a", "target": "b"}])").kind == "Inspect samples");
}

TEST_CASE("Inspect: an expected object whose keys are operators of a check is told") {
    const Import import = with_target(R"({"tool_calls": [{"function": "f", "arguments": {"x": {"equals": 5}}}]})");
    CHECK(is_noted(import, "samples[0].target.tool_calls[0].arguments.x: its members are called as operators"));
    CHECK(passes(import, {{"f", R"({"x": {"equals": 6}})"}}));
}

TEST_CASE("Inspect: words of an expected argument count in lists too") {
    const Import import =
        imported(R"({"id": "a", "input": "q", "tools": [{"name": "f", "parameters": {"type": "object"}}],
        "target": {"tool_calls": [{"function": "f", "arguments": {"l": ["a", {"enum": ["x", "y"]}], "m": [[{"type": "integer"}], {"k": 1}]}}]}})");
    CHECK(passes(import, {{"f", R"({"l": ["a", "y"], "m": [[3], {"k": 1}]})"}}));
    CHECK_FALSE(passes(import, {{"f", R"({"l": ["a", "z"], "m": [[3], {"k": 1}]})"}}));
    CHECK_FALSE(passes(import, {{"f", R"({"l": ["a", "x"], "m": [["3"], {"k": 1}]})"}}));
    CHECK_FALSE(passes(import, {{"f", R"({"l": ["a"], "m": [[3], {"k": 1}]})"}}));
    CHECK(import.notes.empty());
}
