// A failure stops the session, keeps what was said, and can be got over.
#include <imgui_internal.h>

#include "gui/menu_bar.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using engine::Activity;
using session::AnswerState;

TEST_CASE("an answer that breaks off halts the session, everything is written, and skipping the model goes on") {
    World world;
    auto demo = world.demo(400);
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.add_model("demo-fragile");
    const auto file = world.write("prompts.txt", "Say hello\nNow fail please, with a long answer\nSay goodbye\n");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().on_drop({file});
        window.wait_until("the prompts are there", [&] { return window.app().prompt_view().batch.size() == 3; });
        window.frames(3);
        window.click("//###prompt/###primary");
        window.wait_for_activity(Activity::halted);
        CHECK(window.state(2, "c3") == AnswerState::cut_off);
        CHECK_FALSE(window.answer(2, "c3").text().empty());
        for (const char* id : {"c1", "c2"}) {
            const AnswerState state = window.state(2, id);
            CHECK((state == AnswerState::interrupted || state == AnswerState::complete));
        }
        window.wait_until("the reports are written", [&] { return window.now().reports.size() == 2; });
        CHECK(world.reports(".md").size() == 1);
        CHECK(world.reports(".json").size() == 1);
        CHECK(base::content_of(world.reports(".md")[0]).find("Session Halted") != std::string::npos);
        CHECK(window.app().title().starts_with("halted"));
        CHECK(window.app().takes_attention());
        CHECK(gui::status_line(window.now()).find("demo-fragile · cut off") != std::string::npos);
        CHECK(gui::status_line(window.now()).find(world.path("reports").string()) != std::string::npos);

        // The preview is there, behind what is being looked at.
        window.frames(10);
        CHECK(window.is_in_front("###prompt"));
        CHECK(window.shown("###report"));
        CHECK_FALSE(window.is_in_front("###report"));

        CHECK(window.has("//###prompt/###skip"));
        CHECK(window.has("//###candidate:c3/**/Skip model"));
        // The notice of the reports lies over none of that.
        REQUIRE(window.has_toast("Written"));
        const ImGuiWindow *notice = window.shown("##toast0"), *failed = window.shown("###candidate:c3");
        REQUIRE((notice && failed));
        CHECK_FALSE(notice->Rect().Overlaps(failed->Rect()));
        CHECK_FALSE(window.has("//###candidate:c1/**/Retry"));
        window.click("//###candidate:c3/**/Skip model");
        window.wait_for_rounds(3);
        CHECK(window.state(2, "c1") == AnswerState::complete);
        CHECK(window.state(2, "c2") == AnswerState::complete);
        CHECK(window.state(3, "c1") == AnswerState::complete);
        CHECK(window.now().session.rounds[2]->find("c3") == nullptr);
        CHECK(window.now().session.candidates[2].is_removed);
        CHECK(window.shown("###candidate:c3"));  // what it said stays
    });
}

TEST_CASE("a failed answer is tried again, keeps its first attempt in the notes, and the batch goes on") {
    World world;
    PacedServer steady({"alpha"}), shaky({"beta"});
    world.add_server(steady.url(), "steady");
    world.add_server(shaky.url(), "shaky");
    world.add_model("alpha");
    world.add_model("beta");
    steady.say("I am ");
    shaky.say("Half of an ans");
    const auto file = world.write("prompts.txt", "one\ntwo\n");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().on_drop({file});
        window.wait_until("the prompts are there", [&] { return window.app().prompt_view().batch.size() == 2; });
        window.frames(3);
        window.click("//###prompt/###primary");
        window.wait_until("both stream", [&] {
            return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming &&
                   window.state(1, "c2") == AnswerState::streaming;
        });
        shaky.drop();
        window.wait_for_activity(Activity::halted);
        CHECK(window.state(1, "c2") == AnswerState::cut_off);
        CHECK(window.answer(1, "c2").text() == "Half of an ans");
        CHECK(window.state(1, "c1") == AnswerState::interrupted);
        CHECK(window.answer(1, "c1").text() == "I am ");
        window.wait_until("the reports are written", [&] { return window.now().reports.size() == 2; });
        CHECK(base::content_of(world.reports(".md")[0]).find("Half of an ans") != std::string::npos);

        shaky.begin_anew();
        steady.begin_anew();
        for (PacedServer* server : {&steady, &shaky}) {
            server->say("All is well.");
            server->finish();
        }
        window.click("//###candidate:c2/**/Retry");
        window.wait_for_rounds(2);
        CHECK(window.state(1, "c1") == AnswerState::complete);
        CHECK(window.state(1, "c2") == AnswerState::complete);
        CHECK(window.answer(1, "c2").attempt == 2);
        CHECK(window.answer(1, "c2").text() == "All is well.");
        CHECK(window.now().session.rounds[0]->replaced.size() == 2);
        CHECK(window.state(2, "c2") == AnswerState::complete);
        CHECK_FALSE(window.now().session.is_halted);
        CHECK_FALSE(window.has("//###candidate:c2/**/Retry"));
    });
}

TEST_CASE("an answer that failed twice keeps both attempts folded above the one that is complete") {
    World world;
    PacedServer steady({"alpha"}), shaky({"beta"});
    world.add_server(steady.url(), "steady");
    world.add_server(shaky.url(), "shaky");
    world.add_model("alpha");
    world.add_model("beta");
    steady.say("I am steady but not done");
    world.start([&](Window& window) {
        window.wait_for_models();
        const auto fails = [&](const std::string& text) {
            shaky.say(text);
            window.wait_until("both stream", [&] {
                return !window.now().session.rounds.empty() && !window.answer(1, "c1").text().empty() &&
                       window.answer(1, "c2").text() == text;
            });
            shaky.drop();
            window.wait_for_activity(Activity::halted);
            shaky.begin_anew();
        };
        window.send("Hello");
        fails("First half");
        window.click("//###candidate:c2/**/Retry");
        window.wait_until("it goes on", [&] { return window.answer(1, "c2").attempt == 2; });
        fails("Second half");
        steady.begin_anew();
        for (PacedServer* server : {&steady, &shaky}) {
            server->say("All is well.");
            server->finish();
        }
        window.click("//###candidate:c2/**/Retry");
        window.wait_for_rounds(1);
        window.frames(3);
        const auto shown = [&](const char* candidate) -> gui::Conversation& {
            return window.app().candidate_view(candidate).conversation;
        };
        CHECK(shown("c2").whole_text() == "[User]\nHello\n\n[Assistant]\nAll is well.");
        window.click("//###candidate:c2/**/attempt 1");
        window.frames(3);
        CHECK(shown("c2").whole_text().find(" · cut off]\nFirst half\n\n[Assistant]\nAll") != std::string::npos);
        window.click("//###candidate:c2/**/attempt 2");
        window.click("//###candidate:c1/**/attempt 1");
        window.frames(3);
        CHECK(shown("c2").whole_text().find("\nSecond half\n") != std::string::npos);
        CHECK(shown("c1").whole_text().find(" · interrupted]\nI am steady but not done\n") != std::string::npos);
        window.click("//###candidate:c2/**/attempt 1");
        window.frames(3);
        CHECK(shown("c2").whole_text().find("First half") == std::string::npos);
        const std::size_t halts = window.now().reports.size();
        window.choose("File/Export Markdown");
        window.wait_until("the report is written", [&] { return window.now().reports.size() > halts; });
        const std::string report = base::content_of(window.now().reports.back());
        for (const char* text : {"First half", "Second half", "I am steady but not done", "All is well."})
            CHECK(report.find(text) != std::string::npos);
        // Beside the answer that counts.
        window.hand().MouseMove("//###candidate:c2/**/attempt 1");
        window.frames(2);
        window.click("//###candidate:c2/**/Compare/action");
        window.wait_until("they are compared", [&] { return window.app().compare_view().columns.size() == 2; });
        CHECK(window.is_in_front("###compare"));
        CHECK(window.app().compare_view().columns[0]->text.text() == "First half");
        CHECK(window.app().compare_view().columns[1]->text.text() == "All is well.");
    });
}

TEST_CASE("the primary button, the keys and the menu resume a halted session too") {
    for (const std::string way : {"button", "keys", "menu", "skip"}) {
        World world;
        PacedServer server({"alpha"});
        PacedServer other({"beta"});
        world.add_server(server.url());
        world.add_server(other.url());
        world.add_model("alpha");
        world.add_model("beta");
        other.say("Fine.");
        other.finish();
        server.drop();
        world.start([&](Window& window) {
            CAPTURE(way);
            window.wait_for_models();
            window.send("Hello");
            window.wait_for_activity(Activity::halted);
            window.wait_until("the reports are written", [&] { return window.now().reports.size() == 2; });
            server.begin_anew();
            server.say("Fine.");
            server.finish();
            if (way == "button") window.click("//###prompt/###primary");
            if (way == "keys") window.press(ImGuiMod_Ctrl | ImGuiKey_R);
            if (way == "menu") window.choose("Session/Resume");
            if (way == "skip") window.click("//###prompt/###skip");
            window.wait_for_rounds(1);
            CHECK(window.state(1, "c2") == AnswerState::complete);
            CHECK((window.state(1, "c1") == AnswerState::complete) == (way != "skip"));
        });
    }
}
