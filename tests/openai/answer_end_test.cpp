// How an answer ends: errors, [DONE], finish reasons, cuts, limits, and answers that are no event stream.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "base/utf8.h"
#include "support.h"

using namespace llmc;
using namespace llmc::openai;
using namespace llmc::openai::test;

TEST_CASE("an error in the stream fails the answer and keeps its text") {
    struct Case {
        const char* error;
        const char* message;
    };
    for (const Case& c :
         {Case{"data: {\"error\":{\"message\":\"boom\",\"code\":500}}\n\n", "boom"},
          Case{"data: {\"error\":\"boom\"}\n\n", "boom"},
          Case{"event: error\ndata: {\"error\":{\"message\":\"boom\"},\"message\":\"boom\"}\n\n", "boom"},
          Case{"event: error\ndata: boom\n\n", "boom"}, Case{"event: error\ndata: {\"x\":1}\n\n", "{\"x\":1}"},
          Case{"event: error\ndata:\n\n", "without words"},
          Case{"error: {\"code\":500,\"message\":\"boom\"}\n", "boom"},
          Case{"data: {\"object\":\"error\",\"message\":\"boom\",\"code\":400}\n\n", "boom"},
          Case{"data: {\"type\":\"error\",\"message\":\"boom\"}\n\n", "boom"},
          Case{"data: {\"type\":\"BadRequestError\",\"message\":\"boom\"}\n\n", "boom"},
          Case{"data: {\"status\":500,\"message\":\"boom\"}\n\n", "boom"},
          Case{"data: {\"success\":false,\"message\":\"boom\"}\n\n", "boom"},
          Case{"data: {\"base_resp\":{\"status_code\":1027,\"status_msg\":\"boom\"}}\n\n", "boom"},
          Case{"data: {\"choices\":[{\"delta\":{\"content\":\"\"}}],\"base_resp\":{\"status_code\":2013,\"status_msg\":"
               "\"boom\"}}\n\n",
               "boom"},
          Case{"data: {\"base_resp\":{\"status_code\":1000}}\n\n", "status_code 1000"},
          Case{"data: "
               "{\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],\"error\":{\"code\":\"x\","
               "\"message\":\"boom\"}}\n\n",
               "boom"},
          Case{"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n", "finish reason \"error\""},
          Case{"data: {\"error\":{\"message\":\"boom\"}}", "boom"}}) {
        CAPTURE(c.error);
        for (const char* after : {"", "data: [DONE]\n\n"}) {
            if (!std::string_view(c.error).ends_with("\n") && *after) continue;
            const Decoded decoded = decode_both(content("kept") + c.error + after);
            CHECK(decoded.got.text == "kept");
            REQUIRE(decoded.facts.error);
            CHECK(decoded.facts.error->message.find(c.message) != std::string::npos);
            CHECK(decoded.verdict.state == EndState::failed);
        }
    }
    for (const char* falsy : {"null", "false", "0", "\"\"", "{}", "[]"}) {
        CAPTURE(falsy);
        CHECK(
            decode_both(event("{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"error\":" + std::string(falsy) + "}") +
                        finished())
                .verdict.state == EndState::complete);
    }
    CHECK(decode_both(content("a") + finished() + event(R"({"error":"late"})")).verdict.state == EndState::failed);
}

TEST_CASE("events that only say something are progress, and the last of them is told where the stream breaks off") {
    for (const char* progress :
         {R"({"message":"Processing prompt"})", R"({"detail":"queued"})", R"({"status":"loading","progress":0.5})",
          R"({"message":"success"})", R"({"object":"progress","message":"half"})", R"({"code":200,"message":"fine"})",
          R"({"status":200,"message":"fine"})", R"({"success":true,"message":"fine"})", R"({"type":"ping"})",
          R"({"error":null,"message":"fine"})", R"({"base_resp":{"status_code":0,"status_msg":"success"}})",
          R"({"prompt_progress":{"total":9}})", R"({"status":{"stage":1}})", R"({"message":{"role":"assistant"}})"}) {
        CAPTURE(progress);
        for (const std::string& before : {std::string(), content("a")}) {
            const Decoded decoded =
                decode_both(before + event(progress) + content("b") + finished() + std::string(kDone));
            CHECK(decoded.verdict.state == EndState::complete);
            CHECK(decoded.verdict.warnings.empty());
            CHECK(decoded.got.text.ends_with("b"));
        }
    }
    const Decoded cut = decode_both(content("a") + event(R"({"status":"x"})") + event(R"({"detail":"out of memory"})"));
    CHECK(cut.verdict.state == EndState::cut_off);
    CHECK(cut.facts.progress == "out of memory");
}

TEST_CASE("what is quoted of a damaged event is short, one line and valid UTF-8") {
    for (const std::string& damaged :
         {std::string("{\"a\":\"\0\x1b[31m", 12), std::string("{\xFF\xC3"), "{" + std::string(100'000, 'x')}) {
        const Decoded decoded = decode(content("a") + "data: " + damaged + "\n\n");
        REQUIRE(decoded.facts.broken);
        const std::string& words = decoded.facts.broken->message;
        CHECK(base::is_valid_utf8(words));
        CHECK(words.size() < 400);
        CHECK(std::none_of(words.begin(), words.end(), [](unsigned char c) { return c < ' '; }));
    }
}

TEST_CASE("streams and answers of other interfaces are told as what they are") {
    struct Case {
        const char* body;
        const char* name;
    };
    for (const Case& c :
         {Case{"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"role\":\"assistant\"}}\n\n",
               "an Anthropic messages stream"},
          Case{"event: ping\ndata: {\"type\": \"ping\"}\n\nevent: content_block_delta\ndata: "
               "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n",
               "an Anthropic messages stream"},
          Case{"event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"status\":\"x\"}}\n\n",
               "an OpenAI Responses stream"},
          Case{"data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}\n\n", "a Gemini answer"},
          Case{"event: chat.start\ndata: {\"type\":\"chat.start\"}\n\n", "LM Studio"},
          Case{"{\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}", "an Anthropic messages answer"},
          Case{"{\"object\":\"response\",\"output\":[]}", "an OpenAI Responses answer"},
          Case{"{\"model\":\"m\",\"message\":{\"content\":\"Hi\"},\"done\":true}", "Ollama"},
          Case{"{\"content\":\"Hi\",\"stop\":true}", "llama-server"}}) {
        CAPTURE(c.body);
        const Decoded decoded = decode_both(c.body);
        CHECK(decoded.verdict.state == EndState::failed);
        REQUIRE(decoded.facts.broken);
        CHECK(decoded.facts.broken->kind == ErrorKind::protocol);
        CHECK(decoded.facts.broken->message.find(c.name) != std::string::npos);
        CHECK(decoded.facts.broken->message.find("not an OpenAI chat") != std::string::npos);
    }
    // Anthropic's own error is one; and nothing of it matters after an answer has begun.
    CHECK(decode("event: error\ndata: "
                 "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
                 "\n\n")
              .facts.error->message == "Overloaded");
    CHECK(decode_both(content("a") + event(R"({"type":"response.done"})") + finished()).verdict.state ==
          EndState::complete);
}

TEST_CASE("an answer in UTF-16 is told as that, with a mark and without one; lines may end with CR alone") {
    const std::string stream = content("a") + finished() + std::string(kDone);
    for (const bool is_big : {false, true})
        for (const bool has_mark : {false, true})
            for (const char* type : {"text/event-stream", "application/json", ""})
                for (const std::size_t piece : {0U, 1U}) {
                    std::string wide = !has_mark ? "" : is_big ? "\xFE\xFF" : "\xFF\xFE";
                    for (const char c : stream) wide += is_big ? std::string{'\0', c} : std::string{c, '\0'};
                    const Decoded decoded = decode(wide, piece, type);
                    CHECK(decoded.verdict.state == EndState::failed);
                    REQUIRE(decoded.facts.broken);
                    CHECK(decoded.facts.broken->message.find("UTF-16") != std::string::npos);
                }
    std::string returns = stream;
    std::replace(returns.begin(), returns.end(), '\n', '\r');
    for (const char* type : {"text/event-stream", ""})
        for (const std::size_t piece : {0U, 1U, 3U}) {
            const Decoded decoded = decode(returns, piece, type);
            CHECK(decoded.got.text == "a");
            CHECK(decoded.facts.is_done);
            CHECK(decoded.verdict.state == EndState::complete);
        }
}

TEST_CASE("nothing is wanted after [DONE] or an error, but everything after a finish reason") {
    Collected got;
    AnswerDecoder decoder;
    CHECK(decoder.feed(content("a") + finished(), got));
    CHECK(decoder.feed(event(R"({"choices":[],"usage":{"prompt_tokens":1}})"), got));
    CHECK_FALSE(decoder.feed(std::string(kDone) + content("b"), got));
    CHECK_FALSE(decoder.feed(content("c"), got));
    decoder.finish(got);
    CHECK(got.text == "a");
    CHECK(decoder.facts().usage.prompt_tokens == 1);
    AnswerDecoder failed;
    CHECK_FALSE(failed.feed(event(R"({"error":"x"})"), got));
}

TEST_CASE(
    "[DONE] is known with blanks around it, and is none with words; a last event without its blank line counts when it "
    "is whole") {
    for (const char* done :
         {"data: [DONE]\n\n", "data:[DONE]\n\n", "data:  [DONE] \n\n", "data: [DONE]", "data: [DONE]\n"}) {
        CAPTURE(done);
        CHECK(decode_both(content("a") + done).facts.is_done);
    }
    for (const char* odd : {"data: [DONE] bye\n\n", "data: [DONE]x\n\n", "data: [DONE]x", "data: [DONE][DONE]\n\n"}) {
        CAPTURE(odd);
        for (const std::string& before : {content("a"), content("a") + finished()}) {
            const Decoded decoded = decode_both(before + odd);
            CHECK_FALSE(decoded.facts.is_done);
            CHECK(decoded.verdict.state == EndState::failed);
            CHECK(decoded.got.text == "a");
        }
    }
    CHECK_FALSE(decode_both(content("a") + "data: [DONE").facts.is_done);
    CHECK(decode_both(content("a") + "data: [DONE").facts.is_truncated);
    std::string last = content("b");
    last.erase(last.find_last_not_of('\n') + 1);
    CHECK(decode_both(content("a") + last).got.text == "ab");
    const Decoded cut = decode_both(content("a") + last.substr(0, last.size() - 1));
    CHECK(cut.got.text == "a");
    CHECK(cut.facts.is_truncated);
    CHECK(cut.facts.warnings.empty());
    const Decoded cut_error = decode_both(content("a") + "event: error\ndata: {\"message\":\"bo");
    CHECK(cut_error.facts.is_truncated);
    CHECK(cut_error.verdict.state == EndState::cut_off);
}

TEST_CASE("events without a blank line between them are kept apart, one JSON over several lines is kept together") {
    const auto line = [](const std::string& text) {
        std::string event_text = content(text);
        event_text.pop_back();
        return event_text;
    };
    CHECK(decode_both(line("a") + line("b") + "data: ping\n" + line("c") + "data: \n" + line("d") + "data: [DONE]")
              .got.text == "abcd");
    CHECK(decode_both("data: {\"choices\":[\ndata: {\"delta\":{\"content\":\"a\"}}\ndata: ]}\n\n" + content("b") +
                      finished())
              .got.text == "ab");
}

TEST_CASE("an end is judged by what arrived, not by the connection") {
    struct Case {
        std::string stream;
        EndState state;
        const char* warning;
    };
    const std::string done(kDone);
    for (const Case& c :
         {Case{content("a") + finished(), EndState::complete, nullptr},
          Case{content("a") + finished() + done, EndState::complete, nullptr},
          Case{content("a") + finished("length"), EndState::complete,
               "stopped at the token limit (finish reason length)"},
          Case{delta(R"("reasoning":"r")") + finished(), EndState::complete, nullptr},
          Case{delta(R"("tool_calls":[{"function":{"name":"f"}}])") + finished("tool_calls"), EndState::complete,
               nullptr},
          Case{content("a") + done, EndState::complete, "no finish reason"},
          Case{delta(R"("tool_calls":[{"function":{"name":"f"}}])") + done, EndState::complete, "no finish reason"},
          Case{finished(), EndState::empty, nullptr}, Case{done, EndState::empty, nullptr},
          Case{content("a"), EndState::cut_off, nullptr}, Case{"", EndState::cut_off, nullptr},
          Case{event("{}"), EndState::cut_off, nullptr}, Case{": ping\n\n", EndState::cut_off, nullptr}}) {
        CAPTURE(c.stream);
        const Decoded decoded = decode_both(c.stream);
        for (const bool transport_ok : {true, false}) {
            const EndVerdict verdict = judge_end(decoded.facts, transport_ok);
            CHECK(verdict.state == c.state);
            CHECK(verdict.warnings == (c.warning ? std::vector<std::string>{c.warning} : std::vector<std::string>{}));
        }
    }
}

TEST_CASE("an answer that is no event stream is read whole") {
    const std::string json = R"({"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant",
        "content":"Hi \ud83d\ude00","reasoning_content":"r","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}}],
        "usage":{"prompt_tokens":1,"completion_tokens":2}})";
    for (const char* type : {"application/json", "text/event-stream", "", "text/plain; charset=utf-8"}) {
        for (const std::size_t piece : {0U, 1U, 9U}) {
            const Decoded decoded = decode("\xEF\xBB\xBF \r\n" + json + "\n", piece, type);
            CHECK(decoded.got.text == "Hi \U0001F600");
            CHECK(decoded.got.reasoning == "r");
            CHECK(decoded.facts.tool_calls == std::vector<ToolCall>{{"a", "f", "{}"}});
            CHECK(decoded.facts.usage == Usage{1, 2, {}, {}});
            CHECK(decoded.facts.reported_model == "m");
            CHECK(decoded.verdict.state == EndState::complete);
            CHECK(decoded.verdict.warnings.empty());
        }
        const Decoded cut = decode(json.substr(0, json.size() - 2), 0, type);
        CHECK(cut.got.text.empty());
        CHECK(cut.facts.is_truncated);
        CHECK(cut.verdict.state == EndState::cut_off);
    }
    struct Case {
        const char* body;
        const char* words;
        ErrorKind kind;
    };
    for (const Case& c : {Case{R"-({"error":"Unexpected endpoint or method. (POST /v1/x)"})-", "Unexpected endpoint",
                               ErrorKind::server_error},
                          Case{R"({"error":{"message":"boom"}})", "boom", ErrorKind::server_error},
                          Case{R"({"detail":"Not Found"})", "Not Found", ErrorKind::server_error},
                          Case{"<html><title>Sign in</title></html>", "Sign in", ErrorKind::protocol},
                          Case{R"({"hello":1})", "{\"hello\":1}", ErrorKind::protocol},
                          Case{R"({"choices":[]})", "OpenAI format", ErrorKind::protocol},
                          Case{"Ollama is running", "Ollama is running", ErrorKind::protocol}}) {
        CAPTURE(c.body);
        for (const std::size_t piece : {0U, 1U}) {
            const Decoded decoded = decode(c.body, piece, "application/json");
            CHECK(decoded.verdict.state == EndState::failed);
            const auto kind = decoded.facts.error ? decoded.facts.error->kind : decoded.facts.broken->kind;
            const auto message = decoded.facts.error ? decoded.facts.error->message : decoded.facts.broken->message;
            CHECK(kind == c.kind);
            CHECK(message.find(c.words) != std::string::npos);
        }
    }
    CHECK(decode("", 0, "application/json").verdict.state == EndState::cut_off);
}

TEST_CASE("an event stream under another content type is known by its first bytes") {
    for (const char* type : {"", "application/json", "text/plain", "application/octet-stream"})
        for (const char* start : {"", ": ping\n\n", "event: x\n", "id: 1\n", "retry: 5\n\n", "\n\n", "\xEF\xBB\xBF"})
            for (const std::size_t piece : {0U, 1U, 2U})
                CHECK(decode(start + content("a") + finished(), piece, type).got.text == "a");
    CHECK(decode(content("a") + finished(), 1, "Text/Event-Stream; charset=utf-8").got.text == "a");
    CHECK(decode(std::string(100'000, '\n') + content("a") + finished(), 1).got.text == "a");
}

TEST_CASE("a whole message in a stream counts only where no deltas came before it") {
    const std::string whole = event(R"({"choices":[{"message":{"content":"all of it"},"finish_reason":"stop"}]})");
    CHECK(decode_both(whole + whole).got.text == "all of it");
    CHECK(decode_both(content("all ") + content("of it") + whole).got.text == "all of it");
    CHECK(decode_both(event(R"({"choices":[{"message":{"content":"so far"},"delta":{"content":"a"}}]})") + finished())
              .got.text == "a");
    CHECK(decode_both(event(R"({"choices":[{"delta":{"content":"a"},"message":{"content":"so far"}}]})") + finished())
              .got.text == "a");
}

TEST_CASE("limits end the answer and are named") {
    Collected small;
    small.text_limit = 3;
    AnswerDecoder decoder;
    CHECK_FALSE(decoder.feed(content("ab") + content("cd") + content("e"), small));
    decoder.finish(small);
    CHECK(small.text == "ab");
    REQUIRE(decoder.facts().broken);
    CHECK(decoder.facts().broken->kind == ErrorKind::limit);
    CHECK(judge_end(decoder.facts(), true).state == EndState::failed);

    const std::string part(1 << 20, 'x');
    for (const char* start : {"data: {\"x\":\"", "{\"x\":\""}) {
        AnswerDecoder long_one;
        Collected got;
        bool goes_on = long_one.feed(start, got);
        for (int i = 0; i < 17 && goes_on; ++i) goes_on = long_one.feed(part, got);
        CHECK_FALSE(goes_on);
        REQUIRE(long_one.facts().broken);
        CHECK(long_one.facts().broken->kind == ErrorKind::limit);
        CHECK(long_one.facts().broken->message.find("16 MiB") != std::string::npos);
    }
}

TEST_CASE("chunks and errors of very many values end in a limit or a warning, and are not read into memory") {
    const auto list = [](const char* first, const char* next) { return "[" + (first + repeated(next, 1 << 20)) + "]"; };
    for (const std::string& delta :
         {R"("content":)" + list(R"("")", R"(,"")"), R"("content":)" + list("{}", ",{}"),
          R"("tool_calls":)" + list("{}", ",{}"),
          R"("content":[{"type":"thinking","thinking":)" + list(R"({"text":""})", R"(,{"text":""})") + "}]"}) {
        const std::string chunk = R"({"choices":[{"index":0,"delta":{)" + delta + "}}]}";
        for (const Decoded& decoded : {decode(content("a") + event(chunk)), decode(chunk, 0, "application/json")}) {
            REQUIRE(decoded.facts.broken);
            CHECK(decoded.facts.broken->kind == ErrorKind::limit);
            CHECK(decoded.facts.broken->message.find("10 000 parts") != std::string::npos);
        }
    }
    CHECK(decode(content("a") + event(R"({"x":)" + list("0", ",{}") + "}") + content("b") + finished())
              .facts.warnings.size() == 1);
    const Decoded error = decode(content("a") + event(R"({"error":)" + list("0", ",{}") + "}"));
    REQUIRE(error.facts.error);
    CHECK(error.facts.error->message.size() <= 2000);
}

// What grew with the square of it would take hours: the time limit of the test ends it.
TEST_CASE("JSON of any depth and shape is read in linear time and without a crash") {
    const std::string deep(1'000'000, '[');
    const std::string closed = deep + std::string(1'000'000, ']');
    std::string objects;
    for (int i = 0; i < 1'000'000; ++i) objects += "{\"choices\":";
    for (const std::string& bomb :
         {deep, closed, objects, "{\"x\":" + closed + "}", "{\"choices\":[{\"delta\":{\"content\":" + closed + "}}]}",
          "{\"error\":" + closed + "}", "{\"choices\":" + closed + "}", "{\"usage\":" + deep + "}",
          "{\"choices\":[{\"delta\":{\"tool_calls\":" + closed + "}}]}", "{" + std::string(1'000'000, '"') + "}",
          "{\"a\":\"" + std::string(1'000'000, '\\') + "\"}"}) {
        const Decoded decoded = decode(content("a") + event(bomb) + content("b"));
        CHECK(decoded.got.text.starts_with("a"));
        decode(bomb, 0, "application/json");
    }
}

TEST_CASE("a copy goes on by itself") {
    Collected got;
    AnswerDecoder decoder;
    CHECK(decoder.feed(content("<think>r</th") + "data: {\"choices\":[{\"delta\":{\"content\":\"ink>x", got));
    AnswerDecoder copy = decoder;
    AnswerDecoder assigned;
    assigned = copy;
    Collected of_copy, of_assigned;
    CHECK(copy.feed("y\"}}]}\n\n" + finished(), of_copy));
    CHECK(assigned.feed("z\"}}]}\n\n" + finished(), of_assigned));
    CHECK(of_copy.text == "xy");
    CHECK(of_assigned.text == "xz");
    AnswerDecoder moved = std::move(copy);
    CHECK(moved.facts().finish_reason == "stop");
    decoder.finish(got);
    CHECK(got.text.empty());
    CHECK(got.reasoning == "r");
}

TEST_CASE("recorded answers of llama-server are read to their end") {
    struct Case {
        const char* name;
        EndState state;
        const char* finish_reason;
    };
    for (const Case& c : {Case{"llama-server/chat-stream-usage.http", EndState::complete, "length"},
                          Case{"llama-server/chat-stream-stop.http", EndState::complete, "stop"},
                          Case{"llama-server/chat-stream-n2.http", EndState::complete, "length"},
                          Case{"llama-server/chat-stream-logprobs.http", EndState::complete, "length"},
                          Case{"llama-server/ctx-fill-midstream.http", EndState::complete, "length"},
                          Case{"llama-server/server-sigkill-midstream.http", EndState::cut_off, ""},
                          Case{"llama-server/chat-nonstream.http", EndState::complete, "length"},
                          Case{"smollm2/normal-q4_0.http", EndState::complete, "stop"},
                          Case{"smollm2/normal-no-usage.http", EndState::complete, "stop"},
                          Case{"smollm2/long-400.http", EndState::complete, "length"},
                          Case{"smollm2/long-prompt.http", EndState::complete, "length"},
                          Case{"smollm2/nonstream.http", EndState::complete, "stop"},
                          Case{"smollm2/disconnect-after-20.http", EndState::cut_off, ""}}) {
        CAPTURE(c.name);
        const Response response = read_response(c.name);
        const Decoded decoded = decode(response.body, 0, response.content_type);
        CHECK(decoded.verdict.state == c.state);
        CHECK(decoded.facts.finish_reason == c.finish_reason);
        CHECK(decoded.facts.has_text);
        CHECK_FALSE(decoded.facts.reported_model.empty());
        if (c.state == EndState::complete) CHECK(decoded.facts.timings.output_tokens.value_or(0) > 0);
    }
    const Response nonstream = read_response("smollm2/nonstream.http"),
                   stream = read_response("smollm2/normal-q4_0.http");
    CHECK(decode(nonstream.body, 0, nonstream.content_type).got.text == decode(stream.body).got.text);
}
