#include "gui/layout_plan.h"

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

constexpr float kMinWidth = 270, kMinHeight = 200;

LayoutPlan plan(Arrangement arrangement, int count, float width = 1600, float height = 800) {
    return plan_layout(arrangement, count, width, height, kMinWidth, kMinHeight);
}

std::vector<int> shares(const LayoutPlan& plan) {
    std::vector<int> sizes;
    for (const auto& cell : plan.cells) sizes.push_back(static_cast<int>(cell.size()));
    return sizes;
}

TEST_CASE("columns stand beside each other as long as they are wide enough, then share cells as neighbours") {
    const struct {
        int count;
        float width;
        std::vector<int> shares;
    } cases[] = {
        {1, 1600, {1}},
        {3, 1600, {1, 1, 1}},
        {5, 1600, {1, 1, 1, 1, 1}},
        {6, 1600, {2, 1, 1, 1, 1}},
        {12, 1600, {3, 3, 2, 2, 2}},
        {2, 539, {2}},
        {2, 540, {1, 1}},
        {4, 10, {4}},  // narrower than one: still one
    };
    for (const auto& one : cases) {
        CAPTURE(one.count);
        CAPTURE(one.width);
        const LayoutPlan made = plan(Arrangement::columns, one.count, one.width);
        CHECK(made.rows == 1);
        CHECK(made.columns == static_cast<int>(one.shares.size()));
        CHECK(shares(made) == one.shares);
    }
}

TEST_CASE("a grid has cells near to 4:3") {
    const struct {
        int count;
        float width, height;
        int columns, rows;
    } cases[] = {
        {4, 1600, 500, 2, 2}, {6, 1600, 800, 3, 2}, {9, 1600, 1200, 3, 3},
        {2, 1600, 600, 2, 1}, {2, 500, 900, 1, 2},  {12, 1200, 1000, 3, 4},
    };
    for (const auto& one : cases) {
        CAPTURE(one.count);
        const LayoutPlan made = plan(Arrangement::grid, one.count, one.width, one.height);
        CHECK(made.columns == one.columns);
        CHECK(made.rows == one.rows);
    }
}

TEST_CASE("by themselves they stand in columns, four two by two, from six on in a grid, also where it is narrow") {
    const struct {
        int count;
        float width;
        int columns, rows;
    } cases[] = {{1, 1400, 1, 1}, {2, 1400, 2, 1}, {3, 1400, 3, 1}, {4, 1400, 2, 2},  {5, 1400, 5, 1},
                 {6, 1400, 3, 2}, {9, 1400, 4, 3}, {3, 600, 2, 2},  {12, 1400, 5, 3}, {4, 300, 1, 3}};
    for (const auto& one : cases) {
        CAPTURE(one.count);
        CAPTURE(one.width);
        const LayoutPlan made = plan(Arrangement::automatic, one.count, one.width, 680);
        CHECK(made.columns == one.columns);
        CHECK(made.rows == one.rows);
    }
}

TEST_CASE("the prompt takes what it needs up to 40 % of the window, at least three lines, or what it was given") {
    const PromptHeight three{110, 110}, ten{110, 250}, hundred{110, 2000};
    CHECK(prompt_height(three, 0, 900) == 110);
    CHECK(prompt_height(ten, 0, 900) == 250);
    CHECK(prompt_height(hundred, 0, 900) == 360);
    CHECK(prompt_height(hundred, 200, 900) == 200);
    CHECK(prompt_height(three, 500, 900) == 500);
    CHECK(prompt_height(three, 50, 900) == 110);   // three lines stay
    CHECK(prompt_height(three, 900, 900) == 630);  // and so does the stage
    CHECK(prompt_height(three, 0, 100) == 70);
}

TEST_CASE("tabs are one cell") {
    const LayoutPlan made = plan(Arrangement::tabs, 5);
    CHECK(made.columns == 1);
    CHECK(made.rows == 1);
    CHECK(shares(made) == std::vector<int>{5});
}

TEST_CASE("nothing to place is one empty cell") {
    for (const Arrangement arrangement :
         {Arrangement::automatic, Arrangement::columns, Arrangement::grid, Arrangement::tabs})
        CHECK(shares(plan(arrangement, 0)) == std::vector<int>{0});
}

TEST_CASE("every window has its place exactly once, in order, and no cell is empty or too small") {
    for (const Arrangement arrangement :
         {Arrangement::automatic, Arrangement::columns, Arrangement::grid, Arrangement::tabs})
        for (int count = 1; count <= 40; ++count)
            for (const float width : {1.0F, 300.0F, 650.0F, 1000.0F, 1920.0F, 3840.0F})
                for (const float height : {1.0F, 300.0F, 700.0F, 1080.0F, 2160.0F}) {
                    CAPTURE(count);
                    CAPTURE(width);
                    CAPTURE(height);
                    const LayoutPlan made = plan(arrangement, count, width, height);
                    int next = 0;
                    for (const auto& cell : made.cells) {
                        CHECK_FALSE(cell.empty());
                        for (const int index : cell) CHECK(index == next++);
                    }
                    CHECK(next == count);
                    CHECK(static_cast<int>(made.cells.size()) <= made.columns * made.rows);
                    CHECK(static_cast<int>(made.cells.size()) > made.columns * (made.rows - 1));
                    CHECK((made.columns == 1 || width / static_cast<float>(made.columns) >= kMinWidth));
                    CHECK((made.rows == 1 || height / static_cast<float>(made.rows) >= kMinHeight));
                }
}

}  // namespace
}  // namespace llmc::gui
