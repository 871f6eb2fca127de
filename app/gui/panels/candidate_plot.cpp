#include "gui/panels/candidate_plot.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui_internal.h>

namespace llmc::gui {
namespace {

// Ticks of an axis that counts: no "1.5".
int whole_numbers(double value, char* buffer, int size, void*) {
    if (std::abs(value - std::round(value)) > 1e-6) {
        buffer[0] = '\0';
        return 0;
    }
    return ImFormatString(buffer, static_cast<std::size_t>(size), "%.0f", value);
}

std::string_view name_of(std::span<const PlotName> names, int candidate) {
    for (const PlotName& one : names)
        if (one.candidate == candidate) return one.name;
    return {};
}

// The values nearest to the pointer, for all candidates.
void draw_values(const FrameView& frame, std::span<const PlotName> names, const Plot& plot,
                 std::span<const Series> series) {
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
        const std::string_view name = name_of(names, one.candidate);
        const ImVec2 dot = ImGui::GetCursorScreenPos();
        ImGui::GetWindowDrawList()->AddCircleFilled({dot.x + theme.dot / 2, dot.y + theme.text.small / 2 + 1},
                                                    theme.dot / 2, plot_color(theme, one.candidate));
        ImGui::SetCursorScreenPos({dot.x + theme.dot + theme.px(6), dot.y});
        draw_text(frame, fmt::format("{}  {}", plot.value_text(one.y[index]), name), {.size = theme.text.small});
    }
    ImGui::EndTooltip();
}

}  // namespace

PlotLegend::PlotLegend(const FrameView& frame, std::span<const PlotName> names, std::span<const Series> series,
                       float width)
    : frame_(frame), names_(names), series_(series), width_(width) {
    float all = 0;
    for (const Series& one : series) all += width_of(one) + apart_;
    if (all - apart_ <= width) return;
    most_ = std::min(std::max(std::floor((width - 2 * apart_) / 3), frame.theme.px(100)), width);
}

float PlotLegend::height() const {
    float lines = 0;
    for (std::size_t from = 0; from < series_.size(); ++lines) from = line_from(from).end;
    return lines * (look_.size + frame_.theme.px(4));
}

void PlotLegend::draw() const {
    const Theme& theme = frame_.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    float y = at.y;
    for (std::size_t from = 0; from < series_.size();) {
        const Line line = line_from(from);
        float x = at.x + std::floor((width_ - line.width) / 2);
        for (; from < line.end; ++from) {
            const float top = y + std::floor((look_.size - swatch_) / 2) + 1, wide = width_of(series_[from]);
            ImGui::GetWindowDrawList()->AddRectFilled({x, top}, {x + swatch_, top + swatch_},
                                                      ImGui::GetColorU32(plot_color(theme, series_[from].candidate)),
                                                      theme.px(2));
            paint_text(frame_, {x + swatch_ + gap_, y}, name_of(names_, series_[from].candidate), look_,
                       wide - swatch_ - gap_ + 1);
            x += wide + apart_;
        }
        y += look_.size + theme.px(4);
    }
    ImGui::Dummy({width_, y - at.y});
}

PlotLegend::Line PlotLegend::line_from(std::size_t from) const {
    Line line{from + 1, width_of(series_[from])};
    while (line.end < series_.size() && line.width + apart_ + width_of(series_[line.end]) <= width_)
        line.width += apart_ + width_of(series_[line.end++]);
    return line;
}

float PlotLegend::width_of(const Series& one) const {
    return std::min(swatch_ + gap_ + measure(frame_, name_of(names_, one.candidate), look_).x, most_);
}

void draw_plot_title(const FrameView& frame, const char* title, float width) {
    const TextLook look{.size = frame.theme.text.quiet};
    const float left = std::max((width - measure(frame, title, look).x) / 2, 0.0F);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::floor(left));
    draw_text(frame, title, look);
}

void draw_plot(const FrameView& frame, std::span<const PlotName> names, const Plot& plot,
               std::span<const Series> series, ImVec2 size) {
    const Theme& theme = frame.theme;
    ImGui::BeginGroup();
    const float start = ImGui::GetCursorPosY();
    draw_plot_title(frame, plot.title, size.x);
    const PlotLegend legend(frame, names, series, size.x);
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
            draw_values(frame, names, plot, series);
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

}  // namespace llmc::gui
