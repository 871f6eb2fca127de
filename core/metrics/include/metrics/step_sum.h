// The metrics of an answer that took several requests, from those of its steps (agents.md section 2).
//
// Thread contract: a plain value.
// Definitions: TTFT and TTFO, the queue wait before it and the model's warmth are the first step's; tokens and chunks
// are sums; the inter-token latency is the mean of the steps' by the tokens that streamed, which is that of all steps
// without the pauses between them, and decode speed its inverse; gaps are of all steps, none across two of them;
// end-to-end latency is the time the model worked (model_time_s), of which the end-to-end speed is; a rate of the
// server's own is told where there is one step only.
#pragma once

#include <span>
#include <vector>

#include "base/clock.h"
#include "metrics/answer_metrics.h"

namespace llmc::metrics {

class StepSum {
public:
    // A step that was kept from another run: its gaps are not known any more, nor when it was sent.
    void add(const AnswerMetrics& step);
    // `sent`: its first byte; `last_token`: equal to it where none came.
    void add(const AnswerMetrics& step, std::span<const float> gaps_ms, base::TimePoint sent,
             base::TimePoint last_token);

    AnswerMetrics sum() const;

private:
    AnswerMetrics sum_;
    double decode_s_ = 0, decode_tokens_ = 0;  // between the tokens that streamed
    double streamed_tokens_ = 0;
    std::vector<float> gaps_ms_;  // of at most Recorder::kMaxGaps
    bool knows_all_ = true;       // gaps and times
    bool has_burst_ = false, has_hidden_ = false;
    base::TimePoint sent_{}, last_token_{};
};

}  // namespace llmc::metrics
