// Loops as they are watched: step by step in the conversations, then beside each other.
#include <imgui_internal.h>

#include "base/json.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

namespace {

constexpr const char* kSuite = R"({
  "format": "llm-compare-suite", "version": 1, "name": "sorting", "role": "director",
  "loop": {"max_steps": 6, "cycle_repetitions": 2},
  "world": {"files": {"./inbox/1.txt": "The zebra is an animal of the plains.", "./animals/": null}, "tools": true},
  "prompts": [{"id": "sort", "category": "files", "prompt": "Sort the files in ./inbox.",
               "checks": [{"type": "finishes"}]}]
}
)";

void with_a_loop(World& world, PacedServer& server, const std::function<void(Window&)>& play) {
    world.add_server(server.url(), "lab");
    world.add_model("alpha");
    world.add_model("beta");
    world.files = {world.write("sorting.json", kSuite)};
    world.start([&](Window& window) {
        window.wait_for_models();
        window.wait_until("the suite is shown", [&] { return window.has("//###suite/Run"); });
        window.click("//###suite/Run");
        play(window);
    });
}

}  // namespace

TEST_CASE("the steps of a loop are seen as they happen, with their calls, results and what was wrong") {
    World world;
    PacedServer server({"alpha", "beta"});
    with_a_loop(world, server, [&](Window& window) {
        const auto text = [&] { return window.app().candidate_view("c1").conversation.whole_text(); };
        window.choose("View/Answers");
        server.say("I look first.");
        server.call("list_directory", R"({"path": "./inbox"})");
        server.finish();
        server.call("read_file", R"({"path": "./inbox/2.txt"})");
        server.finish();
        server.say("Let me ");
        window.wait_until("the third step streams", [&] { return text().ends_with("Let me "); });
        CHECK(text().find("[Tool result, step 2, error result]") != std::string::npos);
        CHECK(window.answer(1, "c1").step_now.of_turn == 3);
        server.say("think.");
        server.call("read_file", R"({"path": 7})");
        server.finish();
        server.call("read_file", R"({"path": 7})");
        server.finish();
        window.wait_for_rounds(1);
        CHECK(text().find("[Tool call, step 3, invalid call]") != std::string::npos);
        CHECK(text().find("All files are as they were") != std::string::npos);
        CHECK(window.answer(1, "c1").ended_by == session::EndedBy::cycle);
        window.in_all_looks([&] { window.frames(3); });

        window.app().run(gui::SetBlind{true});
        window.frames(6);
        CHECK(text().find("[Tool call, step 3, invalid call]") != std::string::npos);
    });
}

TEST_CASE("what the calls have made of the files is told at the end of a loop") {
    World world;
    PacedServer server({"alpha", "beta"});
    server.call("move_file", R"({"source": "./inbox/1.txt", "destination": "./animals/1.txt"})");
    server.finish();
    server.say("Done.");
    server.finish();
    with_a_loop(world, server, [&](Window& window) {
        window.wait_for_rounds(1);
        window.choose("View/Answers");
        window.frames(3);
        const std::string text = window.app().candidate_view("c1").conversation.whole_text();
        CHECK(text.find("[Files at the end, step 2]") != std::string::npos);
        CHECK(text.find("gone ./inbox/1.txt") != std::string::npos);
        CHECK(text.find("written ./animals/1.txt\nThe zebra") != std::string::npos);
        window.in_all_looks([&] { window.frames(3); });
    });
}

TEST_CASE("a loop's steps are chips in a lane, and one that is pressed brings its step into view") {
    World world;
    PacedServer server({"alpha", "beta"});
    for (const char* path : {"1", "2", "3"}) {
        server.say("Let me look at another one of them, since there is more to be seen than was said.");
        server.call("read_file", std::string(R"({"path": "./inbox/)") + path + R"(.txt"})");
        server.finish();
    }
    server.say("All done.");
    server.finish();
    world.size = {1000, 700};
    with_a_loop(world, server, [&](Window& window) {
        window.wait_for_rounds(1);
        window.choose("Judge/Loop");
        window.wait_until("it is in front", [&] { return window.is_in_front("###loop"); });
        window.frames(3);
        window.in_all_looks([&] { window.frames(3); });
        window.click(window.in("//###loop", "loop", "c1/$$1/$$2/step"));
        window.wait_until("the answers are in front", [&] { return window.is_in_front("###candidate:c1"); });
        window.frames(4);
        const gui::Conversation& conversation = window.app().candidate_view("c1").conversation;
        CHECK_FALSE(conversation.follows_end());
        CHECK(conversation.place().round == 1);
        CHECK(conversation.place().part > 0.1);
        CHECK(conversation.place().part < 0.6);
        window.app().run(gui::SetBlind{true});
        window.choose("Judge/Loop");
        window.frames(3);
        CHECK_FALSE(window.has("//###loop/**/step"));
    });
}

TEST_CASE("the Loop window says what a loop is and how to get one while there is none") {
    World world;
    world.start([&](Window& window) {
        window.choose("Judge/Loop");
        window.frames(3);
        CHECK(window.is_in_front("###loop"));
        window.in_all_looks([&] { window.frames(2); });
    });
}

TEST_CASE("a suite with a loop is edited in the form and saved without losing a key, and told by category") {
    World world;
    PacedServer server({"alpha", "beta"});
    server.say("Done.");
    server.finish();
    with_a_loop(world, server, [&](Window& window) {
        window.wait_for_rounds(1);
        window.focus("//###suite");
        window.wait_until("the results are there", [&] { return window.has("//###suite/**/By category"); });
        window.click("//###suite/**/By category");
        window.in_all_looks([&] { window.frames(3); });
        window.click("//###suite/**/Edit…");
        window.wait_until("the form is open", [&] { return window.has("//###suite/###save"); });
        window.frames(3);
        window.in_all_looks([&] { window.frames(2); });
        window.fill(window.in("//###suite", "fields", "$$-1/Name/##field"), "sorting anew");
        window.click(window.in("//###suite", "fields", "$$-1/parallel/One at a time"));
        window.frames(3);
        window.wait_until("it is checked", [&] { return window.can_use("//###suite/###save"); });
        window.click("//###suite/###save");
        const auto before = base::parse_json(kSuite);
        const auto saved = [&] { return base::parse_json(base::content_of(world.path("sorting.json"))); };
        window.wait_until("it is saved", [&] { return saved().ok() && (*saved())["name"] == "sorting anew"; });
        const auto after = saved();
        REQUIRE(before.ok());
        CHECK((*after)["parallel_tool_calls"] == false);
        for (const char* key : {"loop", "world", "prompts", "role"}) CHECK((*after)[key] == (*before)[key]);
    });
}
