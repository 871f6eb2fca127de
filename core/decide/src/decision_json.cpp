#include <fmt/format.h>

#include "decide/decision.h"
#include "metrics/words.h"
#include "verdict.h"

namespace llmc::decide {
namespace {

using base::OrderedJson;

constexpr std::size_t kMostPairs = 15;  // on a terminal

std::string_view better_name(PairDecision::Better better) {
    switch (better) {
        case PairDecision::Better::a: return "a";
        case PairDecision::Better::b: return "b";
        case PairDecision::Better::cannot_tell: break;
    }
    return "cannot tell";
}

OrderedJson pair_json(const Decision& decision, const PairDecision& pair) {
    return {{"a", decision.labels[pair.a]},
            {"b", decision.labels[pair.b]},
            {"prompts", pair.test.prompts},
            {"a_better", pair.test.a_better},
            {"b_better", pair.test.b_better},
            {"p", pair.test.p},
            {"p_adjusted", pair.p_adjusted},
            {"difference", pair.test.difference},
            {"low", pair.test.interval.low},
            {"high", pair.test.interval.high},
            {"decision", better_name(pair.better)},
            {"more_prompts", pair.more_prompts ? OrderedJson(*pair.more_prompts) : OrderedJson()}};
}

std::string pair_text(const Decision& decision, const PairDecision& pair) {
    const std::string& a = decision.labels[pair.a];
    const std::string& b = decision.labels[pair.b];
    const std::string counts =
        fmt::format("{} better on {}, {} better on {} of {} prompts, p {}", a, pair.test.a_better, b,
                    pair.test.b_better, pair.test.prompts, p_text(pair.p_adjusted));
    if (pair.better != PairDecision::Better::cannot_tell)
        return fmt::format("  {} is better ({})", pair.better == PairDecision::Better::a ? a : b, counts);
    return fmt::format("  {} and {}: cannot tell ({}{})", a, b, counts,
                       pair.more_prompts ? fmt::format("; about {} more would do",
                                                       metrics::counted(static_cast<std::size_t>(*pair.more_prompts),
                                                                        "prompt", "prompts"))
                                         : std::string());
}

// All, or where they are many those of the best.
void add_pairs(const Decision& decision, std::vector<std::string>& lines) {
    if (decision.pairs.empty()) return;
    const bool shows_all = decision.pairs.size() <= kMostPairs;
    const std::size_t best = decision.groups.front().front();
    lines.emplace_back();
    lines.push_back(shows_all ? "Pairs:" : fmt::format("Pairs with {}:", decision.labels[best]));
    for (const PairDecision& pair : decision.pairs)
        if (shows_all || pair.a == best || pair.b == best) lines.push_back(pair_text(decision, pair));
}

}  // namespace

OrderedJson decision_json(const Decision& decision) {
    OrderedJson groups = OrderedJson::array(), pairs = OrderedJson::array(), prompts = OrderedJson::array();
    OrderedJson pass_k = OrderedJson::object(), pass_at = OrderedJson::object(), gaps = OrderedJson::object();
    for (const auto& group : decision.groups) {
        OrderedJson& list = groups.emplace_back(OrderedJson::array());
        for (const std::size_t place : group) list.push_back(decision.labels[place]);
    }
    for (const PairDecision& pair : decision.pairs) pairs.push_back(pair_json(decision, pair));
    for (const PromptDecision& prompt : decision.prompts)
        prompts.push_back({{"id", prompt.id},
                           {"case", OrderedJson(prompt.case_values)},
                           {"passed", prompt.passed},
                           {"total", prompt.total},
                           {"separates", prompt.separates}});
    for (std::size_t i = 0; i < decision.labels.size(); ++i) {
        pass_k[decision.labels[i]] = decision.pass_k[i];
        pass_at[decision.labels[i]] = decision.pass_at_k[i];
        gaps[decision.labels[i]] = decision.infrastructure[i];
    }
    return {{"verdict", decision.verdict},
            {"groups", std::move(groups)},
            {"pairs", std::move(pairs)},
            {"pass_k", std::move(pass_k)},
            {"pass_at_k", std::move(pass_at)},
            {"prompts", std::move(prompts)},
            {"prompts_that_separate_nobody", decision.prompts_that_separate_nobody},
            {"saturated", decision.is_saturated},
            {"infrastructure", std::move(gaps)},
            {"looks", decision.looks},
            {"baseline", decision.baseline ? baseline_json(*decision.baseline) : OrderedJson()}};
}

std::vector<std::string> decision_lines(const Decision& decision) {
    std::vector<std::string> lines{decision.verdict};
    if (!decision.groups.empty()) lines.insert(lines.end(), {"", "Groups, best first:"});
    for (std::size_t i = 0; i < decision.groups.size(); ++i) {
        std::vector<std::string> members;
        for (const std::size_t place : decision.groups[i])
            members.push_back(
                fmt::format("{} ({})", decision.labels[place], metrics::percent_text(*decision.rates[place])));
        lines.push_back(fmt::format("  {}. {}", i + 1, fmt::join(members, ", ")));
    }
    add_pairs(decision, lines);
    if (!decision.baseline) return lines;
    lines.emplace_back();
    const auto baseline = baseline_lines(*decision.baseline);
    lines.insert(lines.end(), baseline.begin(), baseline.end());
    return lines;
}

}  // namespace llmc::decide
