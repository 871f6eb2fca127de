#include "decide/paired_test.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "sign_flips.h"

namespace llmc::decide {
namespace {

constexpr double kPowerZ = 0.84;  // the normal distribution's 80 % point, as it is usually rounded
constexpr double kMostPrompts = 1e9;

// The standard normal distribution's upper `tail` point, by bisection: 60 halvings of 40 are exact to the last bit.
double normal_upper_point(double tail) {
    double low = 0, high = 40;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (std::erfc(middle / std::sqrt(2.0)) / 2 > tail ? low : high) = middle;
    }
    return low;
}

}  // namespace

double mcnemar_exact(std::int64_t a_better, std::int64_t b_better) {
    const auto n = static_cast<long double>(a_better + b_better);
    if (n == 0) return 1;
    long double term = std::pow(0.5L, n), tail = term;  // the binomial's, k of n; long double: 2^-n of many prompts
    for (std::int64_t k = 1; k <= std::min(a_better, b_better); ++k) {
        const auto count = static_cast<long double>(k);
        term *= (n - count + 1) / count;
        tail += term;
    }
    return static_cast<double>(std::min(1.0L, 2 * tail));
}

std::string p_text(double p) {
    return p < 0.001 ? "< 0.001" : fmt::format("{:.2g}", p);
}

std::vector<double> holm(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::vector<double> adjusted(p.size());
    double largest = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        largest = std::max(largest, static_cast<double>(order.size() - i) * p[order[i]]);
        adjusted[order[i]] = std::min(1.0, largest);
    }
    return adjusted;
}

std::optional<std::int64_t> prompts_needed(double differing, double difference, std::size_t pairs) {
    if (difference == 0) return std::nullopt;
    const double z = normal_upper_point(kSignificant / static_cast<double>(std::max<std::size_t>(pairs, 1)) / 2);
    const double square = difference * difference;
    const double sum = z * std::sqrt(differing) + kPowerZ * std::sqrt(std::max(0.0, differing - square));
    const double needed = std::ceil(sum * sum / square);
    return needed < kMostPrompts ? std::optional(static_cast<std::int64_t>(needed)) : std::nullopt;
}

PairedTest test_pair(std::span<const double> differences, bool is_single) {
    PairedTest test;
    test.prompts = static_cast<std::int64_t>(differences.size());
    if (differences.empty()) return test;
    for (const double difference : differences) {
        test.a_better += difference > 0 ? 1 : 0;
        test.b_better += difference < 0 ? 1 : 0;
        test.difference += difference;
        test.differing += difference * difference;
    }
    if (std::abs(test.difference) < kTieTolerance) test.difference = 0;
    test.difference /= static_cast<double>(test.prompts);
    test.differing /= static_cast<double>(test.prompts);
    if (is_single) {
        test.p = mcnemar_exact(test.a_better, test.b_better);
        test.interval = tango_95(test.a_better, test.b_better, test.prompts);
        return test;
    }
    const FlipTest flips = sign_flip_test(differences);
    test.p = flips.p;
    test.interval = flips.interval;
    return test;
}

}  // namespace llmc::decide
