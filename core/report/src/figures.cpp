#include "figures.h"

#include <fmt/format.h>

namespace llmc::report {
namespace {

constexpr std::string_view kNothing = "–";

std::string marked(bool is_estimate, std::string text) {
    return is_estimate ? "~" + text : text;
}

}  // namespace

std::string seconds_text(std::optional<double> seconds) {
    if (!seconds) return std::string(kNothing);
    if (*seconds < 0.1) return fmt::format("{:.4f}", *seconds);
    return *seconds < 10 ? fmt::format("{:.3f}", *seconds) : fmt::format("{:.2f}", *seconds);
}

std::string rate_text(std::optional<double> per_second) {
    if (!per_second) return std::string(kNothing);
    return *per_second < 10 ? fmt::format("{:.2f}", *per_second) : fmt::format("{:.1f}", *per_second);
}

std::string figure_text(const NumberFigure& figure, const Metrics& metrics) {
    const std::optional<double>& value = metrics.*figure.value;
    std::string text = figure.key.ends_with("_per_s") ? rate_text(value) : seconds_text(value);
    return marked(value && figure.follows_from_tokens && metrics.tokens_estimated, std::move(text));
}

std::string figure_text(const CountFigure& figure, const Metrics& metrics) {
    const std::optional<std::int64_t>& value = metrics.*figure.value;
    if (!value) return std::string(kNothing);
    const bool is_reasoning = figure.value == &Metrics::reasoning_tokens;
    return marked(is_reasoning ? metrics.reasoning_tokens_estimated : metrics.tokens_estimated,
                  fmt::format("{}", *value));
}

std::string in_flight_text(const Metrics& metrics) {
    return metrics.requests_in_flight ? fmt::format("{}", *metrics.requests_in_flight) : std::string(kNothing);
}

std::string warmth_text(const Metrics& metrics) {
    return std::string(metrics.model_warmth ? metrics::model_warmth_name(*metrics.model_warmth) : kNothing);
}

std::vector<std::string> summary_titles() {
    return {"Complete answers",
            "Median TTFT (s)",
            "Median TTFO (s)",
            "Median decode (tok/s)",
            "Median end to end (s)",
            "Median end to end (tok/s)",
            "Cold answers",
            "Median TTFT cold (s)",
            "Model loads (s)",
            "Prompt tokens",
            "Output tokens",
            "Reasoning tokens",
            "Output per s of answers (tok/s)"};
}

std::vector<std::string> summary_cells(const metrics::Summary& summary) {
    const auto tokens = [&](std::int64_t count) { return marked(summary.tokens_estimated, fmt::format("{}", count)); };
    const auto rate = [&](std::optional<double> value) {
        return marked(value && summary.tokens_estimated, rate_text(value));
    };
    return {fmt::format("{}", summary.answers),
            seconds_text(summary.median_time_to_first_token_s),
            seconds_text(summary.median_time_to_first_output_s),
            rate(summary.median_decode_tokens_per_s),
            seconds_text(summary.median_end_to_end_latency_s),
            rate(summary.median_end_to_end_tokens_per_s),
            fmt::format("{}", summary.cold_answers),
            seconds_text(summary.median_cold_time_to_first_token_s),
            seconds_text(summary.total_model_load_s > 0 ? std::optional(summary.total_model_load_s) : std::nullopt),
            tokens(summary.prompt_tokens),
            tokens(summary.output_tokens),
            tokens(summary.reasoning_tokens),
            rate(summary.output_tokens_per_s)};
}

}  // namespace llmc::report
