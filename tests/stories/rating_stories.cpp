// Answers are rated where they stand: by mouse, by keys, with a note.
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;

namespace {

const session::Rating& rating(const Window& window, int round = 1) {
    return window.answer(round, "c1").rating;
}

void with_an_answer(const std::function<void(Window&)>& play) {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Hello");
        window.wait_for_rounds(1);
        play(window);
    });
}

}  // namespace

TEST_CASE("an answer is rated by the mouse, and a second click takes it back") {
    with_an_answer([](Window& window) {
        window.click("//###candidate:c1/**/4 stars");
        window.wait_until("it has 4 stars", [&] { return rating(window).stars == 4; });
        window.click("//###candidate:c1/**/Thumb up");
        window.wait_until("it is good, too", [&] { return rating(window).thumbs == 1 && rating(window).stars == 4; });
        window.click("//###candidate:c1/**/Thumb down");
        window.wait_until("it is bad", [&] { return rating(window).thumbs == -1; });
        window.click("//###candidate:c1/**/4 stars");
        window.wait_until("it has none", [&] { return !rating(window).stars; });
        CHECK(rating(window).thumbs == -1);
        CHECK_FALSE(window.now().is_kept);  // it is worth keeping
    });
}

TEST_CASE("keys rate the newest answer while the conversation has the keyboard, and nothing while one types") {
    with_an_answer([](Window& window) {
        window.send("And another one, 5 + 5");  // typed in the prompt box
        window.wait_for_rounds(2);
        CHECK(rating(window, 1).is_empty());
        window.focus("//###candidate:c1");
        window.type("3");
        window.wait_until("it has 3 stars", [&] { return rating(window, 2).stars == 3; });
        window.type("+");
        window.wait_until("it is good", [&] { return rating(window, 2).thumbs == 1; });
        window.type("3");
        window.wait_until("the stars are gone", [&] { return !rating(window, 2).stars; });
        window.type("5");
        window.wait_until("it has 5 stars", [&] { return rating(window, 2).stars == 5; });
        window.type("0");
        window.wait_until("all is taken back", [&] { return rating(window, 2).is_empty(); });
        CHECK(rating(window, 1).is_empty());
        window.press(ImGuiMod_Ctrl | ImGuiKey_F);
        window.type("42");
        window.frames(4);
        CHECK(rating(window, 2).is_empty());
    });
}

TEST_CASE("a note is kept by Enter and given up by Esc") {
    with_an_answer([](Window& window) {
        window.click("//###candidate:c1/**/Note");
        window.frames(2);
        window.type("clear order, 5 points");
        window.press(ImGuiKey_Enter);
        window.wait_until("it is there", [&] { return rating(window).note == "clear order, 5 points"; });
        CHECK_FALSE(rating(window).stars);
        window.click("//###candidate:c1/**/Note");
        window.frames(2);
        window.type("something else");
        window.press(ImGuiKey_Escape);
        window.frames(4);
        CHECK(rating(window).note == "clear order, 5 points");
        CHECK_FALSE(window.has("//###candidate:c1/**/##field"));
        // Stars leave the note alone.
        window.click("//###candidate:c1/**/2 stars");
        window.wait_until("it has 2 stars", [&] { return rating(window).stars == 2; });
        CHECK(rating(window).note == "clear order, 5 points");
    });
}
