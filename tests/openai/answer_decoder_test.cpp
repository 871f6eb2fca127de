#include "openai/answer_decoder.h"

#include <algorithm>
#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "support.h"

using namespace llmc;
using namespace llmc::openai;
using namespace llmc::openai::test;

namespace {

bool has_warning(const std::vector<std::string>& warnings, std::string_view words) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [words](const std::string& w) { return w.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("content is read in all the forms it comes in") {
    struct Case {
        const char* delta;
        const char* text;
        const char* reasoning;
    };
    for (
        const Case& c : {
            Case{R"("content":"Hi")", "Hi", ""},
            Case{R"("role":"assistant","content":null)", "", ""},
            Case{R"("role":"assistant")", "", ""},
            Case{R"("content":"")", "", ""},
            Case{R"("content":7)", "", ""},
            Case{R"("content":"a\n\t\"\\\/\u00e9\u20AC\ud83d\ude00")", "a\n\t\"\\/é€\U0001F600", ""},
            Case{R"("content":"\u0000x")", "", ""},  // compared below
            Case{R"("content":[{"type":"text","text":"a"},{"text":"b","type":"text"},"c",null,{"type":"image_url"}])",
                 "abc", ""},
            Case{
                R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"t"},{"text":"u"}]},{"type":"text","text":"a"}])",
                "a", "tu"},
            Case{R"("content":[{"type":"thinking","thinking":"t"}])", "", "t"},
            Case{R"("content":[{"type":"reasoning","text":"t"}])", "", "t"},
            Case{R"("reasoning_content":"r")", "", "r"},
            Case{R"("reasoning":"r")", "", "r"},
            Case{R"("reasoning":{"text":"r"})", "", "r"},
            Case{R"("reasoning":"r","reasoning_content":"r","content":"t")", "t", "r"},
            Case{R"("reasoning_content":"","reasoning":"r")", "", "r"},
            Case{R"("reasoning_content":null,"reasoning":"r","content":[{"type":"thinking","thinking":"r"}])", "", "r"},
            Case{R"("refusal":"No.")", "No.", ""},
            Case{R"("refusal":null,"content":"x")", "x", ""},
            Case{R"("content":"first","content":"last")", "last", ""},
            Case{R"("con\u0074ent":"escaped name")", "escaped name", ""},
            Case{R"("content":"bad \x escape \u12")", "bad \\x escape \\u12", ""},
        }) {
        CAPTURE(c.delta);
        const Decoded decoded = decode_both(delta(c.delta) + finished());
        if (std::string_view(c.delta).find("\\u0000") != std::string_view::npos)
            CHECK(decoded.got.text == std::string("\0x", 2));
        else
            CHECK(decoded.got.text == c.text);
        CHECK(decoded.got.reasoning == c.reasoning);
        CHECK(decoded.facts.finish_reason == "stop");
    }
}

TEST_CASE("a chunk may lack anything and hold anything") {
    for (const char* odd :
         {R"({})", R"({"choices":null})", R"({"choices":[]})", R"({"choices":{}})", R"({"choices":[null,7,"x",[]]})",
          R"({"choices":[{}]})", R"({"choices":[{"delta":null}]})", R"({"choices":[{"delta":[]}]})",
          R"({"choices":[{"index":0}]})", R"({"type":"ping"})", R"({"choices":[{"finish_reason":7,"delta":{}}]})",
          R"({"choices":[],"usage":7,"timings":[],"model":{},"error":null,"x_groq":null})",
          R"({"choices":[{"delta":{"tool_calls":[null,7,{}]}}],"error":null})"}) {
        CAPTURE(odd);
        const Decoded decoded = decode_both(content("a") + event(odd) + content("b") + finished());
        CHECK(decoded.got.text == "ab");
        CHECK(decoded.verdict.state == EndState::complete);
        CHECK(decoded.facts.events == 4);
        CHECK(decoded.facts.warnings.empty());
    }
}

TEST_CASE(
    "an event that is no JSON object is left out with a warning; damaged JSON fails the answer, never half read") {
    for (const char* odd : {R"(hello)", R"(7)", R"([])", R"("text")"}) {
        CAPTURE(odd);
        const Decoded decoded = decode_both(content("a") + event(odd) + content("b") + finished());
        CHECK(decoded.got.text == "ab");
        CHECK(decoded.facts.events == 3);
        CHECK(has_warning(decoded.facts.warnings, "no chunks of an answer"));
        CHECK(decoded.verdict.state == EndState::complete);
        CHECK_FALSE(decoded.facts.is_truncated);
    }
    for (const char* damaged :
         {R"({"choices":[{"delta":{"content":"X"}})", R"({"choices":[{"delta":{"content":"X"}}]}})",
          R"({"choices":[{"delta":{"content":"X"}}]} x)", R"({"choices":[{"delta":{"content":"X"}}]}{})",
          R"({"choices":[{"delta":{"content":"X"}}],})", R"({"choices":[{"delta":{"content":"X}}]})",
          R"({"choices":[{"delta":{"content" "X"}}]})", R"({'choices':[{'delta':{'content':'X'}}]})", "{\"choices\":[{",
          "[", "{", "[1,2", R"({"status":tru})"}) {
        CAPTURE(damaged);
        for (const std::string& after :
             {content("b") + finished() + std::string(kDone), std::string(kDone), std::string()}) {
            const Decoded decoded = decode_both(content("a") + event(damaged) + after);
            CHECK(decoded.got.text == "a");
            CHECK(decoded.verdict.state == EndState::failed);
            REQUIRE(decoded.facts.broken);
            CHECK(decoded.facts.broken->kind == ErrorKind::protocol);
            CHECK(decoded.facts.broken->message.find("begins like JSON") != std::string::npos);
        }
    }
    const Decoded cut = decode_both(content("a") + "data: {\"choices\":[{");
    CHECK(cut.facts.is_truncated);
    CHECK(cut.verdict.state == EndState::cut_off);
}

TEST_CASE("invalid UTF-8 becomes U+FFFD and the rest of the chunk is kept") {
    const Decoded decoded =
        decode_both(content("right") + delta("\"content\":\"a\xFF\xC3z\"") + content(" again") + finished());
    CHECK(decoded.got.text == "righta\uFFFD\uFFFDz again");
    REQUIRE(decoded.verdict.warnings.size() == 1);
    CHECK(decoded.verdict.warnings[0].find("not UTF-8") != std::string::npos);
    CHECK(decode_both(content("right \uFFFD") + finished()).verdict.warnings.empty());  // the model's own
}

TEST_CASE("a character cut into two surrogate escapes is joined, also across chunks; a lone half becomes U+FFFD") {
    struct Case {
        std::vector<const char*> parts;
        const char* text;
    };
    for (const Case& c :
         {Case{{R"(a\ud83d)", R"(\ude00b)"}, "a\U0001F600b"}, Case{{R"(\ud83d)", "", R"(\ude00)"}, "\U0001F600"},
          Case{{R"(a\ud83d)", "b"}, "a\uFFFDb"}, Case{{R"(a\ud83d)", R"(\nb)"}, "a\uFFFD\nb"},
          Case{{R"(\ude00b)"}, "\uFFFDb"}, Case{{R"(a\ud83d)"}, "a\uFFFD"},
          Case{{R"(\ud83d\ud83d)", R"(\ude00)"}, "\uFFFD\U0001F600"}}) {
        std::string stream, reasoning;
        for (const char* part : c.parts) {
            stream += delta("\"content\":\"" + std::string(part) + "\"");
            reasoning += delta("\"reasoning_content\":\"" + std::string(part) + "\"");
        }
        CAPTURE(c.text);
        CHECK(decode_both(stream + finished()).got.text == c.text);
        CHECK(decode_both(reasoning + finished()).got.reasoning == c.text);
        CHECK(std::string_view(c.text).starts_with(decode(stream).got.text));  // cut off: still a prefix
    }
    const std::string mixed =
        delta(R"("content":"\ud83d")") + delta(R"("reasoning":"r")") + delta(R"("content":"\ude00")");
    CHECK(decode_both(mixed + finished()).got.text == "\U0001F600");
}

TEST_CASE("token chunks say what they brought, also where the text is held back") {
    const Decoded decoded =
        decode(delta(R"("role":"assistant","content":"")") + content("<thi") + content("nk>") + content("a") +
               content("</think>b") + delta(R"("reasoning":"r","content":"t")") +
               delta(R"("tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}])") + finished());
    REQUIRE(decoded.got.tokens.size() == 6);
    const auto is = [&](std::size_t i, bool text, bool reasoning, bool tool) {
        const TokenChunk& t = decoded.got.tokens[i];
        return t.has_text == text && t.has_reasoning == reasoning && t.has_tool_call == tool;
    };
    CHECK(is(0, false, false, false));
    CHECK(is(1, false, false, false));
    CHECK(is(2, false, true, false));
    CHECK(is(3, true, false, false));
    CHECK(is(4, true, true, false));
    CHECK(is(5, false, false, true));
}

TEST_CASE("only choice 0 is kept, wherever its index stands") {
    const Decoded decoded = decode_both(
        event(R"({"choices":[{"delta":{"content":"no"},"index":1},{"delta":{"content":"yes"},"index":0}]})") +
        finished() + event(R"({"choices":[{"delta":{"content":"no"},"finish_reason":"length","index":2}]})"));
    CHECK(decoded.got.text == "yes");
    CHECK(decoded.facts.finish_reason == "stop");
    CHECK(decoded.facts.warnings.size() == 1);
    CHECK(has_warning(decoded.facts.warnings, "more than one choice"));
}

TEST_CASE("choices whose index is no zero are left out with a warning, however it is written") {
    for (const char* index : {"1", "-1", "7", "1e300", "99999999999999999999999", "0.5", "\"one\"", "\"1\"", "\"-0x\"",
                              "true", "[]", "{}", "\"\""}) {
        CAPTURE(index);
        const std::string other = event("{\"choices\":[{\"index\":" + std::string(index) +
                                        R"(,"delta":{"content":"no"},"finish_reason":"length"}]})");
        const Decoded decoded = decode_both(content("yes") + other + finished());
        CHECK(decoded.got.text == "yes");
        CHECK(decoded.facts.finish_reason == "stop");
        CHECK(has_warning(decoded.facts.warnings, "more than one choice"));
    }
    for (const char* index : {"0", "0.0", "null", "\"0\""}) {
        CAPTURE(index);
        const Decoded decoded = decode_both(
            event("{\"choices\":[{\"index\":" + std::string(index) + R"(,"delta":{"content":"yes"}}]})") + finished());
        CHECK(decoded.got.text == "yes");
        CHECK(decoded.facts.warnings.empty());
    }
}

TEST_CASE("a refusal is the text, with a warning") {
    const Decoded decoded = decode_both(delta(R"("refusal":"I can")") + delta(R"("refusal":"not.")") + finished());
    CHECK(decoded.got.text == "I cannot.");
    CHECK(has_warning(decoded.facts.warnings, "refused"));
}

TEST_CASE("fragments of tool calls are joined as each server numbers them") {
    const auto calls = [](std::vector<const char*> fragments) {
        std::string stream;
        for (const char* fragment : fragments) stream += delta("\"tool_calls\":[" + std::string(fragment) + "]");
        return decode_both(stream + finished("tool_calls"));
    };
    using Calls = std::vector<ToolCall>;
    // OpenAI: the index; id and name once.
    CHECK(calls({R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}})",
                 R"({"index":0,"function":{"arguments":"{\"x\":"}})",
                 R"({"index":1,"id":"b","function":{"name":"g","arguments":"{}"}})",
                 R"({"index":0,"function":{"arguments":"1}"}})"})
              .facts.tool_calls == Calls{{"a", "f", "{\"x\":1}"}, {"b", "g", "{}"}});
    // Index order, not order of arrival; absurd indexes cost nothing.
    CHECK(calls({R"({"index":900000000000,"id":"b","function":{"name":"g","arguments":"2"}})",
                 R"({"index":0,"id":"a","function":{"name":"f","arguments":"1"}})"})
              .facts.tool_calls == Calls{{"a", "f", "1"}, {"b", "g", "2"}});
    // Whole calls without an index.
    CHECK(
        calls(
            {R"({"id":"a","function":{"name":"f","arguments":"1"}},{"id":"b","function":{"name":"f","arguments":"2"}})"})
            .facts.tool_calls == Calls{{"a", "f", "1"}, {"b", "f", "2"}});
    CHECK(calls({R"({"id":"a","function":{"name":"f","arguments":"1"}})", R"({"id":"a","function":{"arguments":"2"}})",
                 R"({"function":{"arguments":"3"}})", R"({"function":{"name":"g"}})"})
              .facts.tool_calls == Calls{{"a", "f", "123"}, {"", "g", ""}});
    // Gemini: every call has the index 0. Old vLLM: every fragment has another id. Others repeat the name.
    CHECK(calls({R"({"index":0,"id":"a","function":{"name":"f","arguments":"1"}})",
                 R"({"index":0,"id":"b","function":{"name":"f","arguments":"2"}})"})
              .facts.tool_calls == Calls{{"a", "f", "1"}, {"b", "f", "2"}});
    CHECK(calls({R"({"index":0,"id":"a","function":{"name":"f","arguments":"1"}})",
                 R"({"index":0,"id":"b","function":{"arguments":"2"}})"})
              .facts.tool_calls == Calls{{"a", "f", "12"}});
    CHECK(calls({R"({"index":0,"id":"a","function":{"name":"get","arguments":"1"}})",
                 R"({"index":0,"function":{"name":"get","arguments":"2"}})"})
              .facts.tool_calls == Calls{{"a", "get", "12"}});
    CHECK(
        calls({R"({"index":0,"function":{"name":"get","arguments":null}})", R"({"index":0,"function":{"name":"_it"}})"})
            .facts.tool_calls == Calls{{"", "get_it", ""}});
    // Gateways: all with one index or none, without ids, or with the function's name as id.
    for (const char* head : {R"("index":0,)", R"("index":0,"id":"",)", R"("index":0,"id":null,)", "", R"("id":null,)",
                             R"("index":0,"id":"get",)", R"("id":"get",)", R"("index":"0",)", R"("index":null,)"}) {
        CAPTURE(head);
        const auto whole = [&](const char* arguments) {
            return "{" + std::string(head) + R"("function":{"name":"get","arguments":")" + arguments + "\"}}";
        };
        const std::string one = whole(R"({\"x\":1})"), two = whole(R"({\"x\":2})");
        const auto in_two = calls({one.c_str(), two.c_str()}).facts.tool_calls;
        CHECK(in_two.size() == 2);
        CHECK(calls({(one + "," + two).c_str()}).facts.tool_calls == in_two);
        CHECK((in_two[0].arguments == "{\"x\":1}" && in_two[1].arguments == "{\"x\":2}" && in_two[1].name == "get"));
        // In fragments, without the name and with it.
        const std::string first = whole(""), second = whole(R"({\"x\":)"), third = whole("3}");
        CHECK(calls({first.c_str(), R"({"index":0,"function":{"arguments":"{\"x\":3}"}})"}).facts.tool_calls.size() ==
              1);
        CHECK(calls({second.c_str(), third.c_str()}).facts.tool_calls.at(0).arguments == "{\"x\":3}");
    }
    // Each call has a head of its own.
    CHECK(
        calls({R"({"index":0,"function":{"name":"f","arguments":""}})", R"({"index":0,"function":{"arguments":"{}"}})",
               R"({"index":0,"function":{"name":"f","arguments":""}})",
               R"({"index":0,"function":{"arguments":"{\"a\":1}"}})"})
            .facts.tool_calls == Calls{{"", "f", "{}"}, {"", "f", "{\"a\":1}"}});
    CHECK(calls({R"({"index":0,"function":{"name":"f","arguments":"{}"}})",
                 R"({"index":0,"function":{"name":"g","arguments":"{}"}})"})
              .facts.tool_calls == Calls{{"", "f", "{}"}, {"", "g", "{}"}});
    // The whole call again at the end is no other call; id and name may come with each fragment.
    CHECK(calls({R"({"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}})",
                 R"({"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}})"})
              .facts.tool_calls == Calls{{"a", "f", "{\"x\":1}"}});
    CHECK(calls({R"({"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}})",
                 R"({"index":0,"id":"a","function":{"name":"f","arguments":":1}"}})",
                 R"({"index":0,"id":"a","function":{"name":"f","arguments":""}})"})
              .facts.tool_calls == Calls{{"a", "f", "{\"x\":1}"}});
    // Half a character in each of two fragments, of two calls in turn.
    CHECK(calls({R"({"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":\"\ud83d"}})",
                 R"({"index":1,"id":"b","function":{"name":"f","arguments":"\ud83d"}})",
                 R"({"index":0,"function":{"arguments":"\ude00\"}"}})",
                 R"({"index":1,"function":{"arguments":"x\ud83d"}})"})
              .facts.tool_calls == Calls{{"a", "f", "{\"x\":\"\U0001F600\"}"}, {"b", "f", "\uFFFDx\uFFFD"}});
    // Arguments as an object.
    CHECK(calls({R"({"function":{"name":"f","arguments":{"x": "é"}}})"}).facts.tool_calls ==
          Calls{{"", "f", "{\"x\": \"é\"}"}});
    CHECK(calls({R"({"index":0,"function":{"name":"f"}})"}).verdict.state == EndState::complete);
}

TEST_CASE("too many or too long tool calls end the answer with a limit") {
    std::string many;
    for (int i = 0; i < 1001; ++i)
        many += delta("\"tool_calls\":[{\"index\":" + std::to_string(i) + ",\"function\":{\"name\":\"f\"}}]");
    const Decoded decoded = decode(many);
    REQUIRE(decoded.facts.broken);
    CHECK(decoded.facts.broken->kind == ErrorKind::limit);
    CHECK(decoded.facts.tool_calls.size() == 1000);
    CHECK(decoded.verdict.state == EndState::failed);
}

TEST_CASE("usage, timings, model and finish reason come from any chunk, the last one wins") {
    const Decoded decoded = decode_both(
        event(
            R"({"model":"","choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}})") +
        event(R"({"model":"m-1","choices":[{"delta":{},"finish_reason":"stop"}],"usage":null})") +
        event(R"({"model":"m-2","choices":[],"x_groq":{"usage":{"prompt_tokens":2,"completion_tokens":2}}})") +
        event(
            R"({"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":7,"completion_tokens_details":{"reasoning_tokens":3},"prompt_tokens_details":{"cached_tokens":4}},"timings":{"cache_n":4,"prompt_n":5,"predicted_n":7,"prompt_per_second":100.5,"predicted_per_second":50}})") +
        event(R"({"choices":[],"usage":{}})") + std::string(kDone));
    CHECK(decoded.facts.reported_model == "m-1");
    CHECK(decoded.facts.finish_reason == "stop");
    CHECK(decoded.facts.usage == Usage{9, 7, 3, 4});
    CHECK(decoded.facts.timings == ServerTimings{9, 7, 100.5, 50.0});
    CHECK(decoded.facts.is_done);
    const auto usage_of = [](const char* usage) {
        return decode(event("{\"choices\":[],\"usage\":" + std::string(usage) + "}")).facts.usage;
    };
    CHECK(usage_of(R"({"prompt_tokens":-1,"completion_tokens":1.5,"reasoning_tokens":1e300})") == Usage{});
    CHECK(usage_of(R"({"prompt_tokens":"7","completion_tokens":null,"prompt_tokens_details":null})") == Usage{});
    CHECK(usage_of(R"({"prompt_tokens":3.0,"reasoning_tokens":2})") == Usage{3, {}, 2, {}});
}

TEST_CASE("a count of 0 where something came is none, and a total completes an output without its reasoning") {
    const auto usage_after = [](const std::string& stream, const char* usage) {
        return decode_both(stream + event("{\"choices\":[],\"usage\":" + std::string(usage) + "}") + finished())
            .facts.usage;
    };
    const std::string text = content("a"), both = delta(R"("reasoning":"r")") + text;
    CHECK(usage_after(text, R"({"prompt_tokens":0,"completion_tokens":0,"total_tokens":0})") == Usage{});
    CHECK(usage_after("", R"({"prompt_tokens":5,"completion_tokens":0})") == Usage{5, 0, {}, {}});
    CHECK(usage_after(both, R"({"prompt_tokens":5,"completion_tokens":7,"reasoning_tokens":0})") ==
          Usage{5, 7, {}, {}});
    CHECK(usage_after(text, R"({"prompt_tokens":5,"completion_tokens":7,"reasoning_tokens":0})") == Usage{5, 7, 0, {}});
    // The first chunk counts before there is anything to count.
    CHECK(decode_both(
              event(R"({"choices":[{"delta":{"content":""}}],"usage":{"prompt_tokens":5,"completion_tokens":0}})") +
              text + finished())
              .facts.usage == Usage{5, {}, {}, {}});
    CHECK(usage_after(event(R"({"choices":[],"usage":{"prompt_tokens":5}})") + text, R"({"completion_tokens":7})") ==
          Usage{5, 7, {}, {}});
    CHECK(usage_after(event(R"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7}})") + text,
                      R"({"prompt_tokens":0,"completion_tokens":0})") == Usage{5, 7, {}, {}});
    // xAI counts the reasoning apart, Gemini in the total only; one that counts it in is left alone.
    CHECK(usage_after(text, R"({"prompt_tokens":5,"completion_tokens":7,"total_tokens":32,"reasoning_tokens":20})") ==
          Usage{5, 27, 20, {}});
    CHECK(usage_after(both, R"({"prompt_tokens":5,"completion_tokens":7,"total_tokens":32})") == Usage{5, 27, 20, {}});
    CHECK(usage_after(text, R"({"prompt_tokens":5,"completion_tokens":7,"total_tokens":32})") == Usage{5, 7, {}, {}});
    CHECK(usage_after(both, R"({"prompt_tokens":5,"completion_tokens":27,"total_tokens":32,"reasoning_tokens":20})") ==
          Usage{5, 27, 20, {}});
    CHECK(usage_after(both, R"({"prompt_tokens":5,"completion_tokens":7,"total_tokens":3})") == Usage{5, 7, {}, {}});
    CHECK(
        usage_after(
            both,
            R"({"prompt_tokens":5,"completion_tokens":7,"total_tokens":32,"prompt_tokens_details":{"cached_tokens":20}})") ==
        Usage{5, 7, {}, 20});
}
