#include "metrics/summary.h"

#include <vector>

#include "quantiles.h"

namespace llmc::metrics {
namespace {

class Median {
public:
    void add(const std::optional<double>& value) {
        if (value) values_.push_back(*value);
    }
    std::optional<double> get() { return quantile_of(values_, 0.5); }

private:
    std::vector<double> values_;
};

}  // namespace

Summary summarize(std::span<const AnswerMetrics> answers) {
    Summary sum;
    Median first_token, cold_first_token, first_output, decode, end_to_end_speed, end_to_end_latency;
    double timed_tokens = 0, timed_s = 0;  // of warm answers whose latency is known
    for (const AnswerMetrics& answer : answers) {
        const bool is_cold = answer.model_warmth == ModelWarmth::cold;
        ++sum.answers;
        sum.cold_answers += is_cold;
        sum.burst_answers += answer.speed_note == SpeedNote::burst;
        decode.add(answer.decode_tokens_per_s);
        if (is_cold) {
            cold_first_token.add(answer.time_to_first_token_s);
        } else {
            first_token.add(answer.time_to_first_token_s);
            first_output.add(answer.time_to_first_output_s);
            end_to_end_speed.add(answer.end_to_end_tokens_per_s);
            end_to_end_latency.add(answer.end_to_end_latency_s);
        }
        sum.prompt_tokens += answer.prompt_tokens.value_or(0);
        sum.output_tokens += answer.output_tokens.value_or(0);
        sum.reasoning_tokens += answer.reasoning_tokens.value_or(0);
        sum.tokens_estimated |= answer.tokens_estimated;
        sum.prompt_tokens_estimated |= answer.prompt_tokens_estimated;
        sum.reasoning_tokens_estimated |= answer.reasoning_tokens_estimated;
        sum.total_model_load_s += answer.model_load_s.value_or(0);
        if (!answer.end_to_end_latency_s) continue;
        sum.total_end_to_end_s += *answer.end_to_end_latency_s;
        if (is_cold) continue;
        timed_s += *answer.end_to_end_latency_s;
        timed_tokens += streamed_tokens(answer);
    }
    sum.median_time_to_first_token_s = first_token.get();
    sum.median_cold_time_to_first_token_s = cold_first_token.get();
    sum.median_time_to_first_output_s = first_output.get();
    sum.median_decode_tokens_per_s = decode.get();
    sum.median_end_to_end_tokens_per_s = end_to_end_speed.get();
    sum.median_end_to_end_latency_s = end_to_end_latency.get();
    if (timed_s > 0) sum.output_tokens_per_s = timed_tokens / timed_s;
    return sum;
}

}  // namespace llmc::metrics
