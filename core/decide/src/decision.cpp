#include "decide/decision.h"

#include <algorithm>

#include "verdict.h"

namespace llmc::decide {
namespace {

// The share of passed runs of each prompt that decides; nothing where none was judged.
using Rates = std::vector<std::optional<double>>;

std::vector<Rates> rates_of(const RunTable& table) {
    std::vector<Rates> rates(table.labels.size());
    for (const PromptRow& prompt : table.prompts) {
        if (!prompt.decides()) continue;
        for (std::size_t i = 0; i < rates.size(); ++i) rates[i].push_back(prompt.cells[i].rate());
    }
    return rates;
}

std::optional<double> mean(const Rates& rates) {
    double sum = 0;
    int known = 0;
    for (const auto& rate : rates)
        if (rate) {
            sum += *rate;
            ++known;
        }
    return known > 0 ? std::optional(sum / known) : std::nullopt;
}

// On the prompts that both have a judged run of.
PairedTest compare(const Rates& a, const Rates& b, bool is_single) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] && b[i]) differences.push_back(*a[i] - *b[i]);
    return test_pair(differences, is_single);
}

void decide_pairs(const std::vector<Rates>& rates, bool is_single, Decision& decision) {
    std::vector<double> p;
    for (std::size_t a = 0; a < rates.size(); ++a)
        for (std::size_t b = a + 1; b < rates.size(); ++b) {
            if (!decision.rates[a] || !decision.rates[b]) continue;
            decision.pairs.push_back({.a = a, .b = b, .test = compare(rates[a], rates[b], is_single)});
            p.push_back(decision.pairs.back().test.p);
        }
    const std::vector<double> adjusted = holm(p);
    for (std::size_t i = 0; i < decision.pairs.size(); ++i) {
        PairDecision& pair = decision.pairs[i];
        PairedTest& test = pair.test;
        pair.p_adjusted = adjusted[i];
        if (pair.p_adjusted < kSignificant && test.difference != 0) {
            pair.better = test.difference > 0 ? PairDecision::Better::a : PairDecision::Better::b;
            continue;
        }
        test.interval = {std::min(test.interval.low, 0.0), std::max(test.interval.high, 0.0)};
        if (const auto needed = prompts_needed(test.differing, test.difference, decision.pairs.size()))
            pair.more_prompts = std::max<std::int64_t>(1, *needed - test.prompts);
    }
}

// The best by rate and all that cannot be told apart from it, then the best of the rest.
void make_groups(Decision& decision) {
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < decision.labels.size(); ++i)
        if (decision.rates[i]) left.push_back(i);
    std::stable_sort(left.begin(), left.end(),
                     [&](std::size_t a, std::size_t b) { return *decision.rates[a] > *decision.rates[b]; });
    while (!left.empty()) {
        const std::size_t best = left.front();
        const auto end = std::stable_partition(left.begin(), left.end(), [&](std::size_t other) {
            return other == best || decision.pair(best, other)->better == PairDecision::Better::cannot_tell;
        });
        decision.groups.emplace_back(left.begin(), end);
        left.erase(left.begin(), end);
    }
}

// The mean over prompts, by the share that a prompt with `passed` of `runs` has for k.
template <class Share>
std::vector<double> over_k(const RunTable& table, std::size_t candidate, const Share& share) {
    std::vector<double> by_k;
    const auto most = static_cast<std::int64_t>(table.repeats());
    for (std::int64_t k = 1; k <= most; ++k) {
        double sum = 0;
        int prompts = 0;
        for (const PromptRow& prompt : table.prompts) {
            const Cell& cell = prompt.cells[candidate];
            if (!prompt.decides() || cell.judged < k) continue;
            sum += share(cell.passed, cell.judged, k);
            ++prompts;
        }
        if (prompts == 0) break;
        by_k.push_back(sum / prompts);
    }
    return by_k;
}

// C(chosen, k) / C(all, k): the chance that k of `all` that are drawn are all among `chosen`.
double all_drawn(std::int64_t chosen, std::int64_t all, std::int64_t k) {
    double chance = 1;
    for (std::int64_t i = 0; i < k; ++i)
        chance *= static_cast<double>(std::max<std::int64_t>(chosen - i, 0)) / static_cast<double>(all - i);
    return chance;
}

void look_at_prompts(const RunTable& table, Decision& decision) {
    bool has_run = false, has_failure = false;
    for (const PromptRow& row : table.prompts) {
        PromptDecision prompt{row.id, row.case_values, row.passed(), row.judged(), row.separates(), row.decides()};
        if (prompt.decides) {
            decision.prompts_that_separate_nobody += prompt.total > 0 && prompt.separates == 0 ? 1 : 0;
            has_run |= prompt.total > 0;
            has_failure |= prompt.passed < prompt.total;
        }
        decision.prompts.push_back(std::move(prompt));
    }
    decision.is_saturated = has_run && !has_failure;
}

}  // namespace

std::int64_t Decision::deciding_prompts() const {
    return std::count_if(prompts.begin(), prompts.end(),
                         [](const PromptDecision& prompt) { return prompt.decides && prompt.total > 0; });
}

const PairDecision* Decision::pair(std::size_t a, std::size_t b) const {
    for (const PairDecision& pair : pairs)
        if ((pair.a == a && pair.b == b) || (pair.a == b && pair.b == a)) return &pair;
    return nullptr;
}

std::vector<double> pass_hat_k(const RunTable& table, std::size_t candidate) {
    return over_k(table, candidate, all_drawn);
}

std::vector<double> pass_at_k(const RunTable& table, std::size_t candidate) {
    return over_k(table, candidate, [](std::int64_t passed, std::int64_t runs, std::int64_t k) {
        return 1 - all_drawn(runs - passed, runs, k);
    });
}

Decision decision_of(const RunTable& table, int looks) {
    Decision decision{.labels = table.labels};
    decision.looks = looks;
    const std::vector<Rates> rates = rates_of(table);
    for (std::size_t i = 0; i < table.labels.size(); ++i) {
        decision.rates.push_back(mean(rates[i]));
        std::int64_t gaps = 0;
        for (const PromptRow& prompt : table.prompts) gaps += prompt.cells[i].infrastructure;
        decision.infrastructure.push_back(gaps);
        decision.pass_k.push_back(pass_hat_k(table, i));
        decision.pass_at_k.push_back(pass_at_k(table, i));
    }
    decide_pairs(rates, table.repeats() <= 1, decision);
    make_groups(decision);
    look_at_prompts(table, decision);
    decision.verdict = verdict_of(decision);
    return decision;
}

std::optional<Decision> decision_of(const session::Session& session) {
    if (!session.suite) return std::nullopt;
    const RunTable table = run_table(session);
    if (table.prompts.empty()) return std::nullopt;
    return decision_of(table, session.looks);
}

std::optional<Decision> decision_of(const session::Session& session, const session::Session& baseline) {
    std::optional<Decision> decision = decision_of(session);
    if (!decision) return decision;
    decision->baseline = compare_runs(run_table(session), run_table(baseline));
    decision->baseline->settings = setting_changes(session, baseline);
    return decision;
}

}  // namespace llmc::decide
