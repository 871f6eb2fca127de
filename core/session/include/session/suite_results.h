// What came out of a suite: checks passed, how sure that is, and how steady the answers were over the repeats.
//
// Thread contract: plain values and a pure function.
// Decisions: every check of the attempt that counts (Round::counted) counts, also of one that is not complete (its checks
// have failed). Steadiness compares complete answers only: a text that was cut off or stopped says
// nothing about the model. Two answers are equal when their texts and their tool calls (names and arguments) are; where
// only the calls differ, they part at the end of the text. Rounds are the same prompt when `prompt_id` and case are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/wilson.h"
#include "session/session.h"

namespace llmc::session {

struct Tally {
    std::int64_t passed = 0;
    std::int64_t total = 0;

    std::optional<double> rate() const;                 // 0…1; nothing for no total
    std::optional<metrics::Interval> interval() const;  // 95 %, Wilson
    void add(bool has_passed);
    Tally& operator+=(const Tally& other);
    bool operator==(const Tally&) const = default;
};

// Over the repeats of each prompt and case.
struct Steadiness {
    std::optional<double> agreement;  // the share equal to the commonest answer, averaged; nothing without an answer
    std::optional<std::int64_t> first_divergence_char;  // code points from 0; nothing where repeats never part
    bool operator==(const Steadiness&) const = default;
};

// One check of one prompt, over its cases and repeats.
struct CheckTally {
    std::string type;
    Tally tally;
    bool operator==(const CheckTally&) const = default;
};

// What one candidate made of one prompt.
struct PromptTally {
    Tally checks;
    Tally answers;                     // an answer passes when all its checks do
    std::vector<CheckTally> by_check;  // in the suite's order
    Steadiness steadiness;
    bool operator==(const PromptTally&) const = default;
};

struct CandidateResults {
    CandidateId candidate;
    Tally checks;
    Tally answers;
    Steadiness steadiness;
    std::vector<PromptTally> prompts;         // beside SuiteResults::prompt_ids
    std::map<std::string, Tally> categories;  // checks, by the prompts' category; prompts without one are left out
};

struct SuiteResults {
    std::vector<std::string> prompt_ids;       // in the order of the rounds, each once; the prompt where it has no id
    std::vector<CandidateResults> candidates;  // in the session's order, all of them
    Tally checks;                              // of all

    const CandidateResults* find(const CandidateId& candidate) const;
};

// Of the rounds that come from a suite: those with a prompt id or a check. Cost: linear in the texts of the answers.
SuiteResults suite_results(const Session& session);

// The code points from the start at which two texts part; nothing where they are equal.
std::optional<std::int64_t> first_difference(std::string_view a, std::string_view b);

}  // namespace llmc::session
