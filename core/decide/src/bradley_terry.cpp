#include "decide/bradley_terry.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "metrics/wilson.h"

namespace llmc::decide {
namespace {

using Matrix = std::vector<std::vector<double>>;

constexpr double kPriorVotes = 0.5;  // of everybody against an average opponent, half of them won
constexpr int kMaxSteps = 10'000;
constexpr double kPrecision = 1e-12;

struct Games {
    Matrix met;                // how often i met j
    std::vector<double> wins;  // ties half
};

Games games_of(std::size_t players, std::span<const Outcome> outcomes) {
    Games games{Matrix(players, std::vector<double>(players)), std::vector<double>(players)};
    for (const Outcome& outcome : outcomes) {
        if (outcome.a == outcome.b || outcome.a >= players || outcome.b >= players) continue;
        games.met[outcome.a][outcome.b] += outcome.wins_a + outcome.wins_b;
        games.met[outcome.b][outcome.a] += outcome.wins_a + outcome.wins_b;
        games.wins[outcome.a] += outcome.wins_a;
        games.wins[outcome.b] += outcome.wins_b;
    }
    return games;
}

// Every step raises the likelihood: the strength becomes what won over what was to be expected per unit of strength.
std::vector<double> strengths_of(const Games& games) {
    const std::size_t players = games.wins.size();
    std::vector<double> strengths(players, 1.0);
    for (int step = 0; step < kMaxSteps; ++step) {
        double change = 0;
        for (std::size_t i = 0; i < players; ++i) {
            double expected = kPriorVotes / (strengths[i] + 1);
            for (std::size_t k = 0; k < players; ++k)
                if (games.met[i][k] > 0) expected += games.met[i][k] / (strengths[i] + strengths[k]);
            const double next = (games.wins[i] + kPriorVotes / 2) / expected;
            change = std::max(change, std::abs(next / strengths[i] - 1));
            strengths[i] = next;
        }
        if (change < kPrecision) break;
    }
    return strengths;
}

Matrix information_of(const Games& games, const std::vector<double>& strengths) {
    const std::size_t players = strengths.size();
    Matrix information(players, std::vector<double>(players));
    const auto variance = [](double a, double b) { return a / (a + b) * (b / (a + b)); };
    for (std::size_t i = 0; i < players; ++i) {
        information[i][i] += kPriorVotes * variance(strengths[i], 1);
        for (std::size_t k = 0; k < players; ++k) {
            if (games.met[i][k] <= 0) continue;
            const double weight = games.met[i][k] * variance(strengths[i], strengths[k]);
            information[i][i] += weight;
            information[i][k] -= weight;
        }
    }
    return information;
}

// Gauss-Jordan. The matrix is symmetric and positive definite (its diagonal outweighs its rows), so pivots are on the
// diagonal.
Matrix inverse(Matrix matrix) {
    const std::size_t size = matrix.size();
    Matrix result(size, std::vector<double>(size));
    for (std::size_t i = 0; i < size; ++i) result[i][i] = 1;
    for (std::size_t pivot = 0; pivot < size; ++pivot) {
        const double scale = 1 / matrix[pivot][pivot];
        for (std::size_t column = 0; column < size; ++column) {
            matrix[pivot][column] *= scale;
            result[pivot][column] *= scale;
        }
        for (std::size_t row = 0; row < size; ++row) {
            const double factor = matrix[row][pivot];
            if (row == pivot || factor == 0) continue;
            for (std::size_t column = 0; column < size; ++column) {
                matrix[row][column] -= factor * matrix[pivot][column];
                result[row][column] -= factor * result[pivot][column];
            }
        }
    }
    return result;
}

// The covariance of the scores once their mean has been taken off.
Matrix centred(const Matrix& covariance) {
    const std::size_t size = covariance.size();
    const auto count = static_cast<double>(size);
    std::vector<double> row_mean(size);
    double mean = 0;
    for (std::size_t i = 0; i < size; ++i) {
        row_mean[i] = std::accumulate(covariance[i].begin(), covariance[i].end(), 0.0) / count;
        mean += row_mean[i] / count;
    }
    Matrix result = covariance;
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t k = 0; k < size; ++k) result[i][k] += mean - row_mean[i] - row_mean[k];
    return result;
}

void compare_first_two(Ranking& ranking, const Matrix& covariance) {
    if (ranking.order.size() < 2) return;
    const std::size_t first = ranking.order[0], second = ranking.order[1];
    const double lead = ranking.scores[first].score - ranking.scores[second].score;
    const double variance = covariance[first][first] + covariance[second][second] - 2 * covariance[first][second];
    const double needed = metrics::kZ95 * metrics::kZ95;  // of lead squared over its variance
    ranking.first_two_apart = lead > 0 && lead * lead >= needed * variance;
    if (ranking.first_two_apart) {
        ranking.votes_needed = 0;
        return;
    }
    if (lead <= 0) return;
    // A vote between the two adds p (1 - p) to what is known of their difference.
    const double chance = 1 / (1 + std::exp(-lead));
    const double votes = std::ceil((needed / (lead * lead) - 1 / variance) / (chance * (1 - chance)));
    if (votes <= static_cast<double>(kMaxVotesNeeded))
        ranking.votes_needed = std::max<std::int64_t>(1, static_cast<std::int64_t>(votes));
}

}  // namespace

Ranking bradley_terry(std::size_t players, std::span<const Outcome> outcomes) {
    Ranking ranking;
    if (players == 0) return ranking;
    const Games games = games_of(players, outcomes);
    const std::vector<double> strengths = strengths_of(games);
    const Matrix covariance = centred(inverse(information_of(games, strengths)));
    double mean = 0;
    for (const double strength : strengths) mean += std::log(strength) / static_cast<double>(players);
    for (std::size_t i = 0; i < players; ++i) {
        const double score = std::log(strengths[i]) - mean;
        const double spread = metrics::kZ95 * std::sqrt(std::max(0.0, covariance[i][i]));
        ranking.scores.push_back({score, score - spread, score + spread});
    }
    ranking.order.resize(players);
    std::iota(ranking.order.begin(), ranking.order.end(), std::size_t{0});
    std::stable_sort(ranking.order.begin(), ranking.order.end(), [&](std::size_t one, std::size_t other) {
        return ranking.scores[one].score > ranking.scores[other].score;
    });
    compare_first_two(ranking, covariance);
    return ranking;
}

}  // namespace llmc::decide
