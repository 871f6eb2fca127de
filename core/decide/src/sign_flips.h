// The ways in which the signs of differences may be flipped: all of them, or seeded draws where they are too many.
//
// Thread contract: plain functions.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "decide/paired_test.h"

namespace llmc::decide {

inline constexpr double kTieTolerance = 1e-12;  // shares as thirds leave a rest where they cancel out

// One way: the sum of the differences that are flipped, and how many they are.
struct Flip {
    double sum = 0;
    std::size_t flipped = 0;
};

struct FlipCount {
    std::int64_t patterns = 0;
    std::int64_t always = 0;  // beside them: with draws what was observed itself, which no draw need hit
};

// Sums of chosen differences, eight at a time by a table: the draws of 12 candidates and 200 prompts would otherwise
// take seconds.
class ChosenSums {
public:
    explicit ChosenSums(std::span<const double> differences) : tables_((differences.size() + 7) / 8) {
        for (std::size_t block = 0; block < tables_.size(); ++block)
            for (unsigned chosen = 1; chosen < 256; ++chosen) {
                const auto first = static_cast<std::size_t>(std::countr_zero(chosen));
                const std::size_t at = 8 * block + first;
                tables_[block][chosen] =
                    tables_[block][chosen & (chosen - 1)] + (at < differences.size() ? differences[at] : 0);
            }
    }

    // `chosen`: a bit for each difference, none beyond them.
    Flip sum(std::span<const std::uint64_t> chosen) const {
        Flip flip;
        for (const std::uint64_t word : chosen) flip.flipped += static_cast<std::size_t>(std::popcount(word));
        for (std::size_t block = 0; block < tables_.size(); ++block)
            flip.sum += tables_[block][(chosen[block / 8] >> (8 * (block % 8))) & 0xFFU];
        return flip;
    }

private:
    std::vector<std::array<double, 256>> tables_;
};

// The interval of 0 of n, to both sides.
Interval interval_of_none(std::int64_t prompts);

// Calls visit(Flip) for each. `differences` is not empty.
template <class Visit>
FlipCount for_each_flip(std::span<const double> differences, const Visit& visit) {
    const ChosenSums sums(differences);
    const std::size_t n = differences.size();
    if (n <= static_cast<std::size_t>(kExactFlips)) {
        const std::uint64_t patterns = std::uint64_t{1} << n;
        for (std::uint64_t chosen = 0; chosen < patterns; ++chosen) visit(sums.sum({&chosen, 1}));
        return {static_cast<std::int64_t>(patterns), 0};
    }
    std::mt19937_64 random(20'211);  // any seed, always the same
    std::vector<std::uint64_t> chosen((n + 63) / 64);
    for (std::int64_t i = 0; i < kDraws; ++i) {
        for (std::uint64_t& word : chosen) word = random();
        if (n % 64 != 0) chosen.back() &= (std::uint64_t{1} << (n % 64)) - 1;
        visit(sums.sum(chosen));
    }
    return {kDraws, 1};
}

}  // namespace llmc::decide
