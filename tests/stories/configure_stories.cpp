// Setting a comparison up by hand, and changing it.
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

TEST_CASE("a server is added by its address, models are picked by a filter, and the choice is applied and saved") {
    World world;
    auto demo = demo::DemoServers::start({.tokens_per_s = 0});
    REQUIRE(demo.ok());
    world.start([&](Window& window) {
        window.click(window.setting("servers/Servers/+ Add"));
        window.frames(3);
        window.type("ftp://studio");
        window.press(ImGuiKey_Enter);
        CHECK(window.app().setup().in_force.servers.empty());
        window.frames(2);
        window.fill(window.setting("servers/Address/##field"),
                    (demo->servers()[0].url + ", " + demo->servers()[1].url + "/v1/").c_str(), true);
        window.wait_for_models();
        REQUIRE(window.app().setup().in_force.servers.size() == 2);
        window.wait_until("the file is written",
                          [&] { return std::filesystem::exists(world.path("config") / "config.json"); });

        window.click(window.setting("candidates/Candidates/+ Add"));
        window.frames(3);
        window.type("THINK");  // the filter has the keyboard
        window.press(ImGuiKey_Enter);
        window.type("demo-fast");
        window.press(ImGuiKey_Enter);
        window.press(ImGuiKey_Escape);
        auto& draft = window.app().setup().draft.candidates;
        REQUIRE(draft.size() == 2);
        CHECK(draft[0].model_id == "demo-thinker");
        CHECK(draft[1].model_id == "demo-fast");
        CHECK(window.now().session.candidates.empty());

        window.click("//###configuration/Apply");
        window.wait_until("two candidates are there", [&] { return window.now().session.candidates.size() == 2; });
        window.wait_until("it is saved", [&] { return window.app().is_idle(); });
        CHECK(window.app().setup().is_saved);
        CHECK_FALSE(window.is_enabled("//###configuration/Apply"));
        const std::string saved = base::content_of(world.path("config") / "config.json");
        CHECK(saved.find("demo-thinker") != std::string::npos);

        window.send("Hello");
        window.wait_for_rounds(1);
        CHECK(window.state(1, draft[0].id) == AnswerState::complete);
        CHECK(window.state(1, draft[1].id) == AnswerState::complete);
    });
}

TEST_CASE("a changed setting holds from the next round, and every answer says with what it was sent") {
    World world;
    PacedServer server({"alpha", "beta"});
    world.add_server(server.url(), "paced");
    world.add_model("alpha");
    world.add_model("beta");
    server.say("One.");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("First");
        window.wait_until("the first answer streams", [&] {
            return window.now().session.rounds.size() == 1 && window.state(1, "c1") == AnswerState::streaming;
        });
        // While it runs: from the next round.
        window.fill(window.setting("common/Temperature/##value"), "1.25", true);
        CHECK(window.app().setup().draft.settings.temperature == doctest::Approx(1.25));
        CHECK(window.app().setup().in_force.settings.temperature == doctest::Approx(0.7));
        window.click("//###configuration/Apply");
        server.finish();
        window.wait_for_rounds(1);
        window.send("Second");
        window.wait_for_rounds(2);
        CHECK(window.answer(1, "c1").settings.temperature == doctest::Approx(0.7));
        CHECK(window.answer(2, "c1").settings.temperature == doctest::Approx(1.25));
        CHECK(window.answer(2, "c2").settings.temperature == doctest::Approx(1.25));
        REQUIRE(window.now().session.changes.size() == 1);
        CHECK(window.now().session.changes[0].from_round == 2);
        const auto requests = server.requests();
        REQUIRE(requests.size() == 4);
        CHECK(requests.front()["temperature"] == doctest::Approx(0.7));
        CHECK(requests.back()["temperature"] == doctest::Approx(1.25));
    });
}

TEST_CASE("changes are taken back by Revert") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.fill(window.setting("common/Timeout/##value"), "45", true);
        CHECK(window.app().setup().draft.settings.timeout_s == doctest::Approx(45));
        window.click(window.setting("candidates/c1/candidate"));
        window.frames(2);
        window.fill(window.setting("candidates/c1/Label/##field"), "Speedy");
        window.fill(window.setting("candidates/c1/Temperature/##field"), "7");
        CHECK_FALSE(window.is_enabled("//###configuration/Apply"));  // out of range
        window.fill(window.setting("candidates/c1/Temperature/##field"), "0.1");
        CHECK(window.is_enabled("//###configuration/Apply"));
        window.click(window.setting("candidates/c1/Duplicate"));
        CHECK(window.app().setup().draft.candidates.size() == 2);
        window.click("//###configuration/Revert");
        window.frames(2);
        CHECK_FALSE(window.app().setup().is_changed());
        REQUIRE(window.app().setup().draft.candidates.size() == 1);
        CHECK(window.app().setup().draft.candidates[0].display_name.empty());
        CHECK(window.app().setup().draft.settings.timeout_s == doctest::Approx(300));
    });
}

TEST_CASE("the same model is twice in a comparison with settings of its own, and keeps its label") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say("Well.");
    server.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.click(window.setting("candidates/c1/candidate"));
        window.frames(2);
        window.click(window.setting("candidates/c1/Duplicate"));
        window.frames(2);
        window.fill(window.setting("candidates/new 2/Label/##field"), "alpha, cold");
        window.fill(window.setting("candidates/new 2/Temperature/##field"), "0");
        window.click("//###configuration/Apply");
        window.wait_until("two candidates are there", [&] { return window.now().labels.size() == 2; });
        CHECK(window.now().labels[0] == "alpha");
        CHECK(window.now().labels[1] == "alpha, cold");
        window.send("Hello");
        window.wait_for_rounds(1);
        CHECK(window.answer(1, "c1").settings.temperature == doctest::Approx(0.7));
        CHECK(window.answer(1, "c2").settings.temperature == 0);
    });
}

TEST_CASE("a candidate that is taken out keeps its window and what it said, and is asked no more") {
    World world;
    PacedServer first({"alpha"}), second({"beta"});
    world.add_server(first.url(), "first");
    world.add_server(second.url(), "second");
    world.add_model("alpha");
    world.add_model("beta");
    for (PacedServer* server : {&first, &second}) {
        server->say("Well.");
        server->finish();
    }
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("one");
        window.wait_for_rounds(1);
        window.click(window.setting("candidates/c2/candidate"));
        window.frames(2);
        window.click(window.setting("candidates/c2/Remove"));
        window.click("//###configuration/Apply");
        window.wait_until("it is out", [&] { return window.now().session.candidates[1].is_removed; });
        CHECK(window.shown("###candidate:c2"));
        window.send("two");
        window.wait_for_rounds(2);
        CHECK(window.now().session.rounds[1]->find("c2") == nullptr);
        CHECK(window.answer(1, "c2").text() == "Well.");
    });
}

TEST_CASE("a model that no server has is refused at the start, and the prompt is not lost") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url(), "paced");
    world.add_model("alpah");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Hello");
        window.wait_until("it is told", [&] { return window.has_toast("alpah"); });
        window.wait_for_activity(engine::Activity::idle);
        CHECK(window.now().session.rounds.empty());
        CHECK(server.requests().empty());
        // The nearest name is one click away.
        window.click(window.setting("candidates/c1/candidate"));
        window.frames(2);
        window.click(window.setting("candidates/c1/$$0/alpha"));
        window.click("//###configuration/Apply");
        server.say("Here.");
        server.finish();
        window.press(ImGuiMod_Ctrl | ImGuiKey_2);
        if (window.app().prompt_view().text.empty()) window.press(ImGuiKey_UpArrow);
        CHECK(window.app().prompt_view().text == "Hello");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        window.wait_for_rounds(1);
        CHECK(window.state(1, "c1") == AnswerState::complete);
    });
}
