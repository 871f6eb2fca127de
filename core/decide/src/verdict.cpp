#include "verdict.h"

#include <algorithm>

#include <fmt/format.h>

#include "metrics/words.h"

namespace llmc::decide {
namespace {

using metrics::counted;

constexpr std::size_t kNamesInALine = 4;
constexpr std::size_t kWorseInALine = 2;  // candidates of whom the verdict says by how much they are worse

std::string prompts_text(std::int64_t prompts) {
    return counted(static_cast<std::size_t>(prompts), "prompt", "prompts");
}

std::vector<std::string> names_of(const Decision& decision, const std::vector<std::size_t>& places) {
    std::vector<std::string> names;
    for (const std::size_t place : places) names.push_back(decision.labels[place]);
    return names;
}

// What would tell the best of a group and another one apart, the soonest.
std::string would_settle(const Decision& decision, const std::vector<std::size_t>& group) {
    const PairDecision* soonest = nullptr;
    for (std::size_t i = 1; i < group.size(); ++i) {
        const PairDecision* pair = decision.pair(group[0], group[i]);
        if (pair->more_prompts && (!soonest || *pair->more_prompts < *soonest->more_prompts)) soonest = pair;
    }
    if (!soonest) return "they are even, and more prompts like these would not change that";
    const std::string more = metrics::count_text(*soonest->more_prompts);
    if (group.size() == 2) return fmt::format("about {} more would", more);
    return fmt::format("about {} more would tell {} and {} apart", more, decision.labels[soonest->a],
                       decision.labels[soonest->b]);
}

std::string equals_words(const Decision& decision, const std::vector<std::size_t>& group) {
    return fmt::format("{} cannot be told apart by {} {} ({})", short_list(names_of(decision, group)),
                       decision.deciding_prompts() == 1 ? "this" : "these", prompts_text(decision.deciding_prompts()),
                       would_settle(decision, group));
}

// "Mistral is worse than Qwen: 6 of 6 differing prompts, p 0.03". Where runs are missing the pair may say the opposite of
// the rates.
std::string worse_words(const Decision& decision, std::size_t best, std::size_t other) {
    const PairDecision& pair = *decision.pair(best, other);
    const bool is_a = pair.better == PairDecision::Better::a;
    const std::size_t better = is_a ? pair.a : pair.b, worse = is_a ? pair.b : pair.a;
    return fmt::format("{} is worse than {}: {} of {} differing prompts, p {}", decision.labels[worse],
                       decision.labels[better], is_a ? pair.test.a_better : pair.test.b_better,
                       pair.test.a_better + pair.test.b_better, p_text(pair.p_adjusted));
}

std::string rest_words(const Decision& decision) {
    const std::size_t best = decision.groups.front().front();
    std::vector<std::size_t> worse;
    for (std::size_t i = 1; i < decision.groups.size(); ++i)
        worse.insert(worse.end(), decision.groups[i].begin(), decision.groups[i].end());
    if (worse.size() <= kWorseInALine) {
        std::string text;
        for (const std::size_t one : worse) text += (text.empty() ? "" : "; ") + worse_words(decision, best, one);
        return text;
    }
    double largest = 0;
    for (const std::size_t one : worse) largest = std::max(largest, decision.pair(best, one)->p_adjusted);
    return fmt::format("{} are worse than {}, p at most {}", short_list(names_of(decision, worse)),
                       decision.labels[best], p_text(largest));
}

std::string only_words(const Decision& decision, std::size_t only) {
    return fmt::format("{} passes {} of the runs, and there is nobody to compare it with", decision.labels[only],
                       metrics::percent_text(*decision.rates[only]));
}

std::string prompts_words(const Decision& decision) {
    if (decision.is_saturated) return "nobody fails this suite, so it separates nobody";
    if (decision.prompts_that_separate_nobody == 0) return {};
    return fmt::format("{} of {} prompts {} nobody", decision.prompts_that_separate_nobody, decision.deciding_prompts(),
                       decision.prompts_that_separate_nobody == 1 ? "separates" : "separate");
}

std::string gaps_words(const Decision& decision) {
    std::vector<std::string> names;
    std::int64_t gaps = 0;
    for (std::size_t i = 0; i < decision.labels.size(); ++i)
        if (decision.infrastructure[i] > 0) {
            names.push_back(decision.labels[i]);
            gaps += decision.infrastructure[i];
        }
    if (gaps == 0) return {};
    return fmt::format("{} of {} failed by a server and {} left out",
                       counted(static_cast<std::size_t>(gaps), "run", "runs"), short_list(names),
                       gaps == 1 ? "is" : "are");
}

std::string looks_words(const Decision& decision) {
    if (decision.looks == 0 || decision.pairs.empty()) return {};
    return fmt::format("the results were looked at {} before the end, so that p is too small where one stopped for it",
                       decision.looks == 1 ? "once" : fmt::format("{} times", decision.looks));
}

}  // namespace

std::string short_list(const std::vector<std::string>& names) {
    if (names.empty()) return {};
    const std::size_t shown = names.size() <= kNamesInALine + 1 ? names.size() - 1 : kNamesInALine;
    const std::string last = shown + 1 == names.size() ? names.back() : fmt::format("{} others", names.size() - shown);
    if (shown == 0) return last;
    return fmt::format("{} and {}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                       last);
}

std::string verdict_of(const Decision& decision) {
    std::vector<std::string> parts;
    const auto add = [&](std::string text) {
        if (!text.empty()) parts.push_back(std::move(text));
    };
    if (decision.groups.empty()) {
        if (!decision.prompts.empty()) add("No run could be judged yet");
    } else if (decision.pairs.empty()) {
        add(only_words(decision, decision.groups.front().front()));
    } else {
        if (decision.groups.front().size() > 1) add(equals_words(decision, decision.groups.front()));
        add(rest_words(decision));
        add(prompts_words(decision));
    }
    add(gaps_words(decision));
    add(looks_words(decision));
    if (parts.empty()) return {};
    return fmt::format("{}.", fmt::join(parts, "; "));
}

}  // namespace llmc::decide
