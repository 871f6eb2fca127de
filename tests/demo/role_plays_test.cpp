#include "demo/role_plays.h"

#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace llmc::demo {
namespace {

// A task of that many steps, the last one a text.
std::string task(const std::string& prompt, int steps) {
    std::string json = fmt::format(R"({{"prompt": "{}", "steps": [)", prompt);
    for (int i = 1; i < steps; ++i) json += fmt::format(R"([{{"read": {{"path": "./file-{}"}}}}], )", i);
    return json + R"("All read."]})";
}

RolePlays plays_of(const std::string& json) {
    auto plays = RolePlays::read(json);
    REQUIRE_MESSAGE(plays, plays.error().message);
    return *std::move(plays);
}

PlayedStep call(const std::string& arguments) {
    return {.text = "", .calls = {{"read", arguments}}};
}

}  // namespace

TEST_CASE("the good one does step after step, and has nothing more to do behind the last") {
    const auto plays = plays_of("[" + task("a", 12) + "]");
    CHECK(plays.play(Playing::good, "a", 0) == call(R"({"path":"./file-1"})"));
    CHECK(plays.play(Playing::good, "a", 10) == call(R"({"path":"./file-11"})"));
    CHECK(plays.play(Playing::good, "a", 11)->text == "All read.");
    CHECK(plays.play(Playing::good, "a", 12)->calls.empty());
    CHECK_FALSE(plays.play(Playing::good, "b", 0));
    CHECK_FALSE(plays.play(Playing::nothing, "a", 0));
}

TEST_CASE("the one that breaks is right for eight steps, garbles the ninth, and calls without arguments then") {
    const auto plays = plays_of("[" + task("long", 12) + "," + task("nine", 9) + "]");
    for (std::size_t step = 0; step < 8; ++step)
        CHECK(plays.play(Playing::breaks, "long", step) == plays.play(Playing::good, "long", step));
    CHECK(plays.play(Playing::breaks, "long", 8) == call(R"({"path":"le-9<path>./file-9"})"));
    for (std::size_t step = 9; step < 40; ++step) CHECK(plays.play(Playing::breaks, "long", step) == call(""));
    CHECK(plays.play(Playing::breaks, "nine", 8)->text == "All read.");
}

TEST_CASE("the one that leaks writes its calls as text, in another notation for each prompt") {
    std::string json = "[" + task("0", 3);
    for (int i = 1; i < 8; ++i) json += "," + task(std::to_string(i), 3);
    const auto plays = plays_of(json + "]");
    std::set<std::string> said;
    for (int i = 0; i < 8; ++i) {
        const auto step = plays.play(Playing::leaks, std::to_string(i), 0);
        CHECK(step->calls.empty());
        CHECK(step->text.find("read") != std::string::npos);
        said.insert(step->text);
    }
    CHECK(said.size() == 8);
    CHECK(plays.play(Playing::leaks, "0", 2)->text == "All read.");
}

TEST_CASE("the one that cycles makes its first call again and again") {
    const auto plays = plays_of("[" + task("a", 3) + R"(,{"prompt": "b", "steps": ["Yes."]}])");
    for (std::size_t step = 0; step < 9; ++step)
        CHECK(plays.play(Playing::cycles, "a", step) == call(R"({"path":"./file-1"})"));
    CHECK(plays.play(Playing::cycles, "b", 0)->text == "Yes.");
}

TEST_CASE("a file of steps that is none is refused") {
    CHECK(RolePlays::load());
    for (const char* bad : {"{", "[1]", R"([{"prompt": "a"}])", R"([{"prompt": "a", "steps": []}])",
                            R"([{"prompt": 1, "steps": ["x"]}])", R"([{"prompt": "a", "steps": [[]]}])",
                            R"([{"prompt": "a", "steps": [[{}]]}])", R"([{"prompt": "a", "steps": [[{"f": 1}]]}])",
                            R"([{"prompt": "a", "steps": ["x"]}, {"prompt": "a", "steps": ["y"]}])"})
        CHECK_FALSE(RolePlays::read(bad));
}

}  // namespace llmc::demo
