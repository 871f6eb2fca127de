// How everything looks: colours by role, sizes in pixels. The one table that both themes are.
//
// Thread contract: plain values. A Theme holds what a frame needs; panels take every colour and size from it.
// Invariants: every text and state colour has a contrast of at least 4.5 on the surfaces it is used on (by test); sizes
// are whole pixels at the theme's scale.
#pragma once

#include <array>
#include <string_view>

#include <imgui.h>

struct ImPlotStyle;

namespace llmc::gui {

enum class ThemeKind { dark, light };
std::string_view theme_name(ThemeKind kind);

enum class Role {
    bg0,      // empty dock, tab bar, menu bar, code
    bg1,      // windows
    bg2,      // fields, rows, buttons
    bg3,      // what is hovered or chosen
    line,     // separators
    text,     // what is read
    weak,     // what is quiet
    accent,   // links, streaming, focus
    primary,  // the one filled button
    good,     // complete, reachable
    warn,     // interrupted, warnings
    bad,      // failed, cut off, refused
    user,     // turns of the user
    on_primary,
    selection,  // behind selected text
    found,      // behind what find has found
    code_comment,
    code_string,
    code_number,
    code_keyword,
    count
};

// Sizes of text for PushFont.
struct TextSizes {
    float prose = 15;     // answers; line height prose_line
    float row = 14;       // rows, buttons, titles
    float quiet = 13;     // second lines
    float small = 12.5;   // labels of turns, quiet figures
    float code = 13.5;    // code, monospaced
    float figure = 12.5;  // figures, monospaced
};

struct Theme {
    ThemeKind kind = ThemeKind::dark;
    float scale = 1;  // display scale × the user's text size
    std::array<ImU32, static_cast<std::size_t>(Role::count)> colors{};
    TextSizes text;
    float prose_line = 22, code_line = 18, prose_width = 560, row_height = 44, dot = 8;

    ImU32 operator[](Role role) const { return colors[static_cast<std::size_t>(role)]; }
    ImVec4 vec(Role role) const { return ImGui::ColorConvertU32ToFloat4((*this)[role]); }
    // A length of the design (at scale 1) in whole pixels, at least 1 for positive ones.
    float px(float length) const;
};

// `scale` within 0.5 … 4.
Theme make_theme(ThemeKind kind, float scale);

// Sets the style from scratch (scaling never adds up). Neither FontScaleMain nor FontScaleDpi is used: all sizes are
// scaled already.
void apply(const Theme& theme, ImGuiStyle& style);
void apply(const Theme& theme, ImPlotStyle& style);

// A colour for each candidate in plots, the same in all; told apart in both themes, repeats after 8.
ImU32 plot_color(const Theme& theme, int index);

// (L1 + 0.05) / (L2 + 0.05) of WCAG 2, alpha ignored.
float contrast(ImU32 a, ImU32 b);

}  // namespace llmc::gui
