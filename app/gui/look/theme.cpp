#include "gui/look/theme.h"

#include <algorithm>
#include <cmath>

#include <implot.h>

namespace llmc::gui {
namespace {

// Colours as they are written: 0xRRGGBB.
constexpr ImU32 rgb(std::uint32_t value) {
    return IM_COL32((value >> 16) & 0xFF, (value >> 8) & 0xFF, value & 0xFF, 0xFF);
}

struct Entry {
    Role role;
    std::uint32_t dark, light;
};

// Both themes.
constexpr Entry kColors[] = {
    {Role::bg0, 0x141518, 0xECEEF1},          {Role::bg1, 0x1C1D21, 0xFFFFFF},
    {Role::bg2, 0x25272C, 0xF1F3F5},          {Role::bg3, 0x2F3238, 0xE3E6EA},
    {Role::line, 0x303339, 0xD8DCE1},         {Role::text, 0xE3E5E8, 0x1F2328},
    {Role::weak, 0x9097A1, 0x5C646D},         {Role::accent, 0x7AA5FF, 0x2D61C7},
    {Role::primary, 0x3F6FD8, 0x2F63C9},      {Role::good, 0x5BB974, 0x237A41},
    {Role::warn, 0xE5A84B, 0x8F5500},         {Role::bad, 0xE5675B, 0xBA3025},
    {Role::user, 0x22242A, 0xF5F6F8},         {Role::on_primary, 0xFFFFFF, 0xFFFFFF},
    {Role::selection, 0x2F4A7D, 0xBBD3FB},    {Role::found, 0x6B5320, 0xF9D98A},
    {Role::code_comment, 0x8A94A3, 0x5A6472}, {Role::code_string, 0x9CC48A, 0x2C6E2F},
    {Role::code_number, 0xE0B070, 0x8A4B00},  {Role::code_keyword, 0x8FB4FF, 0x2552A8},
};
static_assert(std::size(kColors) == static_cast<std::size_t>(Role::count));

constexpr std::uint32_t kPlots[2][8] = {
    {0x7AA5FF, 0x5BB974, 0xE5A84B, 0xE5675B, 0xB58CF2, 0x4FC1C9, 0xE39BD0, 0xC3C95A},
    {0x2F63C9, 0x237A41, 0xA86400, 0xBA3025, 0x7A46C2, 0x0F7C86, 0xB8388C, 0x6B7300},
};

// A colour drawn over another one at `share`.
ImVec4 mix(const ImVec4& under, const ImVec4& over, float share) {
    const auto one = [share](float a, float b) { return a + (b - a) * share; };
    return {one(under.x, over.x), one(under.y, over.y), one(under.z, over.z), 1};
}

ImVec4 faint(ImVec4 color, float alpha) {
    color.w = alpha;
    return color;
}

float whole(float length) {
    return std::floor(length + 0.5F);
}

float luminance(ImU32 color) {
    const auto linear = [](ImU32 byte) {
        const float part = static_cast<float>(byte) / 255;
        return part <= 0.04045F ? part / 12.92F : std::pow((part + 0.055F) / 1.055F, 2.4F);
    };
    return 0.2126F * linear((color >> IM_COL32_R_SHIFT) & 0xFF) + 0.7152F * linear((color >> IM_COL32_G_SHIFT) & 0xFF) +
           0.0722F * linear((color >> IM_COL32_B_SHIFT) & 0xFF);
}

void apply_sizes(const Theme& theme, ImGuiStyle& style) {
    const auto px = [&theme](float length) { return theme.px(length); };
    const auto px2 = [&theme](float x, float y) { return ImVec2(theme.px(x), theme.px(y)); };
    style.FontSizeBase = theme.text.row;
    style.WindowPadding = px2(12, 10);
    style.FramePadding = px2(9, 5);
    style.ItemSpacing = px2(8, 7);
    style.ItemInnerSpacing = px2(6, 5);
    style.CellPadding = px2(8, 4);
    style.IndentSpacing = px(16);
    style.ScrollbarSize = px(11);
    style.ScrollbarPadding = px(2);
    style.ScrollbarRounding = px(5);
    style.GrabMinSize = px(14);
    style.GrabRounding = px(5);
    style.WindowRounding = px(6);
    style.ChildRounding = px(5);
    style.PopupRounding = px(6);
    style.FrameRounding = px(5);
    style.TabRounding = px(5);
    style.MenuItemRounding = px(4);
    style.SelectableRounding = px(4);
    style.WindowBorderSize = px(1);
    style.ChildBorderSize = px(1);
    style.PopupBorderSize = px(1);
    style.FrameBorderSize = 0;
    style.TabBorderSize = 0;
    style.TabBarBorderSize = 0;
    style.TabBarOverlineSize = px(2);
    style.TabMinWidthBase = px(1);
    style.TabMinWidthShrink = px(60);
    style.TabCloseButtonMinWidthSelected = px(48);
    style.TabCloseButtonMinWidthUnselected = FLT_MAX;  // only the tab in front has one
    style.DockingNodeHasCloseButton = false;           // it would close all tabs of its row
    style.DockingSeparatorSize = px(2);
    style.SeparatorSize = px(1);
    style.SeparatorTextBorderSize = px(1);
    style.InputTextCursorSize = std::max(1.5F * theme.scale, 1.0F);
    style.WindowMinSize = px2(80, 60);
    style.WindowMenuButtonPosition = ImGuiDir_None;
    style.DisabledAlpha = 0.5F;
    style.WindowTitleAlign = {0, 0.5F};
    style.SeparatorTextAlign = {0, 0.5F};
    style.LogSliderDeadzone = px(4);
    style.DragDropTargetBorderSize = px(2);
}

}  // namespace

std::string_view theme_name(ThemeKind kind) {
    return kind == ThemeKind::dark ? "dark" : "light";
}

float Theme::px(float length) const {
    const float pixels = whole(length * scale);
    return length > 0 ? std::max(pixels, 1.0F) : pixels;
}

Theme make_theme(ThemeKind kind, float scale) {
    Theme theme;
    theme.kind = kind;
    theme.scale = std::clamp(scale, 0.5F, 4.0F);
    for (const Entry& entry : kColors)
        theme.colors[static_cast<std::size_t>(entry.role)] = rgb(kind == ThemeKind::dark ? entry.dark : entry.light);
    // Dear ImGui bakes fonts at whole sizes: others would be drawn from glyphs of the next one, blurred.
    TextSizes& text = theme.text;
    for (float* size : {&text.prose, &text.row, &text.quiet, &text.small, &text.code, &text.figure})
        *size = std::max(whole(*size * theme.scale), 6.0F);
    for (float* length : {&theme.prose_line, &theme.code_line, &theme.prose_width, &theme.row_height, &theme.dot})
        *length = theme.px(*length);
    return theme;
}

void apply(const Theme& theme, ImGuiStyle& style) {
    style = ImGuiStyle();
    apply_sizes(theme, style);

    const ImVec4 bg0 = theme.vec(Role::bg0), bg1 = theme.vec(Role::bg1), bg2 = theme.vec(Role::bg2);
    const ImVec4 bg3 = theme.vec(Role::bg3), line = theme.vec(Role::line), text = theme.vec(Role::text);
    const ImVec4 weak = theme.vec(Role::weak), accent = theme.vec(Role::accent);
    const ImVec4 none{0, 0, 0, 0};
    const ImVec4 pressed = mix(bg3, text, 0.06F), grab = mix(bg3, text, 0.10F), shade{0, 0, 0, 0.35F};
    const ImVec4 popup = bg1;  // buttons on it are bg2

    const std::pair<ImGuiCol, ImVec4> colors[] = {
        {ImGuiCol_Text, text},
        {ImGuiCol_TextDisabled, weak},
        {ImGuiCol_TextLink, accent},
        {ImGuiCol_TextSelectedBg, theme.vec(Role::selection)},
        {ImGuiCol_InputTextCursor, accent},
        {ImGuiCol_WindowBg, bg1},
        {ImGuiCol_ChildBg, none},
        {ImGuiCol_PopupBg, popup},
        {ImGuiCol_Border, line},
        {ImGuiCol_BorderShadow, none},
        {ImGuiCol_FrameBg, bg2},
        {ImGuiCol_FrameBgHovered, mix(bg2, bg3, 0.6F)},
        {ImGuiCol_FrameBgActive, mix(bg2, bg3, 0.6F)},
        {ImGuiCol_TitleBg, bg0},
        {ImGuiCol_TitleBgActive, bg0},
        {ImGuiCol_TitleBgCollapsed, bg0},
        {ImGuiCol_MenuBarBg, bg0},
        {ImGuiCol_ScrollbarBg, none},
        {ImGuiCol_ScrollbarGrab, bg3},
        {ImGuiCol_ScrollbarGrabHovered, grab},
        {ImGuiCol_ScrollbarGrabActive, weak},
        {ImGuiCol_CheckMark, theme.vec(Role::on_primary)},
        {ImGuiCol_CheckboxSelectedBg, theme.vec(Role::primary)},
        {ImGuiCol_SliderGrab, accent},
        {ImGuiCol_SliderGrabActive, accent},
        {ImGuiCol_Button, bg2},
        {ImGuiCol_ButtonHovered, bg3},
        {ImGuiCol_ButtonActive, pressed},
        {ImGuiCol_Header, bg3},
        {ImGuiCol_HeaderHovered, bg3},
        {ImGuiCol_HeaderActive, pressed},
        {ImGuiCol_Separator, line},
        {ImGuiCol_SeparatorHovered, accent},
        {ImGuiCol_SeparatorActive, accent},
        {ImGuiCol_ResizeGrip, none},
        {ImGuiCol_ResizeGripHovered, bg3},
        {ImGuiCol_ResizeGripActive, accent},
        {ImGuiCol_Tab, bg0},
        {ImGuiCol_TabHovered, bg2},
        {ImGuiCol_TabSelected, bg1},
        {ImGuiCol_TabSelectedOverline, accent},
        {ImGuiCol_TabDimmed, bg0},
        {ImGuiCol_TabDimmedSelected, bg1},
        {ImGuiCol_TabDimmedSelectedOverline, bg3},
        {ImGuiCol_DockingPreview, faint(accent, 0.35F)},
        {ImGuiCol_DockingEmptyBg, bg0},
        {ImGuiCol_PlotLines, accent},
        {ImGuiCol_PlotLinesHovered, accent},
        {ImGuiCol_PlotHistogram, accent},
        {ImGuiCol_PlotHistogramHovered, accent},
        {ImGuiCol_TableHeaderBg, bg2},
        {ImGuiCol_TableBorderStrong, line},
        {ImGuiCol_TableBorderLight, line},
        {ImGuiCol_TableRowBg, none},
        {ImGuiCol_TableRowBgAlt, none},
        {ImGuiCol_TreeLines, line},
        {ImGuiCol_DragDropTarget, accent},
        {ImGuiCol_DragDropTargetBg, faint(accent, 0.1F)},
        {ImGuiCol_UnsavedMarker, text},
        {ImGuiCol_NavCursor, accent},
        {ImGuiCol_NavWindowingHighlight, accent},
        {ImGuiCol_NavWindowingDimBg, shade},
        {ImGuiCol_ModalWindowDimBg, shade},
    };
    static_assert(std::size(colors) == ImGuiCol_COUNT);
    for (const auto& [which, color] : colors) style.Colors[which] = color;
}

void apply(const Theme& theme, ImPlotStyle& style) {
    style = ImPlotStyle();
    const auto px2 = [&theme](float x, float y) { return ImVec2(theme.px(x), theme.px(y)); };
    style.PlotDefaultSize = px2(400, 220);
    style.PlotMinSize = px2(160, 120);
    style.PlotBorderSize = 0;
    style.MajorTickLen = style.MinorTickLen = {0, 0};
    style.MajorTickSize = style.MinorTickSize = style.MajorGridSize = style.MinorGridSize = px2(1, 1);
    style.MinorAlpha = 0;
    style.PlotPadding = px2(8, 6);
    style.LabelPadding = px2(6, 5);
    style.LegendPadding = px2(4, 6);
    style.LegendInnerPadding = px2(2, 2);
    style.LegendSpacing = px2(10, 0);
    style.MousePosPadding = px2(6, 6);
    style.AnnotationPadding = px2(3, 2);
    style.FitPadding = {0, 0.08F};

    const ImVec4 none{0, 0, 0, 0};
    const ImVec4 text = theme.vec(Role::text), weak = theme.vec(Role::weak), line = theme.vec(Role::line);
    const std::pair<ImPlotCol, ImVec4> colors[] = {
        {ImPlotCol_FrameBg, none},
        {ImPlotCol_PlotBg, none},
        {ImPlotCol_PlotBorder, none},
        {ImPlotCol_LegendBg, none},
        {ImPlotCol_LegendBorder, none},
        {ImPlotCol_LegendText, text},
        {ImPlotCol_TitleText, text},
        {ImPlotCol_InlayText, text},
        {ImPlotCol_AxisText, weak},
        {ImPlotCol_AxisGrid, faint(line, 0.55F)},
        {ImPlotCol_AxisTick, line},
        {ImPlotCol_AxisBg, none},
        {ImPlotCol_AxisBgHovered, none},
        {ImPlotCol_AxisBgActive, none},
        {ImPlotCol_Selection, theme.vec(Role::accent)},
        {ImPlotCol_Crosshairs, weak},
    };
    static_assert(std::size(colors) == ImPlotCol_COUNT);
    for (const auto& [which, color] : colors) style.Colors[which] = color;
}

ImU32 plot_color(const Theme& theme, int index) {
    return rgb(kPlots[theme.kind == ThemeKind::dark ? 0 : 1][static_cast<unsigned>(index) % 8U]);
}

float contrast(ImU32 a, ImU32 b) {
    const float first = luminance(a), second = luminance(b);
    return (std::max(first, second) + 0.05F) / (std::min(first, second) + 0.05F);
}

}  // namespace llmc::gui
