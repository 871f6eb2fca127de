#include "demo/form_plays.h"

#include <memory>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "demo/chat_call.h"

namespace llmc::demo {
namespace {

using base::Json;

const FormPlay& play_of(std::string_view model) {
    for (const FormPlay& play : form_plays())
        if (play.model == model) return play;
    FAIL("no such model");
    return form_plays().front();
}

Json message(const char* role, const std::string& text) {
    return {{"role", role}, {"content", text}};
}

Json tool(const std::string& name, const char* key) {
    return {
        {"type", "function"},
        {"function",
         {{"name", name},
          {"parameters", {{"type", "object"}, {"required", {key}}, {"properties", {{key, {{"type", "string"}}}}}}}}}};
}

// One question, and what a request adds to it.
Json asks(const Json& more = Json::object(), const std::string& question = "Is the lamp on?") {
    Json body = {{"messages", Json::array({message("user", question)})}};
    body.update(more);
    return body;
}

Json format_of(const Json& schema) {
    return {{"response_format", {{"type", "json_schema"}, {"json_schema", {{"name", "x"}, {"schema", schema}}}}}};
}

const Json kAnswer = {{"type", "object"}, {"required", {"on"}}, {"properties", {{"on", {{"type", "boolean"}}}}}};
const Json kTwoTools = {{"tools", Json::array({tool("find", "name"), tool("show", "text")})}};
const std::string kSchemaWords =
    "Be kind.\n\nAnswer with one JSON value and nothing else: no explanation, no code "
    "fence. It has to fit this JSON Schema:\n" +
    base::dump_json(kAnswer);

std::string tool_words(const std::string& how = "Where no tool is needed, answer with text.") {
    Json definitions = Json::array();
    for (const Json& one : kTwoTools["tools"]) definitions.push_back(one["function"]);
    return "You can call tools. These are the tools:\n" + base::dump_json(definitions) +
           "\n\nTo call tools, answer with this JSON and nothing else, with one entry for each call:\n{\"tool_calls\": "
           "[{\"name\": \"NAME\", \"arguments\": {}}]}\nThe results are told to you after that. " +
           how;
}

Json actions_schema(bool may_be_empty) {
    Json choices = Json::array();
    for (const Json& one : kTwoTools["tools"]) {
        Json schema = one["function"]["parameters"];
        schema["properties"]["tool_name"] = {{"const", one["function"]["name"]}};
        schema["required"].insert(schema["required"].begin(), "tool_name");
        choices.push_back(schema);
    }
    Json actions = {{"type", "array"}, {"items", {{"oneOf", choices}}}};
    if (!may_be_empty) actions["minItems"] = 1;
    return {{"type", "object"},
            {"properties",
             {{"reasoning", {{"type", "string"}}}, {"actions", actions}, {"final_response", {{"type", "string"}}}}},
            {"required", {"reasoning", "actions"}}};
}

std::unique_ptr<Reply> reply_of(std::string_view model, const Json& body) {
    const auto call = read_chat_call(base::dump_json(body));
    REQUIRE_MESSAGE(call, call.error().message);
    const FormPlay& play = play_of(model);
    CHECK_FALSE(refuses(play, call->demand));
    auto reply = std::make_unique<Reply>();
    compose_reply({.id = play.model, .form = &play}, RolePlays(), *call, *reply);
    return reply;
}

// "name arguments", the text, or the reasoning in brackets where there is neither.
std::string said(std::string_view model, const Json& body) {
    const auto reply = reply_of(model, body);
    CHECK(reply->finish_reason == (reply->calls.empty() ? "stop" : "tool_calls"));
    CHECK(reply->calls.size() <= 1);
    if (!reply->calls.empty()) return reply->calls[0].name + " " + reply->calls[0].arguments;
    return reply->text.empty() ? "[" + reply->reasoning + "]" : reply->text;
}

constexpr const char* kProse = "There is little to say about \"lamp\".";

}  // namespace

TEST_CASE("the good one answers every form, and thinks first") {
    for (const auto& [body, right] : {
             std::pair(asks(), kProse),
             {asks(format_of(kAnswer)), R"({"on":true})"},
             {asks({{"response_format", {{"type", "text"}}}}), kProse},
             {asks({{"response_format", {{"type", "json_object"}}}}), "{}"},
             {asks(kTwoTools), R"(find {"name":"lamp"})"},
             {asks({{"tools", kTwoTools["tools"]}, {"tool_choice", "required"}}), R"(find {"name":"lamp"})"},
             {asks({{"tools", kTwoTools["tools"]},
                    {"tool_choice", {{"type", "function"}, {"function", {{"name", "show"}}}}}}),
              R"(show {"text":"lamp"})"},
             {asks({{"tools", kTwoTools["tools"]}, {"tool_choice", "none"}}), kProse},
             {asks({{"messages", Json::array({message("system", kSchemaWords), message("user", "Is it?")})}}),
              R"({"on":true})"},
             {asks({{"messages", Json::array({message("system", tool_words()), message("user", "Is it?")})}}),
              R"({"tool_calls":[{"name":"find","arguments":{"name":"lamp"}}]})"},
         }) {
        CAPTURE(base::dump_json(body));
        CHECK(said("forms-good", body) == right);
        CHECK_FALSE(reply_of("forms-good", body)->reasoning.empty());
    }
    const Json json = base::parse_json(said("forms-good", asks(format_of(actions_schema(false))))).value();
    CHECK(json["actions"] == Json::array({{{"tool_name", "find"}, {"name", "lamp"}}}));
    CHECK_FALSE(json.contains("final_response"));
}

TEST_CASE("with several tools each call has what the one before it gave") {
    Json body = asks(kTwoTools);
    const auto hear = [&](const std::string& result) {
        body["messages"].push_back(message("assistant", ""));
        body["messages"].push_back(message("tool", result));
    };
    hear("the lamp: off");
    CHECK(said("forms-good", body) == R"(show {"text":"the lamp: off"})");
    hear("shown");
    CHECK(said("forms-good", body) == "The result is: shown");
    body["tool_choice"] = "required";
    CHECK(said("forms-good", body) == R"(show {"text":"shown"})");
    body.erase("tool_choice");
    body["messages"].push_back(message("user", "Say that in one sentence."));
    CHECK(said("forms-good", body) == "The result is: shown");
    body["messages"].push_back(message("assistant", "It is shown."));
    body["messages"].push_back(message("user", "And once more, where?"));
    CHECK(said("forms-good", body) == R"(find {"name":"once"})");
}

TEST_CASE("results that are told as words of the user are results, and end a chain too") {
    Json body =
        asks({{"messages", Json::array({message("system", tool_words()), message("user", "Is the lamp on?")})}});
    const auto hear = [&](const std::string& words) {
        body["messages"].push_back(message("assistant", "…"));
        body["messages"].push_back(message("user", words));
    };
    SUBCASE("one after the other") {
        hear("Result of find: the lamp: off");
        CHECK(said("forms-good", body) == R"({"tool_calls":[{"name":"show","arguments":{"text":"the lamp: off"}}]})");
        hear("Result of show: shown");
        CHECK(said("forms-good", body) == "The result is: shown");
        body["messages"].push_back(message("user", "Say that in one sentence."));
        CHECK(said("forms-good", body) == "The result is: shown");
        body["messages"][0] = message("system", tool_words("You have to call a tool now."));
        CHECK(said("forms-good", body) == R"({"tool_calls":[{"name":"show","arguments":{"text":"shown"}}]})");
    }
    SUBCASE("two at once") {
        hear("Result of find: a\n\nResult of show: b");
        CHECK(said("forms-good", body) == "The result is: b");
    }
    SUBCASE("as actions") {
        body["messages"].erase(0);
        body.update(format_of(actions_schema(true)));
        hear("Result of find: off");
        CHECK(base::parse_json(said("forms-good", body)).value()["actions"][0]["text"] == "off");
        hear("Result of show: shown");
        const Json last = base::parse_json(said("forms-good", body)).value();
        CHECK(last["actions"] == Json::array());
        CHECK(last["final_response"] == "The result is: shown");
    }
    SUBCASE("a question that begins like one is none") {
        CHECK(said("forms-good", asks(Json::object(), "Result of f: lamps")) ==
              "There is little to say about \"Result\".");
    }
}

TEST_CASE("each of the others is wrong in its own way, and right otherwise") {
    const Json schema = asks(format_of(kAnswer)), tools = asks(kTwoTools);
    const Json in_words =
        asks({{"messages", Json::array({message("system", kSchemaWords), message("user", "lamp?")})}});
    const Json call_in_words =
        asks({{"messages", Json::array({message("system", tool_words()), message("user", "lamp?")})}});
    const std::string call = R"(find {"name":"lamp"})", json = R"({"on":true})";
    const std::string call_as_json = R"({"tool_calls":[{"name":"find","arguments":{"name":"lamp"}}]})";
    struct Row {
        const char* model;
        std::string plain, schema, tools, in_words, call_in_words;
    };
    const std::string in_brackets = "[" + json + "]", nothing = "[]";
    for (const Row& row : {
             Row{"forms-good", kProse, json, call, json, call_as_json},
             {"forms-reasoning", kProse, in_brackets, call, in_brackets, "[" + call_as_json + "]"},
             {"forms-suppressed", kProse, json, call, json, call_as_json},
             {"forms-ignores", kProse, kProse, kProse, kProse, kProse},
             {"forms-leaks", kProse, json, R"(<tool_call>{"name":"find","arguments":{"name":"lamp"}}</tool_call>)",
              json, call_as_json},
             {"forms-empty", kProse, nothing, nothing, json, call_as_json},
             {"forms-refuses", kProse, "", "", json, call_as_json},
         }) {
        CAPTURE(row.model);
        CHECK(said(row.model, asks()) == row.plain);
        CHECK_FALSE(reply_of(row.model, asks())->reasoning.empty());
        CHECK(said(row.model, in_words) == row.in_words);
        CHECK(said(row.model, call_in_words) == row.call_in_words);
        if (row.schema.empty()) {
            for (const Json& body : {schema, tools})
                CHECK(refuses(play_of(row.model), read_chat_call(base::dump_json(body))->demand));
            continue;
        }
        CHECK(said(row.model, schema) == row.schema);
        CHECK(said(row.model, tools) == row.tools);
        const bool thinks = std::string_view(row.model) != "forms-suppressed" && row.schema != nothing;
        for (const Json& body : {schema, tools}) CHECK(reply_of(row.model, body)->reasoning.empty() != thinks);
        CHECK(reply_of(row.model, in_words)->reasoning.empty() == (std::string_view(row.model) == "forms-suppressed"));
    }
    CHECK(form_plays().size() == 7);
}

TEST_CASE("a demand of any shape is read") {
    for (
        const char* more :
        {R"("tools": [1, {}, {"function": 2}, {"function": {"name": "f", "parameters": 7}}])",
         R"("tools": {}, "tool_choice": [])", R"("response_format": 3)",
         R"("response_format": {"type": "json_schema"})",
         R"("response_format": {"type": "json_schema", "json_schema": {"schema": {"properties": {"reasoning": 1, "final_response": 1, "actions": {"items": {"oneOf": [1, {}]}}}}}})",
         R"("tool_choice": {"function": {"name": 5}}, "tools": [{"function": {"name": "f"}}])"}) {
        CAPTURE(more);
        const auto call = read_chat_call(fmt::format(
            R"({{"messages": [1, {{"role": "system", "content": "the tools:\n[1]\nJSON Schema:\n{{"}}], {}}})", more));
        REQUIRE(call);
        for (const FormPlay& play : form_plays()) (void)answer_form(play, call->demand);
    }
}

}  // namespace llmc::demo
