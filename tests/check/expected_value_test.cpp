#include <doctest/doctest.h>

#include "check_fixture.h"

using namespace llmc;
using namespace llmc::check;

namespace {

std::string quoted(std::string json) {
    std::ranges::replace(json, '\'', '"');
    return json;
}

session::CheckResult judged(const std::string& expected, const std::string& arguments, const std::string& mode) {
    const std::string entry = "{'name':'f','mode':'" + mode + "','arguments':" + expected + "}";
    session::Answer answer = answer_of("");
    answer.tool_calls = {{"1", "f", quoted(arguments)}};
    return result_of(check_of("{'type':'calls','match':'exact','value':[" + entry + "]}"), answer);
}

}  // namespace

TEST_CASE("an expected argument is a value or an operator, at any depth") {
    const struct {
        std::string expected, arguments;
        bool is_partly, is_exactly;
    } cases[] = {
        {"{}", "{}", true, true},
        {"{}", "", true, true},
        {"{}", "{'a':1}", true, false},
        {"{}", "[]", false, false},
        {"{}", "{'a':", false, false},
        {"{'a':1}", "{'a':1.0}", true, true},
        {"{'a':1.0}", "{'a':1}", true, true},
        {"{'a':1}", "{'a':'1'}", false, false},
        {"{'a':1}", "{'a':true}", false, false},
        {"{'a':null}", "{}", false, false},
        {"{'a':null}", "{'a':null}", true, true},
        {"{'a':{'b':1,'c':2}}", "{'a':{'c':2,'b':1}}", true, true},
        {"{'a':{'b':1}}", "{'a':{'c':2,'b':1}}", true, false},
        {"{'a':[{'b':1}]}", "{'a':[{'b':1,'c':2}]}", true, false},
        {"{'a':[1,2]}", "{'a':[1,2,3]}", false, false},
        {"{'a':[1,2]}", "{'a':[2,1]}", false, false},
        {"{'a':[]}", "{'a':[]}", true, true},
        {"{'a':{}}", "{'a':{'b':1}}", true, false},
        {"{'a':{'any_of':[1,'x']}}", "{'a':'x'}", true, true},
        {"{'a':{'any_of':[1,'x']}}", "{'a':2}", false, false},
        {"{'a':{'any_of':[{'b':1},{'type':'null'}]}}", "{'a':null}", true, true},
        {"{'a':{'any_of':[{'b':1},{'type':'null'}]}}", "{'a':{'b':1,'c':1}}", true, false},
        {"{'a':{'not':1}}", "{'a':2}", true, true},
        {"{'a':{'not':1}}", "{'a':1}", false, false},
        {"{'a':{'not':1}}", "{}", false, false},
        {"{'a':{'matches':'^[a-z]+$'}}", "{'a':'abc'}", true, true},
        {"{'a':{'matches':'b'}}", "{'a':'abc'}", true, true},
        {"{'a':{'matches':'^b'}}", "{'a':'abc'}", false, false},
        {"{'a':{'matches':'1'}}", "{'a':1}", false, false},
        {"{'a':{'type':'integer'}}", "{'a':3.0}", true, true},
        {"{'a':{'type':'integer'}}", "{'a':3.5}", false, false},
        {"{'a':{'type':'string'}}", "{'a':'3'}", true, true},
        {"{'a':{'type':'object'}}", "{'a':{'b':1}}", true, true},
        {"{'a':{'contains':'b'}}", "{'a':'abc'}", true, true},
        {"{'a':{'contains':'x'}}", "{'a':'abc'}", false, false},
        {"{'a':{'contains':2}}", "{'a':[1,2]}", true, true},
        {"{'a':{'contains':{'b':1}}}", "{'a':[{'b':1,'c':1}]}", true, false},
        {"{'a':{'contains':{'matches':'^x'}}}", "{'a':['ax','xa']}", true, true},
        {"{'a':{'contains':'b'}}", "{'a':{'b':1}}", false, false},
        {"{'a':{'contains':2}}", "{'a':'2'}", false, false},
        {"{'a':{'min_length':3}}", "{'a':'äöü'}", true, true},
        {"{'a':{'min_length':4}}", "{'a':'äöü'}", false, false},
        {"{'a':{'min_length':2}}", "{'a':[1,2]}", true, true},
        {"{'a':{'min_length':0}}", "{'a':7}", false, false},
        {"{'a':{'all_of':[{'contains':'a'},{'min_length':2},{'not':'ab'}]}}", "{'a':'ba'}", true, true},
        {"{'a':{'all_of':[{'contains':'a'},{'min_length':2},{'not':'ab'}]}}", "{'a':'ab'}", false, false},
        {"{'a':{'equals':{'type':'x'}}}", "{'a':{'type':'x'}}", true, true},
        {"{'a':{'equals':{'type':'x'}}}", "{'a':{'type':'x','y':1}}", false, false},
        {"{'a':{'type':'file','path':'p'}}", "{'a':{'type':'file','path':'p'}}", true, true},
        {"{'type':'file'}", "{'type':'file'}", true, true},
        {"{'any_of':[1]}", "{'any_of':[1]}", true, true},
        {"{'a':{'b':[{'c':{'matches':'z'}}]}}", "{'a':{'b':[{'c':'xyz'}]}}", true, true},
        {"{'a':{'b':[{'c':{'matches':'z'}}]}}", "{'a':{'b':[{'c':'xy'}]}}", false, false},
    };
    for (const auto& c : cases) {
        CAPTURE(c.expected);
        CAPTURE(c.arguments);
        const auto partial = judged(c.expected, c.arguments, "partial"),
                   exact = judged(c.expected, c.arguments, "exact");
        CAPTURE(partial.detail);
        CHECK(partial.passed == c.is_partly);
        CHECK(exact.passed == c.is_exactly);
        CHECK(partial.detail.empty() == c.is_partly);
    }
}

TEST_CASE("what does not fit is named with its place, what was expected and what came") {
    const struct {
        std::string expected, arguments, detail;
    } cases[] = {
        {"{'a':{'b':[1,2]}}", "{'a':{'b':[1,3]}}", "argument /a/b/1 must be 2, and is 3"},
        {"{'a':{'b':1}}", "{'a':{}}", "argument /a must have \"b\""},
        {"{'a':1}", "{}", "arguments: must have \"a\""},
        {"{'a':{'matches':'^x'}}", "{'a':'yx'}", "argument /a must match \"^x\", and is \"yx\""},
        {"{'a':{'type':'integer'}}", "{'a':'7'}", "argument /a must be a whole number, and is \"7\""},
        {"{'a':1}", "{'a':", "its arguments are no JSON object"},
        {"{'a':1}", "{'a':[1]}", "argument /a must be 1, and is a list of 1"},
    };
    for (const auto& c : cases) {
        const std::string detail = judged(c.expected, c.arguments, "partial").detail;
        CAPTURE(detail);
        CHECK(detail.find(c.detail) != std::string::npos);
        CHECK(detail.find("call 1, \"f\"(") == 0);
    }
}

TEST_CASE("ignored arguments may be anything, or missing") {
    const std::string check =
        "{'type':'calls','match':'exact','value':[{'name':'f','mode':'exact',"
        "'arguments':{'a':1,'when':'now'},'ignore':['when','id']}]}";
    for (const auto& [arguments, passes] : {std::pair{"{'a':1}", true},
                                            {"{'a':1,'when':2,'id':3}", true},
                                            {"{'a':1,'other':2}", false},
                                            {"{'when':'now'}", false}}) {
        session::Answer answer = answer_of("");
        answer.tool_calls = {{"1", "f", quoted(arguments)}};
        CHECK(result_of(check_of(check), answer).passed == passes);
    }
}

TEST_CASE("arguments that are huge, deep or damaged are judged, and details stay short") {
    const std::string deep64 = std::string(60, '[') + std::string(60, ']'), deep = std::string(100'000, '[');
    for (const std::string& arguments :
         {"{\"a\":" + deep64 + "}", "{\"a\":" + deep, std::string(1'000'000, 'x'),
          "{\"a\":\"" + std::string(1'000'000, 'x') + "\"}", std::string("{\"a\":\"\xff\xfe\"}"), std::string("null"),
          std::string("{\"a\":1e999}")}) {
        session::Answer answer = answer_of("");
        answer.tool_calls = {{"1", "f", arguments}};
        for (const char* expected :
             {"{'a':1}", "{'a':{'contains':{'contains':{'contains':1}}}}", "{'a':{'matches':'(x+x+)+y'}}",
              "{'a':{'all_of':[{'type':'string'},{'min_length':2000000}]}}"}) {
            const auto result = result_of(
                check_of("{'type':'calls','value':[{'name':'f','arguments':" + std::string(expected) + "}]}"), answer);
            CHECK(!result.passed);
            CHECK(result.detail.size() < 1000);
        }
    }
}
