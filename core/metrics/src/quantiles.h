// The p-quantile by linear interpolation between ranks: with n sorted values x0 … and h = p (n - 1), it lies between
// x[floor h] and x[floor h + 1]. Cost: O(n), by selection; the values are reordered.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "metrics/answer_metrics.h"

namespace llmc::metrics {

template <class Number>
std::optional<double> quantile_of(std::vector<Number>& values, double p) {
    if (values.empty()) return std::nullopt;
    const double rank = std::clamp(p, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(rank);
    const auto nth = values.begin() + below;
    std::nth_element(values.begin(), nth, values.end());
    const auto low = static_cast<double>(*nth);
    if (nth + 1 == values.end()) return low;
    const auto high = static_cast<double>(*std::min_element(nth + 1, values.end()));
    return low + (high - low) * (rank - static_cast<double>(below));
}

// The percentiles of the gaps between chunks, whose order is lost.
inline void set_gap_percentiles(AnswerMetrics& metrics, std::vector<float> gaps_ms) {
    const auto seconds_at = [&gaps_ms](double p) -> std::optional<double> {
        const auto ms = quantile_of(gaps_ms, p);
        return ms ? std::optional(*ms / 1000) : std::nullopt;
    };
    metrics.chunk_gap_p50_s = seconds_at(0.50);
    metrics.chunk_gap_p95_s = seconds_at(0.95);
    metrics.chunk_gap_p99_s = seconds_at(0.99);
}

}  // namespace llmc::metrics
