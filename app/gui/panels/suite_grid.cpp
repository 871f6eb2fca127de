// Prompts by candidates: who passed what. Keys and mouse go from cell to cell; a row opens into its runs and attempts.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "gui/panels/suite_grid_parts.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// Dear ImGui's tables end at 512 columns.
constexpr std::size_t kMostGridColumns = 500;
constexpr std::size_t kNameLines = 3;

// The item before was the chosen cell: its keys are the grid's while it has the focus.
void take_grid_keys(SuiteParts& parts, int lines_in_view) {
    GridView& grid = parts.view.grid;
    const ImGuiIO& io = ImGui::GetIO();
    if (!ImGui::IsItemFocused() || io.KeyCtrl || io.KeyAlt || ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup)) return;
    const ImGuiID id = ImGui::GetItemID();
    // Owned, so that the focus does not wander too.
    const auto pressed = [id](ImGuiKey key) {
        ImGui::SetKeyOwner(key, id);
        return ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id);
    };
    const auto step = [&](ImGuiKey key, std::ptrdiff_t down, std::ptrdiff_t right) {
        if (!pressed(key)) return;
        const auto to = [](std::size_t at, std::ptrdiff_t by, std::size_t count) {
            return static_cast<std::size_t>(
                std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(at) + by, 0,
                                           std::max<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(count) - 1, 0)));
        };
        grid.goes_to = {to(grid.line, down, grid.lines.size()), to(grid.column, right, grid.model->columns.size())};
    };
    constexpr std::ptrdiff_t kAll = 1'000'000;
    step(ImGuiKey_UpArrow, -1, 0);
    step(ImGuiKey_DownArrow, 1, 0);
    step(ImGuiKey_LeftArrow, 0, -1);
    step(ImGuiKey_RightArrow, 0, 1);
    step(ImGuiKey_PageUp, -lines_in_view, 0);
    step(ImGuiKey_PageDown, lines_in_view, 0);
    step(ImGuiKey_Home, io.KeyShift ? -kAll : 0, -kAll);
    step(ImGuiKey_End, io.KeyShift ? kAll : 0, kAll);
    const GridLine* line = grid.chosen_line();
    if (!line) return;
    if (pressed(ImGuiKey_Enter) || pressed(ImGuiKey_KeypadEnter)) compare_cell(parts, *line, grid.column);
    if (pressed(ImGuiKey_R)) run_again(parts, {*line, grid.column});
    if (pressed(ImGuiKey_Menu)) ImGui::OpenPopupEx(id);
    if (pressed(ImGuiKey_Space)) {
        const std::string& key = grid.model->rows[line->row].key;
        if (!grid.opened.erase(key)) grid.opened.insert(key);
        grid.has_opened = true;
        grid.takes_keys = true;
    }
}

void draw_grid_cell(SuiteParts& parts, std::size_t line_index, std::size_t column, const GridSizes& sizes,
                    int lines_in_view) {
    const FrameView& frame = parts.frame;
    GridView& grid = parts.view.grid;
    const Theme& theme = frame.theme;
    const GridLine line = grid.lines[line_index];
    const bool is_chosen = line_index == grid.line && column == grid.column;
    std::array<char, 48> id{};
    *fmt::format_to_n(id.data(), id.size() - 1, "run:{}:{}", line_index, column).out = '\0';
    ImGui::PushItemFlag(ImGuiItemFlags_NoNav, !is_chosen);  // arrows are the grid's, and Tab goes past it
    const Hit hit = hit_area(id.data(), {sizes.cell, sizes.line}, theme.px(4));
    ImGui::PopItemFlag();
    if (!hit.is_visible) return;
    if (is_chosen && std::exchange(grid.takes_keys, false)) {
        ImGui::SetFocusID(ImGui::GetItemID(), ImGui::GetCurrentWindow());
        ImGui::SetNavCursorVisible(true);
    }
    if (is_chosen) take_grid_keys(parts, lines_in_view);
    const GridFace face = grid_face(parts, line, column);
    const ImU32 ground = theme[line.round > 0 ? Role::bg1 : Role::bg2];
    const ImU32 tint = face.mark == GridMark::failed || face.mark == GridMark::mixed
                           ? blend(ground, theme[Role::bad], face.mark == GridMark::failed ? 0.13F : 0.06F)
                           : ground;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(hit.min, hit.max, ImGui::GetColorU32(hit.is_hovered ? theme[Role::bg3] : tint), theme.px(4));
    if (is_chosen) list.AddRect(hit.min, hit.max, ImGui::GetColorU32(theme[Role::accent]), theme.px(4), theme.px(1.5F));
    ImGui::RenderNavCursor({hit.min, hit.max}, ImGui::GetItemID(), ImGuiNavRenderCursorFlags_Compact, theme.px(4));
    paint_grid_face(frame, hit.min, hit.max, face);
    if (hit.is_hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
        compare_cell(parts, line, column);
    else if (hit.is_pressed || (hit.is_hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Right)))
        grid.move_to(line_index, column);
    if (hit.is_hovered && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip))
        tooltip(frame, grid_words(parts, line, column));
    if (ImGui::BeginPopupContextItem()) {
        draw_grid_menu(parts, {line, column});
        ImGui::EndPopup();
    }
}

// A row's head: what was asked, how many pairs of candidates differ on it; of its runs and attempts which they are.
void draw_row_head(SuiteParts& parts, std::size_t line_index, const GridSizes& sizes) {
    const FrameView& frame = parts.frame;
    GridView& grid = parts.view.grid;
    const Theme& theme = frame.theme;
    const GridLine& line = grid.lines[line_index];
    const GridRow& row = grid.model->rows[line.row];
    std::array<char, 32> id{};
    *fmt::format_to_n(id.data(), id.size() - 1, "row:{}", line_index).out = '\0';
    ImGui::PushItemFlag(ImGuiItemFlags_NoNav, true);
    const Hit hit = hit_area(id.data(), {sizes.first, sizes.line}, theme.px(4));
    ImGui::PopItemFlag();
    if (!hit.is_visible) return;
    const float middle = (hit.min.y + hit.max.y) / 2, y = middle - theme.text.quiet / 2 - theme.px(1);
    if (hit.is_hovered)
        ImGui::GetWindowDrawList()->AddRectFilled(hit.min, hit.max, ImGui::GetColorU32(theme[Role::bg2]), theme.px(4));
    if (line.round > 0) {
        std::array<char, 64> words{};
        const GridCell* cell = nullptr;
        for (const GridCell& one : row.cells)
            if (one.run_in(line.round)) cell = &one;
        const int repeat = cell ? cell->run_in(line.round)->repeat : 1;
        const auto end = line.attempt > 0
                             ? fmt::format_to_n(words.data(), words.size(), "attempt {}, not counted", line.attempt)
                             : fmt::format_to_n(words.data(), words.size(), "repeat {} · round {}", repeat, line.round);
        paint_text(frame, {hit.min.x + theme.px(line.attempt > 0 ? 40 : 26), y},
                   {words.data(), std::min(end.size, words.size())}, {.size = theme.text.small, .role = Role::weak},
                   sizes.first - theme.px(44));
    } else {
        const bool is_open = grid.opened.contains(row.key);
        const float x = hit.min.x + theme.px(9), s = theme.px(3.5F);
        const ImU32 ink = ImGui::GetColorU32(theme[Role::weak]);
        ImDrawList& list = *ImGui::GetWindowDrawList();
        if (is_open)
            list.AddTriangleFilled({x - s, middle - s / 2}, {x + s, middle - s / 2}, {x, middle + s}, ink);
        else
            list.AddTriangleFilled({x - s / 2, middle - s}, {x + s, middle}, {x - s / 2, middle + s}, ink);
        std::array<char, 16> figure{};
        const auto end = fmt::format_to_n(figure.data(), figure.size(), "{}", row.separates);
        const std::string_view pairs(figure.data(), std::min(end.size, figure.size()));
        const TextLook mono{.face = Face::mono, .size = theme.text.small, .role = Role::weak};
        const float wide = measure(frame, pairs, mono).x;
        if (row.separates > 0)
            paint_text(frame, {hit.max.x - wide - theme.px(6), y + theme.px(1)}, pairs, mono, wide + 1);
        const float room = sizes.first - theme.px(34) - wide;
        const float used = paint_text(frame, {hit.min.x + theme.px(18), y}, row.id,
                                      {.face = Face::semibold, .size = theme.text.quiet, .keeps_end = true}, room);
        if (!row.about.empty() && room - used > theme.px(30))
            paint_text(frame, {hit.min.x + theme.px(26) + used, y + theme.px(1)}, row.about,
                       {.size = theme.text.small, .role = Role::weak}, room - used - theme.px(10));
        if (hit.is_pressed) {
            if (!grid.opened.erase(row.key)) grid.opened.insert(row.key);
            grid.has_opened = true;
        }
    }
    if (hit.is_hovered && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip))
        tooltip(frame,
                fmt::format("{}{}{}{}\n{}\n{} of candidates differ on it", row.id, row.about.empty() ? "" : " · ",
                            row.about,
                            row.severity == session::Severity::warning ? " · a warning only, decides nothing" : "",
                            row.text, counted(row.separates, "pair", "pairs")));
    if (ImGui::BeginPopupContextItem()) {
        draw_grid_menu(parts, {line, std::nullopt});
        ImGui::EndPopup();
    }
}

void break_column_names(SuiteParts& parts, const GridSizes& sizes) {
    const FrameView& frame = parts.frame;
    GridView& grid = parts.view.grid;
    const float width = sizes.cell - frame.theme.px(4);
    const auto fits = [&](std::string_view part) {
        return measure(frame, part, {.face = Face::semibold, .size = frame.theme.text.small}).x <= width;
    };
    const auto is_same = [&](const GridColumn& column, const std::string& name) {
        return label_of(frame.snapshot, column.candidate) == name;
    };
    if (grid.names_width == width && std::ranges::equal(grid.model->columns, grid.names_of, is_same)) return;
    grid.names_width = width;
    grid.names.clear();
    grid.names_of.clear();
    for (const GridColumn& column : grid.model->columns) {
        grid.names_of.push_back(label_of(frame.snapshot, column.candidate));
        grid.names.push_back(name_lines(grid.names_of.back(), kNameLines, fits));
    }
}

void draw_column_head(SuiteParts& parts, std::size_t column, const GridSizes& sizes) {
    const FrameView& frame = parts.frame;
    GridView& grid = parts.view.grid;
    const Theme& theme = frame.theme;
    const GridColumn& its = grid.model->columns[column];
    std::array<char, 32> id{};
    *fmt::format_to_n(id.data(), id.size() - 1, "column:{}", column).out = '\0';
    ImGui::PushItemFlag(ImGuiItemFlags_NoNav, true);
    const Hit hit = hit_area(id.data(), {sizes.cell, sizes.head}, theme.px(4));
    ImGui::PopItemFlag();
    if (!hit.is_visible) return;
    const float step = theme.text.small + theme.px(2), room = sizes.cell - theme.px(4);
    float y = hit.max.y - theme.px(6) - step * static_cast<float>(grid.names[column].size() + 1);
    for (const std::string& part : grid.names[column]) {
        paint_text(frame, {hit.min.x + theme.px(3), y}, part,
                   {.face = Face::semibold,
                    .size = theme.text.small,
                    .role = its.takes_part ? Role::text : Role::weak,
                    .keeps_end = true},
                   room);
        y += step;
    }
    std::array<char, 32> figure{};
    const auto end = fmt::format_to_n(figure.data(), figure.size(), "{}/{}", its.passed, its.judged);
    paint_text(frame, {hit.min.x + theme.px(3), y + theme.px(2)}, {figure.data(), std::min(end.size, figure.size())},
               {.face = Face::mono, .size = theme.text.small, .role = Role::weak}, room);
    if (hit.is_hovered && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip))
        tooltip(frame, fmt::format(
                           "{}\n{} of {} runs passed all their checks{}", grid.names_of[column], its.passed, its.judged,
                           its.infrastructure > 0 ? fmt::format("\n{} failed by their server: gaps, not counted",
                                                                counted(its.infrastructure, "run", "runs"))
                                                  : ""));
    if (ImGui::BeginPopupContextItem()) {
        draw_grid_menu(parts, {std::nullopt, column});
        ImGui::EndPopup();
    }
}

// Brings the chosen cell into view, beside what is frozen.
void scroll_to_chosen(GridView& grid, const GridSizes& sizes) {
    if (!std::exchange(grid.scrolls, false)) return;
    const ImGuiTable* table = ImGui::GetCurrentTable();
    const ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImVec2 gap{sizes.pad * 2, sizes.pad * 2};
    const float width = window->InnerRect.GetWidth() - (sizes.first + gap.x) - table->OuterPaddingX,
                height = window->InnerRect.GetHeight() - (sizes.head + gap.y);
    const auto into = [](float from, float size, float scroll, float room) {
        return from < scroll ? from : from + size > scroll + room ? from + size - room : scroll;
    };
    const float x = static_cast<float>(grid.column) * (sizes.cell + gap.x);
    const float y = static_cast<float>(grid.line) * (sizes.line + gap.y);
    ImGui::SetScrollX(std::max(into(x, sizes.cell + gap.x, ImGui::GetScrollX(), width), 0.0F));
    ImGui::SetScrollY(std::max(into(y, sizes.line + gap.y, ImGui::GetScrollY(), height), 0.0F));
}

void draw_grid_head(SuiteParts& parts, const GridSizes& sizes, std::size_t count) {
    const FrameView& frame = parts.frame;
    const Theme& theme = frame.theme;
    ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
    ImGui::TableSetColumnIndex(0);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const TextLook look{.face = Face::semibold, .size = theme.text.small, .role = Role::weak};
    const float y = at.y + sizes.head - theme.px(6) - theme.text.small;
    paint_text(frame, {at.x + theme.px(18), y}, "Prompt", look, sizes.first / 2);
    const float wide = measure(frame, "separates", look).x;
    paint_text(frame, {at.x + sizes.first - wide - theme.px(6), y}, "separates", look, wide + 1);
    ImGui::Dummy({sizes.first, sizes.head});
    tooltip(frame, "How many pairs of candidates differ on the prompt");
    for (std::size_t i = 0; i < count; ++i)
        if (ImGui::TableSetColumnIndex(static_cast<int>(i) + 1)) draw_column_head(parts, i, sizes);
}

void draw_grid_table(SuiteParts& parts, ImVec2 size) {
    GridView& grid = parts.view.grid;
    const Theme& theme = parts.frame.theme;
    const std::size_t count = std::min(grid.model->columns.size(), kMostGridColumns);
    const GridSizes sizes(theme, size.x, count);
    break_column_names(parts, sizes);
    constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_ScrollX |
                                       ImGuiTableFlags_ScrollY | ImGuiTableFlags_NoSavedSettings |
                                       ImGuiTableFlags_NoBordersInBody | ImGuiTableFlags_NoPadOuterX;
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {sizes.pad, sizes.pad});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    if (ImGui::BeginTable("grid", static_cast<int>(count) + 1, kFlags, size)) {
        ImGui::TableSetupScrollFreeze(1, 1);
        ImGui::TableSetupColumn("Prompt", ImGuiTableColumnFlags_WidthFixed, sizes.first);
        for (std::size_t i = 0; i < count; ++i)
            ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, sizes.cell);
        draw_grid_head(parts, sizes, count);
        scroll_to_chosen(grid, sizes);
        const float line = sizes.line + 2 * sizes.pad;
        const int in_view = std::max(static_cast<int>((size.y - sizes.head) / line) - 1, 1);
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(grid.lines.size()), line);
        clipper.IncludeItemByIndex(static_cast<int>(grid.line));
        while (clipper.Step())
            for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
                ImGui::TableNextRow(0, line);
                ImGui::TableSetColumnIndex(0);
                draw_row_head(parts, static_cast<std::size_t>(i), sizes);
                for (std::size_t c = 0; c < count; ++c)
                    if (ImGui::TableSetColumnIndex(static_cast<int>(c) + 1))
                        draw_grid_cell(parts, static_cast<std::size_t>(i), c, sizes, in_view);
            }
        ImGui::EndTable();
    }
    ImGui::PopStyleVar(2);
    if (!grid.goes_to) return;
    grid.move_to(grid.goes_to->first, grid.goes_to->second);
    grid.goes_to.reset();
    grid.takes_keys = grid.scrolls = true;
    parts.frame.requests.next_frame();
}

}  // namespace

void GridView::follow() {
    if (lines_of == model.get() && lines_filter == filter && !has_opened) return;
    lines_of = model.get();
    lines_filter = filter;
    has_opened = false;
    lines = grid_lines(*model, filter, opened);
    move_to(same_line(*model, lines, line_key, line_shows, line), column);
}

void GridView::move_to(std::size_t to_line, std::size_t to_column) {
    line = to_line;
    column = std::min(to_column, model->columns.empty() ? 0 : model->columns.size() - 1);
    if (line >= lines.size()) return;
    line_shows = lines[line];
    line_key = model->rows[line_shows.row].key;
}

void draw_suite_grid(SuiteParts& parts, ImVec2 size) {
    const FrameView& frame = parts.frame;
    GridView& grid = parts.view.grid;
    const Theme& theme = frame.theme;
    ImGui::BeginGroup();
    const float top = ImGui::GetCursorPosY();
    draw_grid_bar(parts);
    grid.follow();
    const float foot = theme.text.small * 2 + theme.px(16);
    size.y = std::max(size.y - (ImGui::GetCursorPosY() - top) - foot, theme.px(90));
    if (grid.lines.empty()) {
        ImGui::BeginChild("none", size);
        draw_text_wrapped(frame, grid.model->rows.empty() ? "Nothing was asked yet." : "No prompt is like this.",
                          {.size = theme.text.quiet, .role = Role::weak});
        ImGui::EndChild();
    } else {
        draw_grid_table(parts, size);
        draw_grid_foot(parts);
    }
    ImGui::EndGroup();
}

}  // namespace llmc::gui
