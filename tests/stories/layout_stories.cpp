// Windows are beside each other, moved, closed and brought back.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;

namespace {

ImGuiWindow& candidate(int number) {
    ImGuiWindow* window = ImGui::FindWindowByName(fmt::format("###candidate:c{}", number).c_str());
    REQUIRE_MESSAGE(window, "candidate ", number, " has no window");
    return *window;
}

bool is_seen(const ImGuiWindow& window) {
    return window.WasActive && (!window.DockIsActive || window.DockTabIsVisible);
}

// Beside each other in order, of one height, their widths within two pixels.
bool are_equal_columns(int count) {
    float x = -1;
    for (int i = 1; i <= count; ++i) {
        const ImGuiWindow& one = candidate(i);

        if (!is_seen(one) || one.Pos.x <= x || one.Pos.y != candidate(1).Pos.y || one.Size.y != candidate(1).Size.y ||
            std::abs(one.Size.x - candidate(1).Size.x) > 2)
            return false;
        x = one.Pos.x;
    }
    return true;
}

bool are_two_by_two() {
    const ImRect first = candidate(1).Rect();
    for (int i = 2; i <= 4; ++i)
        if (!is_seen(candidate(i)) || std::abs(candidate(i).Size.x - first.GetWidth()) > 2 ||
            std::abs(candidate(i).Size.y - first.GetHeight()) > 2)
            return false;
    return candidate(2).Pos.y == first.Min.y && candidate(2).Pos.x >= first.Max.x &&
           candidate(3).Pos.x == first.Min.x && candidate(3).Pos.y >= first.Max.y &&
           candidate(4).Pos.x == candidate(2).Pos.x;
}

int distinct_places(int count) {
    std::vector<ImGuiID> nodes;
    for (int i = 1; i <= count; ++i)
        if (candidate(i).DockNode) nodes.push_back(candidate(i).DockNode->ID);
    std::sort(nodes.begin(), nodes.end());
    return static_cast<int>(std::unique(nodes.begin(), nodes.end()) - nodes.begin());
}

// Every window that is drawn has a size and lies within the window of the system.
void check_all_fit(ImVec2 room) {
    for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
        if (!window->WasActive || window->Hidden ||
            (window->Flags & (ImGuiWindowFlags_Tooltip | ImGuiWindowFlags_ChildWindow)) ||
            (window->DockIsActive && !window->DockTabIsVisible) || window->IsFallbackWindow)
            continue;
        const std::string name = window->Name;
        CAPTURE(name);
        CHECK(window->Size.x > 8);
        CHECK(window->Size.y > 8);
        CHECK(window->Pos.x >= -1);
        CHECK(window->Pos.y >= -1);
        CHECK(window->Pos.x + window->Size.x <= room.x + 1);
        CHECK(window->Pos.y + window->Size.y <= room.y + 1);
    }
}

void add_candidates(Window& window, int count, const char* model = "demo-fast") {
    for (int i = 0; i < count; ++i) (void)window.app().setup().new_candidate(model);
    const std::size_t wanted = window.app().setup().draft.candidates.size();
    window.wait_until("the candidates are there", [&] { return window.now().session.candidates.size() == wanted; });
    window.frames(8);
}

void drag(Window& window, ImVec2 from, ImVec2 to) {
    window.hand().MouseMoveToPos(from);
    window.frames(2);
    window.hand().MouseDown();
    window.hand().MouseMoveToPos({(from.x + to.x) / 2, (from.y + to.y) / 2});
    window.hand().MouseMoveToPos(to);
    window.hand().MouseUp();
    window.frames(6);
}

}  // namespace

TEST_CASE("three candidates stand in equal columns, four two by two, also when the window is resized") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(6);
        CHECK(are_equal_columns(2));
        add_candidates(window, 1);
        CHECK(are_equal_columns(3));
        world.size = {1300, 800};
        window.frames(10);
        CHECK_FALSE(window.app().layout().is_custom());
        check_all_fit(world.size);
        world.size = {1900, 1000};
        window.frames(10);
        CHECK(are_equal_columns(3));
        CHECK_FALSE(window.app().layout().is_custom());
        // Configuration stands left of them, the prompt below.
        const ImGuiWindow* configuration = window.shown("###configuration");
        const ImGuiWindow* prompt = window.shown("###prompt");
        REQUIRE(configuration);
        REQUIRE(prompt);
        CHECK(configuration->Pos.x + configuration->Size.x <= candidate(1).Pos.x + 1);
        CHECK(prompt->Pos.y >= candidate(1).Pos.y + candidate(1).Size.y - 1);
        add_candidates(window, 1);
        CHECK(are_two_by_two());
        world.size = {1300, 800};
        window.frames(10);
        CHECK(are_two_by_two());
        CHECK_FALSE(window.app().layout().is_custom());
    });
}

TEST_CASE("columns, grid, tabs and the first layout are there by the menu and by keys") {
    World world;
    auto demo = world.demo();
    for (int i = 0; i < 4; ++i) world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(6);
        window.choose("View/Tabs");
        window.frames(8);
        CHECK(distinct_places(4) == 1);
        window.choose("View/Grid");
        window.frames(8);
        CHECK(distinct_places(4) == 4);
        CHECK(candidate(1).Pos.y < candidate(4).Pos.y);
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_1);
        window.frames(8);
        CHECK(are_equal_columns(4));
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_3);
        window.frames(8);
        CHECK(distinct_places(4) == 1);
        window.choose("View/Metrics");
        window.frames(6);
        CHECK(window.shown("###metrics"));
        window.choose("View/Reset layout");
        window.frames(10);
        CHECK(are_two_by_two());
        CHECK_FALSE(window.shown("###metrics"));
        CHECK(window.shown("###configuration"));
        check_all_fit(world.size);
    });
}

TEST_CASE("what was arranged by hand stays, new candidates join as tabs, and all of it is remembered") {
    World world;
    auto demo = world.demo();
    for (int i = 0; i < 3; ++i) world.add_model("demo-fast");
    float width = 0;
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        REQUIRE(are_equal_columns(3));
        const ImGuiWindow& first = candidate(1);
        const ImVec2 split{first.Pos.x + first.Size.x + 1, first.Pos.y + first.Size.y / 2};
        drag(window, split, {split.x + 90, split.y});
        CHECK(window.app().layout().is_custom());
        width = candidate(1).Size.x;
        CHECK(width > candidate(3).Size.x + 40);
        const auto before = std::array{candidate(1).Rect(), candidate(2).Rect(), candidate(3).Rect()};
        add_candidates(window, 1);
        CHECK(std::abs(candidate(1).Size.x - width) <= 1);
        for (int i = 1; i <= 3; ++i)
            CHECK(std::abs(candidate(i).Pos.x - before[static_cast<std::size_t>(i) - 1].Min.x) <= 1);
        REQUIRE(candidate(4).DockNode);
        CHECK(distinct_places(4) == 3);
    });
    world.config.candidates.push_back(world.config.candidates[0]);
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        CHECK(world.remembered_note.empty());
        CHECK(window.app().layout().is_custom());
        CHECK(std::abs(candidate(1).Size.x - width) <= 2);
        window.choose("View/Columns");
        window.frames(8);
        CHECK(are_equal_columns(4));
        CHECK_FALSE(window.app().layout().is_custom());
    });
}

TEST_CASE("a window is taken out, docked elsewhere, closed and brought back") {
    World world;
    auto demo = world.demo();
    for (int i = 0; i < 3; ++i) world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        window.hand().UndockWindow("//###candidate:c2");
        window.frames(6);
        CHECK(candidate(2).DockNode == nullptr);
        CHECK(window.app().layout().is_custom());
        window.hand().DockInto("//###candidate:c2", "//###candidate:c1");
        window.frames(6);
        CHECK(candidate(2).DockNode == candidate(1).DockNode);

        window.hand().WindowClose("//###candidate:c3");
        window.frames(6);
        CHECK_FALSE(window.shown("###candidate:c3"));
        window.choose_candidate("c3");
        window.frames(6);
        CHECK(window.shown("###candidate:c3"));
        window.hand().WindowClose("//###configuration");
        window.frames(4);
        CHECK_FALSE(window.shown("###configuration"));
        window.press(ImGuiMod_Ctrl | ImGuiKey_1);
        window.frames(6);
        CHECK(window.shown("###configuration"));
        window.choose("View/Reset layout");
        window.frames(10);
        CHECK(are_equal_columns(3));
    });
}

TEST_CASE("closing a candidate's window in equal columns leaves equal columns") {
    World world;
    auto demo = world.demo();
    for (int i = 0; i < 3; ++i) world.add_model("demo-fast");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.frames(8);
        window.hand().WindowClose("//###candidate:c3");
        window.frames(10);
        CHECK(are_equal_columns(2));
        CHECK_FALSE(window.app().layout().is_custom());
        window.choose_candidate("c3");
        window.frames(10);
        CHECK(are_equal_columns(3));
    });
}

TEST_CASE("twelve candidates fit in every arrangement, in a large window and in a small one") {
    World world;
    auto demo = world.demo();
    for (int i = 0; i < 12; ++i) world.add_model(i % 2 ? "demo-fast" : "demo-thinker");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Hello with a table and code");
        window.wait_for_rounds(1);
        for (const ImVec2 size : {ImVec2{1920, 1080}, ImVec2{1000, 700}, ImVec2{640, 400}}) {
            world.size = size;
            for (const char* arrangement : {"View/Columns", "View/Grid", "View/Tabs", "View/Reset layout"}) {
                CAPTURE(size.x);
                const std::string chosen = arrangement;
                CAPTURE(chosen);
                window.choose(arrangement);
                window.frames(10);
                check_all_fit(size);
                int seen = 0;
                for (int i = 1; i <= 12; ++i) {
                    CHECK(candidate(i).DockNode != nullptr);
                    if (!is_seen(candidate(i))) continue;
                    ++seen;
                    CHECK(candidate(i).Size.x > 100);
                    CHECK(candidate(i).Size.y > 100);
                }
                CHECK(seen >= 1);
                CHECK(window.shown("###prompt"));
                CHECK(window.has("//###prompt/###primary"));
                CHECK(window.has("//###configuration/Save as default"));
            }
        }
    });
}
