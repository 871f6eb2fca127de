// Whether one candidate is better than another on the same prompts, and by how much (agents.md section 5).
//
// Thread contract: pure functions; draws are seeded, so that the same numbers give the same result.
// Terms: a difference is, of one prompt, the share of a's runs that passed minus b's, -1 … 1. With one run each every
// difference is -1, 0 or 1.
// Sources: McNemar, 1947, in its exact form; Fisher's sign-flip permutation test of paired differences, with the
// (1 + hits) / (1 + draws) of Davison and Hinkley, 1997; T. Tango, "Equivalence test and confidence interval for the
// difference in proportions for the paired-sample design", 1998; S. Holm, 1979; the number of pairs: Connor, 1987.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "metrics/wilson.h"

namespace llmc::decide {

using metrics::Interval;

inline constexpr double kSignificant = 0.05;
inline constexpr int kExactFlips = 16;           // differences that are not zero: up to here all patterns are counted
inline constexpr std::int64_t kDraws = 100'000;  // of patterns, where there are more

// Two-sided p of `a_better` against `b_better` prompts on which the two differ, one run each; 1 where there are none.
double mcnemar_exact(std::int64_t a_better, std::int64_t b_better);

// The 95 % interval of the share of prompts by which a is ahead, one run each, of `prompts` in all (at least 1).
Interval tango_95(std::int64_t a_better, std::int64_t b_better, std::int64_t prompts);

// By flipping the signs of the differences: the two-sided p of their mean, 1 where all are zero (sums that are equal but
// for 1e-12 count as equal), and its 95 % interval, the shifts that the test does not refuse. Where no prompt differs
// that is the interval of 0 of n, to both sides. `differences` is not empty.
struct FlipTest {
    double p = 1;
    Interval interval{-1, 1};
    bool operator==(const FlipTest&) const = default;
};
FlipTest sign_flip_test(std::span<const double> differences);

std::string p_text(double p);  // "0.031", "< 0.001"

// p values corrected for their number, beside the given ones.
std::vector<double> holm(std::span<const double> p);

// How many prompts in all would tell the two apart with a power of 0.8, if they go on as these: `differing` is the mean
// of the squared differences, `difference` the mean. Significance: kSignificant / `pairs`, two-sided. Nothing for no
// difference, or where the number would be beyond use (10^9).
std::optional<std::int64_t> prompts_needed(double differing, double difference, std::size_t pairs);

struct PairedTest {
    std::int64_t prompts = 0, a_better = 0, b_better = 0;
    double p = 1;
    double difference = 0;     // the mean
    double differing = 0;      // the mean of the squares
    Interval interval{-1, 1};  // of the difference, 95 %; for no prompts all there is
    bool operator==(const PairedTest&) const = default;
};

// Everything about one pair. `is_single`: one run each, which takes the tests for single runs.
PairedTest test_pair(std::span<const double> differences, bool is_single);

}  // namespace llmc::decide
