// Votes on pairs of answers, by key and by mouse; a blind round and what it reveals.
#include <algorithm>

#include <imgui_internal.h>

#include "decide/board.h"
#include "gui/panels/votes_panel.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using Winner = session::Vote::Winner;

namespace {

const std::vector<session::Vote>& votes(const Window& window, int round = 1) {
    return window.now().session.rounds.at(static_cast<std::size_t>(round) - 1)->votes;
}

void wait_for_votes(Window& window, std::size_t count, int round = 1) {
    window.wait_until("the vote counts", [&] { return votes(window, round).size() == count; });
}

void with_three_models(const std::function<void(Window&)>& play) {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.add_model("demo-fragile");
    world.start([&](Window& window) {
        window.wait_for_models();
        play(window);
    });
}

}  // namespace

TEST_CASE("a blind round is voted on by keys, and revealing shows who won") {
    with_three_models([](Window& window) {
        window.press(ImGuiMod_Ctrl | ImGuiKey_B);
        window.wait_until("the votes are there", [&] { return window.shown("###votes") != nullptr; });
        window.send("Hello");
        window.wait_for_rounds(1);
        CHECK(window.now().labels == std::vector<std::string>{"A", "B", "C"});
        window.press(ImGuiMod_Ctrl | ImGuiKey_8);
        CHECK(window.has("//###votes/**/A – B"));
        CHECK(window.has("//###votes/**/Reveal who is who"));
        window.click("//###votes/**/A – B");
        window.frames(2);
        const std::string winner(window.answer(1, "c1").text());  // of slot A
        window.press(ImGuiMod_Alt | ImGuiKey_LeftArrow);          // A against B
        wait_for_votes(window, 1);
        window.press(ImGuiMod_Alt | ImGuiKey_DownArrow);  // A against C
        wait_for_votes(window, 2);
        window.press(ImGuiMod_Alt | ImGuiKey_UpArrow);  // B against C
        wait_for_votes(window, 3);
        CHECK(votes(window)[0] == session::Vote{"c1", "c2", Winner::a});
        CHECK(votes(window)[1] == session::Vote{"c1", "c3", Winner::tie});
        CHECK(votes(window)[2] == session::Vote{"c2", "c3", Winner::both_bad});

        window.click("//###votes/**/Reveal who is who");
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Reveal");
        window.wait_until("it is revealed", [&] { return window.now().labels.front() == "demo-fast"; });
        CHECK_FALSE(window.has("//###votes/**/Reveal who is who"));
        CHECK(window.has("//###votes/**/Blind mode"));
        const decide::Board board = decide::board_of(window.now().session);
        CHECK(board.votes == 3);
        CHECK(board.both_bad == 1);
        REQUIRE(board.rows.size() == 3);
        const decide::BoardRow& first = board.rows.front();
        CHECK(first.votes == decide::VoteCounts{.wins = 1, .ties = 1});
        // Names are blacked out in a blind text, at the same places as they stand in the real one.
        CHECK(window.answer(1, first.candidate).text().substr(0, 20) == std::string_view(winner).substr(0, 20));
    });
}

TEST_CASE("votes go from pair to pair and round to round, and can be changed") {
    with_three_models([](Window& window) {
        window.send("Hello");
        window.wait_for_rounds(1);
        window.press(ImGuiMod_Alt | ImGuiKey_LeftArrow);  // no window shows what it would be about
        window.frames(5);
        CHECK(votes(window).empty());

        window.press(ImGuiMod_Ctrl | ImGuiKey_8);
        window.frames(3);
        window.click("//###votes/**/second is better");
        wait_for_votes(window, 1);
        CHECK(votes(window)[0] == session::Vote{"c1", "c2", Winner::b});
        window.click("//###votes/**/demo-thinker – demo-fragile");
        window.frames(2);
        window.click("//###votes/**/tie");
        wait_for_votes(window, 2);
        CHECK(votes(window)[1] == session::Vote{"c2", "c3", Winner::tie});
        window.click("//###votes/**/both bad");  // of the pair that was left
        wait_for_votes(window, 3);
        CHECK(votes(window)[2] == session::Vote{"c1", "c3", Winner::both_bad});

        window.click("//###votes/**/demo-fast – demo-thinker");
        window.frames(2);
        window.press(ImGuiMod_Alt | ImGuiKey_LeftArrow);
        window.wait_until("the vote has changed", [&] {
            return votes(window).size() == 3 &&
                   std::ranges::find(votes(window), session::Vote{"c1", "c2", Winner::a}) != votes(window).end();
        });

        window.send("Another one");
        window.wait_for_rounds(2);
        window.press(ImGuiMod_Ctrl | ImGuiKey_8);
        window.wait_until("the votes are in front", [&] { return window.is_in_front("###votes"); });
        window.press(ImGuiMod_Alt | ImGuiKey_RightArrow);  // goes on with what is open
        wait_for_votes(window, 1, 2);
        CHECK(votes(window, 2)[0].winner == Winner::b);  // of the pair that was complete first
        CHECK(votes(window).size() == 3);
        window.click("//###votes/**/Previous");
        window.frames(2);
        window.click("//###votes/**/Compare");
        window.wait_until("they stand beside each other", [&] { return window.is_in_front("###compare"); });
    });
}

TEST_CASE("the pair that is chosen is brought into view in its two windows, and the others are dimmed") {
    with_three_models([](Window& window) {
        for (int round = 1; round <= 3; ++round) {
            window.send("Tell me something long, please");
            window.wait_for_rounds(round);
        }
        window.press(ImGuiMod_Ctrl | ImGuiKey_8);
        window.frames(3);
        CHECK(gui::pair_in_view(window.app().votes_view()) == nullptr);  // nothing was chosen
        window.click("//###votes/**/Previous");
        window.frames(2);
        window.click("//###votes/**/Previous");
        window.frames(2);
        window.click("//###votes/**/demo-fast – demo-fragile");
        window.frames(4);
        REQUIRE(gui::pair_in_view(window.app().votes_view()));
        CHECK(*gui::pair_in_view(window.app().votes_view()) == gui::Pair{"c1", "c3"});
        window.click("//###votes/**/Read both answers");
        window.frames(4);
        CHECK(window.is_in_front("###answers"));
        for (const char* id : {"c1", "c3"}) CHECK(window.app().candidate_view(id).conversation.round_in_view() == 1);
        // There it stays framed, and is voted on by the same keys, pair after pair.
        REQUIRE(gui::pair_in_view(window.app().votes_view()));
        window.press(ImGuiMod_Alt | ImGuiKey_LeftArrow);
        wait_for_votes(window, 1, 1);
        CHECK(votes(window, 1)[0] == session::Vote{"c1", "c3", Winner::a});
        window.frames(4);
        REQUIRE(gui::pair_in_view(window.app().votes_view()));
        CHECK(*gui::pair_in_view(window.app().votes_view()) == window.app().votes_view().model.place()->pair);
        CHECK(*gui::pair_in_view(window.app().votes_view()) != gui::Pair{"c1", "c3"});
        window.send("Another one");
        window.wait_for_rounds(4);
        window.frames(4);
        CHECK(gui::pair_in_view(window.app().votes_view()) == nullptr);
        window.press(ImGuiMod_Alt | ImGuiKey_LeftArrow);  // nothing shows any more what it would be about
        window.frames(4);
        CHECK(votes(window, 1).size() == 1);
        // A click into one of the others ends it, too.
        window.focus("//###votes");
        window.click("//###votes/**/demo-fast – demo-fragile");
        window.frames(2);
        window.click("//###votes/**/Read both answers");
        window.frames(6);
        REQUIRE(gui::pair_in_view(window.app().votes_view()));
        window.hand().MouseMoveToPos(window.shown("###candidate:c2")->Rect().GetCenter());
        window.hand().MouseClick();
        window.frames(3);
        CHECK(gui::pair_in_view(window.app().votes_view()) == nullptr);
    });
}

TEST_CASE("the window of votes is drawn without a flaw in both themes and every size of text") {
    with_three_models([](Window& window) {
        for (const char* prompt : {"Hello", "Again, and long"}) {
            window.send(prompt);
            window.wait_for_rounds(prompt[0] == 'H' ? 1 : 2);
        }
        window.press(ImGuiMod_Ctrl | ImGuiKey_8);
        window.frames(3);
        window.press(ImGuiMod_Alt | ImGuiKey_LeftArrow);
        wait_for_votes(window, 1, 2);
        for (const bool is_blind : {false, true}) {
            window.app().run(gui::SetBlind{is_blind});
            window.in_all_looks([&] {
                window.focus("//###votes");
                CHECK(window.is_in_front("###votes"));
            });
        }
    });
}
