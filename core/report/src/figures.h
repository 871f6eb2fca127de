// The metrics as tables of members: their keys in JSON and CSV, their titles for people. Every format goes through
// them, so that none forgets one.
//
// Thread contract: constants and plain functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/answer_metrics.h"
#include "metrics/summary.h"

namespace llmc::report {

struct NumberFigure {
    std::string_view key;
    std::string_view title;
    std::optional<double> metrics::AnswerMetrics::*value;
    bool follows_from_tokens = false;  // an estimate where the tokens are
};

struct CountFigure {
    std::string_view key;
    std::string_view title;
    std::optional<std::int64_t> metrics::AnswerMetrics::*value;
};

using Metrics = metrics::AnswerMetrics;

inline constexpr std::array kNumberFigures{
    NumberFigure{"time_to_first_token_s", "TTFT (s)", &Metrics::time_to_first_token_s},
    NumberFigure{"time_to_first_output_s", "TTFO (s)", &Metrics::time_to_first_output_s},
    NumberFigure{"inter_token_latency_s", "ITL (s)", &Metrics::inter_token_latency_s, true},
    NumberFigure{"decode_tokens_per_s", "Decode (tok/s)", &Metrics::decode_tokens_per_s, true},
    NumberFigure{"end_to_end_latency_s", "End to end (s)", &Metrics::end_to_end_latency_s},
    NumberFigure{"end_to_end_tokens_per_s", "End to end (tok/s)", &Metrics::end_to_end_tokens_per_s, true},
    NumberFigure{"chunk_gap_p50_s", "Chunk gap p50 (s)", &Metrics::chunk_gap_p50_s},
    NumberFigure{"chunk_gap_p95_s", "p95 (s)", &Metrics::chunk_gap_p95_s},
    NumberFigure{"chunk_gap_p99_s", "p99 (s)", &Metrics::chunk_gap_p99_s},
    NumberFigure{"chunk_gap_max_s", "max (s)", &Metrics::chunk_gap_max_s},
    NumberFigure{"queue_wait_s", "Queue wait (s)", &Metrics::queue_wait_s},
    NumberFigure{"model_load_s", "Model load (s)", &Metrics::model_load_s},
    NumberFigure{"server_prompt_tokens_per_s", "Server's prompt (tok/s)", &Metrics::server_prompt_tokens_per_s},
    NumberFigure{"server_decode_tokens_per_s", "Server's decode (tok/s)", &Metrics::server_decode_tokens_per_s},
};

inline constexpr std::array kCountFigures{
    CountFigure{"prompt_tokens", "Prompt tokens", &Metrics::prompt_tokens},
    CountFigure{"output_tokens", "Output tokens", &Metrics::output_tokens},
    CountFigure{"reasoning_tokens", "Reasoning tokens", &Metrics::reasoning_tokens},
    CountFigure{"cached_tokens", "Cached tokens", &Metrics::cached_tokens},
};

// For people: "0.412", "38.1", "–" where there is nothing, with "~" before an estimate.
std::string figure_text(const NumberFigure& figure, const Metrics& metrics);
std::string figure_text(const CountFigure& figure, const Metrics& metrics);
std::string seconds_text(std::optional<double> seconds);
std::string rate_text(std::optional<double> per_second);
std::string in_flight_text(const Metrics& metrics);
std::string warmth_text(const Metrics& metrics);

// The columns of a summary, and one summary's cells, for people.
std::vector<std::string> summary_titles();
std::vector<std::string> summary_cells(const metrics::Summary& summary);

}  // namespace llmc::report
