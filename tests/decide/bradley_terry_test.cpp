#include "decide/bradley_terry.h"

#include <cmath>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace llmc;
using decide::Outcome;
using decide::Ranking;

namespace {

double chance(double lead) {
    return 1 / (1 + std::exp(-lead));
}

}  // namespace

TEST_CASE("two players: the score is the logarithm of the odds") {
    // 30 of 40 won: odds 3; the intervals of the difference by the usual formula.
    const Ranking ranking = decide::bradley_terry(2, std::vector<Outcome>{{0, 1, 3000, 1000}});
    CHECK(ranking.scores[0].score - ranking.scores[1].score == doctest::Approx(std::log(3.0)).epsilon(0.001));
    CHECK(ranking.scores[0].score == doctest::Approx(-ranking.scores[1].score));
    const double spread = 1.96 * std::sqrt(1 / (4000 * 0.75 * 0.25));
    CHECK(ranking.scores[0].high - ranking.scores[0].low ==
          doctest::Approx(spread).epsilon(0.01));  // half of 2 x spread
    CHECK(ranking.order == std::vector<std::size_t>{0, 1});
    CHECK(ranking.first_two_apart);
    CHECK(ranking.votes_needed == 0);
}

TEST_CASE("scores of a published table of results are found") {
    // Agresti, Categorical Data Analysis: American League baseball 1987, wins of the row over the column. The published
    // estimates are relative to Baltimore.
    const std::vector<const char*> teams{"Milwaukee", "Detroit",   "Toronto",  "New York",
                                         "Boston",    "Cleveland", "Baltimore"};
    const std::vector<std::vector<int>> wins{{0, 7, 9, 7, 7, 9, 11}, {6, 0, 7, 5, 11, 9, 9}, {4, 6, 0, 7, 7, 8, 12},
                                             {6, 8, 6, 0, 6, 7, 10}, {6, 2, 6, 7, 0, 7, 12}, {4, 4, 5, 6, 6, 0, 6},
                                             {2, 4, 1, 3, 1, 7, 0}};
    const std::vector<double> published{1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0};
    std::vector<Outcome> outcomes;
    for (std::size_t i = 0; i < teams.size(); ++i)
        for (std::size_t k = i + 1; k < teams.size(); ++k)
            outcomes.push_back({i, k, static_cast<double>(wins[i][k]), static_cast<double>(wins[k][i])});
    const Ranking ranking = decide::bradley_terry(teams.size(), outcomes);
    for (std::size_t i = 0; i < teams.size(); ++i) {
        CAPTURE(teams[i]);
        CHECK(ranking.scores[i].score - ranking.scores[6].score ==
              doctest::Approx(published[i]).epsilon(0.05).scale(1));
    }
    CHECK(ranking.order.front() == 0);
    CHECK(ranking.order.back() == 6);
    CHECK_FALSE(ranking.first_two_apart);
}

TEST_CASE("ties are half a win for each, and the order of the votes does not matter") {
    const Ranking halves =
        decide::bradley_terry(3, std::vector<Outcome>{{0, 1, 0.5, 0.5}, {0, 1, 0.5, 0.5}, {1, 2, 1, 0}});
    const Ranking wins = decide::bradley_terry(3, std::vector<Outcome>{{2, 1, 0, 1}, {1, 0, 1, 1}});
    for (std::size_t i = 0; i < 3; ++i) CHECK(halves.scores[i].score == doctest::Approx(wins.scores[i].score));
}

TEST_CASE("who never lost, never met or never played has a score with an interval that says how little is known") {
    const Ranking ranking = decide::bradley_terry(5, std::vector<Outcome>{{0, 1, 3, 0}, {2, 3, 1, 0}});
    for (const decide::Score& score : ranking.scores) {
        CHECK(std::isfinite(score.score));
        CHECK((std::isfinite(score.low) && std::isfinite(score.high) && score.low < score.score));
    }
    CHECK(ranking.scores[0].score > ranking.scores[1].score);
    CHECK(ranking.scores[4].high - ranking.scores[4].low > 8);
    CHECK_FALSE(ranking.first_two_apart);
}

TEST_CASE("nobody, one alone and votes that make no sense do no harm") {
    CHECK(decide::bradley_terry(0, {}).scores.empty());
    CHECK(decide::bradley_terry(1, {}).scores[0].score == 0);
    CHECK(decide::bradley_terry(1, {}).order.size() == 1);
    const Ranking ranking = decide::bradley_terry(2, std::vector<Outcome>{{0, 0, 5, 5}, {0, 7, 5, 0}});
    CHECK(ranking.scores[0].score == doctest::Approx(0));
    CHECK(ranking.votes_needed == std::nullopt);
}

TEST_CASE("as many more votes as are said to be needed tell the first two apart, and fewer do not") {
    for (const auto& [first, second] : {std::pair{12.0, 8.0}, {7.0, 5.0}, {30.0, 25.0}, {3.0, 2.0}}) {
        CAPTURE(first);
        const Ranking now = decide::bradley_terry(2, std::vector<Outcome>{{0, 1, first, second}});
        REQUIRE_FALSE(now.first_two_apart);
        REQUIRE(now.votes_needed);
        const auto after = [&](double votes) {
            const double share = chance(now.scores[0].score - now.scores[1].score);
            return decide::bradley_terry(
                2, std::vector<Outcome>{{0, 1, first + votes * share, second + votes * (1 - share)}});
        };
        CHECK(after(1.03 * static_cast<double>(*now.votes_needed)).first_two_apart);
        CHECK_FALSE(after(0.9 * static_cast<double>(*now.votes_needed) - 1).first_two_apart);
    }
    CHECK(decide::bradley_terry(2, std::vector<Outcome>{{0, 1, 5, 5}}).votes_needed == std::nullopt);
    CHECK(decide::bradley_terry(2, std::vector<Outcome>{{0, 1, 100'001, 100'000}}).votes_needed == std::nullopt);
}

TEST_CASE("the true strengths lie in the 95 % intervals in 93 to 97 % of 1 000 simulated votings") {
    const std::vector<std::vector<double>> strengths{
        {0.6, -0.6}, {0.8, 0.2, -0.3, -0.7}, {1.0, 0.5, 0.1, -0.2, -0.6, -0.8}};
    constexpr int kVotes = 80;
    std::mt19937 random(20261123);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (const auto& truth : strengths) {
        int covered = 0, all = 0;
        for (int run = 0; run < 1000; ++run) {
            std::vector<Outcome> outcomes;
            for (std::size_t i = 0; i < truth.size(); ++i)
                for (std::size_t k = i + 1; k < truth.size(); ++k)
                    for (int vote = 0; vote < kVotes; ++vote) {
                        const bool first_wins = uniform(random) < chance(truth[i] - truth[k]);
                        outcomes.push_back({i, k, first_wins ? 1.0 : 0.0, first_wins ? 0.0 : 1.0});
                    }
            const Ranking ranking = decide::bradley_terry(truth.size(), outcomes);
            for (std::size_t i = 0; i < truth.size(); ++i) {
                covered += ranking.scores[i].low <= truth[i] && truth[i] <= ranking.scores[i].high;
                ++all;
            }
        }
        const double share = 100.0 * covered / all;
        fmt::print("Bradley-Terry, {} candidates, {} votes a pair: {:.1f} % of the intervals hold the truth\n",
                   truth.size(), kVotes, share);
        CHECK((share >= 93 && share <= 97));
    }
}
