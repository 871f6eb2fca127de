#include "agent/leaked_call.h"

#include <doctest/doctest.h>

using namespace llmc;
using namespace llmc::agent;

namespace {

const suite::OfferedTools kTools = {{"get_weather", nullptr}, {"read_file", nullptr}};

}  // namespace

TEST_CASE("a call of an offered tool is found in every known notation") {
    const struct {
        std::string_view text, tool, notation;
    } cases[] = {
        {R"(<|tool_call_start|>[get_weather(city="a]b(c", n=1)]<|tool_call_end|>)", "get_weather",
         "<|tool_call_start|>"},
        {R"(Let me see. <|tool_call_start|>[other(a=[1,(2)]), read_file(path='x')]<|tool_call_end|> ok)", "read_file",
         "<|tool_call_start|>"},
        {R"(<|tool_call_start|>[get_weather(city="cut off)", "get_weather", "<|tool_call_start|>"},
        {"<tool_call>\n{\"name\": \"read_file\", \"arguments\": {\"path\": \"x\"}}\n</tool_call>", "read_file",
         "<tool_call>"},
        {"text before <tool_call>{\"arguments\": {}, \"name\": \"read_file\"}</tool_call> after", "read_file",
         "<tool_call>"},
        {"<tool_call>{\"name\": \"read_file\", \"arguments\": {\"path\": ", "read_file", "<tool_call>"},
        {"<tool_call>{\"name\":\"no\"}</tool_call><tool_call>{\"name\":\"read_file\"}</tool_call>", "read_file",
         "<tool_call>"},
        {R"([TOOL_CALLS]get_weather[ARGS]{"city": "Paris"})", "get_weather", "[TOOL_CALLS]"},
        {R"([TOOL_CALLS] get_weather [CALL_ID]abc[ARGS] {"city": "Paris"})", "get_weather", "[TOOL_CALLS]"},
        {R"([TOOL_CALLS][{"name": "get_weather", "arguments": {}}])", "get_weather", "[TOOL_CALLS]"},
        {R"(<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city":"x"}<|call|>)",
         "get_weather", "Harmony"},
        {R"(<|start|>assistant to=functions.get_weather<|channel|>commentary json<|message|>{"city":"x"})",
         "get_weather", "Harmony"},
        {R"(<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary to=functions.read_file<|message|>{})",
         "read_file", "Harmony"},
        {R"(<function_calls><invoke name="read_file"><parameter name="path">x</parameter></invoke>)", "read_file",
         "<invoke>"},
        {"<function=read_file>\n<parameter=path>\nx\n</parameter>\n</function>", "read_file", "<function=…>"},
        {R"(<function=get_weather>{"city": "x"}</function>)", "get_weather", "<function=…>"},
        {R"( {"name": "get_weather", "arguments": {"city": "x"}} )", "get_weather", "JSON"},
        {R"({"name": "get_weather", "parameters": {}})", "get_weather", "JSON"},
        {"```json\n{\"name\": \"get_weather\", \"arguments\": {}}\n```\n", "get_weather", "JSON"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        const auto found = find_leaked_call(c.text, "", kTools);
        REQUIRE(found);
        CHECK(*found == LeakedCall{std::string(c.tool), c.notation});
        // Nothing was offered by that name.
        CHECK(!find_leaked_call(c.text, "", {{"some", nullptr}}));
        // In reasoning alone.
        CHECK(find_leaked_call(" \n", c.text, kTools) == LeakedCall{std::string(c.tool), c.notation, true});
        CHECK(!find_leaked_call("It is done.", c.text, kTools));
    }
}

TEST_CASE("what only speaks of calls is none") {
    for (const std::string_view text : {
             R"(I would call {"name": "get_weather", "arguments": {}} now.)",
             R"({"name": "get_weather"})",
             R"({"name": "get_weather", "arguments": {}} {"name": "get_weather", "arguments": {}})",
             "Here:\n```json\n{\"name\": \"get_weather\", \"arguments\": {}}\n```",
             "get_weather(city=\"x\")",
             "<|tool_call_start|>get_weather<|tool_call_end|>",
             R"(<|tool_call_start|>[a("get_weather(")]<|tool_call_end|>)",
             "<tool_call>get_weather</tool_call>",
             "[TOOL_CALLS]get_weather",
             "to=functions.get_weather<|message|>{}",
             "<|channel|>commentary to=functions.get_weather<|message|>no object",
             R"(<|channel|>analysis<|message|>to=functions.get_weather<|end|><|channel|>final<|message|>{})",
             "<invoke name=get_weather>",
             "<function=get_weather",
             "",
         }) {
        CAPTURE(text);
        CHECK(!find_leaked_call(text, "", kTools));
    }
}

// What grew with the square of such a text would take hours: the time limit of the test ends it.
TEST_CASE("any text is looked through in linear time") {
    for (const std::string_view part :
         {"<|tool_call_start|>[", "<tool_call>{", "<tool_call>{\"name\":\"", "[TOOL_CALLS]", "[TOOL_CALLS][",
          "<|channel|>to=functions.", "<|message|>", "<|message|> ", "<invoke name=\"", "<function=", "{", "[[",
          "```\n", " ", "<|tool_call_start|>[a(", "to=functions.a "}) {
        std::string text;
        while (text.size() < 4'000'000) text += part;
        CAPTURE(part);
        CHECK(!find_leaked_call(text, text, kTools));
    }
}
