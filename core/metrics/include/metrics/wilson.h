// How sure a share is: the Wilson score interval of "k of n passed".
//
// Thread contract: plain functions.
// Invariants: 0 <= low <= k/n <= high <= 1; low is 0 exactly for k = 0, high is 1 exactly for k = n. Unlike the usual
// "p plus or minus 1.96 s" it does not shrink to a point where all or none passed, and it holds for a handful of cases.
// Source: E. B. Wilson, 1927; R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998,
// method 3.
#pragma once

#include <cstdint>

namespace llmc::metrics {

struct Interval {
    double low = 0;
    double high = 1;
    bool operator==(const Interval&) const = default;
};

// The normal distribution's two-sided 95 % point.
inline constexpr double kZ95 = 1.959963984540054;

// The 95 % interval of passed / total. Nothing is known of nothing: 0 to 1 for total = 0.
Interval wilson_95(std::int64_t passed, std::int64_t total);

}  // namespace llmc::metrics
