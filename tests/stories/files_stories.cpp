// Sessions are saved and opened; what cannot be opened changes nothing; nothing is given up without being asked.
#include <regex>

#include <fmt/format.h>

#include "report/report.h"
#include "report/session_file.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using engine::Activity;
using session::AnswerState;

namespace {

// A window with one round that nobody has kept.
void with_a_round(World& world, const std::function<void(Window&)>& play) {
    auto demo = world.demo();
    if (world.config.candidates.empty()) world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Remember me");
        window.wait_for_rounds(1);
        REQUIRE_FALSE(window.now().is_kept);
        play(window);
    });
    world.config.servers.clear();
}

}  // namespace

TEST_CASE("a session is saved, cleared, opened again and continued") {
    World world;
    const auto file = world.path("kept.llmc.json");
    with_a_round(world, [&](Window& window) {
        window.choose("File/Save session");
        window.give_path(file);
        window.wait_until("it is saved", [&] { return std::filesystem::exists(file) && window.now().is_kept; });
        CHECK(window.app().title().find("kept.llmc.json") != std::string::npos);
        const std::string said(window.answer(1, "c1").text());

        // The next time it goes to the same file, without a question.
        window.send("Remember me too");
        window.wait_for_rounds(2);
        window.press(ImGuiMod_Ctrl | ImGuiKey_S);
        window.wait_until("it is saved", [&] { return window.now().is_kept; });
        CHECK_FALSE(window.asks());

        window.choose("Session/Clear session");
        window.wait_until("it is cleared", [&] { return window.now().session.rounds.empty(); });
        CHECK_FALSE(window.asks());  // all was saved
        CHECK(window.app().setup().in_force.candidates.size() == 1);

        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_O);
        window.give_path(file);
        window.wait_until("it is open", [&] { return window.now().session.rounds.size() == 2; });
        CHECK(window.answer(1, "c1").text() == said);
        CHECK(window.now().is_kept);
        window.wait_for_models();
        window.send("And on we go");
        window.wait_for_rounds(3);
        CHECK(window.state(3, "c1") == AnswerState::complete);
    });
    const auto saved = report::read_session(base::content_of(file), "kept");
    REQUIRE(saved.ok());
    CHECK(saved->rounds.size() == 2);
}

TEST_CASE("a report and a session are opened from the command line or dropped") {
    World world;
    std::string said;
    with_a_round(world, [&](Window& window) {
        window.choose("File/Export JSON");
        window.wait_until("it is written", [&] { return window.now().is_kept; });
        said = window.answer(1, "c1").text();
    });
    const auto reports = world.reports(".json");
    REQUIRE(reports.size() == 1);
    world.config.candidates.clear();
    world.files = {reports[0]};
    world.start([&](Window& window) {
        window.wait_until("it is open", [&] { return window.now().session.rounds.size() == 1; });
        const auto& rounds = window.now().session.rounds;
        CHECK(rounds[0]->prompt == "Remember me");
        REQUIRE(rounds[0]->answers.size() == 1);
        CHECK(rounds[0]->answers[0].text() == said);
        window.app().on_drop({reports[0]});
        window.wait_until("it is open again", [&] { return window.has_logged("Opened"); });
        CHECK(window.now().session.rounds.size() == 1);
    });
}

TEST_CASE("a name without an extension gets one, a file is known by what is in it, and the title has its name") {
    World world;
    const auto odd = world.path("kept.notes");
    with_a_round(world, [&](Window& window) {
        window.choose("File/Save session");
        window.give_path(world.path("kept"));
        const auto file = world.path("kept.llmc.json");
        window.wait_until("it is saved", [&] { return std::filesystem::exists(file) && window.now().is_kept; });
        CHECK(window.app().title().find("kept.llmc.json") != std::string::npos);

        // What is there under the whole name is not replaced unasked.
        world.write("other.llmc.json", "mine");
        window.choose("File/Save session as…");
        window.give_path(world.path("other"));
        window.wait_until("it is told", [&] { return window.has_toast("other.llmc.json is there already"); });
        CHECK(base::content_of(world.path("other.llmc.json")) == "mine");

        std::filesystem::rename(file, odd);
        window.choose("File/Export JSON");
        window.wait_until("a report is there", [&] { return world.reports(".json").size() == 1; });
        std::filesystem::rename(world.reports(".json")[0], world.path("report.txt"));
    });
    world.config.candidates.clear();
    world.files = {odd};
    world.start([&](Window& window) {
        window.wait_until("it is open", [&] { return window.now().session.rounds.size() == 1; });
        CHECK(window.app().title().find("kept.notes") != std::string::npos);
        window.app().on_drop({world.path("report.txt")});
        window.wait_until("the report is open",
                          [&] { return window.app().title().find("report.txt") != std::string::npos; });
        CHECK(window.now().is_kept);
        // A report is never written over.
        window.press(ImGuiMod_Ctrl | ImGuiKey_S);
        window.wait_until("it asks where", [&] { return window.asks(); });
        window.press(ImGuiKey_Escape);
    });
}

TEST_CASE("the session that was used last goes on at the next start, and what is gone is said to be so") {
    World world;
    const auto file = world.path("kept.llmc.json"), gone = world.path("gone.llmc.json");
    const auto is_remembered = [&](std::string_view words) {
        return base::content_of(world.path("state") / "window.json").find(words) != std::string::npos;
    };
    with_a_round(world, [&](Window& window) {
        window.app().run(gui::SaveSessionAs{gone});
        window.wait_until("it is saved", [&] { return window.now().is_kept; });
        window.app().run(gui::SaveSessionAs{file});
        window.wait_until("it is saved", [&] { return std::filesystem::exists(file); });
        window.wait_until("the title says so",
                          [&] { return window.app().title().find("kept.llmc.json") != std::string::npos; });
    });
    CHECK(is_remembered("Remember me"));
    CHECK(is_remembered("kept.llmc.json"));
    std::filesystem::remove(gone);
    world.config.candidates.clear();
    world.start([&](Window& window) {
        window.wait_until("nobody is found", [&] { return !window.app().setup().is_discovering; });
        window.frames(3);
        window.hand().SetRef("//##MainMenuBar");
        window.hand().MenuAction(ImGuiTestAction_Open, "File/Recent sessions");
        window.hand().SetRef(ImGuiTestRef());
        const std::string entry = std::regex_replace(gone.string(), std::regex("/"), "\\/");
        CHECK_FALSE(window.is_enabled(("//$FOCUSED/###" + entry).c_str()));
        window.hand().PopupCloseAll();
        window.click("//###welcome/###continue");
        window.wait_until("it is open", [&] { return window.now().session.rounds.size() == 1; });
        window.choose("View/Privacy/Remember prompts and recent sessions");
        window.wait_until("it is written", [&] { return window.app().is_idle(); });
        CHECK_FALSE(is_remembered("Remember me"));
        CHECK_FALSE(is_remembered("kept.llmc.json"));
        window.write_prompt("Not sent, and secret");
        window.app().run(gui::SetTextSize{1.1F});  // writes it
        window.frames(3);
        window.wait_until("it is written", [&] { return window.app().is_idle() && is_remembered("1.1"); });
        CHECK_FALSE(is_remembered("secret"));
    });
    CHECK_FALSE(is_remembered("kept.llmc.json"));
    CHECK_FALSE(is_remembered("secret"));
    world.start([&](Window& window) { CHECK(window.app().prompt_view().text.empty()); });
}

TEST_CASE("nothing of a discarded session is remembered, nor the prompts of a file") {
    World world;
    const auto remembered = [&] { return base::content_of(world.path("state") / "window.json"); };
    const auto batch = world.write("batch.txt", "From a file\nAnother line\n");
    with_a_round(world, [&](Window& window) {
        window.app().on_drop({batch});
        window.wait_until("they are listed", [&] { return window.app().prompt_view().batch.size() == 2; });
        window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        window.wait_for_rounds(3);
        window.choose("File/Export Markdown");
        window.wait_until("it is kept", [&] { return window.now().is_kept; });
        window.send("Forget me");
        window.wait_for_rounds(4);
        window.choose("File/Quit");
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Discard");
        window.wait_until("it ends", [&] { return window.app().wants_to_quit(); });
    });
    CHECK(remembered().find("Remember me") != std::string::npos);
    CHECK(remembered().find("From a file") == std::string::npos);
    CHECK(remembered().find("Forget me") == std::string::npos);
}

TEST_CASE("a file that cannot be opened says why and changes nothing") {
    World world;
    const struct {
        const char *name, *bytes, *words;
    } files[] = {
        {"garbage.llmc.json", "this is no JSON", "garbage.llmc.json"},
        {"config.json", "{\"servers\": [], \"temperature\": 1}", "config.json"},
        {"empty.json", "", "empty.json"},
        {"array.json", "[1, 2, 3]", "array.json"},
        {"latin.txt", "gr\xFC\xDF dich\n", "latin.txt"},
        {"blank.txt", " \n\n", "blank.txt"},
        {"broken.jsonl", "{\"prompt\": \"one\"}\n{\"prompt\": \n", "broken.jsonl"},
        {"picture.png", "\x89PNG", "picture.png"},
    };
    with_a_round(world, [&](Window& window) {
        const std::string id = window.now().session.id;
        for (const auto& one : files) {
            const std::string name = one.name;
            CAPTURE(name);
            const auto path = world.write(one.name, one.bytes);
            window.app().on_drop({path});
            window.wait_until("it is told, or asked", [&] { return window.asks() || window.has_logged(one.words); });
            if (window.asks()) window.click("//###question/Discard");  // before another session is opened
            window.wait_until("it is told", [&] { return window.has_logged(one.words); });
            CHECK(window.has_toast(one.words));
            CHECK(window.now().session.id == id);
            CHECK(window.now().session.rounds.size() == 1);
            CHECK(window.app().prompt_view().batch.empty());
            CHECK(window.app().setup().in_force.candidates.size() == 1);
        }
        window.app().on_drop({world.path("nothing.txt")});
        window.wait_until("it is told", [&] { return window.has_logged("nothing.txt"); });
    });
}

TEST_CASE("closing asks what to do with rounds that were not kept") {
    SUBCASE("Cancel stays") {
        World world;
        with_a_round(world, [&](Window& window) {
            CHECK_FALSE(window.app().on_close(false));
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Cancel");
            window.frames(3);
            CHECK_FALSE(window.asks());
            CHECK_FALSE(window.app().wants_to_quit());
            window.press(ImGuiMod_Ctrl | ImGuiKey_Q);
            window.wait_until("it asks", [&] { return window.asks(); });
            window.press(ImGuiKey_Escape);
            window.frames(3);
            CHECK_FALSE(window.asks());
            CHECK_FALSE(window.app().wants_to_quit());
            CHECK(window.now().session.rounds.size() == 1);
        });
    }
    SUBCASE("Discard goes") {
        World world;
        with_a_round(world, [&](Window& window) {
            window.choose("File/Quit");
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Discard");
            window.wait_until("it ends", [&] { return window.app().wants_to_quit(); });
            CHECK(world.reports(".md").empty());
        });
    }
    SUBCASE("Export writes, then goes") {
        World world;
        with_a_round(world, [&](Window& window) {
            window.choose("File/Quit");
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Export reports");
            window.wait_until("it ends", [&] { return window.app().wants_to_quit(); });
            CHECK(world.reports(".md").size() == 1);
            CHECK(world.reports(".json").size() == 1);
        });
    }
    SUBCASE("Save asks where, then goes") {
        World world;
        with_a_round(world, [&](Window& window) {
            window.choose("File/Quit");
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Save session");
            window.frames(3);
            window.give_path(world.path("last.llmc.json"));
            window.wait_until("it ends", [&] { return window.app().wants_to_quit(); });
            CHECK(std::filesystem::exists(world.path("last.llmc.json")));
        });
    }
    SUBCASE("in a pause, an answer that still waits for its turn is stopped first") {
        World world;
        PacedServer server({"alpha", "beta"});
        world.add_server(server.url());
        world.add_model("alpha");
        world.add_model("beta");
        world.start([&](Window& window) {
            window.wait_for_models();
            server.say("Half of an ");
            window.send("Hello");
            window.wait_until("one streams", [&] {
                return window.now().session.rounds.size() == 1 && window.state(1, "c1") == AnswerState::streaming;
            });
            window.press(ImGuiMod_Ctrl | ImGuiKey_P);
            window.wait_for_activity(Activity::paused);
            server.say("answer.");
            server.finish();
            window.wait_until("it has ended", [&] { return window.state(1, "c1") == AnswerState::complete; });
            CHECK(window.state(1, "c2") == AnswerState::queued);
            window.choose("File/Quit");
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Export reports");
            window.wait_until("it ends", [&] { return window.app().wants_to_quit(); });
            CHECK(window.state(1, "c2") == AnswerState::stopped);
            CHECK(world.reports(".md").size() == 1);
        });
    }
    SUBCASE("what cannot be saved is not given up") {
        World world;
        with_a_round(world, [&](Window& window) {
            window.choose("File/Quit");
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Save session");
            window.frames(3);
            world.write("a file", "");
            window.give_path(world.path("a file") / "below.llmc.json");
            window.wait_until("it is told", [&] { return window.has_toast("below.llmc.json"); });
            CHECK_FALSE(window.app().wants_to_quit());
            CHECK(window.now().session.rounds.size() == 1);
        });
    }
    SUBCASE("a saving that was cancelled is no leave to go") {
        World world;
        with_a_round(world, [&](Window& window) {
            window.choose("File/Quit");
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Save session");
            window.frames(3);
            window.wait_until("it asks where", [&] { return window.asks(); });
            window.click("//###question/Cancel");
            window.frames(3);
            CHECK_FALSE(window.app().wants_to_quit());
            window.choose("File/Export Markdown");  // later, for another reason
            window.wait_until("it is kept", [&] { return window.now().is_kept; });
            window.frames(10);
            CHECK_FALSE(window.app().wants_to_quit());
        });
    }
    SUBCASE("what is still arriving is stopped and kept") {
        World world;
        PacedServer server({"alpha"});
        world.add_server(server.url());
        world.add_model("alpha");
        server.say("Half of it");
        world.start([&](Window& window) {
            window.wait_for_models();
            window.send("Go");
            window.wait_until("it streams", [&] {
                return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming;
            });
            window.choose("File/Quit");
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Export reports");
            window.wait_until("it ends", [&] { return window.app().wants_to_quit(); });
            const auto written = world.reports(".md");
            REQUIRE(written.size() >= 1);
            CHECK(base::content_of(written.back()).find("Half of it") != std::string::npos);
            CHECK(base::content_of(written.back()).find("stopped") != std::string::npos);
        });
    }
    SUBCASE("nothing to lose, nothing to ask") {
        World world;
        world.start([&](Window& window) {
            window.choose("File/Quit");
            CHECK_FALSE(window.asks());
            CHECK(window.app().wants_to_quit());
        });
    }
    SUBCASE("the system's word is no question: what was said is offered at the next start") {
        World world;
        with_a_round(world, [&](Window& window) {
            CHECK(window.app().on_close(true));
            CHECK_FALSE(window.asks());
        });
        CHECK(world.reports(".json").empty());
        world.start([&](Window& window) {
            window.wait_until("it offers the session", [&] { return window.asks(); });
            window.click("//###question/**/Recover");
            window.wait_until("it is there", [&] { return window.now().session.rounds.size() == 1; });
            CHECK_FALSE(window.now().is_kept);
            window.choose("File/Quit");
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Discard");
            window.wait_until("it ends", [&] { return window.app().wants_to_quit(); });
        });
        world.start([&](Window& window) {
            window.frames(20);
            CHECK_FALSE(window.asks());
        });
    }
    SUBCASE("the system's word is a report where there is no journal") {
        World world;
        world.config.journal = false;
        with_a_round(world, [&](Window& window) {
            CHECK_FALSE(window.app().on_close(true));
            window.wait_until("it ends", [&] { return window.app().wants_to_quit(); });
            CHECK_FALSE(window.asks());
            CHECK(world.reports(".json").size() == 1);
        });
    }
}

TEST_CASE("Clear asks too, and clears only what was let go") {
    World world;
    with_a_round(world, [&](Window& window) {
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_K);
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Cancel");
        window.frames(3);
        CHECK(window.now().session.rounds.size() == 1);
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_K);
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Discard");
        window.wait_until("it is cleared", [&] { return window.now().session.rounds.empty(); });
        CHECK(window.now().session.candidates.size() == 1);
        window.send("Afresh");
        window.wait_for_rounds(1);
        CHECK(window.answer(1, "c1").text().find("turn 2") == std::string::npos);
    });
}

TEST_CASE("another session is opened while answers run: they are stopped and let go first") {
    World world;
    const auto file = world.path("kept.llmc.json");
    with_a_round(world, [&](Window& window) {
        window.app().run(gui::SaveSessionAs{file});
        window.wait_until("it is saved", [&] { return window.now().is_kept; });
    });
    world.config.candidates.clear();
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say("Half of it");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Go");
        window.wait_until("it streams", [&] {
            return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming;
        });
        window.app().on_drop({file});
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Discard");
        window.wait_until("it is open", [&] {
            return !window.now().session.rounds.empty() && window.now().session.rounds[0]->prompt == "Remember me";
        });
        REQUIRE(window.app().setup().in_force.candidates.size() == 1);
        CHECK(window.app().setup().in_force.candidates[0].model_id == "demo-fast");
        CHECK(world.reports(".md").empty());
    });
}
