#include "openai/chat_request.h"

#include <doctest/doctest.h>

using namespace llmc;
using namespace llmc::openai;

TEST_CASE("a request holds what was set and nothing else") {
    CHECK(to_json({.model = "m", .messages = {{.role = "user", .content = "Hi"}}, .asks_for_usage = false}) ==
          R"({"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true})");
    ChatRequest full{.model = "m",
                     .messages = {{.role = "system", .content = "S"}, {.role = "user", .content = "U"}},
                     .settings = {{"temperature", 0.7}, {"top_k", 40}, {"max_tokens", 2048}, {"stop", {"a", "b"}}},
                     .tools = base::Json::array({{{"type", "function"}}}),
                     .response_format = {{"type", "json_object"}}};
    CHECK(to_json(full) ==
          R"({"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"U"}],"stream":true,)"
          R"("stream_options":{"include_usage":true},"temperature":0.7,"top_k":40,"max_tokens":2048,)"
          R"("stop":["a","b"],"tools":[{"type":"function"}],"response_format":{"type":"json_object"}})");
    full.tools = base::Json::array();
    CHECK(to_json(full).find("tools") == std::string::npos);
}

TEST_CASE("tool calls and their answers are sent back as OpenAI wants them") {
    const ChatRequest request{.model = "m",
                              .messages = {{.role = "assistant", .tool_calls = {{"id1", "f", "{\"x\":1}"}}},
                                           {.role = "tool", .content = "{}", .tool_call_id = "id1"},
                                           {.role = "assistant", .content = "text", .tool_calls = {{"id2", "g", ""}}}},
                              .asks_for_usage = false};
    CHECK(base::parse_json(to_json(request)).value()["messages"] == base::parse_json(R"([
        {"role":"assistant","content":null,"tool_calls":[{"id":"id1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
        {"role":"tool","content":"{}","tool_call_id":"id1"},
        {"role":"assistant","content":"text","tool_calls":[{"id":"id2","type":"function","function":{"name":"g","arguments":""}}]}])")
                                                                        .value());
}

TEST_CASE("extra_body sets any field but model, messages and stream") {
    ChatRequest request{.model = "m", .settings = {{"temperature", 0.5}}};
    request.extra_body = {{"temperature", 0}, {"min_p", 0.1},  {"stream", false},
                          {"model", "x"},     {"messages", 7}, {"stream_options", nullptr}};
    CHECK(to_json(request) == R"({"model":"m","messages":[],"stream":true,"temperature":0,"min_p":0.1})");
    CHECK(forbidden_extra_body_keys(request.extra_body) == std::vector<std::string>{"model", "messages", "stream"});
    CHECK(forbidden_extra_body_keys({{"min_p", 0.1}}).empty());
    CHECK(forbidden_extra_body_keys(nullptr).empty());
    request.extra_body = "no object";
    CHECK(to_json(request).find("no object") == std::string::npos);
}

TEST_CASE("the longest answer is sent under one name, and null under none") {
    const auto sent = [](const base::Json& extra, bool renames = false) {
        return to_json({.model = "m",
                        .settings = {{"temperature", 0.5}, {"max_tokens", 9}},
                        .renames_max_tokens = renames,
                        .extra_body = extra,
                        .asks_for_usage = false});
    };
    const std::string begin = R"({"model":"m","messages":[],"stream":true,"temperature":0.5,)";
    CHECK(sent(nullptr) == begin + R"("max_tokens":9})");
    CHECK(sent(nullptr, true) == begin + R"("max_completion_tokens":9})");
    CHECK(sent({{"max_completion_tokens", 5}}) == begin + R"("max_completion_tokens":5})");
    CHECK(sent({{"max_tokens", 5}}, true) == begin + R"("max_completion_tokens":5})");
    CHECK(sent({{"max_completion_tokens", nullptr}}) == begin + R"("max_tokens":9})");
    CHECK(sent({{"max_tokens", nullptr}, {"temperature", nullptr}, {"other", nullptr}}) ==
          R"({"model":"m","messages":[],"stream":true})");
}

TEST_CASE("a request is valid UTF-8 whatever its strings hold") {
    CHECK(to_json({.model = "m\xFF", .messages = {{.role = "user", .content = "a\xC3"}}, .asks_for_usage = false}) ==
          "{\"model\":\"m\uFFFD\",\"messages\":[{\"role\":\"user\",\"content\":\"a\uFFFD\"}],\"stream\":true}");
}
