#include "html_plots.h"

#include <algorithm>

#include <fmt/format.h>

#include "html_text.h"
#include "metrics/words.h"
#include "session/suite_results.h"

namespace llmc::report {
namespace {

struct Bar {
    std::string label, words;
    double value = 0;
    std::optional<metrics::Interval> interval;
};

// Thousandths of the width, whatever that is.
double place(double value, double most) {
    return most > 0 ? std::clamp(value / most, 0.0, 1.0) * 1000 : 0;
}

std::string plot(std::string_view title, const std::vector<Bar>& bars, double most) {
    if (bars.empty()) return {};
    std::string out = fmt::format("<div class=\"panel plot\"><h4>{}</h4>\n", title);
    for (const Bar& bar : bars) {
        out += fmt::format(
            "<div class=\"label\">{}</div><svg viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\" "
            "aria-hidden=\"true\"><rect class=\"track\" x=\"0\" y=\"7\" width=\"1000\" height=\"6\"/>"
            "<rect class=\"bar\" x=\"0\" y=\"5\" width=\"{:.1f}\" height=\"10\"/>",
            escaped(bar.label), place(bar.value, most));
        if (bar.interval)
            out += fmt::format("<rect class=\"range\" x=\"{0:.1f}\" y=\"9\" width=\"{1:.1f}\" height=\"2\"/>",
                               place(bar.interval->low, most),
                               place(bar.interval->high, most) - place(bar.interval->low, most));
        out += fmt::format("</svg><div class=\"small\">{}</div>\n", escaped(bar.words));
    }
    return out + "</div>\n";
}

std::string pass_rates(const session::Session& session, const Outline& outline) {
    const session::SuiteResults results = session::suite_results(session);
    std::vector<Bar> bars;
    for (const Column& column : outline.columns) {
        const session::Tally& checks = results.find(column.candidate->id)->checks;
        if (checks.total == 0) continue;
        const auto interval = checks.interval();
        bars.push_back({column.label,
                        fmt::format("{} of {} · {}", checks.passed, checks.total,
                                    interval ? metrics::interval_text(interval->low, interval->high) : "–"),
                        *checks.rate(), interval});
    }
    return plot("Checks passed, and the 95 % interval of the rate", bars, 1);
}

using Median = std::optional<double> metrics::Summary::*;

std::string medians(std::string_view title, const Outline& outline, Median median, std::string (*words)(double)) {
    std::vector<Bar> bars;
    double most = 0;
    for (const Column& column : outline.columns)
        if (const auto value = column.summary.*median) {
            bars.push_back({column.label, words(*value), *value, {}});
            most = std::max(most, *value);
        }
    return plot(title, bars, most);
}

std::string speed_words(double tokens_per_s) {
    return metrics::rate_text(tokens_per_s) + " tok/s";
}

std::string time_words(double seconds) {
    return metrics::seconds_text(seconds);
}

}  // namespace

std::string plots(const session::Session& session, const Outline& outline) {
    using metrics::Summary;
    std::string all = pass_rates(session, outline);
    all += medians("Time to first token, median", outline, &Summary::median_time_to_first_token_s, time_words);
    all += medians("Decode speed, median", outline, &Summary::median_decode_tokens_per_s, speed_words);
    all += medians("From end to end, median", outline, &Summary::median_end_to_end_latency_s, time_words);
    return all.empty() ? all : "<div class=\"plots\">\n" + all + "</div>\n";
}

}  // namespace llmc::report
