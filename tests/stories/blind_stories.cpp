// Blind mode: nothing tells whose answer is whose until it is revealed.
#include "stories/drawn_text.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using engine::Activity;

namespace {

constexpr const char* kSecrets[] = {"zephyr", "osprey", "first choice", "rack-one", "rack-two", "127.0.0.1"};

void check_secret(const DrawnText& drawn, const gui::App& app) {
    CHECK(drawn.all().size() > 20);
    for (const char* name : kSecrets) {
        CAPTURE(name);
        CHECK(drawn.find(name) == "");
        CHECK(app.title().find(name) == std::string::npos);
    }
}

void show_all_windows(Window& window) {
    for (const gui::PanelRow& row : gui::panel_rows()) {
        if (row.place == gui::PanelPlace::free) continue;
        window.app().run(gui::ShowPanel{row.panel, true});
        window.frames(4);
    }
    for (const char* menu : {"File", "Session", "View/Candidates", "Judge", "Help"}) {
        window.hand().SetRef("##MainMenuBar");
        window.hand().MenuAction(ImGuiTestAction_Hover, menu);
        window.frames(2);
    }
    window.press(ImGuiKey_Escape);
    window.press(ImGuiKey_Escape);
    for (const char* name : {"//###candidate:c1", "//###candidate:c2"}) {
        window.focus(name);
        window.frames(2);
    }
}

}  // namespace

TEST_CASE("in blind mode no string that is drawn names a candidate, its model or its server, until it is revealed") {
    World world;
    PacedServer one({"zephyr-7b-beta"}), two({"org/Osprey-40B"});
    world.add_server(one.url(), "rack-one");
    world.add_server(two.url(), "rack-two");
    world.add_model("zephyr-7b-beta", "First choice");
    world.add_model("org/Osprey-40B");
    one.say("I am Zephyr, your helper.");
    one.finish();
    two.say("Call me Osprey-40B.");
    two.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Who are you?");
        window.wait_for_rounds(1);
        CHECK(window.answer(1, "c1").text() == "I am Zephyr, your helper.");

        window.choose("Judge/###blind");
        window.frames(4);
        {
            const DrawnText drawn;
            show_all_windows(window);
            // A new round, told in pieces that part the names; then one that fails.
            for (PacedServer* server : {&one, &two}) server->begin_anew();
            one.think("As Zeph");
            one.think("yr I think. ");
            one.say("This is zep");
            two.say("An os");
            window.send("And now?");
            window.wait_until("the answers stream", [&] {
                if (window.now().session.rounds.size() < 2) return false;
                return window.answer(2, "c1").text().size() > 3 || window.answer(2, "c2").text().size() > 3;
            });
            one.say("hyr-7b-beta speaking");
            one.finish();
            const auto says = [&](const char* slot, std::string_view text) {
                return window.answer(2, slot).text() == text;
            };
            window.wait_until("the first one has ended",
                              [&] { return says("c1", "This is ███ speaking") || says("c2", "This is ███ speaking"); });
            two.say("prey speaks");
            two.drop();
            window.wait_for_activity(Activity::halted);
            window.frames(20);
            show_all_windows(window);
            check_secret(drawn, window.app());
            CHECK((says("c1", "An ███ speaks") || says("c2", "An ███ speaks")));
            for (const auto& toast : window.app().toasts())
                for (const char* name : kSecrets) CHECK(toast.text.find(name) == std::string::npos);
        }
        {
            const DrawnText drawn;
            window.press(ImGuiMod_Ctrl | ImGuiKey_B);  // a key alone gives nothing away
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Stay blind");
            window.frames(3);
            CHECK(window.now().labels.front() == "A");
            window.press(ImGuiMod_Ctrl | ImGuiKey_B);
            window.wait_until("it asks", [&] { return window.asks(); });
            window.click("//###question/Reveal");
            window.frames(4);
            show_all_windows(window);
            for (const char* name : kSecrets) {
                CAPTURE(name);
                CHECK(drawn.find(name) != "");
            }
        }
        CHECK(window.answer(2, "c1").text() == "This is zephyr-7b-beta speaking");
    });
}

TEST_CASE("skipping the model that failed works in blind mode, too") {
    World world;
    PacedServer one({"alpha-one"}), two({"beta-two"});
    world.add_server(one.url());
    world.add_server(two.url());
    world.add_model("alpha-one");
    world.add_model("beta-two");
    one.say("all is well");
    one.finish();
    two.say("half of an ans");
    two.drop();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.press(ImGuiMod_Ctrl | ImGuiKey_B);
        window.send("Hello");
        window.wait_for_activity(Activity::halted);
        window.click("//###prompt/###skip");
        window.wait_for_activity(Activity::idle);
        window.press(ImGuiMod_Ctrl | ImGuiKey_B);
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Reveal");
        window.frames(4);
        REQUIRE(window.now().session.candidates.size() == 2);
        CHECK_FALSE(window.now().session.candidates[0].is_removed);
        CHECK(window.now().session.candidates[1].is_removed);
    });
}
