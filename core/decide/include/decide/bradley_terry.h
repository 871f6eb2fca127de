// Scores from pairwise votes: the Bradley-Terry model, in which i wins against j with the probability
// 1 / (1 + exp(score_j - score_i)).
//
// Thread contract: a pure function.
// Decisions: scores are natural logarithms of strengths, centred at 0. A tie is half a win for each. Everybody also has
// half a vote against an average opponent, a tie: without it one who never lost would have an infinite score, and
// groups that never met none at all; with some votes it does not matter. Intervals come from the information matrix
// (Wald, 95 %). Source: Hunter, "MM algorithms for generalized Bradley-Terry models", 2004.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace llmc::decide {

struct Outcome {
    std::size_t a = 0, b = 0;       // who met, below `players`
    double wins_a = 0, wins_b = 0;  // ties counted half
};

struct Score {
    double score = 0;
    double low = 0, high = 0;  // 95 %
    bool operator==(const Score&) const = default;
};

struct Ranking {
    std::vector<Score> scores;       // per player
    std::vector<std::size_t> order;  // best first; of equal scores the one listed first
    bool first_two_apart = false;    // the interval of their difference lies above 0
    // How many more votes between the first two would tell them apart if these go on as so far; 0 where they are,
    // nothing where they are even or it would take more than kMaxVotesNeeded.
    std::optional<std::int64_t> votes_needed;
};

inline constexpr std::int64_t kMaxVotesNeeded = 10'000;

// Outcomes with a = b or a player that is not there are left out.
Ranking bradley_terry(std::size_t players, std::span<const Outcome> outcomes);

}  // namespace llmc::decide
