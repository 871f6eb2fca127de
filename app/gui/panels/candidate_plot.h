// Plots with a line per candidate, in the colour that it has in all of them.
//
// Thread contract: main thread, within a frame.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <implot.h>

#include "gui/widgets.h"

namespace llmc::gui {

inline constexpr ImPlotFlags kPlotFlags =
    ImPlotFlags_NoTitle | ImPlotFlags_NoLegend | ImPlotFlags_NoInputs | ImPlotFlags_NoMouseText | ImPlotFlags_NoMenus;

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

struct PlotName {
    int candidate = 0;
    std::string_view name;
};

// Swatches and names, centred, as many to a line as fit. Where one line is not enough, long names lose their middle:
// the plot needs the height.
class PlotLegend {
public:
    PlotLegend(const FrameView& frame, std::span<const PlotName> names, std::span<const Series> series, float width);
    float height() const;
    void draw() const;

private:
    struct Line {
        std::size_t end = 0;
        float width = 0;
    };
    Line line_from(std::size_t from) const;
    float width_of(const Series& one) const;

    const FrameView& frame_;
    std::span<const PlotName> names_;
    std::span<const Series> series_;
    float width_, most_ = width_;
    TextLook look_{.size = frame_.theme.text.small, .keeps_end = true};
    float swatch_ = frame_.theme.px(9), gap_ = frame_.theme.px(5), apart_ = frame_.theme.px(12);
};

void draw_plot_title(const FrameView& frame, const char* title, float width);
// With the values nearest to the pointer as a tooltip.
void draw_plot(const FrameView& frame, std::span<const PlotName> names, const Plot& plot,
               std::span<const Series> series, ImVec2 size);

}  // namespace llmc::gui
