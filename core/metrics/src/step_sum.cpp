#include "metrics/step_sum.h"

#include <algorithm>

#include "metrics/recorder.h"
#include "quantiles.h"

namespace llmc::metrics {
namespace {

template <class Number>
void add_to(std::optional<Number>& sum, const std::optional<Number>& value) {
    if (value) sum = sum.value_or(0) + *value;
}

template <class Number>
void keep_larger(std::optional<Number>& most, const std::optional<Number>& value) {
    if (value) most = std::max(most.value_or(*value), *value);
}

}  // namespace

void StepSum::add(const AnswerMetrics& step) {
    knows_all_ = false;
    add(step, {}, {}, {});
}

void StepSum::add(const AnswerMetrics& step, std::span<const float> gaps_ms, base::TimePoint sent,
                  base::TimePoint last_token) {
    const bool is_first = !sum_.steps;
    if (is_first) {
        sum_.time_to_first_token_s = step.time_to_first_token_s;
        sum_.time_to_first_output_s = step.time_to_first_output_s;
        sum_.queue_wait_s = step.queue_wait_s;
        sum_.model_warmth = step.model_warmth;
        sum_.token_source = step.token_source;
        sent_ = sent;
    }
    sum_.steps = sum_.steps.value_or(0) + 1;
    sum_.chunks += step.chunks;
    add_to(sum_.model_time_s, step.end_to_end_latency_s);
    add_to(sum_.model_load_s, step.model_load_s);
    add_to(sum_.prompt_tokens, step.prompt_tokens);
    add_to(sum_.output_tokens, step.output_tokens);
    add_to(sum_.reasoning_tokens, step.reasoning_tokens);
    add_to(sum_.cached_tokens, step.cached_tokens);
    keep_larger(sum_.requests_in_flight, step.requests_in_flight);
    keep_larger(sum_.chunk_gap_max_s, step.chunk_gap_max_s);
    sum_.prompt_tokens_estimated |= step.prompt_tokens_estimated;
    sum_.tokens_estimated |= step.tokens_estimated;
    sum_.reasoning_tokens_estimated |= step.reasoning_tokens_estimated;
    if (step.tokens_estimated) sum_.token_source = step.token_source;
    sum_.server_prompt_tokens_per_s = is_first ? step.server_prompt_tokens_per_s : std::nullopt;
    sum_.server_decode_tokens_per_s = is_first ? step.server_decode_tokens_per_s : std::nullopt;

    const double tokens = streamed_tokens(step);
    if (step.end_to_end_tokens_per_s) streamed_tokens_ += tokens;
    if (step.inter_token_latency_s && tokens > 1) {
        decode_s_ += *step.inter_token_latency_s * (tokens - 1);
        decode_tokens_ += tokens - 1;
    }
    has_burst_ |= step.speed_note == SpeedNote::burst;
    has_hidden_ |= step.speed_note == SpeedNote::hidden_reasoning;
    const std::size_t room = Recorder::kMaxGaps - std::min(Recorder::kMaxGaps, gaps_ms_.size());
    gaps_ms_.insert(gaps_ms_.end(), gaps_ms.begin(),
                    gaps_ms.begin() + static_cast<std::ptrdiff_t>(std::min(room, gaps_ms.size())));
    if (last_token > last_token_) last_token_ = last_token;
}

AnswerMetrics StepSum::sum() const {
    AnswerMetrics metrics = sum_;
    metrics.end_to_end_latency_s = metrics.model_time_s;
    if (metrics.model_time_s && *metrics.model_time_s > 0 && streamed_tokens_ >= 1)
        metrics.end_to_end_tokens_per_s = streamed_tokens_ / *metrics.model_time_s;
    if (decode_tokens_ > 0 && decode_s_ > 0) {
        metrics.inter_token_latency_s = decode_s_ / decode_tokens_;
        metrics.decode_tokens_per_s = decode_tokens_ / decode_s_;
    }
    if (has_hidden_) metrics.speed_note = SpeedNote::hidden_reasoning;
    if (has_burst_ && !metrics.decode_tokens_per_s) metrics.speed_note = SpeedNote::burst;
    if (!knows_all_) return metrics;
    if (last_token_ > sent_) metrics.task_time_s = base::seconds(last_token_ - sent_);
    set_gap_percentiles(metrics, gaps_ms_);
    return metrics;
}

}  // namespace llmc::metrics
