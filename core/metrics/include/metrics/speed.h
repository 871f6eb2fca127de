// How fast an answer was written, from what was seen of it arriving: no speed that was not observed (product.md
// section 6).
//
// Thread contract: pure functions.
// Decisions:
//   - Tokens that never streamed are in no numerator: reasoning that is counted, of which nothing arrived. Where far
//     less arrived than is counted (a summary of the reasoning), what arrived counts.
//   - A backlog is what somebody between held back until the first chunk: the run of chunks after it whose gaps are
//     under a tenth of the 90th percentile of all gaps. Where even that is under kTogether_ms (chunks come in bundles),
//     the percentile is of the longer gaps: those between bundles. It is left out of both sides, its tokens shared out
//     by chunks.
//   - Of a burst nothing is known: a backlog of more than half of the chunks; more than 8 tokens in fewer than 3
//     chunks; chunks that took under 5 % of the end-to-end latency and came faster than 500 tokens a second.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace llmc::metrics {

inline constexpr float kTogether_ms = 1;  // chunks with less between them came together

struct Arrivals {
    std::int64_t chunks = 0;         // with a token in them
    double first_s = 0, last_s = 0;  // of the first and the last chunk since the request was sent
    std::span<const float> gaps_ms;  // between the chunks; every gap_stride-th where there are very many
    std::int64_t gap_stride = 1;
};

struct Speed {
    std::optional<double> inter_token_latency_s, decode_tokens_per_s;
    bool is_burst = false;
};

// `tokens`: those that streamed.
Speed speed_of(const Arrivals& arrivals, double tokens);

// What arrived of the reasoning: by the estimate of its text, and the chunks that held some.
struct SeenReasoning {
    std::int64_t estimated_tokens = 0;
    std::int64_t chunks = 0;
};

// How many of `output` tokens never streamed, `counted` of them being reasoning.
std::int64_t hidden_tokens(std::int64_t output, std::int64_t counted, const SeenReasoning& seen);

}  // namespace llmc::metrics
