// Watches one answer arrive and computes its metrics, live and at the end.
//
// Thread contract: one thread (the answer's worker). live() and finish() give plain values.
// Cost per token chunk: a few additions and 4 bytes for its gap. Percentiles are exact up to kMaxGaps gaps; of more,
// every 2nd, 4th, 8th … is kept (evenly over the answer), so that an endless stream does not fill the memory. The
// largest gap is always exact.
// Decisions:
//   - A count of usage or timings below 1 is no count where token chunks arrived, nor a prompt of 0 (some servers send
//     zeros); nor is an output that chunks and text both exceed eightfold.
//   - Nor is what no server can mean: a negative number, a count beyond kMaxTokens, a rate beyond kMaxFigure. Where a
//     count and a time make a rate beyond it, there is no rate.
//   - Where only tool calls arrive and nothing is counted for us, each of their chunks is estimated as one token.
//   - Where usage counts the output but not the reasoning in it, or more reasoning than output, the reasoning's share
//     is estimated by the texts' (reasoning_tokens_estimated).
//   - Speeds are of what streamed (speed.h).
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "metrics/answer_metrics.h"
#include "openai/answer_decoder.h"

namespace llmc::metrics {

class Recorder {
public:
    static constexpr std::size_t kMaxGaps = std::size_t{1} << 20;
    static constexpr std::int64_t kLiveChunks = 16;
    static constexpr base::Duration kLiveTime = std::chrono::milliseconds{500};

    // t0. Called again for a repeated request: everything that arrived is forgotten; what was set stays. A model load
    // that was set before is still reported but not taken off: it was over when this request went out.
    void start(base::TimePoint request_started);

    void prompt(std::string_view utf8);     // for the estimate; one call per message
    void text(std::string_view utf8);       // for the estimate
    void reasoning(std::string_view utf8);  // for the estimate
    // All text so far was reasoning, and comes again as that: no output has come yet.
    void text_was_reasoning();
    void token_chunk(base::TimePoint now, const openai::TokenChunk& chunk);
    void set_queue_wait(base::Duration wait);
    void set_model_load(base::Duration load);  // seen; taken off TTFT and TTFO; warmth becomes `loaded`
    void set_requests_in_flight(int requests);
    void set_model_warmth(ModelWarmth warmth);

    // Cheap enough for every published update: no percentiles (the largest gap is there), and decode speed as if there
    // were no backlog, not before kLiveChunks and kLiveTime after the first one: what a speed is worth is decided at
    // the end. Tokens are the usage's where it came already, else the estimate.
    AnswerMetrics live(const openai::Usage& usage) const;
    // Those that were kept, in order.
    std::span<const float> gaps_ms() const { return gaps_ms_; }
    std::optional<base::TimePoint> last_token() const { return last_token_; }
    // All of it.
    AnswerMetrics finish(const openai::Usage& usage, const openai::ServerTimings& timings) const;

private:
    AnswerMetrics measure(const openai::Usage& usage, const openai::ServerTimings& timings) const;
    void count_tokens(AnswerMetrics& metrics, const openai::Usage& usage, const openai::ServerTimings& timings) const;
    void add_speed(AnswerMetrics& metrics, std::span<const float> gaps_ms) const;
    std::int64_t hidden(const AnswerMetrics& metrics) const;  // output tokens that never streamed
    void keep_gap(base::Duration gap);

    std::optional<base::TimePoint> started_, first_token_, first_output_, last_token_;
    std::int64_t chunks_ = 0;
    std::int64_t tool_call_chunks_ = 0;  // that held nothing else
    std::int64_t reasoning_chunks_ = 0;  // that held some
    std::vector<float> gaps_ms_;         // every gap_stride_-th
    std::int64_t gap_stride_ = 1;
    base::Duration longest_gap_{};
    TokenEstimate prompt_estimate_, text_estimate_, reasoning_estimate_;

    std::optional<base::Duration> queue_wait_, model_load_;
    bool load_is_in_wait_ = false;  // the load happened after t0
    std::optional<int> requests_in_flight_;
    std::optional<ModelWarmth> model_warmth_;
};

// The p-quantile (0…1) of unsorted values by linear interpolation between ranks (numpy's default); nothing for none.
std::optional<double> quantile(std::vector<double> values, double p);

}  // namespace llmc::metrics
