// Candidates by prompts: how many checks passed, which of them failed.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "gui/interval_bar.h"
#include "gui/panels/suite_view.h"
#include "gui/widget_parts.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

// Dear ImGui's tables end at 512 columns; longer suites are turned over like pages.
constexpr std::size_t kPage = 200;

struct Sizes {
    float first, cell, row, pad;
    explicit Sizes(const Theme& theme, float room) {
        pad = theme.px(8);
        first = std::clamp(std::floor(room * 0.36F), theme.px(170), theme.px(290));
        cell = theme.px(92);
        row = theme.text.row + theme.text.small + theme.px(9) + theme.px(30);
    }
};

// The columns that are shown, all or those with a failure.
struct SuiteColumns {
    const SuiteModel& model;
    bool only_failures;
    std::size_t size() const { return only_failures ? model.failures.size() : model.columns.size(); }
    std::size_t operator[](std::size_t i) const { return only_failures ? model.failures[i] : i; }
};

void draw_heading(const FrameView& frame, const SuiteColumn& column, float width) {
    const Theme& theme = frame.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const Role role = column.has_failure ? Role::text : Role::weak;
    paint_text(frame, {at.x, at.y + theme.px(3)}, column.id,
               {.face = Face::semibold, .size = theme.text.small, .role = role, .keeps_end = true}, width);
    ImGui::Dummy({width, theme.text.small + theme.px(8)});
    if (!ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
    tooltip(frame, fmt::format("{}\n{}", column.id, column.prompt));
}

void draw_candidate_cell(const FrameView& frame, const SuiteRow& row, int repeat, const Sizes& sizes) {
    const Theme& theme = frame.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = sizes.first - theme.px(10);
    const std::string_view name = label_of(frame.snapshot, row.candidate);
    const auto rate = row.checks.rate();
    const auto interval = row.checks.interval();
    const std::string percent = rate ? percent_text(*rate) : std::string("–");
    const TextLook figure{.face = Face::mono, .size = theme.text.figure};
    const float right = measure(frame, percent, figure).x;
    bool was_cut = false;
    float y = at.y + theme.px(2);
    paint_text(frame, {at.x, y}, name, {.face = Face::semibold, .size = theme.text.row, .keeps_end = true},
               width - right - theme.px(10), &was_cut);
    paint_text(frame, {at.x + width - right, y + theme.px(1)}, percent, figure, right + 1);
    y += theme.text.row + theme.px(5);
    paint_interval_bar(frame, {at.x, y},
                       {.rate = rate.value_or(0),
                        .low = interval ? interval->low : 0,
                        .high = interval ? interval->high : 1,
                        .has_value = rate.has_value(),
                        .role = rate_role(rate.value_or(0))},
                       width);
    y += interval_bar_height(frame) + theme.px(4);
    std::string quiet = interval ? interval_text(interval->low, interval->high) : std::string("nothing judged yet");
    if (const std::string steady = steadiness_words(row.steadiness, repeat); !steady.empty()) quiet += " · " + steady;
    bool is_quiet_cut = false;
    paint_text(frame, {at.x, y}, quiet, {.size = theme.text.small, .role = Role::weak}, width, &is_quiet_cut);
    ImGui::Dummy({width, sizes.row - theme.px(8)});
    if (!ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
    tooltip(frame, fmt::format("{}: {} of {} checks passed ({} with 95 % certainty). {} of {} answers passed all "
                               "theirs.{}{}",
                               name, row.checks.passed, row.checks.total,
                               interval ? interval_text(interval->low, interval->high) : "–",
                               std::accumulate(row.cells.begin(), row.cells.end(), std::int64_t{0},
                                               [](auto sum, const auto& cell) { return sum + cell.answers.passed; }),
                               std::accumulate(row.cells.begin(), row.cells.end(), std::int64_t{0},
                                               [](auto sum, const auto& cell) { return sum + cell.answers.total; }),
                               was_cut || is_quiet_cut ? "\n" : "", was_cut || is_quiet_cut ? quiet : ""));
}

// One mark per check: full where it passed, hollow where it failed, half where it did both. Form and colour say the
// same; the figure above them counts.
void paint_marks(const FrameView& frame, ImVec2 at, const session::PromptTally& tally, float width) {
    const Theme& theme = frame.theme;
    const float side = theme.px(9), step = side + theme.px(4), line = theme.px(1.5F), round = theme.px(1.5F);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const auto color = [&](Role role) { return ImGui::GetColorU32(theme[role]); };
    const std::size_t fits = static_cast<std::size_t>(std::max((width + theme.px(4)) / step, 1.0F));
    if (tally.by_check.size() > fits) {
        const float share = static_cast<float>(tally.checks.rate().value_or(0)), thick = theme.px(4);
        const float top = at.y + theme.px(2);
        list.AddRectFilled({at.x, top}, {at.x + width, top + thick}, color(Role::bg3), thick / 2);
        if (share > 0)
            list.AddRectFilled({at.x, top}, {at.x + std::max(width * share, thick), top + thick},
                               color(rate_role(share)), thick / 2);
        return;
    }
    for (const session::CheckTally& check : tally.by_check) {
        const ImVec2 end{at.x + side, at.y + side};
        const session::Tally& one = check.tally;
        if (one.passed == one.total) {
            list.AddRectFilled(at, end, color(Role::good), round);
        } else {
            const Role role = one.passed == 0 ? Role::bad : Role::warn;
            if (one.passed > 0) list.AddRectFilled({at.x, std::floor(at.y + side / 2)}, end, color(role));
            list.AddRect({at.x + line / 2, at.y + line / 2}, {end.x - line / 2, end.y - line / 2}, color(role), round,
                         line);
        }
        at.x += step;
    }
}

std::string cell_help(const session::PromptTally& tally) {
    std::string help;
    for (const session::CheckTally& check : tally.by_check)
        help += fmt::format("{}{}: {} of {} passed", help.empty() ? "" : "\n", check.type, check.tally.passed,
                            check.tally.total);
    return help;
}

// Of a cell in which nothing is judged yet.
std::string_view unjudged_words(const FrameView& frame, const SuiteColumn& column,
                                const session::CandidateId& candidate) {
    const auto& rounds = frame.snapshot.session.rounds;
    bool is_waiting = column.rounds.empty();
    for (auto index = column.rounds.rbegin(); index != column.rounds.rend() && *index < rounds.size(); ++index) {
        const session::Answer* answer = rounds[*index]->find(candidate);
        if (!answer || session::is_final(answer->state)) continue;
        if (answer->state != session::AnswerState::queued) return "running";
        is_waiting = true;
    }
    return is_waiting ? "waiting" : "no checks";
}

void draw_cell(SuiteParts& parts, const SuiteRow& row, std::size_t row_index, std::size_t column_index,
               const Sizes& sizes) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    const SuiteColumn& column = view.model->columns[column_index];
    const session::PromptTally& tally = row.cells[column_index];
    std::array<char, 48> id{};
    const auto id_end = fmt::format_to_n(id.data(), id.size() - 1, "cell:{}:{}", row_index, column_index);
    id[std::min(id_end.size, id.size() - 1)] = '\0';
    const float width = sizes.cell - theme.px(6), height = sizes.row - theme.px(8);
    const Hit hit = hit_area(id.data(), {width, height}, theme.px(5));
    if (hit.is_pressed) {
        const bool is_same = view.chosen && view.chosen->candidate == row.candidate && view.chosen->prompt == column.id;
        if (is_same)
            view.chosen.reset();
        else
            view.chosen = SuiteView::Choice{row.candidate, column.id, std::nullopt, std::nullopt};
        view.text = {};
    }
    if (!hit.is_visible) return;
    const bool is_chosen = view.chosen && view.chosen->candidate == row.candidate && view.chosen->prompt == column.id;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImU32 fill = hit.is_hovered || is_chosen ? theme[Role::bg3] : theme[Role::bg2];
    list.AddRectFilled(hit.min, hit.max, ImGui::GetColorU32(fill), theme.px(5));
    if (is_chosen) list.AddRect(hit.min, hit.max, ImGui::GetColorU32(theme[Role::accent]), theme.px(5), theme.px(1.5F));
    ImGui::RenderNavCursor({hit.min, hit.max}, ImGui::GetItemID(), ImGuiNavRenderCursorFlags_Compact, theme.px(5));
    const ImVec2 at{hit.min.x + theme.px(9), hit.min.y + theme.px(9)};
    const float room = width - theme.px(18);
    if (tally.checks.total == 0) {
        const std::string_view words = unjudged_words(frame, column, row.candidate);
        paint_text(frame, at, words, {.size = theme.text.small, .role = Role::weak}, room);
        return;
    }
    const bool is_all = tally.checks.passed == tally.checks.total, is_none = tally.checks.passed == 0;
    std::array<char, 48> figure{};
    const auto end = fmt::format_to_n(figure.data(), figure.size(), "{}/{}", tally.checks.passed, tally.checks.total);
    const std::string_view words(figure.data(), std::min(end.size, figure.size()));
    const bool is_on_bg3 = hit.is_hovered || is_chosen;
    const Role role = is_all ? Role::text : is_none && !is_on_bg3 ? Role::bad : Role::warn;
    paint_text(frame, at, words, {.face = Face::mono, .size = theme.text.code, .role = role}, room);
    if (is_none)
        paint_text(frame,
                   {at.x + measure(frame, words, {.face = Face::mono, .size = theme.text.code}).x + theme.px(6),
                    at.y + theme.px(1)},
                   "none", {.size = theme.text.small, .role = is_on_bg3 ? Role::text : Role::weak}, room);
    paint_marks(frame, {at.x, at.y + theme.text.code + theme.px(9)}, tally, room);
    if (hit.is_hovered && ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) tooltip(frame, cell_help(tally));
}

// Back and forth in a suite with more prompts than a page has.
std::size_t draw_pages(SuiteParts& parts, const SuiteColumns& columns) {
    SuiteView& view = parts.view;
    if (columns.size() <= kPage) return view.first_column = 0;
    if (view.first_column >= columns.size()) view.first_column = 0;
    const FrameView& frame = parts.frame;
    const std::size_t last = std::min(view.first_column + kPage, columns.size());
    if (link_button(frame, "Earlier prompts", view.first_column > 0)) view.first_column -= kPage;
    ImGui::SameLine();
    draw_text(frame, fmt::format("{} to {} of {}", view.first_column + 1, last, columns.size()),
              {.size = frame.theme.text.small, .role = Role::weak});
    ImGui::SameLine();
    if (link_button(frame, "Later prompts", last < columns.size())) view.first_column += kPage;
    return view.first_column;
}

}  // namespace

void draw_suite_table(SuiteParts& parts, ImVec2 size) {
    const FrameView& frame = parts.frame;
    SuiteView& view = parts.view;
    const Theme& theme = frame.theme;
    const SuiteModel& model = *view.model;
    const SuiteColumns columns{model, view.shows == SuiteView::Shows::failures};
    ImGui::BeginGroup();
    const float top = ImGui::GetCursorPosY();
    if (columns.size() == 0) {
        ImGui::BeginChild("none", size);
        draw_text_wrapped(frame, model.checks.total > 0 ? "Every check has passed." : "No check has failed so far.",
                          {.size = theme.text.quiet, .role = Role::weak});
        ImGui::EndChild();
        ImGui::EndGroup();
        return;
    }
    const std::size_t from = draw_pages(parts, columns);
    const std::size_t count = std::min(columns.size() - from, kPage);
    size.y -= ImGui::GetCursorPosY() - top;
    const Sizes sizes(theme, size.x);
    constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_ScrollX |
                                       ImGuiTableFlags_ScrollY | ImGuiTableFlags_NoSavedSettings |
                                       ImGuiTableFlags_NoBordersInBody;
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {theme.px(3), theme.px(3)});
    if (ImGui::BeginTable("results", static_cast<int>(count) + 1, kFlags, {size.x, std::max(size.y, theme.px(80))})) {
        ImGui::TableSetupScrollFreeze(1, 1);
        ImGui::TableSetupColumn("Candidate", ImGuiTableColumnFlags_WidthFixed, sizes.first);
        for (std::size_t i = 0; i < count; ++i)
            ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, sizes.cell - theme.px(6));
        ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
        ImGui::TableSetColumnIndex(0);
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + theme.px(3));
        draw_text(frame, "Candidate", {.face = Face::semibold, .size = theme.text.small, .role = Role::weak});
        for (std::size_t i = 0; i < count; ++i) {
            if (!ImGui::TableSetColumnIndex(static_cast<int>(i) + 1)) continue;
            draw_heading(frame, model.columns[columns[from + i]], sizes.cell - theme.px(8));
        }
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(model.rows.size()));
        while (clipper.Step())
            for (int r = clipper.DisplayStart; r < clipper.DisplayEnd; ++r) {
                const SuiteRow& row = model.rows[static_cast<std::size_t>(r)];
                ImGui::TableNextRow(0, sizes.row);
                ImGui::TableSetColumnIndex(0);
                draw_candidate_cell(frame, row, view.run->repeat, sizes);
                for (std::size_t i = 0; i < count; ++i)
                    if (ImGui::TableSetColumnIndex(static_cast<int>(i) + 1))
                        draw_cell(parts, row, static_cast<std::size_t>(r), columns[from + i], sizes);
            }
        ImGui::EndTable();
    }
    ImGui::PopStyleVar();
    ImGui::EndGroup();
}

}  // namespace llmc::gui
