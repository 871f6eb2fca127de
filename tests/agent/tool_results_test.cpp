#include "agent/tool_results.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "agent/python_json.h"
#include "base/utf8.h"
#include "check/json_schema.h"

using namespace llmc;
using namespace llmc::agent;

namespace {

std::shared_ptr<suite::Script> script_with(suite::ToolResults results) {
    auto script = std::make_shared<suite::Script>();
    script->loop.emplace();
    check::SchemaFault fault;
    script->tools["search"] = check::JsonSchema::compile(
        {{"type", "object"}, {"properties", {{"q", {{"type", "string"}}}}}, {"required", {"q"}}}, fault);
    script->tools["read_file"] = nullptr;
    script->tools["plain"] = nullptr;
    script->tool_results = std::move(results);
    script->world.emplace();
    script->world->files["./a"] = std::make_shared<const std::string>("of the world");
    return script;
}

struct Player {
    explicit Player(suite::ToolResults results)
        : script(script_with(std::move(results))), tools(script), world(script->world->files) {}

    session::StepCall call(const std::string& tool, const std::string& arguments) {
        const openai::ToolCall call{"id", tool, arguments};
        return tools.answer(call, arguments_of(call), &world, warnings);
    }
    std::string says(const std::string& tool, const std::string& arguments) { return *call(tool, arguments).result; }

    std::shared_ptr<suite::Script> script;
    ToolResults tools;
    World world;
    std::vector<std::string> warnings;
};

using Rules = std::vector<suite::ResultRule>;
using Texts = std::map<std::string, std::string>;

}  // namespace

// Expected: what Python 3.11 prints for json.dumps(json.loads(text), sort_keys=True).
TEST_CASE("JSON is written as Python writes it") {
    const struct {
        const char *text, *python;
    } cases[] = {
        {R"({"b":1,"a":"ä\n\u007f😀\"\\\/"})", R"({"a": "\u00e4\n\u007f\ud83d\ude00\"\\/", "b": 1})"},
        {"[1.0,1e16,1e15,123456789012345.6,0.0001,0.00001,1e-7,-0.0,1.5e300,0.1,100.0,1e22,5e-324,1234567.125]",
         "[1.0, 1e+16, 1000000000000000.0, 123456789012345.6, 0.0001, 1e-05, 1e-07, -0.0, 1.5e+300, 0.1, 100.0, 1e+22, "
         "5e-324, 1234567.125]"},
        {R"({"k":[true,false,null,{}],"e":[]})", R"({"e": [], "k": [true, false, null, {}]})"},
        {"-5", "-5"},
        {"18446744073709551615", "18446744073709551615"},
        {R"("\b\f\t\r\u0001")", R"("\b\f\t\r\u0001")"},
    };
    for (const auto& c : cases) CHECK(python_json(base::parse_json(c.text).value()) == c.python);
}

TEST_CASE("of rules the first that holds counts, then the world, then nothing is known") {
    Player player({{"search", Rules{{.when = {{"q", "zebra"}}, .text = "stripes"},
                                    {.when = {{"q", {{"deep", {1, 2}}}}}, .text = "deep"},
                                    {.when = nullptr, .nth = 3, .text = "rate limited", .is_error = true},
                                    {.when = {{"q", "x"}, {"n", 1}}, .text = "both"}}},
                   {"read_file", Rules{{.when = nullptr, .nth = 2, .text = "busy", .is_error = true}}}});
    CHECK(player.says("search", R"({"q": "zebra", "more": 1})") == "stripes");
    CHECK(player.says("search", R"({"q": {"deep": [1, 2.0]}})") == "deep");
    const auto third = player.call("search", R"({"q": "x", "n": 1.0})");
    CHECK(*third.result == "Error: rate limited");
    CHECK(third.is_error);
    CHECK(third.is_valid);
    CHECK(player.says("search", R"({"q": "x", "n": 1.0})") == "both");
    const auto none = player.call("search", R"({"q": "ä"})");
    CHECK(*none.result == R"(Error: No mock response for search({"q": "\u00e4"}))");
    CHECK(none.is_error);
    CHECK(none.is_valid);
    // A rule may stand before the world's own tool.
    CHECK(player.says("read_file", R"({"path": "a"})") == "of the world");
    CHECK(player.says("read_file", R"({"path": "a"})") == "Error: busy");
    CHECK(player.says("read_file", R"({"path": "a"})") == "of the world");
    CHECK(player.says("plain", "") == "Error: No mock response for plain({})");
}

TEST_CASE("texts by arguments: as Python writes them, by one of them, by default") {
    Player player({{"search", Texts{{R"({"n": 1.0, "q": "\u00e4"})", "whole"}, {"zebra", "one"}, {"5", "number"}}},
                   {"plain", Texts{{"x", "named"}, {"_default", "else"}}},
                   {"read_file", std::string("always")}});
    CHECK(player.says("search", R"({"q":"ä","n":1.0})") == "whole");
    CHECK(player.says("search", R"({"q":"other","animal":"zebra"})") == "one");
    CHECK(player.says("search", R"({"z":5,"a":"zebra"})") == "number");  // the first as written
    CHECK(player.call("search", R"({"q":"lion"})").is_error);
    CHECK(player.says("plain", R"({"q":"x"})") == "named");
    CHECK(player.says("plain", "{}") == "else");
    CHECK(player.says("read_file", R"({"path":"a"})") == "always");
}

TEST_CASE("a call that nobody can carry out says so, and only the model's faults make it invalid") {
    Player player({{"search", std::string("found")}});
    const auto unknown = player.call("serach", "{}");
    CHECK(*unknown.result == "Error: Unknown tool serach");
    CHECK((unknown.is_error && !unknown.is_valid));
    for (const char* arguments : {R"({"q": "ze)", "null", "[1]", "\"text\"", "nonsense", "5"}) {
        const auto broken = player.call("search", arguments);
        CHECK(*broken.result == std::string("Error: Could not parse tool arguments: ") + arguments);
        CHECK((broken.is_error && !broken.is_valid));
    }
    // Played all the same: what a tool makes of it is not the schema's affair.
    for (const char* arguments : {"", " ", "{}", R"({"q": 5})"}) {
        const auto misfit = player.call("search", arguments);
        CHECK(*misfit.result == "found");
        CHECK((!misfit.is_error && !misfit.is_valid));
    }
    const auto missing = player.call("read_file", R"({"path": "none"})");
    CHECK((missing.is_error && missing.is_valid));
    CHECK(*player.call("plain", "\xff").result == "Error: Could not parse tool arguments: \xEF\xBF\xBD");
}

TEST_CASE("results are cut between code points, one by one and all together") {
    std::string large(kMaxResultBytes - 1, 'x');
    large += "\xC3\xA4";
    Player player({{"plain", large}});
    const std::string first = player.says("plain", "{}");
    CHECK(first.size() == kMaxResultBytes - 1);
    CHECK(base::is_valid_utf8(first));
    REQUIRE(player.warnings.size() == 1);
    CHECK(player.warnings.front() == "a result of plain was cut off: a result is at most 1 MiB");
    std::size_t all = first.size();
    for (int i = 0; i < 20; ++i) all += player.says("plain", "{}").size();
    CHECK(all <= kMaxResultsBytes);
    CHECK(std::ranges::count(player.warnings,
                             "from a result of plain on they are cut off: all results of an answer are "
                             "at most 16 MiB") == 1);
}
