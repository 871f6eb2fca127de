// Setting a comparison up by hand, and changing it.
#include <regex>

#include <fmt/format.h>

#include "stories/drawn_text.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

TEST_CASE("servers and models are in force as soon as they are added, and saved when that is asked for") {
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

        window.click(window.setting("candidates/Candidates/+ Add"));
        window.frames(3);
        window.type("THINK");  // the filter has the keyboard
        window.press(ImGuiKey_Enter);
        window.type("demo-fast");
        window.press(ImGuiKey_Enter);
        window.press(ImGuiKey_Escape);
        window.wait_until("two candidates are there", [&] { return window.now().session.candidates.size() == 2; });
        const auto& candidates = window.app().setup().in_force.candidates;
        REQUIRE(candidates.size() == 2);
        CHECK(candidates[0].model_id == "demo-thinker");
        CHECK(candidates[1].model_id == "demo-fast");

        const auto file = world.path("config") / "config.json";
        CHECK_FALSE(std::filesystem::exists(file));
        {
            DrawnText drawn;
            window.frames(2);
            CHECK_FALSE(drawn.find("not saved").empty());
            CHECK_FALSE(drawn.find("config.json").empty());  // where it would go
        }
        window.click("//###configuration/Save as default");
        window.wait_until("it is saved", [&] { return std::filesystem::exists(file) && window.app().is_idle(); });
        CHECK(window.app().setup().is_stored());
        CHECK_FALSE(window.is_enabled("//###configuration/Save as default"));
        const std::string saved = base::content_of(file);
        CHECK(saved.find("demo-thinker") != std::string::npos);

        window.send("Hello");
        window.wait_for_rounds(1);
        CHECK(window.state(1, candidates[0].id) == AnswerState::complete);
        CHECK(window.state(1, candidates[1].id) == AnswerState::complete);
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
        const auto says_so = [&] {
            DrawnText drawn;
            window.frames(2);
            return !drawn.find("from the next round").empty();
        };
        CHECK_FALSE(says_so());
        window.fill(window.setting("common/Temperature/##value"), "1.25", true);
        CHECK(window.app().setup().in_force.settings.temperature == doctest::Approx(1.25));
        CHECK(says_so());
        window.fill(window.setting("common/Temperature/##value"), "0.7", true);  // as it is sent with
        CHECK_FALSE(says_so());
        window.fill(window.setting("common/Temperature/##value"), "1.25", true);
        server.finish();
        window.wait_for_rounds(1);
        window.send("Second");
        window.wait_for_rounds(2);
        CHECK(window.answer(1, "c1").settings.temperature == doctest::Approx(0.7));
        CHECK(window.answer(2, "c1").settings.temperature == doctest::Approx(1.25));
        CHECK(window.answer(2, "c2").settings.temperature == doctest::Approx(1.25));
        CHECK_FALSE(says_so());
        REQUIRE_FALSE(window.now().session.changes.empty());
        CHECK(window.now().session.changes[0].from_round == 2);
        const auto requests = server.requests();
        REQUIRE(requests.size() == 4);
        CHECK(requests.front()["temperature"] == doctest::Approx(0.7));
        CHECK(requests.back()["temperature"] == doctest::Approx(1.25));
    });
}

TEST_CASE("an edit is taken back by Cancel or Escape, and a value that is wrong leaves the one before in force") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        const auto& candidates = window.app().setup().in_force.candidates;
        window.click(window.setting("candidates/c1/candidate"));
        window.frames(2);
        window.fill(window.setting("candidates/c1/Temperature/##field"), "0.3", true);
        window.wait_until("it is in force", [&] { return candidates[0].own.temperature == doctest::Approx(0.3); });
        // Out of range: told at the field, with what holds. "1" was in range while it was being typed.
        window.fill(window.setting("candidates/c1/Temperature/##field"), "17", true);
        window.frames(3);
        {
            DrawnText drawn;
            window.frames(2);
            CHECK_FALSE(drawn.find("Until then 0.3 holds").empty());
        }
        CHECK(candidates[0].own.temperature == doctest::Approx(0.3));
        // Escape, while it is typed.
        window.fill(window.setting("candidates/c1/Label/##field"), "Speedy");
        CHECK(candidates[0].display_name.empty());  // the edit has not ended
        window.press(ImGuiKey_Escape);
        CHECK(window.app().setup().draft.candidates[0].display_name.empty());
        // Tab ends the edit of a field, though the next one has the keyboard then.
        window.fill(window.setting("candidates/c1/Label/##field"), "Quick");
        CHECK(candidates[0].display_name.empty());
        window.press(ImGuiKey_Tab);
        window.wait_until("it is in force", [&] { return candidates[0].display_name == "Quick"; });
        // Cancel takes all of it back that was changed since the editor was opened.
        window.fill(window.setting("candidates/c1/Label/##field"), "Speedy", true);
        window.wait_until("it is in force", [&] { return candidates[0].display_name == "Speedy"; });
        window.click(window.setting("candidates/c1/Cancel"));
        window.wait_until("it is as it was", [&] { return candidates[0].display_name.empty(); });
        CHECK_FALSE(candidates[0].own.temperature.has_value());
        CHECK_FALSE(window.has(window.setting("candidates/c1/Label/##field")));
    });
}

TEST_CASE("an edit that has not ended counts for what is sent") {
    World world;
    PacedServer server({"alpha", "beta", "gamma"});
    world.add_server(server.url(), "paced");
    world.add_model("alpha");
    server.say("Well.");
    server.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.write_prompt("Hello");
        // Two candidates more and an own setting, within the frame in which it is sent.
        gui::SetupState& setup = window.app().setup();
        (void)setup.new_candidate("beta");
        setup.draft.candidates[0].own.temperature = 0.25;
        window.frames(1);  // the first is on its way, its id is not known
        (void)setup.new_candidate("gamma");
        window.app().run(gui::ToEngine{engine::Send{{"Hello"}}});
        window.wait_for_rounds(1);
        REQUIRE(window.now().session.rounds[0]->answers.size() == 3);
        CHECK(window.answer(1, "c1").settings.temperature == doctest::Approx(0.25));
        CHECK(server.requests().size() == 3);

        // While it is being typed: Clear keeps it.
        window.fill(window.setting("common/Temperature/##value"), "1.5");
        window.app().run(gui::ClearSession{});
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Discard");
        window.wait_until("it is cleared", [&] { return window.now().session.rounds.empty(); });
        CHECK(window.now().session.settings.temperature == doctest::Approx(1.5));
        CHECK(window.now().session.candidates.size() == 3);
    });
}

TEST_CASE("a session that is opened brings its own settings and candidates, whatever was edited before") {
    World world;
    const auto file = world.path("kept.llmc.json");
    PacedServer server({"alpha", "beta"});
    world.add_server(server.url(), "paced");
    world.add_model("alpha");
    server.say("Well.");
    server.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Hello");
        window.wait_for_rounds(1);
        window.app().run(gui::SaveSessionAs{file});
        window.wait_until("it is saved", [&] { return window.now().is_kept; });
        window.fill(window.setting("common/Temperature/##value"), "1.5");
        (void)window.app().setup().new_candidate("beta");
        window.app().run(gui::OpenFile{file, gui::FileKind::session});
        window.wait_until("it is opened", [&] { return window.has_logged("Opened"); });
        window.frames(5);
        CHECK(window.now().session.settings.temperature == doctest::Approx(0.7));
        CHECK(window.app().setup().draft.settings.temperature == doctest::Approx(0.7));
        CHECK(window.now().session.candidates.size() == 1);
        CHECK(window.app().setup().draft.candidates.size() == 1);
    });
}

TEST_CASE("a server is tested as it is typed, its key can be shown, and its candidates stay with it") {
    World world;
    PacedServer first({"alpha"}), second({"beta"});
    world.add_server(first.url(), "first");
    world.add_model("alpha");
    world.config.candidates[0].server = "first";
    world.start([&](Window& window) {
        window.wait_for_models();
        const std::string row = "servers/" + std::regex_replace(first.url(), std::regex("/"), "\\/") + "/server";
        const auto field = [&](const char* name) {
            return window.setting(fmt::format("servers/$$0/{}/##field", name).c_str());
        };
        const auto action = [&](const char* name) {
            return window.setting(fmt::format("servers/$$0/{}", name).c_str());
        };
        window.click(window.setting(row.c_str()));
        window.frames(2);
        window.fill(field("Name"), "rack", true);
        window.wait_until("it is in force", [&] { return window.now().servers[0].server.name == "rack"; });
        CHECK(window.app().setup().in_force.candidates[0].server == "rack");

        window.fill(field("API key"), "sk-secret-0123456789", true);
        const auto copied_key = [&] {  // what is hidden cannot be copied
            ImGui::SetClipboardText("nothing");
            window.click(field("API key"));
            window.press(ImGuiMod_Ctrl | ImGuiKey_A);
            window.press(ImGuiMod_Ctrl | ImGuiKey_C);
            window.press(ImGuiKey_Enter);
            return window.clipboard();
        };
        CHECK(copied_key() == "nothing");
        window.click(action("###show key"));
        CHECK(copied_key() == "sk-secret-0123456789");

        window.fill(field("Address"), second.url().c_str());
        window.click(action("Test"));
        window.wait_until("it has answered", [&] {
            const auto& test = window.app().setup().test;
            return test && !test->is_pending;
        });
        const auto& test = window.app().setup().test;
        CHECK(test->outcome.server.url == net::BaseUrl::parse(second.url()).value());
        REQUIRE(test->outcome.manifest);
        CHECK(test->outcome.manifest->find("beta"));
        CHECK_FALSE(std::filesystem::exists(world.path("config") / "config.json"));

        window.press(ImGuiKey_Escape);  // takes it back
        CHECK_FALSE(window.has(action("Cancel")));
        window.wait_until("it is as it was", [&] {
            return window.now().servers[0].server.url == net::BaseUrl::parse(first.url()).value();
        });
        CHECK(window.now().servers[0].server.name == "first");
        CHECK(window.app().setup().in_force.candidates[0].server == "first");
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
        window.wait_until("two candidates are there", [&] { return window.now().labels.size() == 2; });
        window.frames(2);
        window.fill(window.setting("candidates/c2/Label/##field"), "alpha, cold", true);  // its editor is open
        window.fill(window.setting("candidates/c2/Temperature/##field"), "0", true);
        window.wait_until("it has its label", [&] { return window.now().labels[1] == "alpha, cold"; });
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
        window.wait_until("it is out", [&] { return window.now().session.candidates[1].is_removed; });
        CHECK(window.shown("###candidate:c2"));
        window.send("two");
        window.wait_for_rounds(2);
        CHECK(window.now().session.rounds[1]->find("c2") == nullptr);
        CHECK(window.answer(1, "c2").text() == "Well.");
    });
}

TEST_CASE("a candidate is taken out while it streams: its answer ends, the next round is without it") {
    World world;
    PacedServer server({"alpha", "beta"});
    world.add_server(server.url());
    world.config.servers.back().max_concurrent = 2;
    world.add_model("alpha");
    world.add_model("beta");
    server.say("Half, ");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("one");
        window.wait_until("both stream", [&] {
            return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming &&
                   window.state(1, "c2") == AnswerState::streaming;
        });
        window.click(window.setting("candidates/c2/candidate"));
        window.frames(2);
        window.click(window.setting("candidates/c2/Remove"));
        window.wait_until("it is out", [&] { return window.now().session.candidates[1].is_removed; });
        CHECK(window.state(1, "c2") == AnswerState::streaming);
        server.say("and whole.");
        server.finish();
        window.wait_for_rounds(1);
        CHECK(window.answer(1, "c2").text() == "Half, and whole.");
        window.send("two");
        window.wait_for_rounds(2);
        CHECK(window.now().session.rounds[1]->find("c2") == nullptr);
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
