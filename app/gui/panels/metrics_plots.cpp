#include "gui/panels/metrics_plots.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>
#include <implot.h>

#include "gui/panels/candidate_plot.h"

namespace llmc::gui {
namespace {

std::vector<PlotName> names_of(const MetricsModel& model) {
    std::vector<PlotName> names;
    for (const SumRow& row : model.candidates) names.push_back({row.index, row.name});
    return names;
}

// Each candidate's gaps as a group of bars, p50 to max: light to full.
void draw_gaps(const FrameView& frame, const MetricsModel& model, ImVec2 size) {
    const Theme& theme = frame.theme;
    ImGui::BeginGroup();
    draw_plot_title(frame, "Gaps between chunks", size.x);
    const FontScope font(frame, Face::regular, theme.text.small);
    std::vector<Series> shown;
    for (const SumRow& row : model.candidates)
        if (row.gap_max_s) shown.push_back({.candidate = row.index, .x = {}, .y = {}});
    const std::vector<PlotName> names = names_of(model);
    const PlotLegend legend(frame, names, shown, size.x);
    const float height = std::max(size.y - legend.height() - theme.text.small - theme.px(20), theme.px(110));
    if (ImPlot::BeginPlot("##gaps", {size.x, height}, kPlotFlags)) {
        ImPlot::SetupAxes(nullptr, "ms", ImPlotAxisFlags_NoGridLines);
        ImPlot::SetupAxisLimits(ImAxis_X1, -0.6, 3.6, ImPlotCond_Always);
        ImPlot::SetupAxisLimits(ImAxis_Y1, 0, model.max_gap > 0 ? model.max_gap * 1120 : 1, ImPlotCond_Always);
        constexpr double kPlaces[] = {0, 1, 2, 3};
        constexpr const char* kNames[] = {"p50", "p95", "p99", "max"};
        ImPlot::SetupAxisTicks(ImAxis_X1, kPlaces, 4, kNames);
        const auto count = static_cast<double>(std::max<std::size_t>(model.candidates.size(), 1));
        const double bar = 0.8 / count;
        for (std::size_t i = 0; i < model.candidates.size(); ++i) {
            const SumRow& row = model.candidates[i];
            if (!row.gap_max_s) continue;
            double x[4], y[4];
            const std::optional<double> values[] = {row.gap_p50_s, row.gap_p95_s, row.gap_p99_s, row.gap_max_s};
            for (int k = 0; k < 4; ++k) {
                x[k] = k + (static_cast<double>(i) - (count - 1) / 2) * bar;
                y[k] = values[k].value_or(0) * 1000;
            }
            ImPlotSpec spec;
            spec.FillColor = ImGui::ColorConvertU32ToFloat4(plot_color(theme, row.index));
            spec.LineColor = {0, 0, 0, 0};
            const std::string id = fmt::format("##{}", row.index);
            ImPlot::PlotBars(id.c_str(), x, y, 4, bar * 0.85, spec);
        }
        ImPlot::EndPlot();
    }
    legend.draw();
    ImGui::EndGroup();
}

bool stands_beside(const FrameView& frame, float width) {
    return width >= frame.theme.px(620);
}

}  // namespace

void draw_round_plots(const FrameView& frame, const MetricsModel& model, float height) {
    const Theme& theme = frame.theme;
    std::vector<Series> decode, ttft;
    for (const RoundSeries& line : model.series) {
        if (!line.decode.empty()) decode.push_back({line.candidate, line.rounds, line.decode});
        if (!line.ttft.empty()) ttft.push_back({line.candidate, line.ttft_rounds, line.ttft});
    }
    const double last = std::max(model.rounds, 2);
    const double margin = 0.04 * (last - 1);
    const Plot of_decode{.id = "##decode",
                         .title = "Decode speed",
                         .x_label = "Round",
                         .y_label = "tok/s",
                         .x_min = 1 - margin,
                         .x_max = last + margin,
                         .y_max = model.max_decode,
                         .counts_x = true,
                         .value_text = [](double value) { return rate_text(value) + " tok/s"; },
                         .why_empty = "No complete answer streamed: no speed was seen"};
    Plot of_ttft = of_decode;
    of_ttft.why_empty = "No complete answer yet";
    of_ttft.id = "##ttft";
    of_ttft.title = "Time to first token";
    of_ttft.y_label = "s";
    of_ttft.y_max = model.max_ttft;
    of_ttft.value_text = [](double value) { return seconds_text(value); };

    const float width = ImGui::GetContentRegionAvail().x;
    const bool is_beside = stands_beside(frame, width);
    const float each = is_beside ? std::floor((width - theme.px(16)) / 2) : width;
    const std::vector<PlotName> names = names_of(model);
    draw_plot(frame, names, of_decode, decode, {each, height});
    if (is_beside) ImGui::SameLine(0, theme.px(16));
    draw_plot(frame, names, of_ttft, ttft, {each, height});
}

void draw_all_plots(const FrameView& frame, MetricsView& view) {
    const Theme& theme = frame.theme;
    if (ImGui::BeginChild("plots", {0, 0})) {
        const ImVec2 room = ImGui::GetContentRegionAvail();
        const bool is_beside = stands_beside(frame, room.x);
        const float height = std::clamp((room.y - theme.px(8)) / 2, theme.px(190), theme.px(420));
        draw_round_plots(frame, view.model, height);
        const float each = is_beside ? std::floor((room.x - theme.px(16)) / 2) : room.x;
        std::vector<Series> lines;
        for (const LiveTokens::Line& line : view.live.lines())
            lines.push_back({line.candidate, line.seconds, line.tokens});
        const std::string title = fmt::format("Output tokens in round {}", view.live.round());
        const Plot tokens{.id = "##tokens",
                          .title = title.c_str(),
                          .x_label = "s since the request",
                          .y_label = "tokens",
                          .x_max = std::max(view.live.max_seconds(), 1.0),
                          .y_max = view.live.max_tokens(),
                          .value_text = [](double value) { return count_text(std::llround(value)) + " tokens"; }};
        draw_plot(frame, names_of(view.model), tokens, lines, {each, height});
        if (is_beside) ImGui::SameLine(0, theme.px(16));
        draw_gaps(frame, view.model, {each, height});
    }
    ImGui::EndChild();
}

}  // namespace llmc::gui
