// Tango's interval of single runs.
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

}  // namespace

Interval tango_95(std::int64_t a_better, std::int64_t b_better, std::int64_t prompts) {
    const auto a = static_cast<double>(a_better), b = static_cast<double>(b_better), n = static_cast<double>(prompts);
    if (a_better == 0 && b_better == 0) return interval_of_none(prompts);
    const double observed = (a - b) / n;
    const auto score = [&](double delta) { return tango_score(a, b, n, delta); };
    return {solve(-1, observed, metrics::kZ95, score), solve(observed, 1, -metrics::kZ95, score)};
}

}  // namespace llmc::decide
