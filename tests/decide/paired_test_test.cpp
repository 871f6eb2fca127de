// Constants: SciPy 1.17.1 (binomtest, permutation_test with all sign patterns), statsmodels 0.15.0 (multipletests), and
// for intervals a direct search: the likelihood maximised numerically under each difference, p tried shift by shift.
#include "decide/paired_test.h"

#include <vector>

#include <doctest/doctest.h>

using namespace llmc::decide;
using doctest::Approx;

namespace {

using Differences = std::vector<double>;

}  // namespace

TEST_CASE("McNemar's exact p is the binomial test of the prompts that differ") {
    CHECK(mcnemar_exact(0, 0) == 1);
    CHECK(mcnemar_exact(1, 1) == 1);
    CHECK(mcnemar_exact(6, 0) == Approx(0.03125).epsilon(1e-12));
    CHECK(mcnemar_exact(0, 5) == Approx(0.0625).epsilon(1e-12));
    CHECK(mcnemar_exact(9, 2) == Approx(0.0654296875).epsilon(1e-12));
    CHECK(mcnemar_exact(12, 5) == Approx(0.143463134765625).epsilon(1e-12));
    CHECK(mcnemar_exact(3, 8) == Approx(0.2265625).epsilon(1e-12));
    CHECK(mcnemar_exact(150, 110) == Approx(0.01541558283317145).epsilon(1e-10));
    CHECK(mcnemar_exact(1200, 1100) == Approx(0.03896685268382023).epsilon(1e-10));
}

TEST_CASE("the sign-flip test counts all patterns where they are few") {
    CHECK(sign_flip_test(Differences{0, 0}).p == 1);
    CHECK(sign_flip_test(Differences{1.0 / 3, 2.0 / 3, 0, 1, 1.0 / 3, -1.0 / 3, 0, 2.0 / 3}).p == Approx(0.125));
    CHECK(sign_flip_test(Differences{0.2, 0.4, 0.6, 0.8, 1, -0.2}).p == Approx(0.09375));
    CHECK(sign_flip_test(Differences{0.2, 0.2, 0.2, 0.2, 0.2, -0.2, -0.2, 0.6, 0.6, 0.6}).p == Approx(0.056640625));
}

TEST_CASE("of single runs the sign-flip test is McNemar's, drawn or counted") {
    for (const auto& [wins, losses] : std::vector<std::pair<int, int>>{{6, 0}, {9, 2}, {3, 8}, {20, 8}, {30, 20}}) {
        Differences differences(static_cast<std::size_t>(wins), 1.0);
        differences.resize(static_cast<std::size_t>(wins + losses), -1.0);
        differences.resize(differences.size() + 20, 0.0);
        CHECK(sign_flip_test(differences).p == Approx(mcnemar_exact(wins, losses)).epsilon(0.03));
    }
}

TEST_CASE("drawn patterns never give a p of 0, and the same numbers give the same p") {
    const Differences differences(200, 0.2);
    CHECK(sign_flip_test(differences).p == Approx(1.0 / (kDraws + 1)));
    Differences mixed;
    for (int i = 0; i < 70; ++i) mixed.push_back(i % 3 == 0 ? -0.4 : 0.2 * (i % 2));
    CHECK(sign_flip_test(mixed).p == sign_flip_test(mixed).p);
    CHECK(sign_flip_test(mixed).p > 0.01);
}

TEST_CASE("Tango's interval of the difference of paired shares") {
    const auto check = [](std::int64_t a, std::int64_t b, std::int64_t n, double low, double high) {
        const Interval interval = tango_95(a, b, n);
        CHECK(interval.low == Approx(low).epsilon(1e-5));
        CHECK(interval.high == Approx(high).epsilon(1e-5));
    };
    // Fagerland, Lydersen and Laake, "Recommended tests and confidence intervals for paired binomial proportions", 2014,
    // on the airway data of Bentur and others: -0.517 to -0.026.
    check(1, 7, 21, -0.5172322773, -0.0260030316);
    check(6, 0, 15, 0.1145633752, 0.6425316988);
    check(9, 2, 30, 0.0189052804, 0.4342796083);
    check(3, 3, 10, -0.4442178067, 0.4442178067);
    check(2, 11, 15, -0.8397739932, -0.1370295447);
    check(15, 0, 15, 0.5922333979, 1);
}

TEST_CASE("where no prompt differs the interval is that of 0 of n, to both sides") {
    const double most = llmc::metrics::wilson_95(0, 15).high;
    CHECK(tango_95(0, 0, 15).high == Approx(most));
    CHECK(tango_95(0, 0, 15).low == Approx(-most));
    CHECK(sign_flip_test(Differences(15, 0.0)).interval.high == Approx(most));
    CHECK(sign_flip_test(Differences(15, 0.0)).interval.low == Approx(-most));
}

TEST_CASE("the interval with repeats holds the shifts that the test does not refuse") {
    const Interval of_eight =
        sign_flip_test(Differences{1.0 / 3, 2.0 / 3, 0, 1, 1.0 / 3, -1.0 / 3, 0, 2.0 / 3}).interval;
    CHECK(of_eight.low == Approx(0).epsilon(1e-9));
    CHECK(of_eight.high == Approx(2.0 / 3));
    const Interval of_ten = sign_flip_test(Differences{0.2, 0.4, 0.6, 0.8, 1, -0.2, 0, 0, 0.4, 0.2}).interval;
    CHECK(of_ten.low == Approx(0.0666666667));
    CHECK(of_ten.high == Approx(0.6));
    // Too few prompts refuse nothing.
    CHECK(sign_flip_test(Differences{1, 1, 1, 1, 0.8}).interval == Interval{-1, 1});
}

TEST_CASE("drawn intervals agree with the test") {
    Differences differences;
    for (int i = 0; i < 60; ++i) differences.push_back(0.2 * (i % 5) - 0.2);
    const Interval interval = sign_flip_test(differences).interval;
    const auto shifted = [&](double shift) {
        Differences moved = differences;
        for (double& one : moved) one -= shift;
        return sign_flip_test(moved).p;
    };
    CHECK(shifted(interval.low) == Approx(kSignificant).epsilon(0.05));
    CHECK(shifted(interval.high) == Approx(kSignificant).epsilon(0.05));
}

TEST_CASE("Holm's correction") {
    const auto adjusted = holm(std::vector<double>{0.01, 0.04, 0.03, 0.005, 0.5});
    const std::vector<double> expected{0.04, 0.09, 0.09, 0.025, 0.5};
    REQUIRE(adjusted.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(adjusted[i] == Approx(expected[i]));
    CHECK(holm(std::vector<double>{}).empty());
    CHECK(holm(std::vector<double>{0.7, 0.8}) == std::vector<double>{1, 1});
}

TEST_CASE("the number of prompts that would tell a pair apart") {
    CHECK(prompts_needed(0.4, 0.2, 1) == 77);      // 76.003
    CHECK(prompts_needed(0.5, 0.3, 6) == 65);      // 64.181
    CHECK(prompts_needed(0.2, -0.1, 210) == 404);  // 403.825
    CHECK(prompts_needed(1.0 / 15, 1.0 / 15, 1) == 116);
    CHECK_FALSE(prompts_needed(0.4, 0, 1));
    CHECK_FALSE(prompts_needed(1, 1e-9, 1));
}

TEST_CASE("a pair without a common prompt tells nothing") {
    const PairedTest test = test_pair(Differences{}, true);
    CHECK(test.p == 1);
    CHECK(test.interval == Interval{-1, 1});
}
