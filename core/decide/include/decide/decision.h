// What the results of a suite can carry: who is better than whom, who cannot be told apart, and what would settle it
// (agents.md section 5). "Equal" anywhere in the program means: one group here.
//
// Thread contract: plain values and pure functions. Cost: with repeats some 0.01 s per pair of candidates.
// Decisions: prompts whose severity is `warning` decide nothing. A candidate without a judged run is in no pair and no
// group. A pair is compared on the prompts that both have a judged run of. Rates are means over the prompts of the share
// of runs that passed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "decide/baseline.h"
#include "decide/paired_test.h"
#include "decide/runs.h"

namespace llmc::decide {

struct PairDecision {
    enum class Better { cannot_tell, a, b };

    std::size_t a = 0, b = 0;  // in Decision::labels
    PairedTest test;           // its interval never excludes 0 where `better` is cannot_tell
    double p_adjusted = 1;     // by Holm over the pairs
    Better better = Better::cannot_tell;
    std::optional<std::int64_t> more_prompts;  // an estimate; nothing where it is decided, or no number would do
};

struct PromptDecision {
    std::string id;
    base::Json case_values;
    std::int64_t passed = 0, total = 0;  // over all candidates and repeats
    std::int64_t separates = 0;          // pairs of candidates
    bool decides = true;                 // its severity is critical
};

struct Decision {
    std::vector<std::string> labels;
    std::vector<std::optional<double>> rates;      // beside them; nothing without a judged run
    std::vector<std::int64_t> infrastructure;      // beside them: runs that are gaps
    std::vector<std::vector<std::size_t>> groups;  // best first, in each by rate
    std::vector<PairDecision> pairs;
    std::vector<std::vector<double>> pass_k, pass_at_k;  // beside the labels, from k = 1
    std::vector<PromptDecision> prompts;
    std::int64_t prompts_that_separate_nobody = 0;  // of those that decide and have a judged run
    bool is_saturated = false;                      // nobody failed a prompt that decides
    int looks = 0;
    std::optional<Baseline> baseline;
    std::string verdict;  // one sentence a person can act on; empty where nothing was judged

    std::int64_t deciding_prompts() const;                         // with a judged run
    const PairDecision* pair(std::size_t a, std::size_t b) const;  // in either order
};

Decision decision_of(const RunTable& table, int looks = 0);
// Nothing for a session without a suite's checks.
std::optional<Decision> decision_of(const session::Session& session);
std::optional<Decision> decision_of(const session::Session& session, const session::Session& baseline);

// pass^k for k = 1 … : the mean over prompts of C(passed, k) / C(n, k), of those with at least k runs; and pass@k, of
// 1 - C(n - passed, k) / C(n, k).
std::vector<double> pass_hat_k(const RunTable& table, std::size_t candidate);
std::vector<double> pass_at_k(const RunTable& table, std::size_t candidate);

// Every key of `suite.decision` in a report.
base::OrderedJson decision_json(const Decision& decision);

// As it stands on a terminal, line by line: the verdict, the groups, the pairs, the baseline.
std::vector<std::string> decision_lines(const Decision& decision);

}  // namespace llmc::decide
