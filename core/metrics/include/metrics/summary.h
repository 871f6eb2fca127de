// One candidate's or server's metrics over several answers.
//
// Thread contract: plain values.
// Cold answers are kept apart: their TTFT may hold a model load, so what holds TTFT is of the others, here and in every
// sum of speeds. Decode speed does not depend on it and is of all that have one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "metrics/answer_metrics.h"

namespace llmc::metrics {

struct Summary {
    int answers = 0;
    int cold_answers = 0;
    int burst_answers = 0;  // without a decode speed, since they were buffered on their way
    std::optional<double> median_time_to_first_token_s, median_time_to_first_output_s;  // of answers that are not cold
    std::optional<double> median_cold_time_to_first_token_s;
    std::optional<double> median_decode_tokens_per_s, median_end_to_end_tokens_per_s, median_end_to_end_latency_s;
    std::int64_t prompt_tokens = 0, output_tokens = 0, reasoning_tokens = 0;
    bool prompt_tokens_estimated = false, tokens_estimated = false, reasoning_tokens_estimated = false;  // any of them
    double total_end_to_end_s = 0;
    double total_model_load_s = 0;
    // Output tokens that streamed per second of end-to-end latency, both added up; of answers that are not cold.
    std::optional<double> output_tokens_per_s;
};

Summary summarize(std::span<const AnswerMetrics> answers);

}  // namespace llmc::metrics
