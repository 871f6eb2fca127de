// Finding words in a conversation.
#include <imgui_internal.h>

#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

namespace {

gui::CandidateView& candidate_view(Window& window, const char* id = "c1") {
    return window.app().candidate_view(id);
}

// Ctrl+F and the word; the bar has the keyboard.
void look_for(Window& window, std::string_view word) {
    window.press(ImGuiMod_Ctrl | ImGuiKey_F);
    window.frames(2);
    window.type(word);
    window.frames(3);
}

}  // namespace

TEST_CASE("all conversations are searched at once, each with its own count, by case, whole word and expression") {
    World world;
    PacedServer server({"alpha", "beta"});
    world.add_server(server.url());
    world.add_model("alpha");
    world.add_model("beta");
    world.start([&](Window& window) {
        window.wait_for_models();
        server.say("Needle, needle and needles.");
        server.finish();
        window.send("One");
        window.wait_for_rounds(1);
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_F);
        window.frames(2);
        window.type("needle");
        window.frames(3);
        const auto count = [&](const char* id) { return candidate_view(window, id).conversation.found_count(); };
        const auto both_have = [&](std::size_t wanted) {
            window.frames(3);
            CHECK(count("c1") == wanted);
            CHECK(count("c2") == wanted);
        };
        both_have(3);
        window.press(ImGuiMod_Alt | ImGuiKey_W);
        both_have(2);
        window.press(ImGuiMod_Alt | ImGuiKey_C);
        both_have(1);
        window.press(ImGuiMod_Alt | ImGuiKey_W);
        window.press(ImGuiMod_Alt | ImGuiKey_R);
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        window.type("[Nn]eedles?");
        both_have(3);
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        window.type("(");
        both_have(0);
        CHECK(window.app().find_view().trouble().find("missing )") != std::string::npos);
        window.press(ImGuiKey_Escape);
        window.frames(3);
        CHECK_FALSE(candidate_view(window, "c1").is_finding);
        CHECK_FALSE(candidate_view(window, "c2").is_finding);
    });
}

TEST_CASE("what is found is counted and gone through in both directions, round the end") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say("A needle here, a Needle there.\n\n");
    for (int i = 0; i < 60; ++i) server.say("Hay and hay again.\n\n");
    server.say("One last needle.");
    server.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Where is the needle?");
        window.wait_for_rounds(1);
        look_for(window, "needle");
        const gui::Conversation& conversation = candidate_view(window).conversation;
        window.wait_until("all is searched", [&] { return !conversation.is_searching(); });
        CHECK(window.app().find_view().query().text == "needle");
        CHECK(conversation.found_count() == 4);
        REQUIRE(conversation.found_index() >= 1);

        // Enter in the bar goes on, Shift+Enter back; F3 too; it goes round.
        std::size_t at = conversation.found_index();
        const auto next = [&](std::size_t from) { return from % 4 + 1; };
        const auto previous = [&](std::size_t from) { return (from + 2) % 4 + 1; };
        for (int i = 0; i < 5; ++i) {
            window.press(ImGuiKey_Enter);
            window.frames(2);
            CHECK(conversation.found_index() == next(at));
            at = conversation.found_index();
        }
        window.press(ImGuiMod_Shift | ImGuiKey_Enter);
        window.frames(2);
        CHECK(conversation.found_index() == previous(at));
        at = conversation.found_index();
        window.press(ImGuiKey_F3);
        CHECK(conversation.found_index() == next(at));
        window.press(ImGuiMod_Shift | ImGuiKey_F3);
        CHECK(conversation.found_index() == at);
        window.click("//###candidate:c1/Next");
        CHECK(conversation.found_index() == next(at));
        window.click("//###candidate:c1/Previous");
        CHECK(conversation.found_index() == at);

        // The last one is at the end, the first at the top: the view goes there.
        const auto scroll = [&] { return window.hand().WindowInfo("//###candidate:c1/conversation").Window->Scroll.y; };
        while (conversation.found_index() != 1) window.click("//###candidate:c1/Next");
        window.frames(3);
        const float top = scroll();
        window.click("//###candidate:c1/Previous");
        window.frames(3);
        CHECK(conversation.found_index() == 4);
        CHECK(scroll() > top);

        window.click("//###candidate:c1/Close");
        window.frames(2);
        CHECK_FALSE(candidate_view(window).is_finding);
        CHECK(conversation.found_count() == 0);
        look_for(window, "nothing of the kind");
        CHECK(conversation.found_count() == 0);
        window.press(ImGuiKey_Escape);
        CHECK_FALSE(candidate_view(window).is_finding);
    });
}

TEST_CASE("find looks into folded reasoning and opens it, also while the answer streams") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.think("A hidden jewel. ");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Go");
        window.wait_until("it thinks", [&] {
            return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming;
        });
        window.focus("//###candidate:c1");
        look_for(window, "jewel");
        const gui::Conversation& conversation = candidate_view(window).conversation;
        window.wait_until("it is found", [&] { return conversation.found_count() == 1; });
        CHECK(conversation.found_index() == 1);
        server.think("Another jewel. ");
        server.say("And a jewel for all.");
        window.wait_until("all are found", [&] { return conversation.found_count() == 3; });
        CHECK(conversation.found_index() == 1);  // where the reader is
        server.finish();
        window.wait_for_rounds(1);
        window.press(ImGuiKey_Enter);
        window.press(ImGuiKey_Enter);
        window.frames(2);
        CHECK(conversation.found_index() == 3);
        window.press(ImGuiKey_Escape);
        CHECK_FALSE(candidate_view(window).is_finding);
        // It was unfolded by what was found there: all is selected with it.
        window.hand().MouseMove("//###candidate:c1/**/thought");
        window.click("//###candidate:c1");
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        CHECK(conversation.selected_text(false).find("A hidden jewel.") != std::string::npos);
    });
}

TEST_CASE("find opens where the reader last was, and shows a candidate's window that was closed") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Hello");
        window.wait_for_rounds(1);
        window.focus("//###candidate:c2");
        window.press(ImGuiMod_Ctrl | ImGuiKey_F);
        CHECK(candidate_view(window, "c2").is_finding);
        CHECK_FALSE(candidate_view(window, "c1").is_finding);
        window.press(ImGuiKey_Escape);
        window.choose_candidate("c2");
        CHECK_FALSE(window.shown("###candidate:c2"));
        window.press(ImGuiMod_Ctrl | ImGuiKey_F);
        window.frames(4);
        CHECK(window.shown("###candidate:c2"));
        CHECK(candidate_view(window, "c2").is_finding);
    });
}
