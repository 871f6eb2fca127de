#include "sign_flips.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace llmc::decide {
namespace {

double sum_of(std::span<const double> differences) {
    return std::accumulate(differences.begin(), differences.end(), 0.0);
}

bool is_hit(const Flip& flip, double total) {
    return std::abs(total - 2 * flip.sum) >= std::abs(total) - kTieTolerance;
}

double share_of(std::int64_t hits, const FlipCount& count) {
    return static_cast<double>(hits + count.always) / static_cast<double>(count.patterns + count.always);
}

// All patterns of the differences that are not zero, the others tell nothing.
double exact_p(std::span<const double> telling) {
    const double total = sum_of(telling);
    std::int64_t hits = 0;
    const FlipCount count = for_each_flip(telling, [&](const Flip& flip) { hits += is_hit(flip, total) ? 1 : 0; });
    return share_of(hits, count);
}

// With the signs of S flipped, the shifted sum is at least as far from 0 as the observed one exactly when the shift lies
// between the means of S and of the rest: a shift below the mean is refused by all S whose lower mean lies above it. So
// the ends are quantiles of those means, and no shift has to be tried.
class ShiftEnds {
public:
    explicit ShiftEnds(std::span<const double> differences) : n_(differences.size()), total_(sum_of(differences)) {}

    void add(const Flip& flip) {
        if (flip.flipped == 0 || flip.flipped == n_) {
            ++always_;
            return;
        }
        const double chosen = flip.sum / static_cast<double>(flip.flipped);
        const double rest = (total_ - flip.sum) / static_cast<double>(n_ - flip.flipped);
        lower_.push_back(std::min(chosen, rest));
        upper_.push_back(std::max(chosen, rest));
    }

    Interval interval(const FlipCount& count) {
        const auto patterns = static_cast<double>(count.patterns + count.always);
        const std::int64_t needed =
            static_cast<std::int64_t>(std::floor(kSignificant * patterns)) + 1 - always_ - count.always;
        if (needed <= 0) return {-1, 1};
        const auto place = static_cast<std::ptrdiff_t>(needed - 1);
        std::nth_element(lower_.begin(), lower_.begin() + place, lower_.end());
        std::nth_element(upper_.begin(), upper_.begin() + place, upper_.end(), std::greater<>());
        return {std::clamp(lower_[static_cast<std::size_t>(place)], -1.0, 1.0),
                std::clamp(upper_[static_cast<std::size_t>(place)], -1.0, 1.0)};
    }

private:
    std::size_t n_;
    double total_;
    std::vector<double> lower_, upper_;
    std::int64_t always_ = 0;  // patterns that flip nothing, or all
};

}  // namespace

Interval interval_of_none(std::int64_t prompts) {
    const double square = metrics::kZ95 * metrics::kZ95;
    const double most = square / (static_cast<double>(prompts) + square);
    return {-most, most};
}

FlipTest sign_flip_test(std::span<const double> differences) {
    std::vector<double> telling;
    std::copy_if(differences.begin(), differences.end(), std::back_inserter(telling),
                 [](double difference) { return difference != 0; });
    if (telling.empty()) return {1, interval_of_none(static_cast<std::int64_t>(differences.size()))};
    const double total = sum_of(differences);
    std::int64_t hits = 0;
    ShiftEnds ends(differences);
    const FlipCount count = for_each_flip(differences, [&](const Flip& flip) {
        hits += is_hit(flip, total) ? 1 : 0;
        ends.add(flip);
    });
    const bool is_few = telling.size() <= static_cast<std::size_t>(kExactFlips);
    return {is_few ? exact_p(telling) : share_of(hits, count), ends.interval(count)};
}

}  // namespace llmc::decide
