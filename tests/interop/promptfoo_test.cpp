#include <map>

#include <fmt/format.h>

#include "importing.h"

using namespace llmc;
using namespace llmc::interop;
using namespace llmc::interop::testing;

namespace {

// A configuration with one prompt, one test, and these assertions.
Import asserting(const std::string& assertions) {
    return imported("prompts: ['Say {{x}}']\ntests:\n  - vars: {x: hello}\n    assert:\n" + assertions,
                    "promptfooconfig.yaml");
}

struct PromptfooCase {
    const char* assertion;
    const char* right;
    const char* wrong;
};

const std::vector<PromptfooCase> kPromptfooCases = {
    {"      - {type: equals, value: '{{x}} you'}\n", "hello you", "hello me"},
    {"      - {type: not-equals, value: 'a.b'}\n", "axb", "a.b"},
    {"      - {type: contains, value: Oslo}\n", "in Oslo", "in oslo"},
    {"      - {type: not-contains, value: Oslo}\n", "in oslo", "in Oslo"},
    {"      - {type: icontains, value: oslo}\n", "in OSLO", "in Rome"},
    {"      - {type: not-icontains, value: oslo}\n", "in Rome", "in OSLO"},
    {"      - {type: contains-all, value: [a, b]}\n", "a b", "a"},
    {"      - {type: contains-all, value: 'a, b'}\n", "b a", "b"},
    {"      - {type: not-contains-all, value: [a, b]}\n", "a", "a b"},
    {"      - {type: contains-any, value: [a, b]}\n", "b", "c"},
    {"      - {type: not-contains-any, value: [a, b]}\n", "c", "b"},
    {"      - {type: icontains-any, value: [a, b]}\n", "B", "c"},
    {"      - {type: starts-with, value: He}\n", "Hello", "Oh He"},
    {"      - {type: not-starts-with, value: He}\n", "Oh He", "Hello"},
    {"      - {type: regex, value: '\\d{3}'}\n", "a 123", "a 12"},
    {"      - {type: not-regex, value: '\\d{3}'}\n", "a 12", "a 123"},
    {"      - type: is-json\n", "{\"a\": 1}", "a: 1"},
    {"      - type: is-json\n        value: {type: object, required: [a]}\n", "{\"a\": 1}", "{\"b\": 1}"},
    {"      - type: is-json\n        value: |\n          {\"type\": \"object\", \"required\": [\"a\"]}\n", "{\"a\": 1}",
     "{\"b\": 1}"},
    {"      - type: contains\n        value: 4\n", "it is 4", "it is 5"},
};

}  // namespace

TEST_CASE("promptfoo: assertions are checks") {
    for (const PromptfooCase& one : kPromptfooCases) {
        CAPTURE(std::string(one.assertion));
        const Import import = asserting(one.assertion);
        CHECK(import.kind == "promptfoo");
        CHECK(notes(import).empty());
        CHECK(passes(import, {}, one.right));
        CHECK_FALSE(passes(import, {}, one.wrong));
    }
}

TEST_CASE("promptfoo: rubrics are criteria, programs and other judges are told") {
    const Import import = asserting(
        "      - {type: llm-rubric, value: 'is about {{x}}'}\n      - {type: llm-rubric, value: is kind}\n"
        "      - {type: not-llm-rubric, value: is rude}\n      - {type: javascript, value: output.length > 3}\n"
        "      - {type: python, value: 'len(output) > 3'}\n      - {type: similar, value: x, threshold: 0.8}\n"
        "      - {type: contains, value: x, weight: 2}\n      - {type: not-is-json}\n      - {type: regex, value: "
        "'(?=x)'}\n");
    CHECK(prompt(import)["pass_criteria"] == "is about hello\nis kind");
    CHECK(prompt(import)["fail_criteria"] == "is rude");
    CHECK(prompt(import)["checks"].size() == 1);
    for (const char* begin : {"tests[0].assert[3]: an assertion of the type \"javascript\"",
                              "tests[0].assert[4]: an assertion of the type \"python\"",
                              "tests[0].assert[5]: an assertion of the type \"similar\"",
                              "tests[0].assert[6].weight: 2: every check counts alike",
                              "tests[0].assert[7]: an assertion of the type \"not-is-json\": there is no check",
                              "tests[0].assert[8]: no check can be made of it: value: "}) {
        CAPTURE(std::string(begin));
        CHECK(is_noted(import, begin));
    }
    CHECK(import.notes.size() == 6);
}

TEST_CASE("promptfoo: every prompt with every test and every value of its variables") {
    const Import import = imported(R"(
description: d
prompts:
  - label: one
    raw: |-
      First {{ a }} and {{b.c}}
  - '[{"role": "system", "content": "Be {{ a }}"}, {"role": "user", "content": "Second \"{{b | dump}}\""}]'
providers: [openai:gpt-4]
defaultTest:
  vars: {b: {c: deep}}
  assert: [{type: contains, value: '{{a}}'}]
tests:
  - description: t
    vars: {a: [x, y]}
  - vars: {a: z, b: {c: '{{a}}!'}}
    metadata: {category: c, owner: me}
outputPath: out.json
)",
                                   "p.yaml");
    const auto& document = import.suites.front().document;
    CHECK(document["description"] == "d");
    REQUIRE(document["prompts"].size() == 6);
    CHECK(prompt(import, 0)["id"] == "one: t #1");
    CHECK(prompt(import, 0)["prompt"] == "First x and deep");
    CHECK(prompt(import, 1)["prompt"] == "First y and deep");
    CHECK(prompt(import, 2)["messages"][0]["content"] == "Be x");
    CHECK(prompt(import, 2)["prompt"] == "Second \"{\"c\":\"deep\"}\"");
    CHECK(prompt(import, 4)["prompt"] == "First z and z!");
    CHECK(prompt(import, 4)["category"] == "c");
    CHECK(passes(import, {}, "x", 0));
    CHECK_FALSE(passes(import, {}, "y", 0));
    CHECK(notes(import) == std::vector<std::string>{"tests[1].metadata.owner: has no counterpart in a suite (\"me\")",
                                                    "providers: has no counterpart in a suite ([\"openai:gpt-4\"])",
                                                    "outputPath: has no counterpart in a suite (\"out.json\")"});
}

TEST_CASE("promptfoo: files beside the configuration are read, anything else is told") {
    const std::map<std::string, std::string> files = {
        {"p.txt", "One {{x}}\n---\nTwo {{x}}\n"},
        {"t.yaml", "- vars: {x: a}\n- vars: {x: file://v.txt}\n- vars: {x: file://d.yaml}\n"},
        {"v.txt", "long text\n"},
        {"d.yaml", "k: [1, x]\n"},
        {"more.csv", "x,__expected\nq,contains: Q\n"},
        {"s.json", R"({"type": "object"})"}};
    const Beside beside = [&](std::string_view name) -> Result<std::string> {
        const auto found = files.find(std::string(name));
        if (found != files.end()) return found->second;
        return Error{ErrorKind::usage, fmt::format("{} lies outside the folder of the file", name)};
    };
    const Import import =
        imported({{"c.yaml",
                   "prompts: [file://p.txt, file://../secret.txt]\ntests: [file://t.yaml, file://more.csv]\n"
                   "defaultTest: {assert: [{type: is-json, value: file://s.json}]}\n"}},
                 beside);
    CHECK(import.suites.front().document["prompts"].size() == 8);
    CHECK(prompt(import, 2)["prompt"] == "One long text");
    CHECK(prompt(import, 4)["prompt"] == R"(One {"k":[1,"x"]})");
    CHECK(prompt(import, 6)["prompt"] == "One q");
    CHECK(prompt(import, 6)["checks"].size() == 2);
    CHECK(notes(import) == std::vector<std::string>{"prompts[1]: ../secret.txt lies outside the folder of the file"});
    const Import alone =
        imported("prompts: [hello, file://p.txt]\ntests: []\nproviders: [x]\ndefaultTest: {vars: {a: file://v.txt}}\n");
    CHECK(is_noted(alone, "prompts[1]: p.txt: there is no folder to find it in"));
}

TEST_CASE("promptfoo: prompts that are said to be in files by their id are read") {
    const Beside beside = [](std::string_view name) -> Result<std::string> {
        if (name == "p.txt") return std::string("File {{x}}");
        return std::string(R"([{"role": "system", "content": "S"}, {"role": "user", "content": "{{x}}"}])");
    };
    const Import import =
        imported({{"c.yaml",
                   "prompts:\n  - id: file://p.txt\n  - id: chat.json\n    label: chat\n  - id: Text {{x}}\n"
                   "  - {id: name, function: f}\n"
                   "tests: [{vars: {x: a}}]\n"}},
                 beside);
    CHECK(import.kind == "promptfoo");
    CHECK(prompt(import, 0)["prompt"] == "File a");
    CHECK(prompt(import, 0)["id"] == "p.txt: test 1");
    CHECK(prompt(import, 1)["messages"][0]["content"] == "S");
    CHECK(import.suites.front().document["prompts"].size() == 3);
    CHECK(prompt(import, 2)["prompt"] == "Text a");
    CHECK(is_noted(import, "prompts[3]: a prompt without a text"));
}

TEST_CASE("promptfoo: an expected object is compared as JSON") {
    const Import import = imported(
        "prompts: [hi]\ntests:\n  - vars: {x: q}\n    assert:\n      - {type: equals, value: {a: 1, b: ['{{x}}']}}\n"
        "      - {type: not-equals, value: {a: 1}}\n");
    CHECK(passes(import, {}, R"( {"b": ["q"], "a": 1} )"));
    CHECK_FALSE(passes(import, {}, R"({"b": ["r"], "a": 1})"));
    CHECK_FALSE(passes(import, {}, R"({"b": ["q"], "a": 1, "c": 2})"));
    CHECK(is_noted(import, "tests[0].assert[1]: an assertion of the type \"not-equals\""));
    CHECK(import.notes.size() == 1);
}

TEST_CASE("promptfoo: a test that names prompts is made of these only") {
    const Import import = imported(
        "prompts: [{raw: 'a {{x}}', label: 'one:a'}, {raw: 'b {{x}}', label: 'one:b'}, {raw: c, label: two}]\n"
        "tests: [{vars: {x: 1}, prompts: [two]}, {vars: {x: 2}, prompts: ['one:*']}, {prompts: [gone]}]\n");
    REQUIRE(import.suites.front().document["prompts"].size() == 3);
    CHECK(prompt(import, 0)["prompt"] == "c");
    CHECK(prompt(import, 1)["prompt"] == "a 2");
    CHECK(prompt(import, 2)["prompt"] == "b 2");
    CHECK(notes(import) == std::vector<std::string>{"tests[2].prompts: no prompt is called so ([\"gone\"])"});
}

TEST_CASE("promptfoo: a cell of what is expected is an assertion only where its first word is one") {
    const Beside beside = [](std::string_view) -> Result<std::string> {
        return std::string(
            "x,__expected\n1,Answer: 42\n2,answer: 42\n3,similar(0.8): hello\n4,not-contains: q\n5,contains\n"
            "6,latency(1500)\n7,is-json\n8,javascript: output.length\n");
    };
    const Import import = imported({{"c.yaml", "prompts: ['{{x}}']\ntests: file://t.csv\n"}}, beside);
    CHECK(prompt(import, 0)["checks"] == json(R"([{"type": "equals", "value": "Answer: 42"}])"));
    CHECK(prompt(import, 1)["checks"] == json(R"([{"type": "equals", "value": "answer: 42"}])"));
    CHECK_FALSE(prompt(import, 2).contains("checks"));
    CHECK(prompt(import, 3)["checks"] == json(R"([{"type": "not_contains", "value": "q"}])"));
    CHECK(prompt(import, 4)["checks"] == json(R"([{"type": "equals", "value": "contains"}])"));
    CHECK(prompt(import, 5)["checks"] == json(R"([{"type": "max_total_s", "value": 1.5}])"));
    CHECK(prompt(import, 6)["checks"] == json(R"([{"type": "json"}])"));
    CHECK(notes(import) ==
          std::vector<std::string>{"tests[2].assert[0]: an assertion of the type \"similar\" (\"hello\")",
                                   "tests[7].assert[0]: an assertion of the type \"javascript\" (\"output.length\")"});
}

TEST_CASE("promptfoo: a configuration without a prompt says why there is none") {
    CHECK(refusal("prompts: [hi]\ntests: file://gone.yaml\nproviders: x\n") ==
          "file: no prompt is left: tests: gone.yaml: there is no folder to find it in");
    CHECK(refusal("prompts: file://gone.txt\nproviders: x\n") ==
          "file: no prompt is left: prompts: gone.txt: there is no folder to find it in");
}

TEST_CASE("promptfoo: what a template says beyond values is left as it stands and told") {
    const Import import =
        imported("prompts: ['{{ x | upper }} {{ missing }} {% if x %}y{% endif %}']\ntests: [{vars: {x: a}}]\n");
    CHECK(prompt(import)["prompt"] == "{{ x | upper }}  {% if x %}y{% endif %}");
    CHECK(is_noted(import, "prompts[0]: the template's {{ x | upper }}: it is left"));
    CHECK(is_noted(import, "prompts[0]: the template's {{ missing }} has no value"));
    CHECK(is_noted(import, "prompts[0]: what the template says in {%"));
}

TEST_CASE("promptfoo: templates that multiply are refused before they fill memory") {
    std::string big = "prompts: ['{{a}}']\ntests:\n  - vars:\n      x: '" + std::string(100'000, 'x') + "'\n      a: '";
    for (int i = 0; i < 10'000; ++i) big += "{{x}}";
    CHECK(refusal(big + "'\n").find("its templates become more than 256 MiB") != std::string::npos);
    std::string many = "prompts: ['a']\ndefaultTest:\n  assert:\n";
    for (int i = 0; i < 5000; ++i) many += fmt::format("    - {{type: contains, value: a{}}}\n", i);
    many += "tests:\n";
    for (int i = 0; i < 500; ++i) many += "  - {description: t}\n";
    CHECK(refusal(many).find("more than 200000 assertions") != std::string::npos);
}

TEST_CASE("promptfoo: a template of assertions that holds itself comes to an end") {
    const Import import = imported(
        "prompts: ['a']\nassertionTemplates:\n  a: {type: assert-set, assert: [{$ref: '#/assertionTemplates/a'}]}\n"
        "tests: [{assert: [{$ref: '#/assertionTemplates/a'}, {type: contains, value: x}]}]\n");
    CHECK(prompt(import)["checks"].size() == 1);
    CHECK(notes(import) == std::vector<std::string>{"tests[0].assert[0]: a set of assertions in a template"});
}

TEST_CASE("promptfoo: assertions that no check is made of count too where tests multiply them") {
    std::string many = "prompts: ['a']\ndefaultTest:\n  assert:\n";
    for (int i = 0; i < 5000; ++i) many += "    - {type: x}\n";
    many += "tests:\n";
    for (int i = 0; i < 500; ++i) many += "  - {description: t}\n";
    CHECK(refusal(many).find("more than 200000 assertions") != std::string::npos);
}

TEST_CASE("promptfoo: too many combinations are refused") {
    std::string vars;
    for (const char* name : {"a", "b", "c"}) {
        vars += fmt::format("      {}: [", name);
        for (int i = 0; i < 40; ++i) vars += fmt::format("{}, ", i);
        vars += "]\n";
    }
    CHECK(refusal("prompts: ['{{a}}']\ntests:\n  - vars:\n" + vars).find("combinations of variables") !=
          std::string::npos);
}
