#include "suite/output.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "suite/suite.h"

using namespace llmc;
using namespace llmc::suite;
using base::OrderedJson;

namespace {

std::string sent(const std::string& schema) {
    const auto made = sent_schema(OrderedJson::parse(schema));
    return made ? base::dump_json(*made) : made.error().message;
}

Result<Suite> with_prompt(const std::string& more) {
    return suite_from_json(OrderedJson::parse(fmt::format(
        R"({{"format": "llm-compare-suite", "version": 1, "prompts": [{{"id": "p", "prompt": "Go.", {}}}]}})", more)));
}

}  // namespace

TEST_CASE("a schema is sent without references, and keeps the order of its keys") {
    CHECK(
        sent(
            R"({"$schema": "x", "type": "object", "properties": {"b": {"$ref": "#/$defs/B"}, "a": {"$ref": "#/definitions/A~1"}},
                   "$defs": {"B": {"type": "string", "description": "b"}}, "definitions": {"A/": {"$ref": "#/$defs/B", "title": "A"}}})") ==
        R"({"type":"object","properties":{"b":{"type":"string","description":"b"},"a":{"type":"string","description":"b","title":"A"}}})");
    CHECK(sent(R"({"properties": {"x": {"$ref": "#/properties/y"}, "y": true}})") ==
          R"({"properties":{"x":true,"y":true}})");
    // What only looks like a reference is data.
    CHECK(sent(R"({"const": {"$ref": "#/nowhere"}})") == R"({"const":{"$ref":"#/nowhere"}})");
}

TEST_CASE("what contains itself stays a reference") {
    CHECK(
        sent(
            R"({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}}})") ==
        R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"next":{"$ref":"#/$defs/node"}}}}})");
    CHECK(sent(R"({"properties": {"child": {"$ref": "#"}}})") == R"({"properties":{"child":{"$ref":"#"}}})");
    const std::string mutual = sent(
        R"({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/b"}}, "b": {"items": {"$ref": "#/$defs/a"}}}})");
    CHECK(mutual == R"({"items":{"$ref":"#/$defs/b"},"$defs":{"b":{"items":{"items":{"$ref":"#/$defs/b"}}}}})");
}

TEST_CASE("references to nothing, and schemas that grow without end, are refused") {
    CHECK(sent(R"({"$ref": "#/$defs/x"})") == "\"$ref\": #/$defs/x leads to nothing in it");
    CHECK(sent(R"({"$ref": "https://example.org/x"})").ends_with("leads to nothing in it"));
    CHECK(sent(R"({"$ref": 3})").ends_with("leads to nothing in it"));
    OrderedJson doubling = {{"$ref", "#/$defs/d0"}, {"$defs", OrderedJson::object()}};
    for (int i = 0; i < 40; ++i)
        doubling["$defs"][fmt::format("d{}", i)] = {
            {"anyOf", {{{"$ref", fmt::format("#/$defs/d{}", i + 1)}}, {{"$ref", fmt::format("#/$defs/d{}", i + 1)}}}}};
    doubling["$defs"]["d40"] = {{"type", "string"}};
    CHECK(sent(base::dump_json(doubling)) == "is larger than 256 KiB with all that it refers to");
    OrderedJson chain = {{"$ref", "#/$defs/d0"}, {"$defs", OrderedJson::object()}};
    for (int i = 0; i < 50'000; ++i)
        chain["$defs"][fmt::format("d{}", i)] = {{"not", {{"$ref", fmt::format("#/$defs/d{}", i + 1)}}}};
    chain["$defs"]["d50000"] = true;
    const auto deep = sent_schema(chain);
    REQUIRE_FALSE(deep.ok());
    CHECK(deep.error().message == "nests deeper than 200");
}

TEST_CASE("a prompt's output is read, filled with each case, and refused where it is wrong") {
    const auto good = with_prompt(R"("output": {"schema": {"type": "object"}, "name": "plan"})");
    REQUIRE(good.ok());
    const auto all = tasks(*good, 1);
    REQUIRE(all[0].output);
    CHECK(all[0].output->name == "plan");
    CHECK(tasks(*with_prompt(R"("output": {"schema": {"type": "object"}})"), 1)[0].output->name == "answer");
    const auto wrong = [](const std::string& more) { return with_prompt(more).error().message; };
    CHECK(wrong(R"("output": {"schema": {}}, "response_format": {"type": "json_object"})").find("stands beside") !=
          std::string::npos);
    CHECK(wrong(R"("output": {"schema": {"type": "objekt"}})").find("\"schema\"/type") != std::string::npos);
    CHECK(wrong(R"("output": {"schema": {"$ref": "#/x"}})").find("not there") != std::string::npos);
    CHECK(wrong(R"("output": {"schema": {}, "name": "a b"})").find("no name of a function") != std::string::npos);
    CHECK(wrong(R"("output": {"name": "a"})").find("needs a JSON Schema") != std::string::npos);
    CHECK(wrong(R"("output": {"schema": {}, "shema": 1})").find("shema") != std::string::npos);
    CHECK(wrong(R"("output": 3)").find("output") != std::string::npos);
    CHECK(wrong(fmt::format(R"("output": {{"schema": {{"description": "{}"}}}})", std::string(300'000, 'x')))
              .find("larger than 256 KiB") != std::string::npos);

    const auto cases = suite_from_json(OrderedJson::parse(R"({"format": "llm-compare-suite", "version": 1,
        "cases": [{"kinds": ["a", "b"]}], "prompts": [{"prompt": "Go.", "output": {"schema": {"enum": "{{kinds}}"}}}]})"));
    REQUIRE(cases.ok());
    CHECK(base::dump_json(tasks(*cases, 1)[0].output->schema) == R"({"enum":["a","b"]})");
}
