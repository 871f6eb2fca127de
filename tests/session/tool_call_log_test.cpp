#include "session/tool_call_log.h"

#include <doctest/doctest.h>

#include "session/answer.h"

using namespace llmc;
using openai::ToolCall;
using openai::ToolCallPiece;

namespace {

std::string written(const std::vector<ToolCallPiece>& pieces) {
    session::ToolCallLogWriter writer;
    std::string log;
    for (const ToolCallPiece& piece : pieces) log += writer.add(piece);
    return log;
}

const std::vector<ToolCallPiece> kPieces{
    {0, 1, "call_b", "wr", R"({"pa)"}, {0, 1, "", "", "th\n5\": "},    {1, 0, "call_a", "weather", R"({"city":)"},
    {0, 1, "", "ite", "1}"},           {1, 0, "", "", R"("Zürich"})"}, {2, 1, "", "last", ""}};
const std::vector<ToolCall> kCalls{
    {"call_a", "weather", R"({"city":"Zürich"})"}, {"call_b", "write", "{\"path\n5\": 1}"}, {"", "last", ""}};

}  // namespace

TEST_CASE("a log gives the calls that were written, in the order of their indexes") {
    CHECK(session::read_tool_call_log(written(kPieces)) == kCalls);
    CHECK(session::read_tool_call_log("").empty());
}

TEST_CASE("a fragment that continues its call costs a short line") {
    const std::string before = written({{0, 0, "id", "name", "{"}});
    const std::string after = written({{0, 0, "id", "name", "{"}, {0, 0, "", "", "abcd"}});
    CHECK(after.size() - before.size() == 2 + 4);
}

TEST_CASE("a log that is cut anywhere gives a beginning of every call") {
    const std::string log = written(kPieces);
    for (std::size_t size = 0; size < log.size(); ++size) {
        CAPTURE(size);
        for (const ToolCall& call : session::read_tool_call_log(std::string_view(log).substr(0, size))) {
            bool is_known = false;
            for (const ToolCall& whole : kCalls)
                is_known |= whole.id == call.id && whole.name.starts_with(call.name) &&
                            whole.arguments.starts_with(call.arguments);
            CHECK(is_known);
        }
    }
}

TEST_CASE("what follows a fragment that did not fit is not taken for a part of another call") {
    const auto stream = session::AnswerStream::make(64).value();  // bytes
    const std::string long_one(40, 'x');
    CHECK(stream->append_tool_call({0, 0, "a", "f", long_one}).ok());
    CHECK_FALSE(stream->append_tool_call({1, 1, "b", "g", long_one}).ok());
    CHECK_FALSE(stream->append_tool_call({1, 1, "", "", "y"}).ok());
    CHECK(session::read_tool_call_log(stream->tool_call_log()) == std::vector<ToolCall>{{"a", "f", long_one}});
}

TEST_CASE("numbers that nobody wrote end the reading") {
    for (const char* log :
         {"-1\nx", "5\nabcde", "1 1 0 0 0\nx", "1 -1 0 0 0\nx", "9999999999999999999 0 0 0 0\n", "1 0 0 99 0\nx",
          "1 0 0 -9 0\nx", "1 0 0 0\nx", "1 0 0 0 0 0\nx", "1  0 0 0\nx", "\n", "x\n"})
        CHECK_MESSAGE(session::read_tool_call_log(log).empty(), log);
    CHECK(session::read_tool_call_log("1 0 0 0 0\nxrubbish").size() == 1);
}
