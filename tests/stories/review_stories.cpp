// What is read afterwards: figures, log, report, help; in both themes and every size.
#include <algorithm>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "report/report.h"
#include "stories/paced_server.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

namespace {

// A session with all that a window can show: reasoning, tables, code, warnings, a failure.
void with_everything(World& world, const std::function<void(Window&)>& play) {
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.add_model("demo-fragile");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("A list, a table, code, json and unicode please, and long");
        window.wait_for_rounds(1);
        window.send("Now fail");
        window.wait_for_activity(engine::Activity::halted);
        window.wait_until("it is written", [&] { return window.now().is_kept; });
        play(window);
    });
}

}  // namespace

TEST_CASE("the figures are there per candidate, per answer in any order, and as plots") {
    World world;
    with_everything(world, [&](Window& window) {
        window.press(ImGuiMod_Ctrl | ImGuiKey_M);
        window.frames(4);
        REQUIRE(window.shown("###metrics"));
        window.click("//###metrics/pages/Answers");
        window.frames(3);
        for (const char* column : {"TTFT", "Tokens", "Candidate", "TTFT"}) {
            const std::string title = column;
            CAPTURE(title);
            window.click((std::string("//###metrics/**/") + column).c_str());
            window.frames(2);
        }
        window.click("//###metrics/Copy as CSV");
        CHECK(window.clipboard() == report::to_csv(window.now().session));
        window.click("//###metrics/pages/Plots");
        window.frames(5);
        window.click("//###metrics/pages/Candidates");
        window.frames(3);
        window.click("//###metrics/Copy as CSV");
        CHECK(std::ranges::count(window.clipboard(), '\n') == 4);  // a heading and three candidates
    });
}

TEST_CASE("in the lowest window a plot is seen whole, with its axes and the names of twelve candidates below it") {
    World world;
    auto demo = world.demo();
    for (int i = 0; i < 12; ++i) world.add_model("demo-fast", "Qwen2.5-Coder-7B-Instruct-Q" + std::to_string(i));
    world.size = {1000, 440};
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Hello");
        window.wait_for_rounds(1);
        window.press(ImGuiMod_Ctrl | ImGuiKey_M);
        window.frames(4);
        window.click("//###metrics/pages/Plots");
        window.frames(5);
        const ImGuiWindow* plots = window.hand().WindowInfo("//###metrics/plots").Window;
        REQUIRE(plots);
        // Two rows of plots below each other.
        CHECK(plots->ContentSize.y / 2 <= plots->Size.y);
        CHECK(plots->ContentSize.y / 2 >= 180);
    });
}

TEST_CASE("the log is filtered by level and words, and copied") {
    World world;
    with_everything(world, [&](Window& window) {
        window.press(ImGuiMod_Ctrl | ImGuiKey_L);
        window.frames(4);
        window.click("//###log/Copy");
        const auto all = std::ranges::count(window.clipboard(), '\n');
        CHECK(all == static_cast<std::ptrdiff_t>(window.app().log().size()));
        window.click("//###log/levels/Errors");
        window.frames(2);
        window.click("//###log/Copy");
        const std::string errors = window.clipboard();
        CHECK(std::ranges::count(errors, '\n') < all);
        CHECK(errors.find("demo-fragile") != std::string::npos);
        CHECK(errors.find("  info  ") == std::string::npos);
        window.click("//###log/levels/All");
        window.fill("//###log/##filter/##field", "WRITTEN .json");
        window.click("//###log/Copy");
        CHECK(std::ranges::count(window.clipboard(), '\n') == 1);
    });
}

TEST_CASE("the preview shows each format as it would be written, and writes it") {
    World world;
    with_everything(world, [&](Window& window) {
        window.press(ImGuiMod_Ctrl | ImGuiKey_5);
        window.frames(6);
        const struct {
            const char *pill, *extension, *has;
        } formats[] = {{"HTML", ".html", "<!DOCTYPE html>"},
                       {"CSV", ".csv", "candidate"},
                       {"JSON", ".json", "\"llm-compare-report\""},
                       {"Markdown", ".md", "# LLM Comparison Report"}};
        for (const auto& one : formats) {
            const std::string pill = one.pill;
            CAPTURE(pill);
            const std::size_t before = world.reports(one.extension).size();
            window.click((std::string("//###report/formats/") + one.pill).c_str());
            window.wait_until("it is made", [&] {
                window.click("//###report/Copy");
                return window.clipboard().find(one.has) != std::string::npos;
            });
            window.click("//###report/###export");
            window.wait_until("it is written", [&] { return world.reports(one.extension).size() == before + 1; });
        }
    });
}

TEST_CASE("every window is drawn without a flaw in both themes and every size of text") {
    World world;
    with_everything(world, [&](Window& window) {
        for (const gui::Panel panel : {gui::Panel::metrics, gui::Panel::log, gui::Panel::report_preview,
                                       gui::Panel::about, gui::Panel::shortcuts})
            window.app().run(gui::ShowPanel{panel});
        window.frames(10);
        for (const ImVec2 size : {ImVec2{1600, 900}, ImVec2{1000, 700}})
            for (const gui::ThemeKind theme : {gui::ThemeKind::light, gui::ThemeKind::dark})
                for (const float factor : {0.6F, 1.0F, 1.5F, 2.5F}) {
                    world.size = size;
                    window.app().run(gui::SetTheme{theme});
                    window.app().run(gui::SetTextSize{factor});
                    window.frames(4);
                    for (const char* name : {"###metrics", "###log", "###report", "###prompt", "###about",
                                             "###shortcuts", "###configuration"}) {
                        const std::string title = name;
                        CAPTURE(title);
                        CAPTURE(factor);
                        window.focus((std::string("//") + name).c_str());
                        CHECK(window.shown(name));
                    }
                    window.app().run(gui::FindInFocused{});
                    window.frames(3);
                }
    });
}

TEST_CASE("notices go to the folder or away by a click, and the status tells where the reports are") {
    World world;
    with_everything(world, [&](Window& window) {
        REQUIRE_FALSE(window.app().toasts().empty());
        const std::size_t before = window.app().toasts().size();
        window.click(fmt::format("//##toast{}/Open folder", before - 1).c_str());
        window.frames(3);
        REQUIRE(world.opened_folders.size() == 1);
        CHECK(world.opened_folders[0] == world.path("reports"));
        CHECK(window.app().toasts().size() == before - 1);
        window.click("//##MainMenuBar/##MenuBar/status");
        window.frames(2);
        CHECK(world.opened_folders.size() == 2);
    });
}

TEST_CASE("a window at rest asks for no frames") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Hello");
        window.wait_for_rounds(1);
        window.hand().MouseMoveToPos({5, 5});
        window.wait_until("no notice is left", [&] { return window.app().toasts().empty(); });
        window.frames(30);
        CHECK_FALSE(world.next_frame().has_value());
    });
}
