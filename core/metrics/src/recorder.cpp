#include "metrics/recorder.h"

#include <algorithm>

#include "metrics/speed.h"
#include "quantiles.h"

namespace llmc::metrics {
namespace {

std::optional<std::int64_t> at_least(std::int64_t least, const std::optional<std::int64_t>& count) {
    return count && *count >= least && *count <= kMaxTokens ? count : std::nullopt;
}

// Whether a count of output tokens can be true: neither by the chunks nor by the text there are eight times as many.
// (Some servers count what the last chunk held.)
bool is_far_too_small(std::int64_t count, std::int64_t chunks, std::int64_t estimate) {
    constexpr std::int64_t kFar = 8;
    return count < chunks / kFar && count < estimate / kFar;
}

std::optional<double> possible(const std::optional<double>& rate) {
    return rate && *rate >= 0 && *rate <= kMaxFigure ? rate : std::nullopt;
}

}  // namespace

void Recorder::start(base::TimePoint request_started) {
    started_ = request_started;
    first_token_.reset();
    first_output_.reset();
    last_token_.reset();
    chunks_ = 0;
    tool_call_chunks_ = 0;
    reasoning_chunks_ = 0;
    gaps_ms_.clear();
    gap_stride_ = 1;
    longest_gap_ = {};
    text_estimate_ = {};
    reasoning_estimate_ = {};
    load_is_in_wait_ = false;
}

void Recorder::prompt(std::string_view utf8) {
    prompt_estimate_.add(utf8);
}
void Recorder::text(std::string_view utf8) {
    text_estimate_.add(utf8);
}
void Recorder::reasoning(std::string_view utf8) {
    reasoning_estimate_.add(utf8);
}

void Recorder::text_was_reasoning() {
    text_estimate_ = {};
    first_output_.reset();
}

void Recorder::token_chunk(base::TimePoint now, const openai::TokenChunk& chunk) {
    if (!first_token_) first_token_ = now;
    if (!first_output_ && chunk.has_text) first_output_ = now;
    if (last_token_) keep_gap(now - *last_token_);
    last_token_ = now;
    ++chunks_;
    if (chunk.has_tool_call && !chunk.has_text && !chunk.has_reasoning) ++tool_call_chunks_;
    if (chunk.has_reasoning) ++reasoning_chunks_;
}

// The gap before chunk number chunks_ + 1, so gap number chunks_ - 1 when counted from 0.
void Recorder::keep_gap(base::Duration gap) {
    longest_gap_ = std::max(longest_gap_, gap);
    if ((chunks_ - 1) % gap_stride_ != 0) return;
    if (gaps_ms_.size() == kMaxGaps) {
        for (std::size_t i = 0; i < kMaxGaps / 2; ++i) gaps_ms_[i] = gaps_ms_[2 * i];
        gaps_ms_.resize(kMaxGaps / 2);
        gap_stride_ *= 2;  // kMaxGaps is even, so this gap's number is a multiple of the new stride, too
    }
    gaps_ms_.push_back(static_cast<float>(base::seconds(gap) * 1000));
}

void Recorder::set_queue_wait(base::Duration wait) {
    queue_wait_ = wait;
}

void Recorder::set_model_load(base::Duration load) {
    model_load_ = load;
    load_is_in_wait_ = true;
    model_warmth_ = ModelWarmth::loaded;
}

void Recorder::set_requests_in_flight(int requests) {
    requests_in_flight_ = requests;
}
void Recorder::set_model_warmth(ModelWarmth warmth) {
    model_warmth_ = warmth;
}

void Recorder::count_tokens(AnswerMetrics& metrics, const openai::Usage& usage,
                            const openai::ServerTimings& timings) const {
    const std::int64_t text_estimate = text_estimate_.tokens() + tool_call_chunks_;
    const std::int64_t reasoning_estimate = reasoning_estimate_.tokens();
    const std::int64_t estimate = text_estimate + reasoning_estimate;
    const auto believed = [&](const std::optional<std::int64_t>& count) {
        const auto possible_count = at_least(chunks_ > 0 ? 1 : 0, count);
        return possible_count && is_far_too_small(*possible_count, chunks_, estimate) ? std::nullopt : possible_count;
    };
    if (const auto counted = believed(usage.output_tokens)) {
        metrics.output_tokens = counted;
        metrics.token_source = TokenSource::usage;
    } else if (const auto timed = believed(timings.output_tokens)) {
        metrics.output_tokens = timed;
        metrics.token_source = TokenSource::timings;
    } else if (chunks_ > 0) {
        metrics.output_tokens = estimate;
        metrics.token_source = TokenSource::estimate;
        metrics.tokens_estimated = true;
    }

    const std::int64_t output = metrics.output_tokens.value_or(0);
    metrics.reasoning_tokens = at_least(0, usage.reasoning_tokens);
    const std::int64_t counted = metrics.reasoning_tokens.value_or(0);
    if (reasoning_estimate > 0 && (counted == 0 || counted > output)) {
        // n is at least 1 here: reasoning came in token chunks.
        const double share = static_cast<double>(reasoning_estimate) / static_cast<double>(estimate);
        metrics.reasoning_tokens = static_cast<std::int64_t>(static_cast<double>(output) * share + 0.5);
        metrics.reasoning_tokens_estimated = true;
    }

    // Every request has a prompt.
    metrics.prompt_tokens = at_least(1, usage.prompt_tokens);
    if (!metrics.prompt_tokens) metrics.prompt_tokens = at_least(1, timings.prompt_tokens);
    if (!metrics.prompt_tokens && chunks_ > 0 && prompt_estimate_.tokens() > 0) {
        metrics.prompt_tokens = prompt_estimate_.tokens();
        metrics.prompt_tokens_estimated = true;
    }
    metrics.cached_tokens = at_least(0, usage.cached_tokens);
}

std::int64_t Recorder::hidden(const AnswerMetrics& metrics) const {
    if (metrics.reasoning_tokens_estimated) return 0;
    return hidden_tokens(metrics.output_tokens.value_or(0), metrics.reasoning_tokens.value_or(0),
                         {.estimated_tokens = reasoning_estimate_.tokens(), .chunks = reasoning_chunks_});
}

AnswerMetrics Recorder::measure(const openai::Usage& usage, const openai::ServerTimings& timings) const {
    AnswerMetrics metrics;
    metrics.chunks = chunks_;
    metrics.requests_in_flight = requests_in_flight_;
    metrics.model_warmth = model_warmth_;
    metrics.server_prompt_tokens_per_s = possible(timings.prompt_tokens_per_s);
    metrics.server_decode_tokens_per_s = possible(timings.decode_tokens_per_s);
    if (queue_wait_) metrics.queue_wait_s = base::seconds(*queue_wait_);
    if (model_load_) metrics.model_load_s = base::seconds(*model_load_);
    count_tokens(metrics, usage, timings);
    if (!started_ || !first_token_) return metrics;

    const base::TimePoint ready = *started_ + (load_is_in_wait_ ? *model_load_ : base::Duration{});
    // The load is known to a second only, so it can be longer than the wait was.
    const auto since_ready = [&](base::TimePoint moment) { return std::max(0.0, base::seconds(moment - ready)); };
    metrics.time_to_first_token_s = since_ready(*first_token_);
    if (first_output_) metrics.time_to_first_output_s = since_ready(*first_output_);
    metrics.end_to_end_latency_s = base::seconds(*last_token_ - *started_);
    if (chunks_ > 1) metrics.chunk_gap_max_s = base::seconds(longest_gap_);

    const auto tokens = static_cast<double>(metrics.output_tokens.value_or(0) - hidden(metrics));
    if (tokens >= 1 && *metrics.end_to_end_latency_s > 0)
        metrics.end_to_end_tokens_per_s = possible(tokens / *metrics.end_to_end_latency_s);
    return metrics;
}

void Recorder::add_speed(AnswerMetrics& metrics, std::span<const float> gaps_ms) const {
    if (!started_ || !first_token_) return;
    const std::int64_t hidden_count = hidden(metrics);
    const Speed speed = speed_of({.chunks = chunks_,
                                  .first_s = base::seconds(*first_token_ - *started_),
                                  .last_s = base::seconds(*last_token_ - *started_),
                                  .gaps_ms = gaps_ms,
                                  .gap_stride = gap_stride_},
                                 static_cast<double>(metrics.output_tokens.value_or(0) - hidden_count));
    metrics.inter_token_latency_s = speed.inter_token_latency_s;
    metrics.decode_tokens_per_s = speed.decode_tokens_per_s;
    if (hidden_count > 0) metrics.speed_note = SpeedNote::hidden_reasoning;
    if (speed.is_burst) metrics.speed_note = SpeedNote::burst;
}

AnswerMetrics Recorder::live(const openai::Usage& usage) const {
    AnswerMetrics metrics = measure(usage, {});
    // Until then a speed says more about the network than about the model.
    if (chunks_ >= kLiveChunks && *last_token_ - *first_token_ >= kLiveTime) {
        add_speed(metrics, {});
        metrics.speed_note = SpeedNote::none;
    }
    return metrics;
}

AnswerMetrics Recorder::finish(const openai::Usage& usage, const openai::ServerTimings& timings) const {
    AnswerMetrics metrics = measure(usage, timings);
    add_speed(metrics, gaps_ms_);
    set_gap_percentiles(metrics, gaps_ms_);
    return metrics;
}

std::optional<double> quantile(std::vector<double> values, double p) {
    return quantile_of(values, p);
}

}  // namespace llmc::metrics
