// What failed is tried again: in a halt, twice in a row, without a halt, and after its model was skipped.
#include "gui/menu_bar.h"
#include "stories/drawn_text.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using engine::Activity;
using session::AnswerState;

namespace {

// Two models on a server each; both answer as they are told.
struct Studio {
    World world;
    PacedServer steady{std::vector<std::string>{"alpha"}};
    std::unique_ptr<PacedServer> shaky = std::make_unique<PacedServer>(std::vector<std::string>{"beta"});

    Studio() {
        world.add_server(steady.url(), "studio-1");
        world.add_server(shaky->url(), "studio-2");
        world.add_model("alpha");
        world.add_model("beta");
    }

    // Beta has said half of its answer and breaks off.
    void fail_once(Window& window, Activity then) {
        window.wait_for_models();
        shaky->say("Half of an ans");
        window.send("Hello");
        window.wait_until("beta streams", [&] {
            return !window.now().session.rounds.empty() && !window.answer(1, "c2").text().empty();
        });
        shaky->drop();
        window.wait_until("beta has failed", [&] { return session::is_failure(window.state(1, "c2")); });
        window.wait_for_activity(then);
    }
};

}  // namespace

TEST_CASE("a retry that fails again halts again, with the reason and the ways on") {
    Studio studio;
    studio.steady.say("I am ");
    studio.world.start([&](Window& window) {
        studio.fail_once(window, Activity::halted);
        window.wait_until("its server was asked", [&] { return window.now().servers[1].is_reachable(); });

        // It goes away after it was asked: the second attempt finds nobody.
        studio.shaky.reset();
        window.click("//###candidate:c2/**/Retry");
        window.wait_until("it has failed again", [&] {
            return window.now().activity == Activity::halted &&
                   (window.answer(1, "c2").attempt == 2 || !engine::refused_retry(window.now()).empty());
        });
        CHECK(session::is_failure(window.state(1, "c2")));
        CHECK_FALSE(engine::has_open_answers(window.now()));
        window.wait_until("its server was asked", [&] { return !window.now().servers[1].is_reachable(); });

        // The third does not even start.
        window.press(ImGuiMod_Ctrl | ImGuiKey_R);
        window.wait_until("it was refused", [&] { return !engine::refused_retry(window.now()).empty(); });
        CHECK(window.now().activity == Activity::halted);
        CHECK(gui::status_line(window.now()).find("halted: studio-2 refuse") == 0);
        window.frames(3);
        CHECK(window.has("//###candidate:c2/**/Retry"));
        CHECK(window.has("//###candidate:c2/**/Skip model"));
        CHECK(window.has("//###prompt/###skip"));
        DrawnText drawn;
        window.frames(3);
        CHECK(drawn.find("Resume round 1").empty() == false);
        CHECK(drawn.find("Waits for a free server").empty());
        CHECK(drawn.find("queued").empty());
        CHECK_FALSE(drawn.find("studio-2 refuse").empty());
    });
}

TEST_CASE("where the others go on, a failed answer is tried again while they run") {
    Studio studio;
    studio.world.config.settings.on_failure = session::OnFailure::keep_going;
    studio.steady.say("I am ");
    studio.world.start([&](Window& window) {
        studio.fail_once(window, Activity::running);
        CHECK(window.state(1, "c1") == AnswerState::streaming);
        studio.shaky->begin_anew();
        studio.shaky->say("All is well.");
        studio.shaky->finish();
        window.click("//###candidate:c2/**/Retry");
        window.wait_until("beta has answered", [&] { return window.state(1, "c2") == AnswerState::complete; });
        CHECK(window.state(1, "c1") == AnswerState::streaming);  // it was left alone
        CHECK(window.answer(1, "c1").attempt == 1);
        studio.steady.finish();
        window.wait_for_rounds(1);
        CHECK(window.now().session.rounds[0]->replaced.size() == 1);
    });
}

TEST_CASE("a skipped model is called so, comes back from its window or Configuration, and can be tried again") {
    for (const bool by_configuration : {false, true}) {
        CAPTURE(by_configuration);
        Studio studio;
        studio.steady.say("I am here.");
        studio.steady.finish();
        studio.world.start([&](Window& window) {
            studio.fail_once(window, Activity::halted);
            window.click("//###candidate:c2/**/Skip model");
            window.wait_for_rounds(1);
            {
                DrawnText drawn;
                window.frames(3);
                CHECK_FALSE(drawn.find("Skipped: it takes no further part").empty());
                CHECK(window.has(window.setting("candidates/c2/skipped")));
            }
            if (by_configuration)
                window.click(window.setting("candidates/c2/skipped"));
            else
                window.click("//###candidate:c2/**/Bring back");
            window.wait_until("it is back", [&] { return !window.now().session.candidates[1].is_removed; });
            studio.shaky->begin_anew();
            studio.shaky->say("All is well.");
            studio.shaky->finish();
            window.frames(5);
            window.click("//###candidate:c2/**/Retry");
            window.wait_until("beta has answered", [&] { return window.state(1, "c2") == AnswerState::complete; });
            DrawnText drawn;
            window.frames(3);
            CHECK(drawn.find("skipped").empty());
        });
    }
}

TEST_CASE("by model, windows, title and menu bar follow the answer that is written, and what waits is one line") {
    World world;
    PacedServer server({"alpha", "beta"});
    world.add_server(server.url());
    world.add_model("alpha");
    world.add_model("beta");
    world.config.settings.order = session::Order::by_model;
    const auto file = world.write("prompts.txt", "one\ntwo\nthree\nfour\n");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().on_drop({file});
        window.wait_until("the prompts are there", [&] { return window.app().prompt_view().batch.size() == 4; });
        window.frames(3);
        server.say("Yes.");
        window.click("//###prompt/###primary");
        window.wait_until("alpha streams", [&] {
            return !window.now().session.rounds.empty() && !window.answer(1, "c1").text().empty();
        });
        {
            DrawnText drawn;
            window.frames(3);
            CHECK_FALSE(drawn.find("3 prompts wait").empty());  // of alpha
            CHECK_FALSE(drawn.find("4 prompts wait").empty());  // of beta
            CHECK(drawn.find("Waits for a free server").empty());
            CHECK(window.app().title().starts_with("round 1 of 4 · 0 of 8 answers"));
        }
        server.finish();  // every answer so far says the same, at once
        window.wait_until("alpha is through", [&] { return window.state(4, "c1") == AnswerState::complete; });
        window.wait_for_rounds(4);
        CHECK(window.now().answers_done == 8);
        CHECK(gui::status_line(window.now()).find("answers") == std::string::npos);  // nothing runs
    });
}
