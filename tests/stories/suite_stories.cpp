// Suites as people use them: run, look at what failed, run that again, write one in the form.
#include <imgui_internal.h>

#include "gui/example_suites.h"
#include "gui/panels/suite_view.h"
#include "stories/paced_server.h"
#include "stories/world.h"
#include "suite/suite.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

namespace {

constexpr const char* kSuite = R"({
  "format": "llm-compare-suite", "version": 1, "name": "manners", "role": "host", "repeat": 2,
  "prompts": [
    {"id": "greet", "prompt": "Say hello", "checks": [{"type": "contains", "value": "hello", "ignore_case": true}]},
    {"id": "short", "prompt": "Tell a tale", "checks": [{"type": "max_chars", "value": 12}, {"type": "not_contains", "value": "wolf"}]}
  ]
}
)";

void wait_for_suite(Window& window) {
    window.wait_until("the suite is shown", [&] { return window.has("//###suite/Run"); });
}

// A suite in a file, and two demo models that answer at once.
void with_a_suite(World& world, const std::function<void(Window&)>& play) {
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.files = {world.write("manners.json", kSuite)};
    world.start([&](Window& window) {
        window.wait_for_models();
        wait_for_suite(window);
        play(window);
    });
}

// From the grid to the table of single checks.
void show_checks(Window& window) {
    window.wait_until("the results are there", [&] { return window.has("//###suite/**/run:0:0"); });
    window.click("//###suite/**/Checks");
    window.wait_until("the checks are there", [&] { return window.has("//###suite/**/cell:0:1"); });
}

void run_it(Window& window, int rounds) {
    window.click("//###suite/Run");
    window.wait_for_rounds(rounds);
    show_checks(window);
    window.frames(3);
}

}  // namespace

TEST_CASE("an example suite is run from the menu, and its table has a cell for every candidate and prompt") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.choose("Judge/Example suites/Critic");
        wait_for_suite(window);
        CHECK(window.is_in_front("###suite"));
        CHECK(window.now().session.rounds.empty());  // nothing is sent before it is started
        window.click("//###suite/Run");
        window.wait_for_rounds(10);
        REQUIRE(window.now().session.suite);
        CHECK(window.now().session.suite->name == "critic");
        window.wait_until("the results are there", [&] { return window.has("//###suite/**/run:4:1"); });
        window.click("//###suite/**/Only failures");
        window.frames(3);
        window.click("//###suite/**/Checks");
        window.wait_until("the checks are there", [&] { return window.has("//###suite/**/cell:1:0"); });
        window.click("//###suite/**/Grid");
        window.frames(3);
    });
}

TEST_CASE("a suite that starts leaves in front what is in front, and stands behind it as a tab") {
    World world;
    with_a_suite(world, [&](Window& window) {
        window.app().run(gui::ShowPanel{gui::Panel::suite, false});
        window.choose("View/Answers");
        window.frames(6);
        window.app().run(gui::StartSuite{window.app().suite_view().suite, 1});
        window.wait_for_rounds(2);
        window.frames(6);
        CHECK(window.is_in_front("###answers"));
        CHECK(window.is_in_front("###candidate:c1"));
        CHECK(window.shown("###suite"));
        CHECK_FALSE(window.is_in_front("###suite"));
    });
}

TEST_CASE("a failed cell shows the check, the answer and the place that broke it") {
    World world;
    with_a_suite(world, [&](Window& window) {
        CHECK(window.app().snapshot().session.rounds.empty());
        run_it(window, 4);
        CHECK_FALSE(window.has("//###suite/**/Show in conversation"));
        window.click("//###suite/**/cell:0:1");
        window.frames(4);
        REQUIRE(window.has("//###suite/**/Show in conversation"));
        const session::Answer& answer = window.answer(3, "c1");
        REQUIRE(answer.checks.size() == 2);
        CHECK_FALSE(answer.checks[0].passed);
        CHECK(answer.checks[0].at_char == 12);
        window.click("//###suite/**/Copy answer");
        CHECK(window.clipboard() == answer.text());
        // Its other repeat, then the conversation it stands in.
        window.click("//###suite/**/Show in conversation");
        window.frames(4);
        CHECK(window.is_in_front("###candidate:c1"));
        window.focus("//###suite");
        window.click("//###suite/**/Compare");
        window.frames(4);
        CHECK(window.is_in_front("###compare"));
        window.focus("//###suite");
        window.click("//###suite/**/Close");
        window.frames(3);
        CHECK_FALSE(window.has("//###suite/**/Show in conversation"));
    });
}

TEST_CASE("only what failed is run again, as a session of its own, with another number of repeats") {
    World world;
    with_a_suite(world, [&](Window& window) {
        run_it(window, 4);
        const std::string before = window.now().session.id;
        window.fill("//###suite/##repeats/##field", "3");
        window.frames(2);
        window.click("//###suite/Run only the failed");
        window.wait_until("it asks", [&] { return window.shown("###question") != nullptr; });
        window.click("//###question/Discard");
        window.wait_until("another session", [&] { return window.now().session.id != before; });
        window.wait_for_rounds(3 * static_cast<int>(window.now().session.suite->source["prompts"].size()));
        CHECK(window.now().session.suite->name == "manners, failed only");
        CHECK(window.now().session.suite->repeat == 3);
        for (const auto& round : window.now().session.rounds) CHECK(round->prompt_id == "short");
    });
}

TEST_CASE("a number of repeats that cannot be is told, and nothing is started") {
    World world;
    with_a_suite(world, [&](Window& window) {
        window.fill("//###suite/##repeats/##field", "0");
        window.frames(3);
        CHECK_FALSE(window.is_enabled("//###suite/Run"));
        window.fill("//###suite/##repeats/##field", "1");
        window.frames(3);
        CHECK(window.is_enabled("//###suite/Run"));
        run_it(window, 2);
        CHECK(window.now().session.suite->repeat == 1);
    });
}

TEST_CASE("a suite is changed in the form, saved and opened again") {
    World world;
    const auto file = world.path("mine.json");
    with_a_suite(world, [&](Window& window) {
        window.click("//###suite/Edit…");
        window.frames(3);
        window.fill(window.in("//###suite", "fields", "$$-1/Name/##field"), "table manners");
        window.frames(3);
        window.click("//###suite/**/+ Prompt");
        window.frames(5);
        // It has no text yet: it cannot be saved.
        window.wait_until("it is checked", [&] { return !window.is_enabled("//###suite/###save"); });
        window.click("//###suite/**/##lines");
        window.type("What do you say on leaving?");
        window.wait_until("it is right", [&] { return window.can_use("//###suite/###save"); });
        window.click("//###suite/Save as…");
        window.give_path(file);
        window.wait_until("it is written", [&] { return std::filesystem::exists(file); });
        wait_for_suite(window);
        const auto saved = suite::load_suite(file);
        REQUIRE(saved.ok());
        CHECK(saved->name == "table manners");
        REQUIRE(saved->prompts.size() == 3);
        CHECK(saved->prompts[2].prompt == "What do you say on leaving?");
        CHECK(saved->prompts[0].id == "greet");
        CHECK(saved->repeat == 2);
        CHECK(base::content_of(world.path("manners.json")) == kSuite);

        window.choose("Judge/Open suite…");
        window.give_path(file);
        window.frames(5);
        wait_for_suite(window);
        run_it(window, 6);
        CHECK(window.now().session.suite->name == "table manners");
    });
}

TEST_CASE("a new suite is written in the form and run without a file") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.choose("Judge/Suites");
        window.frames(4);
        window.click("//###suite/New suite");
        window.wait_until("it is right", [&] { return window.can_use("//###suite/Use unsaved"); });
        window.click("//###suite/Use unsaved");
        wait_for_suite(window);
        window.click("//###suite/Run");
        window.wait_for_rounds(1);
        CHECK(window.now().session.suite->name == "my-suite");
    });
}

TEST_CASE("the form asks before it gives up what was changed") {
    World world;
    with_a_suite(world, [&](Window& window) {
        window.click("//###suite/Edit…");
        window.frames(3);
        window.click("//###suite/Cancel");
        window.frames(3);
        wait_for_suite(window);  // nothing was changed, nothing asked
        window.click("//###suite/Edit…");
        window.frames(3);
        window.click("//###suite/**/+ Prompt");
        window.frames(3);
        window.click("//###suite/Cancel");
        window.frames(3);
        window.click("//###suite/Keep editing");
        window.frames(3);
        window.click("//###suite/Cancel");
        window.frames(3);
        window.click("//###suite/Discard");
        window.frames(3);
        wait_for_suite(window);
        run_it(window, 4);  // two prompts, as before
    });
}

TEST_CASE("a bad suite is refused with its file, line and key, and nothing is sent or changed") {
    World world;
    const struct {
        const char *name, *bytes, *words;
    } files[] = {
        {"unknown-check.json",
         "{\"format\": \"llm-compare-suite\",\n \"prompts\": [\n  {\"prompt\": \"p\",\n   \"checks\": [{\"type\": "
         "\"holds\"}]}]}",
         "unknown-check.json:4: prompts[0].checks[0].type"},
        {"bad-pattern.json",
         "{\"format\": \"llm-compare-suite\",\n \"prompts\": [{\"prompt\": \"p\", \"checks\": [{\"type\": \"regex\", "
         "\"value\": \"(\"}]}]}",
         "bad-pattern.json:2: prompts[0].checks[0].value"},
        {"no-case.json",
         "{\"format\": \"llm-compare-suite\",\n \"cases\": [{\"a\": 1}],\n \"prompts\": [{\"prompt\": \"{{b}}\"}]}",
         "no-case.json:3: prompts[0].prompt"},
        {"later.json", "{\"format\": \"llm-compare-suite\",\n \"version\": 9, \"prompts\": [{\"prompt\": \"p\"}]}",
         "later.json:2: version"},
    };
    with_a_suite(world, [&](Window& window) {
        for (const auto& one : files) {
            const std::string name = one.name;
            CAPTURE(name);
            window.app().on_drop({world.write(one.name, one.bytes)});
            window.wait_until("it is told", [&] { return window.has_logged(one.words); });
            CHECK(window.has_toast(one.words));
            CHECK(window.now().session.rounds.empty());
            CHECK_FALSE(window.now().session.suite);
        }
        run_it(window, 4);  // the one that was open before
        CHECK(window.now().session.suite->name == "manners");
    });
}

TEST_CASE("a suite that is dropped is shown, and an unfinished form is not lost by it") {
    World world;
    with_a_suite(world, [&](Window& window) {
        const auto other = world.write("other.json", R"({"format": "llm-compare-suite", "name": "other",
            "prompts": [{"prompt": "Only this"}]})");
        window.click("//###suite/Edit…");
        window.frames(3);
        window.click("//###suite/**/+ Prompt");
        window.frames(3);
        window.app().on_drop({other});
        window.wait_until("it is read", [&] { return window.has_logged("Suite other"); });
        window.frames(3);
        CHECK(window.has("//###suite/Cancel"));
        window.click("//###suite/Cancel");
        window.frames(3);
        window.click("//###suite/Discard");
        wait_for_suite(window);
        window.click("//###suite/Run");
        window.wait_for_rounds(1);
        CHECK(window.now().session.suite->name == "other");
    });
}

TEST_CASE("a suite that halts says why in its window and goes on from there") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    world.files = {world.write("manners.json", kSuite)};
    server.say("Hel");
    server.drop();
    world.start([&](Window& window) {
        window.wait_for_models();
        wait_for_suite(window);
        window.click("//###suite/Run");
        window.wait_for_activity(engine::Activity::halted);
        window.wait_until("it offers to go on", [&] { return window.has("//###suite/**/Resume"); });
        server.begin_anew();
        server.say("Hello you");
        server.finish();
        window.click("//###suite/**/Resume");
        window.wait_for_rounds(4);
        CHECK(window.state(1, "c1") == AnswerState::complete);
    });
}

TEST_CASE("a session with a suite shows its results when it is opened, and its suite can be run again") {
    World world;
    const auto file = world.path("kept.llmc.json");
    with_a_suite(world, [&](Window& window) {
        run_it(window, 4);
        window.app().run(gui::SaveSessionAs{file});
        window.wait_until("it is saved", [&] { return window.now().is_kept; });
    });
    world.files = {file};
    world.config.candidates.clear();
    world.start([&](Window& window) {
        window.wait_until("it is open", [&] { return window.now().session.rounds.size() == 4; });
        window.focus("//###suite");  // remembered as shown
        show_checks(window);
        CHECK(window.has("//###suite/Run again"));
        const auto copy = world.path("copy.json");
        window.click("//###suite/Save as…");
        window.give_path(copy);
        window.wait_until("it is written", [&] { return std::filesystem::exists(copy); });
        const auto saved = suite::load_suite(copy);
        REQUIRE(saved.ok());
        CHECK(saved->prompts.size() == 2);
    });
}

TEST_CASE("a suite, its results, what failed and its form are drawn without a flaw in both themes and every size") {
    World world;
    with_a_suite(world, [&](Window& window) {
        const auto look = [&] {
            window.focus("//###suite");
            CHECK(window.is_in_front("###suite"));
        };
        window.in_all_looks(look);
        run_it(window, 4);
        window.in_all_looks(look);
        window.click("//###suite/**/cell:0:1");
        window.frames(3);
        window.in_all_looks(look);
        window.click("//###suite/Edit…");
        window.frames(3);
        window.in_all_looks(look);
    });
}

TEST_CASE("the round in view becomes a test: as a candidate was asked, with its answer as the expected one") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.start([&](Window& window) {
        window.wait_for_models();
        for (const char* prompt : {"First question", "Second question"}) window.send(prompt);
        window.wait_for_rounds(2);
        window.app().run(gui::ShowRound{.round = 2, .candidates = {"c1", "c2"}});
        window.frames(4);
        window.choose("Judge/Make a test of this round/###c2");
        window.wait_until("the suite is shown", [&] { return window.app().suite_view().suite != nullptr; });
        const suite::Suite& made = *window.app().suite_view().suite;
        CHECK(window.app().suite_view().path.empty());
        REQUIRE(made.prompts.size() == 1);
        CHECK(made.prompts[0].prompt == "Second question");
        CHECK(made.source["prompts"][0]["messages"].size() == 2);
        CHECK(made.source["prompts"][0]["expected_response"] == window.answer(2, "c2").text());
        window.wait_until("it can be run", [&] { return window.can_use("//###suite/Run"); });
    });
}
