// Text is selected and copied while it arrives, and the view stays where the reader is.
#include <fmt/format.h>
#include <imgui_internal.h>

#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

namespace {

// An item in the conversation.
ImGuiID said(Window& window, const char* path) {
    return window.in("//###candidate:c1", "conversation", path);
}

// Where the conversation is shown.
ImRect view_of(Window& window) {
    const ImGuiTestItemInfo info = window.hand().WindowInfo("//###candidate:c1/conversation");
    REQUIRE(info.Window);
    return info.Window->Rect();
}

gui::Conversation& conversation(Window& window) {
    return window.app().candidate_view("c1").conversation;
}

void click_at(Window& window, ImVec2 place, int times = 1) {
    window.hand().MouseMoveToPos(place);
    window.hand().MouseClickMulti(0, times);
    window.frames(2);
}

// The middle of the first line of the first answer, where the prompt is one line and nothing was thought.
ImVec2 first_line(Window& window) {
    const ImRect view = view_of(window);
    return {view.Min.x + 14, view.Min.y + 115};
}

void start_streaming(Window& window, std::string_view prompt = "Go") {
    window.wait_for_models();
    window.send(prompt);
    window.wait_until("the answer streams", [&] {
        return !window.now().session.rounds.empty() && window.state(1, "c1") == AnswerState::streaming;
    });
    window.frames(3);
}

std::string paragraphs(int from, int to) {
    std::string text;
    for (int i = from; i <= to; ++i) text += fmt::format("Paragraph {} of many that are said.\n\n", i);
    return text;
}

}  // namespace

TEST_CASE("Copy beside an answer copies it, however long the button is held") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say("```make\nall:\n\tcc  \n```\n\nText with **bold** at the end.");
    server.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Go");
        window.wait_for_rounds(1);
        for (const int frames_held : {1, 2, 10}) {
            ImGui::SetClipboardText("before");
            window.hand().MouseMoveToPos(first_line(window));
            window.frames(3);
            window.hand().MouseMove(said(window, "$$0/Copy/action"));
            window.hand().MouseDown();
            window.frames(frames_held);
            window.hand().MouseUp();
            window.frames(3);
            CHECK(window.clipboard() == window.answer(1, "c1").text());
        }
    });
}

TEST_CASE("what is selected can be pasted elsewhere with the middle button, which pastes where it clicks") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say("Wonderful **bold** words.");
    server.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Go");
        window.wait_for_rounds(1);
        click_at(window, first_line(window), 2);
        CHECK(world.selection == "Wonderful");
        click_at(window, first_line(window), 3);
        CHECK(world.selection == "Wonderful **bold** words.");
        const ImVec2 nothing = view_of(window).GetBR();
        click_at(window, {nothing.x - 20, nothing.y - 20});
        CHECK(world.selection == "Wonderful **bold** words.");  // as everywhere on X11

        window.write_prompt("begin end");
        click_at(window, {nothing.x - 20, nothing.y - 20});
        world.selection = "from elsewhere\n中文 ";
        const ImVec2 start = window.hand().ItemInfo("//###prompt/##prompt").RectFull.Min;
        for (const bool is_typing : {false, true}) {
            CAPTURE(is_typing);
            window.hand().MouseMoveToPos({start.x + 11, start.y + 14});
            window.hand().MouseClick(ImGuiMouseButton_Middle);
            window.frames(8);
            CHECK(window.app().prompt_view().text ==
                  (is_typing ? world.selection + world.selection : world.selection) + "begin end");
        }
        CHECK(ImGui::GetIO().WantTextInput);
        window.press(ImGuiMod_Ctrl | ImGuiKey_Z);
        CHECK(window.app().prompt_view().text == world.selection + "begin end");
    });
}

TEST_CASE("a word, a paragraph, a stretch and all of it are selected and copied while the answer streams") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say("Wonderful **bold** words and more.\n\nA second paragraph");
    world.start([&](Window& window) {
        start_streaming(window);
        click_at(window, first_line(window), 2);
        CHECK(conversation(window).selected_text(false) == "Wonderful");
        window.press(ImGuiMod_Ctrl | ImGuiKey_C);
        CHECK(window.clipboard() == "Wonderful");
        CHECK(window.has_toast("Copied"));

        // More text arrives: what is selected stays selected.
        server.say(", which grows.");
        window.wait_until("it has grown", [&] { return window.answer(1, "c1").text().ends_with("which grows."); });
        CHECK(conversation(window).selected_text(false) == "Wonderful");

        click_at(window, first_line(window), 3);
        CHECK(conversation(window).selected_text(false) == "Wonderful **bold** words and more.");
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_C);
        CHECK(window.clipboard() == "Wonderful bold words and more.");

        // Dragging from the first line downwards beyond the end.
        window.hand().MouseMoveToPos(first_line(window));
        window.hand().MouseDown();
        window.hand().MouseMoveToPos({view_of(window).Max.x - 40, first_line(window).y + 150});
        window.frames(2);
        server.say(" Still more.");
        window.wait_until("it has grown", [&] { return window.answer(1, "c1").text().ends_with("Still more."); });
        window.hand().MouseUp();
        window.frames(2);
        CHECK(conversation(window).selected_text(false).find("second paragraph, which grows.") != std::string::npos);

        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        window.press(ImGuiMod_Ctrl | ImGuiKey_C);
        CHECK(window.clipboard() == "[User]\nGo\n\n[Assistant]\n" + std::string(window.answer(1, "c1").text()));
        server.finish();
        window.wait_for_rounds(1);
        CHECK(conversation(window).has_selection());

        // A click without a drag takes the selection away.
        click_at(window, first_line(window));
        CHECK_FALSE(conversation(window).has_selection());

        // What the context menu copies.
        for (const auto& [item, text] :
             {std::pair<const char*, std::string>{"Copy last answer", std::string(window.answer(1, "c1").text())},
              {"Copy conversation", "[User]\nGo\n\n[Assistant]\n" + std::string(window.answer(1, "c1").text())}}) {
            const std::string entry = item;
            CAPTURE(entry);
            window.hand().MouseMoveToPos(first_line(window));
            window.hand().MouseClick(ImGuiMouseButton_Right);
            window.frames(2);
            window.click((std::string("//$FOCUSED/") + item).c_str());
            CHECK(window.clipboard() == text);
        }
    });
}

TEST_CASE("the view follows the end only while it is at the end") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say(paragraphs(1, 60));
    world.start([&](Window& window) {
        start_streaming(window);
        window.wait_until("it is there", [&] { return window.answer(1, "c1").text().size() > 1500; });
        CHECK(conversation(window).follows_end());
        const auto scroll = [&] { return window.hand().WindowInfo("//###candidate:c1/conversation").Window->Scroll.y; };
        window.frames(3);
        const float at_end = scroll();
        CHECK(at_end > 100);
        server.say(paragraphs(61, 70));
        window.wait_until("it went on", [&] { return scroll() > at_end; });

        // The wheel takes the reader up: from then on the text stays put.
        window.hand().MouseMoveToPos(view_of(window).GetCenter());
        window.hand().MouseWheelY(5);
        window.frames(3);
        CHECK_FALSE(conversation(window).follows_end());
        const float here = scroll();
        server.say(paragraphs(71, 90));
        window.wait_until("it has grown",
                          [&] { return window.answer(1, "c1").text().find("Paragraph 90") != std::string::npos; });
        window.frames(3);
        CHECK(scroll() == here);

        window.click(said(window, "Jump to end"));
        window.frames(3);
        CHECK(conversation(window).follows_end());
        CHECK(scroll() > here);
        CHECK_FALSE(window.has(said(window, "Jump to end")));

        // The keyboard does the same.
        window.press(ImGuiKey_Home);
        CHECK(scroll() == 0);
        window.press(ImGuiKey_PageDown);
        CHECK(scroll() > 0);
        window.press(ImGuiKey_PageUp);
        CHECK(scroll() == 0);
        window.press(ImGuiKey_End);
        window.frames(2);
        CHECK(conversation(window).follows_end());
        server.finish();
        window.wait_for_rounds(1);
        CHECK(conversation(window).follows_end());
    });
}

TEST_CASE("reasoning is folded until it is asked for, and a thought is no answer") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.think("Let me see. The user wants brevity.");
    world.start([&](Window& window) {
        start_streaming(window);
        const ImGuiID thought = said(window, "$$0/thought");
        REQUIRE(window.has(thought));
        window.click(thought);
        window.frames(2);
        window.press(ImGuiMod_Ctrl | ImGuiKey_A);
        CHECK(conversation(window).selected_text(false).find("[Assistant, thinking]\nLet me see.") !=
              std::string::npos);
        window.click(thought);
        window.frames(2);
        CHECK(conversation(window).selected_text(false).find("Let me see.") == std::string::npos);
        server.say("Short.");
        server.finish();
        window.wait_for_rounds(1);
        CHECK(conversation(window).last_answer() == "Short.");
        CHECK(window.answer(1, "c1").reasoning() == "Let me see. The user wants brevity.");
    });
}

TEST_CASE("code has a Copy of its own, and links are asked about before they are opened") {
    World world;
    PacedServer server({"alpha"});
    world.add_server(server.url());
    world.add_model("alpha");
    server.say("[manual](https://example.org/manual?x=1)\n\n```python\nprint(1)\nprint(2)\n```\n\nDone.");
    server.finish();
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Go");
        window.wait_for_rounds(1);
        window.frames(4);
        window.click("//###candidate:c1/**/Copy/action");
        CHECK(window.clipboard() == "print(1)\nprint(2)\n");

        click_at(window, {first_line(window).x + 12, first_line(window).y});
        window.wait_until("it asks", [&] { return window.shown("###question") != nullptr; });
        CHECK(world.opened_links.empty());
        window.click("//###question/Copy link");
        CHECK(window.clipboard() == "https://example.org/manual?x=1");
        window.hand().SleepNoSkip(1, 0.5F);  // not a double click
        click_at(window, {first_line(window).x + 12, first_line(window).y});
        window.wait_until("it asks", [&] { return window.shown("###question") != nullptr; });
        window.press(ImGuiKey_Escape);
        window.frames(3);
        CHECK(world.opened_links.empty());
        window.hand().SleepNoSkip(1, 0.5F);
        click_at(window, {first_line(window).x + 12, first_line(window).y});
        window.wait_until("it asks", [&] { return window.shown("###question") != nullptr; });
        window.click("//###question/Open link");
        CHECK(world.opened_links == std::vector<std::string>{"https://example.org/manual?x=1"});
    });
}
