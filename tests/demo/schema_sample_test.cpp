#include "demo/schema_sample.h"

#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace llmc::demo {
namespace {

std::string sample(const std::string& schema, std::string_view text = "lamp") {
    const auto json = base::parse_json(schema);
    REQUIRE_MESSAGE(json, json.error().message);
    return base::dump_json(sample_of(*json, text));
}

}  // namespace

TEST_CASE("a sample fits its schema") {
    struct Row {
        const char *schema, *fits;
    };
    for (
        const Row& row : {
            Row{"{}", R"("lamp")"},
            {R"({"const": {"b": 1}})", R"({"b":1})"},
            {R"({"type": "string", "enum": ["red", "blue"]})", R"("red")"},
            {R"({"type": "string"})", R"("lamp")"},
            {R"({"type": "string", "minLength": 7})", R"("lamp...")"},
            {R"({"type": "string", "maxLength": 2})", R"("la")"},
            {R"({"type": "integer"})", "1"},
            {R"({"type": "integer", "minimum": 2.5, "maximum": 9})", "3"},
            {R"({"type": "integer", "exclusiveMaximum": 0})", "-1"},
            {R"({"type": "number", "exclusiveMaximum": 1})", "0.5"},
            {R"({"type": "boolean"})", "true"},
            {R"({"type": "null"})", "null"},
            {R"({"type": ["integer", "null"]})", "1"},
            {R"({"anyOf": [{"type": "boolean"}, {"type": "null"}]})", "true"},
            {R"({"oneOf": [{"const": 2}, {"const": 3}]})", "2"},
            {R"({"type": "array", "items": {"type": "integer"}})", "[1]"},
            {R"({"type": "array", "items": {"type": "integer"}, "minItems": 3})", "[1,1,1]"},
            {R"({"type": "array", "maxItems": 0})", "[]"},
            {R"({"type": "object", "properties": {"a": {"type": "null"}, "z": {"type": "object"}}, "required": ["z", "y"]})",
             R"({"z":{},"y":"lamp","a":null})"},
            {R"({"properties": {"s": {"$ref": "#/$defs/a~1b"}}, "$defs": {"a/b": {"type": "array", "items": {"$ref": "#/$defs/n"}}, "n": {"type": "integer"}}})",
             R"({"s":[1]})"},
        }) {
        CAPTURE(row.schema);
        CHECK(sample(row.schema) == row.fits);
    }
    CHECK(sample(R"({"maxLength": 2})", "äöü") == R"("äö")");
}

TEST_CASE("a schema that contains itself comes to an end, by what it does not require") {
    const std::string made =
        sample(R"({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "required": ["name"],
        "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/node"},
                       "parts": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}})");
    CHECK(made.starts_with(R"({"name":"lamp","next":{"name":"lamp",)"));
    CHECK(made.find("null") == std::string::npos);
}

TEST_CASE("no schema costs more than a megabyte or two") {
    const std::string long_text(100'000, 'x');
    for (
        const char* schema :
        {R"({"$ref": "#"})", R"({"$ref": "#/nowhere"})", R"({"$ref": "http://x"})",
         R"({"type": 3, "enum": [], "required": 1})",
         R"({"type": "array", "minItems": 9000000000000000000, "items": {"type": "string"}})",
         R"({"type": "string", "minLength": 9000000000000000000})", R"({"type": "array", "minItems": -5})",
         R"({"type": "integer", "minimum": 1e300})",
         R"({"type": "object", "required": ["a", "b", "c"], "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}, "c": {"$ref": "#"}}})"}) {
        CAPTURE(schema);
        CHECK(sample(schema, long_text).size() < 3'000'000);
    }
}

}  // namespace llmc::demo
