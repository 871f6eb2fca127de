// How often suites are decided wrongly, and how often rightly, counted over seeded suites. LLMC_SUITES=10000 counts as
// many as the promise is made for; here a few, held against what chance allows.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "decide/decision.h"

using namespace llmc;
using namespace llmc::decide;

namespace {

int suites() {
    const char* text = std::getenv("LLMC_SUITES");
    return text ? std::max(1, std::atoi(text)) : 200;
}

struct Plan {
    int candidates = 2, prompts = 15, repeats = 1;
    double ahead = 0;  // how much likelier the first candidate passes each prompt
};

double uniform(std::mt19937_64& random) {
    return static_cast<double>(random() >> 11) * 0x1p-53;
}

// Prompts differ in difficulty; those that everybody passes or fails are among them.
RunTable made_table(const Plan& plan, std::mt19937_64& random) {
    RunTable table;
    for (int i = 0; i < plan.candidates; ++i) table.labels.push_back(fmt::format("c{}", i + 1));
    for (int at = 0; at < plan.prompts; ++at) {
        PromptRow prompt;
        prompt.id = fmt::format("p{}", at + 1);
        const double ease = plan.ahead + (1 - plan.ahead) * uniform(random);
        for (int i = 0; i < plan.candidates; ++i) {
            const double rate = i == 0 ? ease : ease - plan.ahead;
            Cell& cell = prompt.cells.emplace_back();
            for (int run = 0; run < plan.repeats; ++run)
                cell.add({nullptr, nullptr, uniform(random) < rate ? RunOutcome::passed : RunOutcome::failed});
        }
        table.prompts.push_back(std::move(prompt));
    }
    return table;
}

// The share of suites in which any pair is decided.
double decided_share(const Plan& plan) {
    std::mt19937_64 random(7);
    const auto is_decided = [](const PairDecision& pair) { return pair.better != PairDecision::Better::cannot_tell; };
    int decided = 0;
    for (int i = 0; i < suites(); ++i) {
        const Decision decision = decision_of(made_table(plan, random));
        decided += std::ranges::any_of(decision.pairs, is_decided) ? 1 : 0;
    }
    return static_cast<double>(decided) / suites();
}

// 5 % and what chance adds to it in so many suites (three standard errors).
double allowed() {
    return std::max(0.055, 0.05 + 3 * std::sqrt(0.05 * 0.95 / suites()));
}

}  // namespace

TEST_CASE("simulated: at no true difference a pair is decided in 5 % of the suites at most") {
    for (const int repeats : {1, 5})
        for (const int prompts : {10, 15, 30}) {
            if (repeats * prompts == 150 && suites() < 1000) continue;  // draws; a second for every hundred suites
            const double share = decided_share({.candidates = 2, .prompts = prompts, .repeats = repeats});
            MESSAGE(fmt::format("{} prompts, {} run(s): {:.2f} % decided", prompts, repeats, 100 * share));
            CHECK(share <= allowed());
        }
}

TEST_CASE("simulated: five candidates that are equal, any pair decided in 5 % of the suites at most") {
    for (const int repeats : {1, 5})
        for (const int prompts : {10, 15, 30}) {
            if (repeats * prompts > 50 && suites() < 1000) continue;  // draws, as above
            const double share = decided_share({.candidates = 5, .prompts = prompts, .repeats = repeats});
            MESSAGE(fmt::format("5 candidates, {} prompts, {} run(s): {:.2f} % with a pair decided", prompts, repeats,
                                100 * share));
            CHECK(share <= allowed());
        }
}

TEST_CASE("simulated: a true difference of 0.3 is found more often with more prompts and with repeats") {
    double before = 0;
    for (const auto& [prompts, repeats] : {std::pair{15, 1}, std::pair{30, 1}, std::pair{15, 5}}) {
        const double share = decided_share({.candidates = 2, .prompts = prompts, .repeats = repeats, .ahead = 0.3});
        MESSAGE(fmt::format("difference 0.3, {} prompts, {} run(s): {:.1f} % decided", prompts, repeats, 100 * share));
        CHECK(share > before);
        before = share;
    }
    CHECK(before > 0.8);
}

TEST_CASE("simulated: the estimated number of prompts is the true one in its middle") {
    // With single runs and a difference of 0.3 the true number is the one that the true shares give.
    const Plan plan{.candidates = 2, .prompts = 30, .repeats = 1, .ahead = 0.3};
    // ease is uniform on 0.3 … 1, the other's rate on 0 … 0.7: E p(1-q) + q(1-p) with q = p - 0.3.
    const double mean = 0.65, square = (1 - 0.027) / 3 / 0.7;  // of ease
    const double a_better = mean - square + 0.3 * mean, b_better = (mean - 0.3) - square + 0.3 * mean;
    const auto truly = static_cast<double>(*prompts_needed(a_better + b_better, 0.3, 1));
    std::mt19937_64 random(11);
    std::vector<double> ratios;
    for (int i = 0; i < suites(); ++i) {
        const Decision decision = decision_of(made_table(plan, random));
        const PairedTest& test = decision.pairs[0].test;
        if (const auto needed = prompts_needed(test.differing, test.difference, 1); needed && test.difference > 0)
            ratios.push_back(static_cast<double>(*needed) / truly);
    }
    std::nth_element(ratios.begin(), ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2), ratios.end());
    const double median = ratios[ratios.size() / 2];
    MESSAGE(fmt::format("estimated by true number of prompts ({:.0f}): median {:.2f}", truly, median));
    CHECK(median > 0.6);
    CHECK(median < 1.6);
}
