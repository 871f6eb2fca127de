// What stands where: the prompt always below, the stage's windows as tabs above it, one of them with all of the stage.
#include <array>
#include <cmath>

#include <imgui_internal.h>

#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;

namespace {

const ImGuiWindow& there(Window& window, const char* name) {
    const ImGuiWindow* found = window.shown(name);
    REQUIRE_MESSAGE(found, std::string(name), " is not there");
    return *found;
}

void with_candidates(int count, const std::function<void(World&, Window&)>& play) {
    World world;
    auto demo = world.demo();
    for (int i = 0; i < count; ++i) world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        play(world, window);
    });
}

// Nothing lies over the prompt, and all of it is seen.
void check_prompt(World& world, Window& window) {
    const ImRect prompt = there(window, "###prompt").Rect();
    CHECK(window.has("//###prompt/###primary"));
    CHECK(prompt.GetHeight() >= 90);
    CHECK(std::abs(prompt.Max.y - world.size.y) <= 1);
    for (const ImGuiWindow* other : ImGui::GetCurrentContext()->Windows) {
        if (!other->WasActive || other->Hidden ||
            (other->Flags & (ImGuiWindowFlags_ChildWindow | ImGuiWindowFlags_NoMove)))
            continue;
        const std::string name = other->Name;
        CAPTURE(name);
        if (name.find("###prompt") == std::string::npos) CHECK_FALSE(other->Rect().Overlaps(prompt));
    }
}

constexpr std::array kStage{gui::Panel::compare, gui::Panel::votes,          gui::Panel::suite, gui::Panel::casting,
                            gui::Panel::metrics, gui::Panel::report_preview, gui::Panel::log};

void pull(Window& window, ImVec2 from, ImVec2 to) {
    window.hand().MouseMoveToPos(from);
    window.frames(2);
    window.hand().MouseDown();
    window.hand().MouseMoveToPos({(from.x + to.x) / 2, (from.y + to.y) / 2});
    window.hand().MouseMoveToPos(to);
    window.hand().MouseUp();
    window.frames(6);
}

}  // namespace

TEST_CASE("every window opens as a tab of the stage, in front, at full size, and none on the prompt") {
    with_candidates(3, [](World& world, Window& window) {
        for (const ImVec2 size : {ImVec2{1600, 900}, ImVec2{1000, 700}}) {
            world.size = size;
            window.frames(6);
            const ImRect answers = there(window, "###answers").Rect();
            for (const gui::Panel panel : kStage) {
                const std::string name = gui::row_of(panel).dock_name();
                CAPTURE(name);
                window.app().run(gui::ShowPanel{panel});
                window.frames(6);
                REQUIRE(window.is_in_front(name.c_str()));
                CHECK_FALSE(window.is_in_front("###answers"));
                CHECK(there(window, name.c_str()).Rect().Min.x == answers.Min.x);
                CHECK(there(window, name.c_str()).Rect().GetHeight() == answers.GetHeight());
                check_prompt(world, window);
            }
            window.app().run(gui::ShowPanel{gui::Panel::shortcuts});
            window.frames(6);
            check_prompt(world, window);
            window.press(ImGuiKey_F1);
            window.frames(4);
            window.choose("View/Answers");
            window.frames(6);
            CHECK(window.is_in_front("###answers"));
            CHECK(window.is_in_front("###candidate:c3"));
        }
    });
}

TEST_CASE("a window that is shown comes to the front, though the keyboard goes to another one in the same picture") {
    World world;
    world.start([&](Window& window) {
        window.frames(8);
        window.app().run(gui::ShowPanel{gui::Panel::suite});
        window.app().run(gui::ShowPanel{gui::Panel::prompt});
        window.wait_until("it is in front", [&] { return window.is_in_front("###suite"); });
        window.frames(12);
        CHECK(window.is_in_front("###suite"));
        CHECK(window.app().prompt_view().was_typing);
        window.app().run(gui::ShowPanel{gui::Panel::compare});
        window.app().run(gui::ShowPanel{gui::Panel::log});
        window.frames(12);
        CHECK(window.is_in_front("###log"));
    });
}

TEST_CASE("the prompt cannot be closed or taken away, and a window that is pulled out does not cover it") {
    with_candidates(2, [](World& world, Window& window) {
        window.app().run(gui::ShowPanel{gui::Panel::prompt, false});
        window.frames(4);
        check_prompt(world, window);
        window.hand().UndockWindow("//###candidate:c2");
        window.frames(6);
        const ImGuiWindow& loose = there(window, "###candidate:c2");
        CHECK(loose.DockNode == nullptr);
        window.hand().WindowMove("//###candidate:c2", {500, world.size.y - 60});
        window.frames(4);
        check_prompt(world, window);
        window.app().run(gui::ShowPanel{gui::Panel::compare});
        window.frames(6);
        CHECK(window.shown("###candidate:c2"));  // it does not stand among the answers
        window.choose("View/Columns");
        window.frames(10);
        CHECK(window.is_in_front("###answers"));
        CHECK(there(window, "###candidate:c2").DockNode != nullptr);
    });
}

TEST_CASE("the prompt is as high as its text, keeps the height it is given, and what was not sent, over a restart") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    float given = 0;
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        const float three = there(window, "###prompt").Size.y;
        CHECK(three < world.size.y * 0.16F);
        window.write_prompt("1\n2\n3\n4\n5\n6\n7\n8");
        window.frames(4);
        const float eight = there(window, "###prompt").Size.y;
        CHECK(eight > three + 3 * 14);
        std::string many;
        for (int i = 0; i < 100; ++i) many += "line\n";
        window.app().prompt_view().wants_focus = false;
        window.press(ImGuiKey_Escape);
        window.app().prompt_view().text = many;
        window.frames(6);
        CHECK(std::abs(there(window, "###prompt").Size.y - world.size.y * 0.4F) < 14);
        window.app().prompt_view().text = "kept for later";
        window.frames(6);
        CHECK(std::abs(there(window, "###prompt").Size.y - three) <= 1);

        const ImRect before = there(window, "###prompt").Rect();
        const ImVec2 split{before.GetCenter().x, before.Min.y - 1};
        pull(window, split, {split.x, split.y - 120});
        given = there(window, "###prompt").Size.y;
        CHECK(std::abs(given - (three + 120)) <= 4);
        CHECK_FALSE(window.app().layout().is_custom());
    });
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        CHECK(window.app().prompt_view().text == "kept for later");
        CHECK(std::abs(there(window, "###prompt").Size.y - given) <= 1);
        window.app().run(gui::SetTextSize{1.5F});
        window.frames(8);
        CHECK(std::abs(there(window, "###prompt").Size.y - given * 1.5F) <= 3);
    });
}

TEST_CASE("Configuration is as wide as its text, and keeps the width it is given") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.size = {1900, 1000};
    float given = 0;
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        const float usual = there(window, "###configuration").Size.x;
        window.app().run(gui::SetTextSize{1.5F});
        window.frames(8);
        CHECK(std::abs(there(window, "###configuration").Size.x - usual * 1.5F) <= 24);
        window.app().run(gui::SetTextSize{1});
        window.frames(8);
        CHECK(std::abs(there(window, "###configuration").Size.x - usual) <= 2);
        const ImRect before = there(window, "###configuration").Rect();
        const ImVec2 split{before.Max.x + 1, before.GetCenter().y};
        pull(window, split, {split.x + 80, split.y});
        given = there(window, "###configuration").Size.x;
        CHECK(std::abs(given - usual - 80) <= 3);
        world.size = {1600, 900};
        window.frames(8);
        CHECK(std::abs(there(window, "###configuration").Size.x - given) <= 1);
    });
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        CHECK(std::abs(there(window, "###configuration").Size.x - given) <= 2);
    });
}

TEST_CASE("F11 or a double click gives a window the whole stage, and everything is as before after that") {
    with_candidates(3, [](World& world, Window& window) {
        const std::array names{"###candidate:c1", "###candidate:c2", "###candidate:c3"};
        std::array<ImRect, 3> before;
        for (std::size_t i = 0; i < 3; ++i) before[i] = there(window, names[i]).Rect();
        const auto check_restored = [&] {
            for (std::size_t i = 0; i < 3; ++i) {
                CAPTURE(i);
                const ImRect now = there(window, names[i]).Rect();
                CHECK(std::abs(now.Min.x - before[i].Min.x) <= 1);
                CHECK(std::abs(now.GetWidth() - before[i].GetWidth()) <= 1);
                CHECK(std::abs(now.GetHeight() - before[i].GetHeight()) <= 1);
            }
            CHECK_FALSE(window.app().layout().is_custom());
        };
        for (std::size_t i = 0; i < 3; ++i) {
            CAPTURE(i);
            window.focus((std::string("//") + names[i]).c_str());
            window.press(ImGuiKey_F11);
            window.frames(8);
            CHECK(there(window, names[i]).Size.x > before[2].Max.x - before[0].Min.x - 4);
            CHECK_FALSE(window.shown(names[(i + 1) % 3]));
            check_prompt(world, window);
            CHECK(window.shown("###configuration"));
            window.press(ImGuiKey_F11);
            window.frames(8);
            check_restored();
        }
        window.hand().MouseMove(there(window, names[1]).TabId);
        window.hand().MouseDoubleClick();
        window.frames(8);
        CHECK_FALSE(window.shown(names[0]));
        CHECK(window.shown(names[1]));
        // What is asked for is shown, whoever has the stage.
        window.press(ImGuiMod_Ctrl | ImGuiKey_M);
        window.frames(8);
        CHECK(window.is_in_front("###metrics"));
        window.choose("View/Answers");
        window.frames(8);
        check_restored();
    });
}

TEST_CASE("a window beside the answers takes the whole stage, too, and gives it back") {
    with_candidates(2, [](World& world, Window& window) {
        window.app().run(gui::ShowPanel{gui::Panel::compare});
        window.frames(6);
        window.app().run(gui::ShowPanel{gui::Panel::metrics});
        window.frames(6);
        window.hand().DockInto("//###compare", "//###metrics", ImGuiDir_Right);
        window.frames(8);
        window.hand().WindowClose("//###metrics");
        window.frames(8);
        REQUIRE(window.is_in_front("###compare"));
        REQUIRE(window.is_in_front("###candidate:c2"));
        const ImRect before = there(window, "###compare").Rect(), answers = there(window, "###answers").Rect();
        window.focus("//###compare");
        window.press(ImGuiKey_F11);
        window.frames(8);
        CHECK(there(window, "###compare").Size.x > before.GetWidth() + answers.GetWidth() - 4);
        CHECK_FALSE(window.shown("###answers"));
        check_prompt(world, window);
        window.press(ImGuiKey_F11);
        window.frames(8);
        CHECK(std::abs(there(window, "###compare").Size.x - before.GetWidth()) <= 1);
        CHECK(std::abs(there(window, "###answers").Size.x - answers.GetWidth()) <= 1);
        CHECK(window.is_in_front("###candidate:c2"));
    });
}

TEST_CASE("a window that was pulled out takes the whole stage, too, and goes back to where it was") {
    with_candidates(2, [](World& world, Window& window) {
        window.app().run(gui::ShowPanel{gui::Panel::compare});
        window.frames(6);
        for (const char* name : {"###candidate:c2", "###compare"}) {
            CAPTURE(name);
            if (std::string_view(name) == "###candidate:c2") window.choose("View/Answers");
            window.frames(6);
            const ImRect stage = there(window, "###answers").Rect();
            window.hand().UndockWindow((std::string("//") + name).c_str());
            window.hand().WindowResize((std::string("//") + name).c_str(), {400, 300});
            window.hand().WindowMove((std::string("//") + name).c_str(), {500, 200});
            window.frames(4);
            REQUIRE(there(window, name).DockNode == nullptr);
            const ImRect before = there(window, name).Rect();
            const auto check_restored = [&] {
                CHECK(std::abs(there(window, name).Rect().Min.x - before.Min.x) <= 1);
                CHECK(std::abs(there(window, name).Rect().Min.y - before.Min.y) <= 1);
                CHECK(std::abs(there(window, name).Size.x - before.GetWidth()) <= 1);
                CHECK(std::abs(there(window, name).Size.y - before.GetHeight()) <= 1);
            };
            window.focus((std::string("//") + name).c_str());
            window.press(ImGuiKey_F11);
            window.frames(6);
            CHECK(there(window, name).Rect().Contains(stage));
            check_prompt(world, window);
            CHECK(window.shown("###configuration"));
            world.size = {1300, 800};  // it stays the whole stage
            window.frames(6);
            CHECK(std::abs(there(window, name).Rect().Max.x - 1300) <= 1);
            check_prompt(world, window);
            world.size = {1600, 900};
            window.frames(6);
            window.press(ImGuiKey_F11);
            window.frames(6);
            check_restored();
            // A double click on its title, and what is asked for then.
            window.hand().MouseMoveToPos({before.Min.x + 150, before.Min.y + 10});
            window.hand().MouseDoubleClick();
            window.frames(6);
            CHECK(there(window, name).Rect().Contains(stage));
            window.choose("View/Answers");
            window.frames(6);
            check_restored();
        }
    });
}

TEST_CASE("where only the answers are on the stage, F11 in the prompt is for the candidate that was used last") {
    with_candidates(2, [](World&, Window& window) {
        const float half = there(window, "###candidate:c2").Size.x;
        window.focus("//###candidate:c2");
        window.frames(2);
        window.write_prompt("x");
        window.press(ImGuiKey_F11);
        window.frames(8);
        CHECK(there(window, "###candidate:c2").Size.x > 1.9F * half);
        CHECK_FALSE(window.shown("###candidate:c1"));
        window.press(ImGuiKey_F11);
        window.frames(8);
        CHECK(std::abs(there(window, "###candidate:c2").Size.x - half) <= 1);
        CHECK(window.is_in_front("###candidate:c1"));
        // One that is closed gives the stage back.
        window.focus("//###candidate:c2");
        window.press(ImGuiKey_F11);
        window.frames(8);
        window.hand().WindowClose("//###candidate:c2");
        window.frames(8);
        CHECK(window.is_in_front("###candidate:c1"));
        CHECK_FALSE(window.app().layout().is_zoomed());
        // The only one has it already.
        window.hand().SetRef("//##MainMenuBar");
        window.hand().MenuAction(ImGuiTestAction_Open, "View");
        window.hand().SetRef(ImGuiTestRef());
        window.frames(3);
        CHECK_FALSE(window.is_enabled("//$FOCUSED/Whole stage, and back"));
        window.hand().PopupCloseAll();
    });
}

TEST_CASE("the keys of a window show it, and hide it when it is in front") {
    with_candidates(2, [](World&, Window& window) {
        for (const ImGuiKeyChord keys : {ImGuiMod_Ctrl | ImGuiKey_7, ImGuiMod_Ctrl | ImGuiKey_M}) {
            const char* name = keys == (ImGuiMod_Ctrl | ImGuiKey_7) ? "###compare" : "###metrics";
            CAPTURE(name);
            window.press(keys);
            window.frames(6);
            CHECK(window.is_in_front(name));
            window.choose("View/Answers");
            window.frames(6);
            CHECK_FALSE(window.is_in_front(name));
            window.press(keys);  // behind: it comes to the front
            window.frames(6);
            CHECK(window.is_in_front(name));
            window.press(keys);
            window.frames(6);
            CHECK_FALSE(window.shown(name));
            CHECK(window.is_in_front("###answers"));
        }
        // Configuration is seen all the time: the first time its keys go there.
        window.write_prompt("x");
        window.press(ImGuiMod_Ctrl | ImGuiKey_1);
        window.frames(4);
        CHECK(window.shown("###configuration"));
        window.press(ImGuiMod_Ctrl | ImGuiKey_1);
        window.frames(4);
        CHECK_FALSE(window.shown("###configuration"));
        window.press(ImGuiMod_Ctrl | ImGuiKey_1);
        window.frames(4);
        CHECK(window.shown("###configuration"));
    });
}

TEST_CASE("closing takes the tab in front and no other") {
    with_candidates(2, [](World&, Window& window) {
        for (const gui::Panel panel : kStage) window.app().run(gui::ShowPanel{panel});
        window.frames(8);
        REQUIRE(window.is_in_front("###log"));
        window.hand().WindowClose("//###log");
        window.frames(6);
        CHECK_FALSE(window.shown("###log"));
        for (const gui::Panel panel : kStage)
            if (panel != gui::Panel::log) CHECK(window.shown(gui::row_of(panel).dock_name()));
        CHECK(window.shown("###answers"));
    });
}

TEST_CASE("a round is chosen by its cell or by keys, and stands at the top of every candidate's window") {
    with_candidates(3, [](World& world, Window& window) {
        for (const char* prompt : {"Hello with a table", "And with code", "Once more"}) {
            const int rounds = static_cast<int>(window.now().session.rounds.size());
            window.send(prompt);
            window.wait_for_rounds(rounds + 1);
        }
        const auto all_show = [&](int round) {
            window.frames(6);
            for (const char* id : {"c1", "c2", "c3"}) {
                const gui::Conversation& one = window.app().candidate_view(id).conversation;
                CAPTURE(id);
                CHECK(one.round_in_view() == round);
                if (!one.follows_end()) CHECK(one.place().part < 0.02);
            }
        };
        all_show(3);
        window.click("//###answers/round 1");
        all_show(1);
        window.press(ImGuiMod_Alt | ImGuiKey_PageDown);
        all_show(2);
        window.press(ImGuiMod_Alt | ImGuiKey_PageDown);
        window.press(ImGuiMod_Alt | ImGuiKey_PageDown);  // there is no fourth
        all_show(3);
        CHECK_FALSE(window.app().candidate_view("c1").conversation.follows_end());  // it stands at the top
        window.press(ImGuiMod_Alt | ImGuiKey_PageUp);
        all_show(2);
        check_prompt(world, window);
    });
}

TEST_CASE("in step, scrolling one candidate brings the others to the same place of the same round") {
    with_candidates(2, [](World&, Window& window) {
        for (const char* prompt : {"One with a table and code and a list", "Two with a table and code", "Three"}) {
            const int rounds = static_cast<int>(window.now().session.rounds.size());
            window.send(prompt);
            window.wait_for_rounds(rounds + 1);
        }
        window.frames(4);
        const auto scroll = [&](float by) {
            window.hand().MouseMoveToPos(there(window, "###candidate:c1").Rect().GetCenter());
            window.hand().MouseWheelY(by);
            window.frames(8);
        };
        gui::Conversation& first = window.app().candidate_view("c1").conversation;
        gui::Conversation& second = window.app().candidate_view("c2").conversation;
        scroll(5);
        CHECK_FALSE(first.follows_end());
        CHECK(second.follows_end());
        window.click("//###answers/In step");
        scroll(3);
        CHECK(first.place().round == second.place().round);
        CHECK(std::abs(first.place().part - second.place().part) < 0.03);
        scroll(200);
        CHECK(first.place().round == 1);
        CHECK(second.place().round == 1);
        CHECK(second.place().part < 0.02);
        scroll(-400);
        CHECK(first.follows_end());
        CHECK(second.follows_end());
    });
}

TEST_CASE("that the candidates go in step is as it was left, at the next start") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    for (const bool is_wanted : {true, false}) {
        world.start([&](Window& window) {
            window.wait_for_models();
            for (int rounds = 1; rounds <= 2; ++rounds) {
                window.send("Hello");
                window.wait_for_rounds(rounds);
            }
            window.frames(4);
            const auto is_on = [&] {
                return (window.hand().ItemInfo("//###answers/In step").StatusFlags & ImGuiItemStatusFlags_Checked) != 0;
            };
            CHECK(is_on() != is_wanted);
            window.click("//###answers/In step");
            window.frames(2);
            CHECK(is_on() == is_wanted);
        });
    }
}

TEST_CASE("blind mode keeps the answers in view, and puts the votes behind them") {
    with_candidates(2, [](World&, Window& window) {
        window.send("Hello");
        window.wait_for_rounds(1);
        window.press(ImGuiMod_Ctrl | ImGuiKey_B);
        window.frames(10);
        REQUIRE(window.now().labels.front() == "A");
        CHECK(window.is_in_front("###answers"));
        CHECK(window.is_in_front("###candidate:c2"));
        CHECK(window.shown("###votes"));
        CHECK_FALSE(window.is_in_front("###votes"));
        window.press(ImGuiMod_Ctrl | ImGuiKey_B);
        window.wait_until("it asks", [&] { return window.asks(); });
        window.click("//###question/Reveal");
        // What blind mode hides does not stay in front of them.
        window.app().run(gui::ShowPanel{gui::Panel::metrics});
        window.frames(6);
        REQUIRE(window.is_in_front("###metrics"));
        window.press(ImGuiMod_Ctrl | ImGuiKey_B);
        window.frames(10);
        CHECK(window.is_in_front("###answers"));
        CHECK(window.is_in_front("###candidate:c2"));
    });
}

TEST_CASE("twelve candidates in a small window are told apart: the whole name stands in the header, a dot in the tab") {
    World world;
    auto demo = world.demo();
    for (int i = 0; i < 12; ++i)
        world.add_model(i % 2 ? "demo-fast" : "demo-thinker", "qwen2.5-coder-7b-instruct-variant-" + std::to_string(i));
    world.size = {1000, 700};
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(12);
        // Tabs of one row stand in the order of the candidates.
        int rows = 0;
        for (int i = 1; i <= 12; ++i) {
            const ImGuiWindow& one = *ImGui::FindWindowByName(("###candidate:c" + std::to_string(i)).c_str());
            REQUIRE(one.DockNode);
            if (one.DockNode->Windows.Size > 1) ++rows;
            for (int k = i + 1; k <= 12; ++k) {
                const ImGuiWindow& other = *ImGui::FindWindowByName(("###candidate:c" + std::to_string(k)).c_str());
                if (other.DockNode == one.DockNode)
                    CHECK(one.DC.DockTabItemRect.Min.x < other.DC.DockTabItemRect.Min.x);
            }
        }
        CHECK(rows > 0);
        check_prompt(world, window);
    });
}

TEST_CASE("a notice opens what was written, and lies neither over plots nor over the prompt") {
    with_candidates(2, [](World& world, Window& window) {
        window.send("Hello");
        window.wait_for_rounds(1);
        const auto toast_over = [&](const char* name) {
            const ImGuiWindow& toast = there(window, "##toast0");
            return toast.Rect().Overlaps(there(window, name).Rect());
        };
        window.app().run(gui::ExportReports{{report::usual_formats().front()}});
        window.wait_until("it is written", [&] { return window.has_toast("Written"); });
        window.frames(4);
        CHECK_FALSE(toast_over("###prompt"));
        window.app().run(gui::ShowPanel{gui::Panel::metrics});
        window.frames(6);
        CHECK_FALSE(toast_over("###metrics"));
        CHECK_FALSE(toast_over("###prompt"));
        window.click("//##toast0/Open");
        window.frames(4);
        REQUIRE(world.opened_folders.size() == 1);
        CHECK(world.opened_folders[0].extension() == ".md");
    });
}
