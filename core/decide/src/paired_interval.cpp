#include <algorithm>
#include <cmath>
#include <functional>

#include "decide/paired_test.h"
#include "sign_flips.h"

namespace llmc::decide {
namespace {

// Where a falling function passes `level`, between `low` and `high`.
double solve(double low, double high, double level, const std::function<double(double)>& falling) {
    for (int i = 0; i < 80; ++i) {
        const double middle = (low + high) / 2;
        (falling(middle) > level ? low : high) = middle;
    }
    return (low + high) / 2;
}

// The score of a true difference `delta`: how many standard errors the observed one lies above it. The share of b's
// wins is the likeliest one under that difference (Tango's q21).
double tango_score(double a_better, double b_better, double n, double delta) {
    const double a = 2 * n;
    const double b = -a_better - b_better + (2 * n - a_better + b_better) * delta;
    const double c = -b_better * delta * (1 - delta);
    const double share = (std::sqrt(std::max(0.0, b * b - 4 * a * c)) - b) / (2 * a);
    const double variance = n * (2 * share + delta * (1 - delta));
    const double distance = a_better - b_better - n * delta;
    if (variance <= 0) return distance == 0 ? 0 : std::copysign(1e9, distance);
    return distance / std::sqrt(variance);
}

// That of 0 of n, to both sides.
Interval interval_of_none(double n) {
    const double most = metrics::kZ95 * metrics::kZ95 / (n + metrics::kZ95 * metrics::kZ95);
    return {-most, most};
}

}  // namespace

Interval tango_95(std::int64_t a_better, std::int64_t b_better, std::int64_t prompts) {
    const auto a = static_cast<double>(a_better), b = static_cast<double>(b_better), n = static_cast<double>(prompts);
    if (a_better == 0 && b_better == 0) return interval_of_none(n);
    const double observed = (a - b) / n;
    const auto score = [&](double delta) { return tango_score(a, b, n, delta); };
    return {solve(-1, observed, metrics::kZ95, score), solve(observed, 1, -metrics::kZ95, score)};
}

// With the signs of S flipped, the shifted sum is at least as far from 0 as the observed one exactly when the shift lies
// between the means of S and of the rest: a shift below the mean is refused by all S whose lower mean lies above it. So
// the ends are quantiles of those means, and no shift has to be tried.
Interval sign_flip_95(std::span<const double> differences) {
    const auto n = static_cast<double>(differences.size());
    if (std::all_of(differences.begin(), differences.end(), [](double difference) { return difference == 0; }))
        return interval_of_none(n);
    double total = 0;
    for (const double difference : differences) total += difference;
    std::vector<double> lower, upper;
    std::int64_t always = 0;  // nothing flipped, or all
    const FlipCount count = for_each_flip(differences, [&](const Flip& flip) {
        if (flip.flipped == 0 || flip.flipped == differences.size()) {
            ++always;
            return;
        }
        const double chosen = flip.sum / static_cast<double>(flip.flipped);
        const double rest = (total - flip.sum) / (n - static_cast<double>(flip.flipped));
        lower.push_back(std::min(chosen, rest));
        upper.push_back(std::max(chosen, rest));
    });
    const auto patterns = static_cast<double>(count.patterns + count.always);
    const std::int64_t needed =
        static_cast<std::int64_t>(std::floor(kSignificant * patterns)) + 1 - always - count.always;
    if (needed <= 0) return {-1, 1};
    const auto place = static_cast<std::ptrdiff_t>(needed - 1);
    std::nth_element(lower.begin(), lower.begin() + place, lower.end());
    std::nth_element(upper.begin(), upper.begin() + place, upper.end(), std::greater<>());
    return {std::clamp(lower[static_cast<std::size_t>(place)], -1.0, 1.0),
            std::clamp(upper[static_cast<std::size_t>(place)], -1.0, 1.0)};
}

}  // namespace llmc::decide
