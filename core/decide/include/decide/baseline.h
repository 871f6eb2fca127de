// Two runs of a suite: what got better and what got worse since a baseline (agents.md section 5).
//
// Thread contract: plain values and pure functions.
// Decisions: candidates are the same where their labels are, prompts where id and case are. Prompts of severity
// `warning` give no regression.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "decide/paired_test.h"
#include "decide/runs.h"

namespace llmc::decide {

struct PromptName {
    std::string id;
    base::Json case_values;
    bool operator==(const PromptName&) const = default;
};

struct LabelChange {
    std::string label;
    std::vector<PromptName> regressions, improvements;  // worse and better than before, in the order of the prompts
    PairedTest test;                                    // a: now, b: before
    double p_adjusted = 1;                              // by Holm over the labels

    bool is_significant_regression() const { return test.b_better > test.a_better && p_adjusted < kSignificant; }
};

struct SettingChange {
    std::string what;  // "temperature", "qwen: max_tokens"
    base::OrderedJson before, now;
};

struct Baseline {
    std::vector<LabelChange> labels;                 // those that both have, in the order of now
    std::vector<std::string> only_before, only_now;  // labels
    std::vector<SettingChange> settings;

    bool has_significant_regression() const;
};

Baseline compare_runs(const RunTable& now, const RunTable& before);
// What differs in how the two were asked: settings, system prompt, suite, and of each label model and own settings.
std::vector<SettingChange> setting_changes(const session::Session& now, const session::Session& before);

base::OrderedJson baseline_json(const Baseline& baseline);
std::vector<std::string> baseline_lines(const Baseline& baseline);

}  // namespace llmc::decide
