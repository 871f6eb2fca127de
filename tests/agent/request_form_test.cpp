#include "agent/request_form.h"

#include <doctest/doctest.h>

using namespace llmc;
using namespace llmc::agent;
using base::Json;
using base::OrderedJson;

namespace {

constexpr const char* kFormTools = R"([
  {"type": "function", "function": {"name": "look_up", "description": "Finds it", "parameters": {"type": "object",
    "properties": {"q": {"$ref": "#/$defs/word"}}, "required": ["q"], "$defs": {"word": {"type": "string"}}}}},
  {"type": "function", "function": {"name": "DONE"}}])";

suite::Task demand_of(bool has_output, bool has_tools, bool is_loop = false) {
    suite::Task task;
    auto script = std::make_shared<suite::Script>();
    if (is_loop) script->loop.emplace();
    task.script = script;
    task.messages = std::make_shared<const std::vector<openai::Message>>();
    task.tools = std::make_shared<const Json>(has_tools ? Json::parse(kFormTools) : Json());
    task.response_format = std::make_shared<const OrderedJson>();
    if (has_output)
        task.output = std::make_shared<const suite::Output>(
            suite::Output{"plan", OrderedJson::parse(R"({"type": "object", "properties": {"b": {}, "a": {}}})")});
    return task;
}

openai::ChatRequest put(RequestForm form, const suite::Task& task, const Json& choice = nullptr,
                        std::vector<openai::Message> messages = {{.role = "user", .content = "Go."}}) {
    openai::ChatRequest request;
    request.messages = std::move(messages);
    put_demand(form, task, choice, request);
    return request;
}

session::AnswerSettings in_form(const char* form) {
    session::AnswerSettings settings;
    settings.request_form = form;
    return settings;
}

}  // namespace

TEST_CASE("a schema is asked for as a response format, as the parameters of a tool, or in words") {
    const suite::Task task = demand_of(true, false);
    for (const RequestForm form : {RequestForm::native, RequestForm::schema}) {
        const auto request = put(form, task);
        CHECK(base::dump_json(request.response_format) ==
              R"({"type":"json_schema","json_schema":{"name":"plan","strict":true,)"
              R"("schema":{"type":"object","properties":{"b":{},"a":{}}}}})");
        CHECK(request.tools.is_null());
        CHECK(request.messages.size() == 1);
    }
    const auto tool = put(RequestForm::tool, task);
    CHECK(
        base::dump_json(tool.tools) ==
        R"([{"type":"function","function":{"name":"plan","parameters":{"type":"object","properties":{"b":{},"a":{}}}}}])");
    CHECK(tool.tool_choice == "required");
    CHECK(tool.response_format.is_null());
    const auto words = put(RequestForm::prompt, task);
    CHECK(words.tools.is_null());
    CHECK(words.response_format.is_null());
    REQUIRE(words.messages.size() == 2);
    CHECK(words.messages[0].role == "system");
    CHECK(words.messages[0].content.ends_with(R"({"type":"object","properties":{"b":{},"a":{}}})"));
}

TEST_CASE("tools are asked for as they are, as a list of actions, or in words") {
    suite::Task task = demand_of(false, true);
    task.parallel_tool_calls = false;
    for (const RequestForm form : {RequestForm::native, RequestForm::tool}) {
        const auto request = put(form, task, "required");
        CHECK(request.tools == OrderedJson(*task.tools));
        CHECK(request.tool_choice == "required");
        CHECK(request.parallel_tool_calls == false);
        CHECK(request.response_format.is_null());
    }
    const auto schema = put(RequestForm::schema, task, "required");
    CHECK(schema.tools.is_null());
    CHECK(schema.tool_choice.is_null());
    CHECK_FALSE(schema.parallel_tool_calls.has_value());
    CHECK(
        base::dump_json(schema.response_format["json_schema"]["schema"]) ==
        R"({"type":"object","properties":{"reasoning":{"type":"string"},"actions":{"type":"array","items":{"oneOf":[)"
        R"({"type":"object","description":"Finds it","properties":{"tool_name":{"const":"look_up"},"q":{"type":"string"}},)"
        R"("required":["tool_name","q"],"additionalProperties":false},)"
        R"({"type":"object","properties":{"tool_name":{"const":"DONE"}},"required":["tool_name"],"additionalProperties":false}]},)"
        R"("minItems":1,"maxItems":1},"final_response":{"type":"string"}},"required":["reasoning","actions"],"additionalProperties":false})");
    const auto prompt = put(RequestForm::prompt, task, nullptr,
                            {{.role = "system", .content = "Be short."}, {.role = "user", .content = "Go."}});
    CHECK(prompt.tools.is_null());
    CHECK(prompt.messages[0].content.starts_with("Be short.\n\nYou can call tools."));
    CHECK(prompt.messages[0].content.find(R"({"tool_calls": [{"name": "NAME", "arguments": {}}]})") !=
          std::string::npos);
    CHECK(prompt.messages[0].content.find(R"("description":"Finds it")") != std::string::npos);

    // A loop may end with no action; where no call is allowed nothing is asked for.
    const suite::Task loop = demand_of(false, true, true);
    const OrderedJson free = put(RequestForm::schema, loop).response_format;
    CHECK_FALSE(free["json_schema"]["schema"]["properties"]["actions"].contains("minItems"));
    CHECK(put(RequestForm::schema, loop, "none").response_format.is_null());
    CHECK(put(RequestForm::prompt, loop, "none").messages.size() == 1);
    const Json forced = {{"type", "function"}, {"function", {{"name", "DONE"}}}};
    const OrderedJson one = put(RequestForm::schema, loop, forced).response_format;
    CHECK(one["json_schema"]["schema"]["properties"]["actions"]["items"]["oneOf"].size() == 1);
}

TEST_CASE("what a form cannot put is said, and is asked natively where somebody asks all the same") {
    const suite::Task both = demand_of(true, true), neither = demand_of(false, false);
    CHECK_FALSE(form_fault(RequestForm::native, both));
    for (const RequestForm form : {RequestForm::tool, RequestForm::schema, RequestForm::prompt}) {
        REQUIRE(form_fault(form, both));
        CHECK(form_fault(form, both)->find("only the form native") != std::string::npos);
        CHECK_FALSE(form_fault(form, neither));
        CHECK(form_of(in_form(std::string(request_form_name(form)).c_str()), both) == RequestForm::native);
        CHECK(form_of(in_form(std::string(request_form_name(form)).c_str()), demand_of(true, false)) == form);
    }
    suite::Task round = demand_of(false, true);
    round.tools = std::make_shared<const Json>(Json::parse(R"([{"type": "function", "function": {"name": "tree",
        "parameters": {"type": "object", "properties": {"of": {"$ref": "#"}}}}}])"));
    CHECK(form_fault(RequestForm::schema, round) ==
          "cannot be asked in the form schema: the parameters of tree contain themselves");
    CHECK_FALSE(form_fault(RequestForm::prompt, round));
}

TEST_CASE("where calls are text, a history has texts: the calls as they are written, and results as the user's") {
    const std::vector<openai::Message> history = {
        {.role = "user", .content = "Go."},
        {.role = "assistant", .content = "", .tool_calls = {{"1", "look_up", R"({"q": "a"})"}, {"2", "DONE", "{}"}}},
        {.role = "tool", .content = "A", .tool_call_id = "1"},
        {.role = "tool", .content = "B", .tool_call_id = "2"},
        {.role = "assistant", .content = "As it was.", .tool_calls = {{"3", "look_up", "{}"}}},
        {.role = "tool", .content = "C", .tool_call_id = "3"}};
    const auto said = put(RequestForm::schema, demand_of(false, true), nullptr, history).messages;
    REQUIRE(said.size() == 5);
    CHECK(said[1].content == R"({"reasoning":"","actions":[{"tool_name":"look_up","q":"a"},{"tool_name":"DONE"}]})");
    CHECK(said[2].role == "user");
    CHECK(said[2].content == "Result of look_up: A\n\nResult of DONE: B");
    CHECK(said[3].content == "As it was.");
    CHECK(said[3].tool_calls.empty());
    CHECK(said[4].content == "Result of look_up: C");
    const auto words = put(RequestForm::prompt, demand_of(false, true), nullptr, history).messages;
    CHECK(words[2].content ==
          R"({"tool_calls":[{"name":"look_up","arguments":{"q":"a"}},{"name":"DONE","arguments":{}}]})");
}

TEST_CASE("the JSON that was asked for is found in the text, in a fence, in the reasoning, in the call") {
    CHECK(find_output(R"({"a": 1})", "").text == R"({"a": 1})");
    CHECK(find_output("```json\n{\"a\": 1}\n```\n", "").text == R"({"a": 1})");
    CHECK(find_output("Here: {}", "").text == "Here: {}");
    const FoundOutput thought = find_output("", "I think.\n{\n  \"a\": 1\n}");
    CHECK(thought.is_in_reasoning);
    CHECK(thought.text == "{\n  \"a\": 1\n}");
    CHECK(find_output("", "```\n[1]\n```").text == "[1]");
    CHECK(find_output("prose", R"({"a": 1})").is_in_reasoning);
    CHECK_FALSE(find_output("[2]", R"({"a": 1})").is_in_reasoning);
    CHECK(find_output("", "nothing").text.empty());

    const suite::Task task = demand_of(true, false);
    std::vector<openai::ToolCall> calls = {{"1", "other", "{}"}, {"2", "plan", R"({"a": 1})"}};
    CHECK_FALSE(take_output_call(RequestForm::native, task, calls));
    CHECK(take_output_call(RequestForm::tool, task, calls) == R"({"a": 1})");
    CHECK(calls.size() == 1);
    calls = {{"2", "plan", R"({"a": )"}};
    CHECK_FALSE(take_output_call(RequestForm::tool, task, calls));
    CHECK(calls.size() == 1);
}

TEST_CASE("calls are found in the text that a form asked for, and nowhere else") {
    const suite::Task task = demand_of(false, true);
    const std::string actions =
        R"({"reasoning": "r", "actions": [{"tool_name": "look_up", "q": "a"}, {"no": 1}, 3, {"tool_name": "DONE"}]})";
    CHECK_FALSE(find_calls(RequestForm::native, task, actions, ""));
    auto found = find_calls(RequestForm::schema, task, actions, "");
    REQUIRE(found);
    REQUIRE(found->calls.size() == 2);
    CHECK(found->calls[0] == openai::ToolCall{"", "look_up", R"({"q":"a"})"});
    CHECK(found->calls[1] == openai::ToolCall{"", "DONE", "{}"});
    CHECK_FALSE(found->is_in_reasoning);
    CHECK(find_calls(RequestForm::schema, task, " ", actions)->is_in_reasoning);
    CHECK(find_calls(RequestForm::prompt, task, actions, "")->calls.empty());
    const std::string words =
        "```json\n{\"tool_calls\": [{\"name\": \"look_up\", \"arguments\": \"{\\\"q\\\": 1}\"}, {\"name\": "
        "\"DONE\"}]}\n```";
    found = find_calls(RequestForm::prompt, task, words, "");
    REQUIRE(found->calls.size() == 2);
    CHECK(found->calls[0].arguments == R"({"q": 1})");
    for (const char* none : {"", "text", "{\"tool_calls\": [", R"({"tool_calls": 3})", R"([{"name": "DONE"}])"})
        CHECK(find_calls(RequestForm::prompt, task, none, "")->calls.empty());
}
