// One candidate's or server's metrics over several answers.
//
// Thread contract: plain values.
// Cold answers are kept apart: their TTFT may hold a model load, so medians of what holds TTFT are of the others.
// Decode speed does not depend on it and is of all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "metrics/answer_metrics.h"

namespace llmc::metrics {

struct Summary {
    int answers = 0;
    int cold_answers = 0;
    std::optional<double> median_time_to_first_token_s, median_time_to_first_output_s;  // of answers that are not cold
    std::optional<double> median_cold_time_to_first_token_s;
    std::optional<double> median_decode_tokens_per_s, median_end_to_end_tokens_per_s, median_end_to_end_latency_s;
    std::int64_t prompt_tokens = 0, output_tokens = 0, reasoning_tokens = 0;
    bool tokens_estimated = false;  // any of them
    double total_end_to_end_s = 0;
    double total_model_load_s = 0;
    // Output tokens of all answers per second of their end-to-end latency added up.
    std::optional<double> output_tokens_per_s;
};

Summary summarize(std::span<const AnswerMetrics> answers);

}  // namespace llmc::metrics
