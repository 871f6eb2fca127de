#include "gui/file_content.h"

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

TEST_CASE("a file is what is in it, whatever it is called") {
    using enum FileContent;
    const struct {
        const char *name, *bytes;
        FileContent expected;
    } cases[] = {
        {"notes.txt", R"({"format": "llm-compare-session", "version": 1})", session},
        {"noname",
         "\xEF\xBB\xBF\n {\"version\": 1, \"rounds\": [{\"format\": \"x\"}], \"format\": \"llm-compare-report\"}",
         report},
        {"s.md", R"({"format": "llm-compare-suite", "prompts": [)", suite},
        {"s.json", R"({"format": "llm-compare-suite"})", suite},
        {"cast.json", R"({"format": "llm-compare-cast"})", cast},
        {"cast.yaml", "format: llm-compare-cast\nversion: 1\n", cast},
        {"p.txt", "{\"prompt\": \"one\"}\n{\"prompt\": \"two\"}\n", prompts},
        {"p.jsonl", "{\"prompt\": \n", prompts},
        {"p.txt", "What is {x}?\nAnd y?", text},
        {"p.txt", "{x} is what?\n", text},
        {"p.txt", "[INST] Hello", text},
        {"picture.png", "\x89PNG", text},
        {"blank", " \n", text},
        {"empty.json", "", other_json},
        {"words.json", "this is no JSON", other_json},
        {"list", "[1, {\"format\": \"llm-compare-suite\"}]", other_json},
        {"tests.json", R"({"prompts": [{"id": "a", "user": "Hello", "expected": {}}]})", other_program},
        {"lines", "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n{\"messages\": \n", other_program},
        {"eval.yaml", "# tests\nprompts: ['Say {{x}}']\ntests: [{vars: {x: a}}]\n", other_program},
        {"eval.md", "# tests\nprompts: ['Say {{x}}']\ntests: [{vars: {x: a}}]\n", text},
        {"runs", "PK\x03\x04", other_program},
        {"p.jsonl", R"({"prompt": "one", "expected": {}})", prompts},
        {"config.json", R"({"servers": [], "temperature": 1})", other_json},
    };
    for (const auto& one : cases) {
        const std::string name = one.name, bytes = one.bytes;
        CAPTURE(name);
        CAPTURE(bytes);
        CHECK(content_of(one.bytes, one.name) == one.expected);
    }
}

TEST_CASE("a nested list of any depth is looked at without harm") {
    const std::string deep(1'000'000, '[');
    CHECK(content_of(deep, "deep.json") == FileContent::other_json);
    std::string object;
    for (int i = 0; i < 100'000; ++i) object += "{\"a\":";
    CHECK(content_of(object, "deep.json") == FileContent::other_json);
}

}  // namespace
}  // namespace llmc::gui
