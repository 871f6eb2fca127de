// Candidates by categories: how many checks of each passed.
#include <algorithm>

#include <fmt/format.h>

#include "gui/interval_bar.h"
#include "gui/panels/suite_view.h"
#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr std::size_t kMostColumns = 200;  // Dear ImGui's tables end at 512

void draw_tally(const FrameView& frame, const session::Tally& tally, float width) {
    const Theme& theme = frame.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const auto rate = tally.rate();
    const auto interval = tally.interval();
    const TextLook figure{.face = Face::mono, .size = theme.text.figure};
    const std::string percent = rate ? percent_text(*rate) : std::string(metrics::kNoFigure);
    const float wide = measure(frame, percent, figure).x;
    paint_text(frame, at, fmt::format("{} of {}", tally.passed, tally.total),
               {.size = theme.text.small, .role = Role::weak}, width - wide - theme.px(8));
    paint_text(frame, {at.x + width - wide, at.y}, percent, figure, wide + 1);
    paint_interval_bar(frame, {at.x, at.y + theme.text.row + theme.px(4)},
                       {.rate = rate.value_or(0),
                        .low = interval ? interval->low : 0,
                        .high = interval ? interval->high : 1,
                        .has_value = rate.has_value(),
                        .role = rate_role(rate.value_or(0))},
                       width);
    ImGui::Dummy({width, theme.text.row + interval_bar_height(frame) + theme.px(8)});
    if (interval) tooltip(frame, fmt::format("{} with 95 % certainty", interval_text(interval->low, interval->high)));
}

}  // namespace

void draw_suite_categories(const FrameView& frame, const SuiteModel& model) {
    const Theme& theme = frame.theme;
    const std::size_t count = std::min(model.categories.size(), kMostColumns);
    const float first = theme.px(180), cell = theme.px(130);
    const TextLook head{.face = Face::semibold, .size = theme.text.small, .role = Role::weak, .keeps_end = true};
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {theme.px(8), theme.px(5)});
    if (ImGui::BeginTable("categories", static_cast<int>(count) + 1,
                          ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH)) {
        ImGui::TableSetupScrollFreeze(1, 1);
        ImGui::TableSetupColumn("candidate", ImGuiTableColumnFlags_WidthFixed, first);
        for (std::size_t i = 0; i < count; ++i)
            ImGui::TableSetupColumn(model.categories[i].c_str(), ImGuiTableColumnFlags_WidthFixed, cell);
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        for (std::size_t i = 0; i < count; ++i) {
            ImGui::TableNextColumn();
            paint_text(frame, ImGui::GetCursorScreenPos(), model.categories[i], head, cell);
            ImGui::Dummy({cell, theme.text.small + theme.px(2)});
            tooltip(frame, model.categories[i]);
        }
        for (const SuiteRow& row : model.rows) {
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            paint_text(frame, ImGui::GetCursorScreenPos(), label_of(frame.snapshot, row.candidate),
                       {.face = Face::semibold, .keeps_end = true}, first);
            ImGui::Dummy({first, theme.text.row});
            for (std::size_t i = 0; i < count; ++i) {
                ImGui::TableNextColumn();
                const auto found = row.categories.find(model.categories[i]);
                draw_tally(frame, found == row.categories.end() ? session::Tally{} : found->second, cell);
            }
        }
        ImGui::EndTable();
    }
    ImGui::PopStyleVar();
}

}  // namespace llmc::gui
