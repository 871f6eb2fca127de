#include "session/suite_results.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/utf8.h"

namespace llmc::session {
namespace {

// The answers of one candidate to one prompt in one case, over the repeats.
using Repeats = std::vector<const Answer*>;

bool same_calls(const Answer& a, const Answer& b) {
    return std::equal(a.tool_calls.begin(), a.tool_calls.end(), b.tool_calls.begin(), b.tool_calls.end(),
                      [](const openai::ToolCall& one, const openai::ToolCall& other) {
                          return one.name == other.name && one.arguments == other.arguments;
                      });
}

bool same_answer(const Answer& a, const Answer& b) {
    return a.text() == b.text() && same_calls(a, b);
}

// The share of the answers that equal the commonest one.
double agreement_of(const Repeats& repeats) {
    std::vector<std::pair<const Answer*, int>> kinds;
    int commonest = 0;
    for (const Answer* answer : repeats) {
        auto kind = std::find_if(kinds.begin(), kinds.end(),
                                 [&](const auto& known) { return same_answer(*known.first, *answer); });
        if (kind == kinds.end()) kind = kinds.insert(kinds.end(), {answer, 0});
        commonest = std::max(commonest, ++kind->second);
    }
    return static_cast<double>(commonest) / static_cast<double>(repeats.size());
}

// Where any two of them part first. It is enough to compare all with the first one: of two that part before it parts
// from either, one parts from it there.
std::optional<std::int64_t> first_parting(const Repeats& repeats) {
    std::optional<std::int64_t> earliest;
    for (const Answer* answer : repeats) {
        auto place = first_difference(repeats.front()->text(), answer->text());
        if (!place && !same_calls(*repeats.front(), *answer))
            place = static_cast<std::int64_t>(base::count_code_points(answer->text()));
        if (place && (!earliest || *place < *earliest)) earliest = place;
    }
    return earliest;
}

class SteadinessSum {
public:
    void add(const Repeats& repeats) {
        if (repeats.empty()) return;
        agreements_ += agreement_of(repeats);
        ++groups_;
        const auto place = first_parting(repeats);
        if (place && (!earliest_ || *place < *earliest_)) earliest_ = place;
    }
    Steadiness get() const { return {groups_ == 0 ? std::nullopt : std::optional(agreements_ / groups_), earliest_}; }

private:
    double agreements_ = 0;
    int groups_ = 0;
    std::optional<std::int64_t> earliest_;
};

void count(const Answer& answer, PromptTally& prompt) {
    if (answer.checks.empty()) return;
    bool all_passed = true;
    for (std::size_t i = 0; i < answer.checks.size(); ++i) {
        const CheckResult& check = answer.checks[i];
        if (i == prompt.by_check.size()) prompt.by_check.push_back({check.type, {}});
        prompt.by_check[i].tally.add(check.passed);
        prompt.checks.add(check.passed);
        all_passed &= check.passed;
    }
    prompt.answers.add(all_passed);
}

struct PromptRounds {
    std::vector<const Round*> rounds;
};

CandidateResults results_of(const CandidateId& candidate, const std::vector<PromptRounds>& prompts) {
    CandidateResults results{.candidate = candidate};
    SteadinessSum over_all;
    for (const PromptRounds& prompt : prompts) {
        PromptTally tally;
        std::map<std::string, Repeats> cases;
        for (const Round* round : prompt.rounds) {
            const Answer* answer = round->counted(candidate);
            if (!answer) continue;
            count(*answer, tally);
            if (!round->category.empty())
                for (const CheckResult& check : answer->checks) results.categories[round->category].add(check.passed);
            if (answer->state == AnswerState::complete) cases[base::dump_json(round->case_values)].push_back(answer);
        }
        SteadinessSum over_cases;
        for (const auto& [values, repeats] : cases) {
            over_cases.add(repeats);
            over_all.add(repeats);
        }
        tally.steadiness = over_cases.get();
        results.checks += tally.checks;
        results.answers += tally.answers;
        results.prompts.push_back(std::move(tally));
    }
    results.steadiness = over_all.get();
    return results;
}

bool is_of_suite(const Round& round) {
    return !round.prompt_id.empty() || std::any_of(round.answers.begin(), round.answers.end(),
                                                   [](const Answer& answer) { return !answer.checks.empty(); });
}

}  // namespace

std::optional<double> Tally::rate() const {
    return total > 0 ? std::optional(static_cast<double>(passed) / static_cast<double>(total)) : std::nullopt;
}

std::optional<metrics::Interval> Tally::interval() const {
    return total > 0 ? std::optional(metrics::wilson_95(passed, total)) : std::nullopt;
}

void Tally::add(bool has_passed) {
    passed += has_passed ? 1 : 0;
    ++total;
}

Tally& Tally::operator+=(const Tally& other) {
    passed += other.passed;
    total += other.total;
    return *this;
}

const CandidateResults* SuiteResults::find(const CandidateId& candidate) const {
    for (const CandidateResults& results : candidates)
        if (results.candidate == candidate) return &results;
    return nullptr;
}

SuiteResults suite_results(const Session& session) {
    SuiteResults results;
    std::vector<PromptRounds> prompts;
    std::unordered_map<std::string, std::size_t> index;
    for (const auto& round : session.rounds) {
        if (!is_of_suite(*round)) continue;
        const std::string& id = round->prompt_id.empty() ? round->prompt : round->prompt_id;
        const auto [entry, is_new] = index.try_emplace(id, prompts.size());
        if (is_new) {
            prompts.emplace_back();
            results.prompt_ids.push_back(id);
        }
        prompts[entry->second].rounds.push_back(round.get());
    }
    for (const Candidate& candidate : session.candidates) {
        results.candidates.push_back(results_of(candidate.id, prompts));
        results.checks += results.candidates.back().checks;
    }
    return results;
}

std::optional<std::int64_t> first_difference(std::string_view a, std::string_view b) {
    const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (in_a == a.end() && in_b == b.end()) return std::nullopt;
    // The difference may lie within a code point, whose first bytes are alike. What is alike is counted to its start.
    auto same = static_cast<std::size_t>(in_a - a.begin());
    const auto continues = [same](std::string_view text) {
        return same < text.size() && (static_cast<unsigned char>(text[same]) & 0xC0U) == 0x80U;
    };
    if (same > 0 && (continues(a) || continues(b))) {
        --same;
        while (same > 0 && (static_cast<unsigned char>(a[same]) & 0xC0U) == 0x80U) --same;
    }
    return static_cast<std::int64_t>(base::count_code_points(a.substr(0, same)));
}

}  // namespace llmc::session
