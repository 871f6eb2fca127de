#include "gui/panels/metrics_plots.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>
#include <implot.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr ImPlotFlags kPlotFlags =
    ImPlotFlags_NoTitle | ImPlotFlags_NoLegend | ImPlotFlags_NoInputs | ImPlotFlags_NoMouseText | ImPlotFlags_NoMenus;

// Ticks of an axis that counts: no "1.5".
int whole_numbers(double value, char* buffer, int size, void*) {
    if (std::abs(value - std::round(value)) > 1e-6) {
        buffer[0] = '\0';
        return 0;
    }
    return ImFormatString(buffer, static_cast<std::size_t>(size), "%.0f", value);
}

struct Series {
    int candidate = 0;
    std::span<const double> x, y;
};

struct Plot {
    const char* id;
    const char* title;
    const char *x_label, *y_label;
    double x_min = 0, x_max = 1, y_max = 1;
    bool counts_x = false;
    std::string (*value_text)(double) = nullptr;
    const char* why_empty = "Nothing was measured yet";
};

const std::string* name_of(const MetricsModel& model, int candidate) {
    for (const SumRow& row : model.candidates)
        if (row.index == candidate) return &row.name;
    return nullptr;
}

// Swatches and names, centred, as many to a line as fit. Where one line is not enough, long names lose their middle:
// the plot needs the height.
class Legend {
public:
    Legend(const FrameView& frame, const MetricsModel& model, std::span<const Series> series, float width)
        : frame_(frame), model_(model), series_(series), width_(width) {
        float all = 0;
        for (const Series& one : series) all += width_of(one) + apart_;
        if (all - apart_ <= width) return;
        most_ = std::min(std::max(std::floor((width - 2 * apart_) / 3), frame.theme.px(100)), width);
    }

    float height() const {
        float lines = 0;
        for (std::size_t from = 0; from < series_.size(); ++lines) from = line_from(from).end;
        return lines * (look_.size + frame_.theme.px(4));
    }

    void draw() const {
        const Theme& theme = frame_.theme;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        float y = at.y;
        for (std::size_t from = 0; from < series_.size();) {
            const Line line = line_from(from);
            float x = at.x + std::floor((width_ - line.width) / 2);
            for (; from < line.end; ++from) {
                const float top = y + std::floor((look_.size - swatch_) / 2) + 1, wide = width_of(series_[from]);
                ImGui::GetWindowDrawList()->AddRectFilled(
                    {x, top}, {x + swatch_, top + swatch_},
                    ImGui::GetColorU32(plot_color(theme, series_[from].candidate)), theme.px(2));
                if (const std::string* name = name_of(model_, series_[from].candidate))
                    paint_text(frame_, {x + swatch_ + gap_, y}, *name, look_, wide - swatch_ - gap_ + 1);
                x += wide + apart_;
            }
            y += look_.size + theme.px(4);
        }
        ImGui::Dummy({width_, y - at.y});
    }

private:
    struct Line {
        std::size_t end = 0;
        float width = 0;
    };
    Line line_from(std::size_t from) const {
        Line line{from + 1, width_of(series_[from])};
        while (line.end < series_.size() && line.width + apart_ + width_of(series_[line.end]) <= width_)
            line.width += apart_ + width_of(series_[line.end++]);
        return line;
    }
    float width_of(const Series& one) const {
        const std::string* name = name_of(model_, one.candidate);
        return std::min(swatch_ + gap_ + (name ? measure(frame_, *name, look_).x : 0), most_);
    }

    const FrameView& frame_;
    const MetricsModel& model_;
    std::span<const Series> series_;
    float width_, most_ = width_;
    TextLook look_{.size = frame_.theme.text.small, .keeps_end = true};
    float swatch_ = frame_.theme.px(9), gap_ = frame_.theme.px(5), apart_ = frame_.theme.px(12);
};

// The values nearest to the pointer, for all candidates.
void draw_values(const FrameView& frame, const MetricsModel& model, const Plot& plot, std::span<const Series> series) {
    const ImVec2 min = ImPlot::GetPlotPos(), size = ImPlot::GetPlotSize();
    if (!ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(min, {min.x + size.x, min.y + size.y})) return;
    const double at =
        plot.x_min + (ImGui::GetMousePos().x - min.x) / std::max(size.x, 1.0F) * (plot.x_max - plot.x_min);
    double nearest = 0, best = HUGE_VAL;
    for (const Series& one : series)
        for (const double x : one.x)
            if (std::abs(x - at) < best) {
                best = std::abs(x - at);
                nearest = x;
            }
    if (best == HUGE_VAL || !ImGui::BeginTooltip()) return;
    const Theme& theme = frame.theme;
    const std::string head = plot.counts_x ? fmt::format("{} {:.0f}", plot.x_label, nearest) : seconds_text(nearest);
    draw_text(frame, head, {.face = Face::semibold, .size = theme.text.small});
    for (const Series& one : series) {
        // Of a line over time the last value up to here.
        const auto after = std::upper_bound(one.x.begin(), one.x.end(), nearest + 1e-9);
        if (after == one.x.begin()) continue;
        const auto index = static_cast<std::size_t>(after - one.x.begin()) - 1;
        if (plot.counts_x && std::abs(one.x[index] - nearest) > 1e-6) continue;
        const std::string* name = name_of(model, one.candidate);
        const ImVec2 dot = ImGui::GetCursorScreenPos();
        ImGui::GetWindowDrawList()->AddCircleFilled({dot.x + theme.dot / 2, dot.y + theme.text.small / 2 + 1},
                                                    theme.dot / 2, plot_color(theme, one.candidate));
        ImGui::SetCursorScreenPos({dot.x + theme.dot + theme.px(6), dot.y});
        draw_text(frame, fmt::format("{}  {}", plot.value_text(one.y[index]), name ? *name : ""),
                  {.size = theme.text.small});
    }
    ImGui::EndTooltip();
}

void draw_title(const FrameView& frame, const char* title, float width) {
    const TextLook look{.size = frame.theme.text.quiet};
    const float left = std::max((width - measure(frame, title, look).x) / 2, 0.0F);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::floor(left));
    draw_text(frame, title, look);
}

void draw_plot(const FrameView& frame, const MetricsModel& model, const Plot& plot, std::span<const Series> series,
               ImVec2 size) {
    const Theme& theme = frame.theme;
    ImGui::BeginGroup();
    const float start = ImGui::GetCursorPosY();
    draw_title(frame, plot.title, size.x);
    const Legend legend(frame, model, series, size.x);
    {
        const FontScope font(frame, Face::regular, theme.text.small);
        const float height =
            std::max(size.y - (ImGui::GetCursorPosY() - start) - legend.height() - theme.px(8), theme.px(110));
        if (ImPlot::BeginPlot(plot.id, {size.x, height}, kPlotFlags)) {
            ImPlot::SetupAxes(plot.counts_x ? nullptr : plot.x_label, plot.y_label);
            ImPlot::SetupAxisLimits(ImAxis_X1, plot.x_min, plot.x_max, ImPlotCond_Always);
            ImPlot::SetupAxisLimits(ImAxis_Y1, 0, plot.y_max > 0 ? plot.y_max * 1.12 : 1, ImPlotCond_Always);
            if (plot.counts_x) ImPlot::SetupAxisFormat(ImAxis_X1, whole_numbers);
            for (const Series& one : series) {
                ImPlotSpec spec;
                spec.LineColor = ImGui::ColorConvertU32ToFloat4(plot_color(theme, one.candidate));
                spec.LineWeight = std::max(1.6F * theme.scale, 1.0F);
                // A few points are seen as points: one alone has no line.
                if (plot.counts_x && one.x.size() <= 3) {
                    spec.Marker = ImPlotMarker_Circle;
                    spec.MarkerSize = theme.px(3);
                    spec.MarkerFillColor = spec.LineColor;
                }
                const std::string id = fmt::format("##{}", one.candidate);
                ImPlot::PlotLine(id.c_str(), one.x.data(), one.y.data(),
                                 static_cast<int>(std::min(one.x.size(), one.y.size())), spec);
            }
            draw_values(frame, model, plot, series);
            if (series.empty()) {
                const ImVec2 at = ImPlot::GetPlotPos(), room = ImPlot::GetPlotSize();
                const TextLook quiet{.size = theme.text.small, .role = Role::weak};
                const float width = std::min(measure(frame, plot.why_empty, quiet).x, room.x);
                paint_text(frame, {at.x + (room.x - width) / 2, at.y + (room.y - quiet.size) / 2}, plot.why_empty,
                           quiet, room.x);
            }
            ImPlot::EndPlot();
        }
    }
    legend.draw();
    ImGui::EndGroup();
}

// Each candidate's gaps as a group of bars, p50 to max: light to full.
void draw_gaps(const FrameView& frame, const MetricsModel& model, ImVec2 size) {
    const Theme& theme = frame.theme;
    ImGui::BeginGroup();
    draw_title(frame, "Gaps between chunks", size.x);
    const FontScope font(frame, Face::regular, theme.text.small);
    std::vector<Series> shown;
    for (const SumRow& row : model.candidates)
        if (row.gap_max_s) shown.push_back({.candidate = row.index, .x = {}, .y = {}});
    const Legend legend(frame, model, shown, size.x);
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
    draw_plot(frame, model, of_decode, decode, {each, height});
    if (is_beside) ImGui::SameLine(0, theme.px(16));
    draw_plot(frame, model, of_ttft, ttft, {each, height});
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
        draw_plot(frame, view.model, tokens, lines, {each, height});
        if (is_beside) ImGui::SameLine(0, theme.px(16));
        draw_gaps(frame, view.model, {each, height});
    }
    ImGui::EndChild();
}

}  // namespace llmc::gui
