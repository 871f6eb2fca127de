#include "figures.h"

#include <fmt/format.h>

#include "metrics/words.h"

namespace llmc::report {
namespace {

using metrics::count_text;
using metrics::kBuffered;
using metrics::kNoFigure;
using metrics::rate_cell;
using metrics::seconds_cell;

}  // namespace

constexpr std::array<WordFigure, 3> kWordFigures{
    WordFigure{"token_source", "source of tokens",
               [](const Metrics& metrics) { return metrics::token_source_name(metrics.token_source); },
               [](Metrics& metrics, std::string_view word) {
                   const auto source = metrics::token_source_from(word);
                   metrics.token_source = source.value_or(metrics.token_source);
                   return source.has_value();
               }},
    WordFigure{"model_state", "state of a model",
               [](const Metrics& metrics) {
                   return metrics.model_warmth ? metrics::model_warmth_name(*metrics.model_warmth) : "";
               },
               [](Metrics& metrics, std::string_view word) {
                   metrics.model_warmth = metrics::model_warmth_from(word);
                   return metrics.model_warmth.has_value();
               }},
    WordFigure{"speed_note", "note on speeds",
               [](const Metrics& metrics) { return metrics::speed_note_name(metrics.speed_note); },
               [](Metrics& metrics, std::string_view word) {
                   const auto note = metrics::speed_note_from(word);
                   metrics.speed_note = note.value_or(metrics.speed_note);
                   return note.has_value();
               }},
};

std::string figure_text(const NumberFigure& figure, const Metrics& metrics) {
    const std::optional<double>& value = metrics.*figure.value;
    if (!value && figure.needs_a_stream && metrics.speed_note == metrics::SpeedNote::burst)
        return std::string(kBuffered);
    const bool is_estimated = figure.follows_from_tokens && metrics.tokens_estimated;
    if (figure.key.ends_with("_per_s")) return rate_cell(value, is_estimated);
    return (value && is_estimated ? "~" : "") + seconds_cell(value);
}

std::string figure_text(const CountFigure& figure, const Metrics& metrics) {
    const std::optional<std::int64_t>& value = metrics.*figure.value;
    if (!value) return std::string(kNoFigure);
    return count_text(*value, figure.is_estimated != nullptr && metrics.*figure.is_estimated);
}

std::string in_flight_text(const Metrics& metrics) {
    return metrics.requests_in_flight ? fmt::format("{}", *metrics.requests_in_flight) : std::string(kNoFigure);
}

std::string warmth_text(const Metrics& metrics) {
    return std::string(metrics.model_warmth ? metrics::model_warmth_name(*metrics.model_warmth) : kNoFigure);
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
    const auto rate = [&](std::optional<double> value) { return rate_cell(value, summary.tokens_estimated); };
    const bool is_buffered = !summary.median_decode_tokens_per_s && summary.burst_answers > 0;
    return {count_text(summary.answers),
            seconds_cell(summary.median_time_to_first_token_s),
            seconds_cell(summary.median_time_to_first_output_s),
            is_buffered ? std::string(kBuffered) : rate(summary.median_decode_tokens_per_s),
            seconds_cell(summary.median_end_to_end_latency_s),
            rate(summary.median_end_to_end_tokens_per_s),
            count_text(summary.cold_answers),
            seconds_cell(summary.median_cold_time_to_first_token_s),
            seconds_cell(summary.total_model_load_s > 0 ? std::optional(summary.total_model_load_s) : std::nullopt),
            count_text(summary.prompt_tokens, summary.prompt_tokens_estimated),
            count_text(summary.output_tokens, summary.tokens_estimated),
            count_text(summary.reasoning_tokens, summary.reasoning_tokens_estimated),
            rate(summary.output_tokens_per_s)};
}

}  // namespace llmc::report
