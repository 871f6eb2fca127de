// A file of prompts: seen, changed, run, held, stopped.
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using engine::Activity;
using session::AnswerState;

namespace {

ImGuiID queued(Window& window, const char* path) {
    return window.in("//###prompt", "queue", path);
}

}  // namespace

TEST_CASE("a file of prompts is shown, put in order, changed and run") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    const auto file = world.write("prompts.txt", "one\ntwo\n\n  three  \n");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().on_drop({file});
        const auto& batch = window.app().prompt_view().batch;
        window.wait_until("the prompts are there", [&] { return batch.size() == 3; });
        window.frames(3);
        CHECK(batch == std::vector<std::string>{"one", "two", "three"});
        CHECK(window.now().session.rounds.empty());

        window.click(queued(window, "$$0/Down"));
        CHECK(batch == std::vector<std::string>{"two", "one", "three"});
        window.click(queued(window, "$$2/Up"));
        CHECK(batch == std::vector<std::string>{"two", "three", "one"});
        CHECK_FALSE(window.is_enabled(queued(window, "$$0/Up")));
        CHECK_FALSE(window.is_enabled(queued(window, "$$2/Down")));
        window.click(queued(window, "$$1/×"));
        CHECK(batch == std::vector<std::string>{"two", "one"});
        window.click(queued(window, "$$1/row"));
        window.frames(3);
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        window.type("dropped");
        window.press(ImGuiKey_Escape);
        CHECK(batch == std::vector<std::string>{"two", "one"});
        window.click(queued(window, "$$1/row"));
        window.frames(3);
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        window.type("one and a half");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
        CHECK(batch == std::vector<std::string>{"two", "one and a half"});
        CHECK(window.now().session.rounds.empty());

        window.click("//###prompt/###primary");
        window.wait_for_rounds(2);
        const auto& rounds = window.now().session.rounds;
        REQUIRE(rounds.size() == 2);
        CHECK(rounds[0]->prompt == "two");
        CHECK(rounds[1]->prompt == "one and a half");
        CHECK(batch.empty());
        CHECK(window.now().rounds_done == 2);
        CHECK(window.now().rounds_total == 2);
        CHECK(window.has_logged("3 prompts from"));
    });
}

TEST_CASE("a running batch is paused, goes on, stops after its round, and its queue is changed meanwhile") {
    World world;
    PacedServer server({"alpha", "beta"});
    world.add_server(server.url());
    world.config.servers.back().max_concurrent = 2;
    world.add_model("alpha");
    world.add_model("beta");
    const auto file = world.write("prompts.md", "one\n---\ntwo\n-----\nthree\n---\nfour\n");
    server.say("Yes, ");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().on_drop({file});
        window.wait_until("the prompts are there", [&] { return window.app().prompt_view().batch.size() == 4; });
        window.frames(3);
        window.click("//###prompt/###primary");
        window.wait_until("the first answer streams", [&] {
            return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming;
        });
        CHECK(window.queue() == std::vector<std::string>{"two", "three", "four"});
        CHECK(window.app().title().starts_with("round 1 of 4"));

        // What waits can be changed while the first round runs.
        window.click(queued(window, "$$2/Up"));
        window.wait_until("the queue is changed", [&] {
            return window.queue() == std::vector<std::string>{"two", "four", "three"};
        });

        // A pause: what runs goes on, nothing new is sent.
        window.click("//###prompt/Pause");
        window.wait_for_activity(Activity::paused);
        server.finish();
        window.wait_until("the round is complete", [&] {
            return window.state(1, "c1") == AnswerState::complete && window.state(1, "c2") == AnswerState::complete;
        });
        window.frames(20);
        CHECK(window.now().session.rounds.size() == 1);
        CHECK(window.now().activity == Activity::paused);

        server.begin_anew();
        server.say("Yes, ");
        window.click("//###prompt/###primary");  // Continue
        window.wait_until("the second round runs", [&] {
            return window.now().session.rounds.size() == 2 && window.state(2, "c1") == AnswerState::streaming;
        });
        window.click("//###prompt/Stop after round");
        window.wait_until("it will stop", [&] { return window.now().stops_after_round; });
        CHECK_FALSE(window.has("//###prompt/Stop after round"));
        server.finish();
        window.wait_for_activity(Activity::paused);
        CHECK(window.now().session.rounds.size() == 2);
        CHECK(window.now().rounds_done == 2);
        CHECK(window.queue() == std::vector<std::string>{"four", "three"});

        server.begin_anew();
        server.say("Yes, ");
        window.press(ImGuiMod_Ctrl | ImGuiKey_P);
        window.wait_until("the third round runs", [&] {
            return window.now().session.rounds.size() == 3 && window.state(3, "c1") == AnswerState::streaming;
        });
        window.press(ImGuiMod_Ctrl | ImGuiKey_Period);  // Stop now
        window.wait_until("all is stopped", [&] { return window.state(3, "c1") == AnswerState::stopped; });
        window.wait_for_activity(Activity::paused);
        CHECK(window.answer(3, "c1").text() == "Yes, ");
        CHECK(window.queue() == std::vector<std::string>{"three"});
    });
}

TEST_CASE(
    "a prompt that is edited while others are sent stays the one it was, and is no longer kept once it was sent") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    const auto file = world.write("prompts.txt", "one\ntwo\nthree\n");
    server.say("Yes, ");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().on_drop({file});
        window.wait_until("the prompts are there", [&] { return window.app().prompt_view().batch.size() == 3; });
        window.frames(3);
        window.click("//###prompt/###primary");
        window.wait_until("the first answer streams", [&] {
            return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming;
        });
        window.click(queued(window, "$$1/row"));  // three
        window.frames(3);
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        window.type("third");
        window.click(queued(window, "$$0/×"));  // two: the list moves up
        window.wait_until("it is out", [&] { return window.queue() == std::vector<std::string>{"three"}; });
        window.frames(2);
        window.click(queued(window, "Keep"));
        window.wait_until("it is kept", [&] { return window.queue() == std::vector<std::string>{"third"}; });

        window.click(queued(window, "$$0/row"));
        window.frames(3);
        window.type("!");
        server.finish();
        window.wait_for_rounds(2);
        CHECK(window.now().session.rounds[1]->prompt == "third");
        REQUIRE(window.app().prompt_view().queue_edit);  // what was typed is not lost
        CHECK(window.app().prompt_view().queue_edit->text == "third!");
        CHECK_FALSE(window.is_enabled(queued(window, "Keep")));
        window.click(queued(window, "Drop the change"));
        CHECK_FALSE(window.app().prompt_view().queue_edit);
    });
}

TEST_CASE("what is typed while answers run joins the queue, and Clear empties it") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("one");
        window.wait_for_activity(Activity::running);
        window.send("two");
        window.send("three");
        window.wait_until("two wait", [&] { return window.now().session.queue.size() == 2; });
        CHECK(window.now().rounds_total == 3);
        window.click(queued(window, "Clear"));
        window.wait_until("none waits", [&] { return window.now().session.queue.empty(); });
        server.say("Done.");
        server.finish();
        window.wait_for_rounds(1);
        CHECK(window.now().session.rounds.size() == 1);
        // The prompts that were sent come back by the arrow keys.
        window.press(ImGuiMod_Ctrl | ImGuiKey_2);
        window.press(ImGuiKey_UpArrow);
        CHECK(window.app().prompt_view().text == "three");
        window.press(ImGuiKey_UpArrow);
        window.press(ImGuiKey_UpArrow);
        CHECK(window.app().prompt_view().text == "one");
        window.press(ImGuiKey_DownArrow);
        CHECK(window.app().prompt_view().text == "two");
    });
}

TEST_CASE("what is pasted into the prompt is sent as it is: tabs, line ends, private-use characters") {
    const std::string texts[] = {
        "all:\n\tcc -o a a.c\n\nif x:\n\treturn\t1",
        "one\r\ntwo\r\nthree",
        "  indented\n    code\n",
        "icon \xEE\x82\xB0 \xEF\xA3\xBF end",
        "a\x0c"
        "b\x0b"
        "c",
    };
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        int round = 0;
        for (const std::string& text : texts) {
            window.write_prompt("what goes");
            window.press(ImGuiMod_Ctrl | ImGuiKey_A);
            ImGui::SetClipboardText(text.c_str());
            window.press(ImGuiMod_Ctrl | ImGuiKey_V);
            CHECK(window.app().prompt_view().text == text);
            window.press(ImGuiMod_Ctrl | ImGuiKey_Enter);
            window.wait_for_rounds(++round);
            CHECK(window.now().session.rounds[static_cast<std::size_t>(round - 1)]->prompt == text);
        }
        window.write_prompt("ab");
        window.press(ImGuiKey_LeftArrow);
        ImGui::SetClipboardText("\t");
        window.press(ImGuiMod_Shift | ImGuiKey_Insert);
        CHECK(window.app().prompt_view().text == "a\tb");
        window.press(ImGuiMod_Ctrl | ImGuiKey_Z);
        CHECK(window.app().prompt_view().text == "ab");
    });
}

TEST_CASE("plain Enter sends where that is set, and Shift+Enter makes a line") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.write_prompt("one");
        window.press(ImGuiKey_Enter);
        window.type("two");
        window.frames(2);
        CHECK(window.app().prompt_view().text == "one\ntwo");
        CHECK(window.now().session.rounds.empty());
        window.choose("View/Enter sends the prompt");
        window.write_prompt("one");
        window.press(ImGuiMod_Shift | ImGuiKey_Enter);
        window.type("two");
        window.press(ImGuiKey_Enter);
        window.wait_for_rounds(1);
        CHECK(window.now().session.rounds[0]->prompt == "one\ntwo");
    });
    world.start([&](Window& window) {  // it is remembered
        window.wait_for_models();
        window.write_prompt("again");
        window.press(ImGuiKey_Enter);
        window.wait_for_rounds(1);
    });
}

TEST_CASE("the end of a long run asks for attention, whatever was changed and wherever it was paused meanwhile") {
    World world;
    const auto clock = std::make_shared<base::ManualClock>();
    world.clock = clock;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say("Yes, ");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("one");
        window.wait_until("it streams", [&] {
            return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming;
        });
        clock->advance(std::chrono::seconds{30});
        window.app().setup().draft.settings.temperature = 0.3;
        window.send("two");
        window.wait_until("it waits", [&] { return window.queue().size() == 1; });
        window.app().run(gui::ToEngine{engine::Pause{}});
        window.wait_for_activity(Activity::paused);
        server.finish();
        window.wait_until("the round is complete", [&] { return window.state(1, "c1") == AnswerState::complete; });
        CHECK_FALSE(window.app().takes_attention());
        window.app().run(gui::ToEngine{engine::Continue{}});
        window.wait_for_rounds(2);
        window.wait_until("its end is told", [&] { return window.has_logged("All rounds are done."); });
        CHECK(window.app().takes_attention());

        window.send("three");  // a short one
        window.wait_for_rounds(3);
        window.frames(3);
        CHECK_FALSE(window.app().takes_attention());
    });
}
