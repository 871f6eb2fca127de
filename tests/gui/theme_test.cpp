#include "gui/look/theme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <implot.h>

namespace llmc::gui {
namespace {

constexpr std::array kKinds{ThemeKind::dark, ThemeKind::light};
constexpr std::array kWords{Role::text, Role::weak, Role::accent, Role::good, Role::warn, Role::bad};

bool is_whole(float value) {
    return value == std::floor(value);
}

TEST_CASE("texts and states can be read on every surface that they are used on") {
    for (const ThemeKind kind : kKinds) {
        const Theme theme = make_theme(kind, 1);
        CAPTURE(std::string(theme_name(kind)));
        for (const Role surface : {Role::bg0, Role::bg1, Role::bg2, Role::user})
            for (const Role words : kWords) {
                CAPTURE(static_cast<int>(surface));
                CAPTURE(static_cast<int>(words));
                CHECK(contrast(theme[words], theme[surface]) >= 4.5F);
            }
        for (const Role words : {Role::code_comment, Role::code_string, Role::code_number, Role::code_keyword,
                                 Role::good, Role::bad, Role::text}) {
            CAPTURE(static_cast<int>(words));
            CHECK(contrast(theme[words], theme[Role::bg0]) >= 4.5F);  // code stands on it
        }
        // On what is hovered or chosen: text, warnings, and the accent of the chosen pill.
        for (const Role words : {Role::text, Role::warn, Role::accent}) {
            CAPTURE(static_cast<int>(words));
            CHECK(contrast(theme[words], theme[Role::bg3]) >= 4.5F);
        }
        CHECK(contrast(theme[Role::on_primary], theme[Role::primary]) >= 4.5F);
        CHECK(contrast(theme[Role::text], theme[Role::selection]) >= 4.5F);
        CHECK(contrast(theme[Role::text], theme[Role::found]) >= 4.5F);
    }
}

TEST_CASE("what was found and what is selected stand out from the page") {
    for (const ThemeKind kind : kKinds) {
        const Theme theme = make_theme(kind, 1);
        CHECK(contrast(theme[Role::selection], theme[Role::bg1]) >= 1.3F);
        CHECK(contrast(theme[Role::found], theme[Role::bg1]) >= 1.3F);
        CHECK(theme[Role::selection] != theme[Role::found]);
    }
}

TEST_CASE("the lines of a plot can be seen, are told apart and repeat after eight") {
    for (const ThemeKind kind : kKinds) {
        const Theme theme = make_theme(kind, 1);
        for (int i = 0; i < 8; ++i) {
            CHECK(contrast(plot_color(theme, i), theme[Role::bg1]) >= 3.0F);
            for (int k = 0; k < i; ++k) CHECK(plot_color(theme, i) != plot_color(theme, k));
            CHECK(plot_color(theme, i) == plot_color(theme, i + 8));
        }
    }
}

TEST_CASE("contrast goes from 1 to 21") {
    CHECK(contrast(IM_COL32_WHITE, IM_COL32_BLACK) == doctest::Approx(21));
    CHECK(contrast(IM_COL32_WHITE, IM_COL32_WHITE) == doctest::Approx(1));
    CHECK(contrast(IM_COL32_BLACK, IM_COL32_WHITE) == doctest::Approx(21));
}

TEST_CASE("sizes are whole pixels at every scale and never nothing") {
    for (const float scale : {0.01F, 0.5F, 0.75F, 1.0F, 1.1F, 1.25F, 1.5F, 2.0F, 3.3F, 99.0F}) {
        const Theme theme = make_theme(ThemeKind::dark, scale);
        CHECK(theme.scale >= 0.5F);
        CHECK(theme.scale <= 4.0F);
        for (const float size : {theme.text.prose, theme.text.row, theme.text.quiet, theme.text.small, theme.text.code,
                                 theme.text.figure, theme.prose_line, theme.code_line, theme.prose_width,
                                 theme.row_height, theme.dot, theme.px(1), theme.px(0.3F), theme.px(7)}) {
            CHECK(is_whole(size));
            CHECK(size >= 1);
        }
        CHECK(theme.text.prose >= theme.text.row);
        CHECK(theme.text.row >= theme.text.quiet);
        CHECK(theme.prose_line > theme.text.prose);
        CHECK(theme.px(0) == 0);
    }
    CHECK(make_theme(ThemeKind::light, 2).text.prose == 30);
}

TEST_CASE("applying a theme again changes nothing, so sizes do not add up") {
    const Theme theme = make_theme(ThemeKind::light, 1.5F);
    ImGuiStyle once, twice;
    apply(theme, once);
    apply(theme, twice);
    apply(theme, twice);
    CHECK(once.WindowPadding.x == twice.WindowPadding.x);
    CHECK(once.FramePadding.y == twice.FramePadding.y);
    CHECK(once.ScrollbarSize == twice.ScrollbarSize);
    CHECK(once.FontScaleMain == 1);
    CHECK(once.FontScaleDpi == 1);
    CHECK(once.FontSizeBase == theme.text.row);
}

TEST_CASE("no colour of the style is left as Dear ImGui sets it") {
    constexpr float kMark = 0.123F;
    for (const ThemeKind kind : kKinds) {
        ImGuiStyle style;
        for (ImVec4& color : style.Colors) color = {kMark, kMark, kMark, kMark};
        apply(make_theme(kind, 1), style);
        // apply() starts from a fresh style: a colour it forgets is Dear ImGui's default, with its blue.
        const ImGuiStyle fresh;
        int same = 0;
        for (int i = 0; i < ImGuiCol_COUNT; ++i) {
            CHECK(style.Colors[i].x != kMark);
            const bool is_transparent = style.Colors[i].w == 0;
            same += !is_transparent && style.Colors[i].x == fresh.Colors[i].x &&
                    style.Colors[i].y == fresh.Colors[i].y && style.Colors[i].z == fresh.Colors[i].z;
        }
        CHECK(same == 0);
        CHECK(ImGui::ColorConvertFloat4ToU32(style.Colors[ImGuiCol_WindowBg]) == make_theme(kind, 1)[Role::bg1]);
        CHECK(ImGui::ColorConvertFloat4ToU32(style.Colors[ImGuiCol_NavCursor]) == make_theme(kind, 1)[Role::accent]);
    }
}

}  // namespace
}  // namespace llmc::gui
