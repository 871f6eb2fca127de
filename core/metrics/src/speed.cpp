#include "metrics/speed.h"

#include <algorithm>
#include <vector>

#include "metrics/answer_metrics.h"
#include "quantiles.h"

namespace llmc::metrics {
namespace {

constexpr double kFewTokens = 8;  // that may come in fewer than kFewChunks
constexpr std::int64_t kFewChunks = 3;
constexpr double kShortShare = 0.05;  // of the end-to-end latency
constexpr double kFast_per_s = 500;
// An estimate is wrong by less than this, whatever the text: ASCII of one token per character is the farthest off.
constexpr std::int64_t kEstimateError = 4;

struct Backlog {
    std::int64_t chunks = 0;
    double took_s = 0;
};

Backlog backlog_of(const Arrivals& arrivals) {
    std::vector<float> gaps(arrivals.gaps_ms.begin(), arrivals.gaps_ms.end());
    double usual = quantile_of(gaps, 0.9).value_or(0);
    if (usual < kTogether_ms) {
        std::erase_if(gaps, [](float gap) { return gap < kTogether_ms; });
        usual = quantile_of(gaps, 0.9).value_or(0);
    }
    Backlog backlog;
    for (const float gap : arrivals.gaps_ms) {
        if (gap >= usual / 10) break;
        backlog.chunks += arrivals.gap_stride;
        backlog.took_s += static_cast<double>(gap) / 1000 * static_cast<double>(arrivals.gap_stride);
    }
    backlog.chunks = std::min(backlog.chunks, arrivals.chunks - 1);
    return backlog;
}

}  // namespace

Speed speed_of(const Arrivals& arrivals, double tokens) {
    if (tokens < 2 || arrivals.chunks < 1) return {};
    const double took_s = arrivals.last_s - arrivals.first_s;
    const Backlog backlog = backlog_of(arrivals);
    const bool is_lump = tokens > kFewTokens && arrivals.chunks < kFewChunks;
    const bool is_flash = took_s <= 0 || (took_s < kShortShare * arrivals.last_s && tokens > kFast_per_s * took_s);
    if (is_lump || is_flash || 2 * backlog.chunks > arrivals.chunks) return {.is_burst = true};

    const double share = static_cast<double>(arrivals.chunks - backlog.chunks) / static_cast<double>(arrivals.chunks);
    const double gaps = tokens * share - 1;
    const double gaps_took_s = took_s - backlog.took_s;
    if (gaps < 1 || gaps_took_s <= 0 || gaps > kMaxFigure * gaps_took_s) return {};
    return {.inter_token_latency_s = gaps_took_s / gaps, .decode_tokens_per_s = gaps / gaps_took_s};
}

std::int64_t hidden_tokens(std::int64_t output, std::int64_t counted, const SeenReasoning& seen) {
    const std::int64_t arrived = std::max(seen.estimated_tokens, seen.chunks);
    // More reasoning than output: the output was counted without it.
    if (counted > output || counted <= kEstimateError * arrived) return 0;
    return counted - arrived;
}

}  // namespace llmc::metrics
