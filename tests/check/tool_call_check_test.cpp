#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "check_fixture.h"
#include "openai/answer_decoder.h"

using namespace llmc;
using namespace llmc::check;
using session::Answer;
using session::CheckResult;

TEST_CASE("tool calls are checked by name, arguments and count") {
    using Calls = std::vector<openai::ToolCall>;
    const Calls none, paris{{"1", "weather", "{\"city\": \"Paris\"}"}};
    const Calls two{{"1", "weather", "{\"city\": \"Paris\"}"}, {"2", "weather", "{\"city\": \"Rome\"}"}};
    const Calls broken{{"1", "weather", "{\"city\": "}}, empty{{"1", "weather", ""}};
    const Calls half{{"1", "weather", "{}"}, {"2", "weather", "{\"city\": \"Rome\"}"}};
    const std::string city = "'arguments':{'type':'object','required':['city']}";
    const struct {
        std::string check;
        Calls calls;
        bool passes;
    } cases[] = {
        {"{'type':'tool_call','name':'weather'}", paris, true},
        {"{'type':'tool_call','name':'weather'}", none, false},
        {"{'type':'tool_call','name':'search'}", paris, false},
        {"{'type':'tool_call'}", paris, true},
        {"{'type':'tool_call'}", none, false},
        {"{'type':'tool_call','name':'weather'}", broken, false},
        {"{'type':'tool_call','name':'weather'}", empty, false},
        {"{'type':'tool_call','name':'weather','count':1}", paris, true},
        {"{'type':'tool_call','name':'weather','count':1}", two, false},
        {"{'type':'tool_call','name':'weather','count':2}", two, true},
        {"{'type':'tool_call','name':'weather','count':0}", none, true},
        {"{'type':'tool_call','name':'weather'," + city + "}", paris, true},
        {"{'type':'tool_call','name':'weather'," + city + "}", half, true},
        {"{'type':'tool_call','name':'weather','count':2," + city + "}", half, false},
        {"{'type':'tool_call','name':'weather','count':1," + city + "}", half, true},
        {"{'type':'tool_call','name':'weather','arguments':{'required':['town']}}", paris, false},
        {"{'type':'no_tool_call'}", none, true},
        {"{'type':'no_tool_call'}", paris, false},
        {"{'type':'no_tool_call','name':'weather'}", broken, false},
        {"{'type':'no_tool_call','name':'search'}", paris, true},
    };
    for (const auto& c : cases) {
        CAPTURE(c.check);
        Answer answer = answer_of("");
        answer.tool_calls = c.calls;
        const CheckResult result = result_of(check_of(c.check), answer);
        CAPTURE(result.detail);
        CHECK(result.passed == c.passes);
        CHECK(result.detail.empty() == c.passes);
        CHECK(!result.at_char);
    }
}

namespace {

struct NoSink final : openai::AnswerSink {
    Result<void> on_text(std::string_view) override { return {}; }
    Result<void> on_reasoning(std::string_view) override { return {}; }
    void on_token_chunk(const openai::TokenChunk&) override {}
};

// The tool calls of each recorded stream that has any, fed in pieces.
std::vector<std::vector<openai::ToolCall>> recorded_calls(std::size_t piece) {
    std::vector<std::vector<openai::ToolCall>> all;
    const char* data = std::getenv("LLMC_TEST_DATA");
    REQUIRE(data != nullptr);
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(data) / "recorded")) {
        if (entry.path().extension() != ".sse") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        openai::AnswerDecoder decoder;
        NoSink sink;
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            decoder.feed(std::string_view(bytes).substr(at, piece), sink);
        decoder.finish(sink);
        if (!decoder.facts().tool_calls.empty()) all.push_back(decoder.facts().tool_calls);
    }
    return all;
}

}  // namespace

TEST_CASE("tool calls of recorded streams are judged alike however the streams are cut") {
    for (const std::size_t piece : {1U, 3U, 7U, 1'000'000U}) {
        int good = 0;
        const auto streams = recorded_calls(piece);
        CHECK(streams.size() >= 10);
        for (const auto& calls : streams) {
            Answer answer = answer_of("");
            answer.tool_calls = calls;
            for (const auto& call : calls) {
                CAPTURE(call.name);
                CAPTURE(call.arguments);
                const auto arguments = base::parse_json(call.arguments);
                const std::string name = "{'type':'tool_call','name':'" + call.name + "'";
                CHECK(result_of(check_of("{'type':'no_tool_call'}"), answer).passed == false);
                CHECK(result_of(check_of("{'type':'tool_call','name':'no such tool'}"), answer).passed == false);
                if (!arguments) continue;
                ++good;
                CHECK(result_of(check_of(name + "}"), answer).passed);
                std::string required;
                for (const auto& [key, value] : arguments->items())
                    required += (required.empty() ? "'" : ",'") + key + "'";
                CHECK(result_of(check_of(name + ",'arguments':{'required':[" + required + "]}}"), answer).passed);
                CHECK(!result_of(check_of(name + ",'arguments':{'required':['no such key']}}"), answer).passed);
            }
        }
        CHECK(good >= 10);
    }
}
