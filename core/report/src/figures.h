// The metrics as tables of members: their keys in JSON and CSV, their titles for people. Every format goes through
// them, so that none forgets one. How the figures are written for people: metrics/words.h.
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
    bool needs_a_stream = false;       // "buffered" where a burst left none
    bool is_of_steps = false;          // told where an answer took several requests
};

struct CountFigure {
    std::string_view key;
    std::string_view title;
    std::optional<std::int64_t> metrics::AnswerMetrics::*value;
    bool metrics::AnswerMetrics::*is_estimated = nullptr;
    bool is_of_steps = false;  // as above
};

struct FlagFigure {
    std::string_view key;
    bool metrics::AnswerMetrics::*value;
};

// One of a few words; empty for nothing.
struct WordFigure {
    std::string_view key;
    std::string_view what;  // "no …", of another word
    std::string_view (*word)(const metrics::AnswerMetrics& metrics);
    bool (*take)(metrics::AnswerMetrics& metrics, std::string_view word);  // false for another word
};

using Metrics = metrics::AnswerMetrics;

inline constexpr std::array kNumberFigures{
    NumberFigure{"time_to_first_token_s", "TTFT (s)", &Metrics::time_to_first_token_s},
    NumberFigure{"time_to_first_output_s", "TTFO (s)", &Metrics::time_to_first_output_s},
    NumberFigure{"inter_token_latency_s", "ITL (s)", &Metrics::inter_token_latency_s, true, true},
    NumberFigure{"decode_tokens_per_s", "Decode (tok/s)", &Metrics::decode_tokens_per_s, true, true},
    NumberFigure{"end_to_end_latency_s", "End to end (s)", &Metrics::end_to_end_latency_s},
    NumberFigure{"end_to_end_tokens_per_s", "End to end (tok/s)", &Metrics::end_to_end_tokens_per_s, true},
    NumberFigure{"chunk_gap_p50_s", "Chunk gap p50 (s)", &Metrics::chunk_gap_p50_s},
    NumberFigure{"chunk_gap_p95_s", "p95 (s)", &Metrics::chunk_gap_p95_s},
    NumberFigure{"chunk_gap_p99_s", "p99 (s)", &Metrics::chunk_gap_p99_s},
    NumberFigure{"chunk_gap_max_s", "max (s)", &Metrics::chunk_gap_max_s},
    NumberFigure{"queue_wait_s", "Queue wait (s)", &Metrics::queue_wait_s},
    NumberFigure{"model_load_s", "Model load (s)", &Metrics::model_load_s},
    NumberFigure{"server_prompt_tokens_per_s", "Server's prompt (tok/s)", &Metrics::server_prompt_tokens_per_s},
    NumberFigure{"model_time_s", "Model time (s)", &Metrics::model_time_s, false, false, true},
    NumberFigure{"task_time_s", "Task time (s)", &Metrics::task_time_s, false, false, true},
    NumberFigure{"server_decode_tokens_per_s", "Server's decode (tok/s)", &Metrics::server_decode_tokens_per_s},
};

inline constexpr std::array kCountFigures{
    CountFigure{"prompt_tokens", "Prompt tokens", &Metrics::prompt_tokens, &Metrics::prompt_tokens_estimated},
    CountFigure{"output_tokens", "Output tokens", &Metrics::output_tokens, &Metrics::tokens_estimated},
    CountFigure{"reasoning_tokens", "Reasoning tokens", &Metrics::reasoning_tokens,
                &Metrics::reasoning_tokens_estimated},
    CountFigure{"cached_tokens", "Cached tokens", &Metrics::cached_tokens},
    CountFigure{"steps", "Steps", &Metrics::steps, nullptr, true},
};

inline constexpr std::array kFlagFigures{
    FlagFigure{"prompt_tokens_estimated", &Metrics::prompt_tokens_estimated},
    FlagFigure{"tokens_estimated", &Metrics::tokens_estimated},
    FlagFigure{"reasoning_tokens_estimated", &Metrics::reasoning_tokens_estimated},
};

extern const std::array<WordFigure, 3> kWordFigures;  // token_source, model_state, speed_note

// For people: "0.412", "38.1", "–" where there is nothing, with "~" before an estimate.
std::string figure_text(const NumberFigure& figure, const Metrics& metrics);
std::string figure_text(const CountFigure& figure, const Metrics& metrics);
std::string in_flight_text(const Metrics& metrics);
std::string warmth_text(const Metrics& metrics);

// The columns of a summary, and one summary's cells, for people.
std::vector<std::string> summary_titles();
std::vector<std::string> summary_cells(const metrics::Summary& summary);

}  // namespace llmc::report
