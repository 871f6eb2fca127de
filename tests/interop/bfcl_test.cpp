#include <fmt/format.h>

#include "importing.h"

using namespace llmc;
using namespace llmc::interop;
using namespace llmc::interop::testing;

namespace {

constexpr const char* kFunctions = R"([
 {"name": "geo.area", "description": "…", "parameters": {"type": "dict", "properties": {
   "base": {"type": "integer"}, "height": {"type": "float"}, "unit": {"type": "string"}, "exact": {"type": "boolean"},
   "tags": {"type": "array", "items": {"type": "string"}}, "where": {"type": "dict", "properties": {"city": {"type": "string"}, "zip": {"type": "string"}}},
   "rows": {"type": "array", "items": {"type": "dict"}}, "size": {"type": "tuple", "items": {"type": "integer"}}, "it": {"type": "any"}},
   "required": ["base"]}},
 {"name": "weather_of", "parameters": {"type": "dict", "properties": {"city": {"type": "string"}}, "required": ["city"]}}])";

// Questions in one file, answers in another, as the leaderboard has them.
Import bfcl(const std::string& truth, const std::string& id = "simple_0") {
    const std::string question =
        fmt::format(R"({{"id": "{}", "question": [[{{"role": "user", "content": "How large?"}}]], "function": {}}})",
                    id, json(kFunctions).dump());
    const std::string answer = fmt::format(R"({{"id": "{}", "ground_truth": {}}})", id, truth);
    return imported({{"questions.json", question + "\n"}, {"possible_answer.json", answer + "\n"}});
}

struct BfclCase {
    const char* what;
    const char* truth;
    Calls calls;
    bool is_right;
};

const std::vector<BfclCase> kBfclCases = {
    // values and their alternatives
    {"the value", R"([{"geo.area": {"base": [10]}}])", {{"geo.area", R"({"base": 10})"}}, true},
    {"another value", R"([{"geo.area": {"base": [10]}}])", {{"geo.area", R"({"base": 11})"}}, false},
    {"the second alternative", R"([{"geo.area": {"base": [10, 12]}}])", {{"geo.area", R"({"base": 12})"}}, true},
    {"none of the alternatives", R"([{"geo.area": {"base": [10, 12]}}])", {{"geo.area", R"({"base": 11})"}}, false},
    // parameters
    {"one that may be left out is",
     R"([{"geo.area": {"base": [1], "unit": ["cm", ""]}}])",
     {{"geo.area", R"({"base": 1})"}},
     true},
    {"one that may be left out is right",
     R"([{"geo.area": {"base": [1], "unit": ["cm", ""]}}])",
     {{"geo.area", R"({"base": 1, "unit": "cm"})"}},
     true},
    {"one that may be left out is wrong",
     R"([{"geo.area": {"base": [1], "unit": ["cm", ""]}}])",
     {{"geo.area", R"({"base": 1, "unit": "m"})"}},
     false},
    {"one that may not be left out is",
     R"([{"geo.area": {"base": [1], "unit": ["cm"]}}])",
     {{"geo.area", R"({"base": 1})"}},
     false},
    {"a required one is left out", R"([{"geo.area": {"base": [1]}}])", {{"geo.area", "{}"}}, false},
    {"a required one is left out, whatever its list says",
     R"([{"geo.area": {"base": [1, ""]}}])",
     {{"geo.area", "{}"}},
     false},
    {"an unknown one", R"([{"geo.area": {"base": [1]}}])", {{"geo.area", R"({"base": 1, "colour": "red"})"}}, false},
    {"one that the truth does not name",
     R"([{"geo.area": {"base": [1]}}])",
     {{"geo.area", R"({"base": 1, "unit": "cm"})"}},
     false},
    // names
    {"a dot as an underscore", R"([{"geo.area": {"base": [1]}}])", {{"geo_area", R"({"base": 1})"}}, true},
    {"an underscore as a dot",
     R"([{"weather_of": {"city": ["Rome"]}}])",
     {{"weather.of", R"({"city": "Rome"})"}},
     true},
    {"another function", R"([{"geo.area": {"base": [1]}}])", {{"weather_of", R"({"city": "Rome"})"}}, false},
    {"a function that is not there", R"([{"geo.area": {"base": [1]}}])", {{"area", R"({"base": 1})"}}, false},
    // types
    {"a number as a text", R"([{"geo.area": {"base": [10]}}])", {{"geo.area", R"({"base": "10"})"}}, false},
    {"a text as a number",
     R"([{"geo.area": {"base": [1], "unit": ["5"]}}])",
     {{"geo.area", R"({"base": 1, "unit": 5})"}},
     false},
    {"a boolean",
     R"([{"geo.area": {"base": [1], "exact": [true]}}])",
     {{"geo.area", R"({"base": 1, "exact": true})"}},
     true},
    {"a boolean as a text",
     R"([{"geo.area": {"base": [1], "exact": [true]}}])",
     {{"geo.area", R"({"base": 1, "exact": "true"})"}},
     false},
    {"a boolean as a number", R"([{"geo.area": {"base": [1]}}])", {{"geo.area", R"({"base": true})"}}, false},
    {"a whole number where a real one is meant",
     R"([{"geo.area": {"base": [1], "height": [5.0]}}])",
     {{"geo.area", R"({"base": 1, "height": 5})"}},
     true},
    {"a real number",
     R"([{"geo.area": {"base": [1], "height": [2.5]}}])",
     {{"geo.area", R"({"base": 1, "height": 2.5})"}},
     true},
    {"a null", R"([{"geo.area": {"base": [1]}}])", {{"geo.area", R"({"base": null})"}}, false},
    // texts
    {"letter case", R"([{"weather_of": {"city": ["New York"]}}])", {{"weather_of", R"({"city": "NEW york"})"}}, true},
    {"blanks", R"([{"weather_of": {"city": ["New York"]}}])", {{"weather_of", R"({"city": "NewYork"})"}}, true},
    {"punctuation",
     R"([{"weather_of": {"city": ["St. Paul, MN"]}}])",
     {{"weather_of", R"({"city": "st paul-mn"})"}},
     true},
    {"the other signs", R"([{"weather_of": {"city": ["a/b*c^d_e"]}}])", {{"weather_of", R"({"city": "abcde"})"}}, true},
    {"quotes", R"([{"weather_of": {"city": ["it's"]}}])", {{"weather_of", R"({"city": "it\"s"})"}}, true},
    {"a sign that counts", R"([{"weather_of": {"city": ["a+b"]}}])", {{"weather_of", R"({"city": "ab"})"}}, false},
    {"another text", R"([{"weather_of": {"city": ["Rome"]}}])", {{"weather_of", R"({"city": "Roma"})"}}, false},
    // lists
    {"a list",
     R"([{"geo.area": {"base": [1], "tags": [["a", "b"]]}}])",
     {{"geo.area", R"({"base": 1, "tags": ["a", "b"]})"}},
     true},
    {"its texts are compared as texts are",
     R"([{"geo.area": {"base": [1], "tags": [["A b", "c"]]}}])",
     {{"geo.area", R"({"base": 1, "tags": ["ab", "C"]})"}},
     true},
    {"a list in another order",
     R"([{"geo.area": {"base": [1], "tags": [["a", "b"]]}}])",
     {{"geo.area", R"({"base": 1, "tags": ["b", "a"]})"}},
     false},
    {"a list that is too short",
     R"([{"geo.area": {"base": [1], "tags": [["a", "b"]]}}])",
     {{"geo.area", R"({"base": 1, "tags": ["a"]})"}},
     false},
    {"another acceptable list",
     R"([{"geo.area": {"base": [1], "tags": [["a"], ["b"]]}}])",
     {{"geo.area", R"({"base": 1, "tags": ["b"]})"}},
     true},
    {"a text where a list is meant",
     R"([{"geo.area": {"base": [1], "tags": [["a"]]}}])",
     {{"geo.area", R"({"base": 1, "tags": "a"})"}},
     false},
    {"a tuple",
     R"([{"geo.area": {"base": [1], "size": [[3, 4]]}}])",
     {{"geo.area", R"({"base": 1, "size": [3, 4]})"}},
     true},
    // objects
    {"an object by its keys",
     R"([{"geo.area": {"base": [1], "where": [{"city": ["Rome", "Roma"], "zip": ["00100", ""]}]}}])",
     {{"geo.area", R"({"base": 1, "where": {"city": "roma", "zip": "00100"}})"}},
     true},
    {"a key that may be left out",
     R"([{"geo.area": {"base": [1], "where": [{"city": ["Rome"], "zip": ["00100", ""]}]}}])",
     {{"geo.area", R"({"base": 1, "where": {"city": "Rome"}})"}},
     true},
    {"a key that is missing",
     R"([{"geo.area": {"base": [1], "where": [{"city": ["Rome"], "zip": ["00100"]}]}}])",
     {{"geo.area", R"({"base": 1, "where": {"city": "Rome"}})"}},
     false},
    {"an unknown key",
     R"([{"geo.area": {"base": [1], "where": [{"city": ["Rome"]}]}}])",
     {{"geo.area", R"({"base": 1, "where": {"city": "Rome", "country": "IT"}})"}},
     false},
    {"a wrong value of a key",
     R"([{"geo.area": {"base": [1], "where": [{"city": ["Rome"]}]}}])",
     {{"geo.area", R"({"base": 1, "where": {"city": "Oslo"}})"}},
     false},
    {"a list of objects",
     R"([{"geo.area": {"base": [1], "rows": [[{"a": [1]}, {"a": [2, 3]}]]}}])",
     {{"geo.area", R"({"base": 1, "rows": [{"a": 1}, {"a": 3}]})"}},
     true},
    // several calls
    {"parallel calls in another order",
     R"([{"geo.area": {"base": [1]}}, {"weather_of": {"city": ["Rome"]}}])",
     {{"weather_of", R"({"city": "Rome"})"}, {"geo.area", R"({"base": 1})"}},
     true},
    {"two calls of one function",
     R"([{"weather_of": {"city": ["Rome"]}}, {"weather_of": {"city": ["Oslo"]}}])",
     {{"weather_of", R"({"city": "Oslo"})"}, {"weather_of", R"({"city": "Rome"})"}},
     true},
    {"one of them twice",
     R"([{"weather_of": {"city": ["Rome"]}}, {"weather_of": {"city": ["Oslo"]}}])",
     {{"weather_of", R"({"city": "Oslo"})"}, {"weather_of", R"({"city": "Oslo"})"}},
     false},
    {"one too few",
     R"([{"geo.area": {"base": [1]}}, {"weather_of": {"city": ["Rome"]}}])",
     {{"geo.area", R"({"base": 1})"}},
     false},
    {"one too many",
     R"([{"geo.area": {"base": [1]}}])",
     {{"geo.area", R"({"base": 1})"}, {"geo.area", R"({"base": 1})"}},
     false},
    {"no call", R"([{"geo.area": {"base": [1]}}])", {}, false},
    {"none is wanted, none is made", "[]", {}, true},
    {"none is wanted, one is made", "[]", {{"geo.area", R"({"base": 1})"}}, false},
    {"arguments that are no JSON", R"([{"geo.area": {"base": [1]}}])", {{"geo.area", "{base: 1"}}, false},
};

}  // namespace

TEST_CASE("BFCL: answers are judged by its rules, through questions and answers in two files") {
    CHECK(kBfclCases.size() >= 40);
    for (const BfclCase& one : kBfclCases) {
        CAPTURE(std::string(one.what));
        const Import import = bfcl(one.truth);
        CHECK(import.kind == "BFCL");
        CHECK(notes(import).empty());
        CHECK(passes(import, one.calls, "text") == one.is_right);
    }
}

TEST_CASE("BFCL: schemas with the types of other languages become JSON Schema, the category is the id's") {
    const Import import = bfcl(R"([{"geo.area": {"base": [1]}}])", "live_simple_3-1-0");
    const auto& parameters = prompt(import)["tools"][0]["function"]["parameters"];
    CHECK(parameters["type"] == "object");
    CHECK(parameters["properties"]["height"]["type"] == "number");
    CHECK(parameters["properties"]["size"]["type"] == "array");
    CHECK(parameters["properties"]["rows"]["items"]["type"] == "object");
    CHECK_FALSE(parameters["properties"]["it"].contains("type"));
    CHECK(prompt(import)["category"] == "live_simple");
    CHECK(prompt(import)["prompt"] == "How large?");
}

TEST_CASE("BFCL: irrelevance needs no answers, other questions without one have no check and say so") {
    const std::string rest = R"(", "question": [[{"role": "user", "content": "?"}]], "function": [{"name": "f"}]})";
    const Import none = imported(R"({"id": "irrelevance_3)" + rest);
    CHECK(passes(none, {}, "I cannot."));
    CHECK_FALSE(passes(none, {{"f", "{}"}}));
    const Import any = imported(R"({"id": "live_relevance_3)" + rest);
    CHECK(passes(any, {{"f", "{}"}}));
    CHECK_FALSE(passes(any, {}, "no"));
    const Import open = imported(R"({"id": "simple_1)" + rest);
    CHECK_FALSE(prompt(open).contains("checks"));
    CHECK(is_noted(open, ": there is no ground truth"));
    CHECK(refusal(R"({"id": "simple_1", "ground_truth": []})").find("only answers") != std::string::npos);
}

TEST_CASE("BFCL, flat: plain values, a system text behind the user's, choices that must not be made") {
    const Import import = imported(
        R"({"id": "r1", "question": [{"role": "system", "content": "Route."}, {"role": "user", "content": "Build it"}, {"role": "system", "content": "[Context]"}],
 "function": [{"name": "route", "parameters": {"type": "object", "properties": {"to": {"type": "string"}}}}, {"name": "drop"}],
 "ground_truth": [{"name": "route", "arguments": {"to": "builder"}}], "ground_truth_exclude": ["chat", "drop"],
 "metadata": {"category": "routing", "notes": "n"}})",
        "flat.jsonl");
    CHECK(prompt(import)["messages"].size() == 3);
    CHECK_FALSE(prompt(import).contains("prompt"));
    CHECK(prompt(import)["category"] == "routing");
    CHECK(passes(import, {{"route", R"({"to": "Builder"})"}}));
    CHECK_FALSE(passes(import, {{"route", R"({"to": "chat"})"}}));
    CHECK_FALSE(passes(import, {{"drop", "{}"}}));
    CHECK(notes(import) == std::vector<std::string>{R"(metadata.notes: has no counterpart in a suite ("n"))"});
    CHECK(prompt(import)["checks"].size() == 3);
}

TEST_CASE("BFCL: later turns are follow-ups; answers in a language of programs are told") {
    const Import import = imported(
        R"x({"id": "multi_turn_base_0", "question": [[{"role": "user", "content": "a"}], [{"role": "user", "content": "b"}]], "function": [{"name": "f"}], "path": ["X.f"]}
{"id": "multi_turn_base_0", "ground_truth": [["f(a=1)"], ["f(a=2)"]]}
{"id": "nobody", "ground_truth": []})x");
    CHECK(prompt(import)["follow_ups"] == json(R"(["b"])"));
    CHECK_FALSE(prompt(import).contains("checks"));
    CHECK(is_noted(import, "line 1, path: has no counterpart"));
    CHECK(is_noted(import, "line 2, ground_truth[0]: no call as it is understood here"));
    CHECK(is_noted(import, "line 3, ground_truth: no question has the id"));
}

TEST_CASE("BFCL: questions of several turns that stand without tools are taken, and what is missing is told") {
    const Import import = imported(
        {{"q.json",
          R"({"id": "multi_turn_base_0", "question": [[{"role": "user", "content": "a"}], [{"role": "user", "content": "b"}]],
                        "initial_config": {"Files": {}}, "path": ["Files.cd"], "involved_classes": ["Files"]})"},
         {"a.json", R"({"id": "multi_turn_base_0", "ground_truth": [["cd('x') "], ["ls() "]]})"}});
    CHECK(import.kind == "BFCL");
    CHECK(prompt(import)["prompt"] == "a");
    CHECK(prompt(import)["follow_ups"] == json(R"(["b"])"));
    CHECK_FALSE(prompt(import).contains("checks"));
    CHECK(is_noted(import, "ground_truth[0]: no call as it is understood here"));
    for (const char* key : {"initial_config", "path", "involved_classes"}) CHECK(is_noted(import, key));
}
