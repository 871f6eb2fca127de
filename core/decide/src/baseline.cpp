#include "decide/baseline.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/utf8.h"
#include "verdict.h"

namespace llmc::decide {
namespace {

using base::OrderedJson;

std::optional<std::size_t> place_of(const std::vector<std::string>& labels, const std::string& label) {
    const auto found = std::find(labels.begin(), labels.end(), label);
    return found == labels.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - labels.begin()));
}

// The prompts of a table by id and case.
class PromptIndex {
public:
    explicit PromptIndex(const RunTable& table) {
        for (const PromptRow& prompt : table.prompts) by_name_[name_of(prompt)].push_back(&prompt);
    }

    // That of the same text, else the first one: texts may have changed meanwhile. Nothing where none has its name.
    const PromptRow* same(const PromptRow& prompt) const {
        const auto found = by_name_.find(name_of(prompt));
        if (found == by_name_.end()) return nullptr;
        const auto text = std::find_if(found->second.begin(), found->second.end(),
                                       [&](const PromptRow* other) { return other->text == prompt.text; });
        return text == found->second.end() ? found->second.front() : *text;
    }

private:
    static std::string name_of(const PromptRow& prompt) {
        return base::dump_json(base::Json::array({prompt.id, prompt.case_values}));
    }

    std::unordered_map<std::string, std::vector<const PromptRow*>> by_name_;
};

LabelChange change_of(const RunTable& now, std::size_t column_now, const PromptIndex& before,
                      std::size_t column_before) {
    LabelChange change{.label = now.labels[column_now]};
    std::vector<double> differences;
    bool is_single = true;
    for (const PromptRow& prompt : now.prompts) {
        const PromptRow* old = prompt.decides() ? before.same(prompt) : nullptr;
        if (!old) continue;
        const Cell &cell = prompt.cells[column_now], &old_cell = old->cells[column_before];
        if (!cell.rate() || !old_cell.rate()) continue;
        is_single &= cell.judged == 1 && old_cell.judged == 1;
        differences.push_back(*cell.rate() - *old_cell.rate());
        if (differences.back() < 0) change.regressions.push_back({prompt.id, prompt.case_values});
        if (differences.back() > 0) change.improvements.push_back({prompt.id, prompt.case_values});
    }
    change.test = test_pair(differences, is_single);
    return change;
}

// How a candidate was asked.
OrderedJson candidate_settings(const session::Session& session, const session::Candidate& candidate) {
    OrderedJson json{{"model", candidate.model_id}};
    json.update(session::settings_json(session::in_force(session.settings, candidate.own)));
    for (const auto& round : session.rounds)
        if (const session::Answer* answer = round->counted(candidate.id)) {
            json["server"] = answer->server;
            json["quantization"] = answer->served.quantization;
        }
    return json;
}

OrderedJson member(const OrderedJson& json, const std::string& key) {
    const auto found = json.find(key);
    return found == json.end() ? OrderedJson() : *found;
}

void compare_members(const OrderedJson& now, const OrderedJson& before, const std::string& whose,
                     std::vector<SettingChange>& changes) {
    const auto compare = [&](const std::string& key) {
        if (member(now, key) != member(before, key))
            changes.push_back({whose.empty() ? key : whose + ": " + key, member(before, key), member(now, key)});
    };
    for (const auto& item : now.items()) compare(item.key());
    for (const auto& item : before.items())
        if (!now.contains(item.key())) compare(item.key());
}

OrderedJson suite_settings(const session::Session& session) {
    if (!session.suite) return OrderedJson::object();
    return {{"suite", session.suite->name}, {"role", session.suite->role}, {"repeat", session.suite->repeat}};
}

void compare_prompts(const session::Session& now, const session::Session& before, std::vector<SettingChange>& changes) {
    const RunTable table = run_table(now), old_table = run_table(before);
    const PromptIndex index(table), old_index(old_table);
    for (const PromptRow& prompt : table.prompts)
        if (const PromptRow* old = old_index.same(prompt); !old)
            changes.push_back({"prompt " + prompt.id, nullptr, prompt.text});
        else if (old->text != prompt.text)
            changes.push_back({"prompt " + prompt.id, old->text, prompt.text});
    for (const PromptRow& old : old_table.prompts)
        if (!index.same(old)) changes.push_back({"prompt " + old.id, old.text, nullptr});
}

OrderedJson names_json(const std::vector<PromptName>& prompts) {
    OrderedJson list = OrderedJson::array();
    for (const PromptName& prompt : prompts)
        list.push_back({{"id", prompt.id}, {"case", OrderedJson(prompt.case_values)}});
    return list;
}

std::string prompt_text(const PromptName& prompt) {
    return prompt.case_values.is_null() ? prompt.id : prompt.id + " " + base::dump_json(prompt.case_values);
}

void add_label(const LabelChange& change, std::vector<std::string>& lines) {
    const std::size_t worse = change.regressions.size(), better = change.improvements.size();
    lines.push_back(fmt::format("{}: {} worse, {} better, {} the same; p {}{}", change.label, worse, better,
                                static_cast<std::size_t>(change.test.prompts) - worse - better,
                                p_text(change.p_adjusted), change.is_significant_regression() ? ": WORSE" : ""));
    for (const PromptName& prompt : change.regressions) lines.push_back("  worse: " + prompt_text(prompt));
    for (const PromptName& prompt : change.improvements) lines.push_back("  better: " + prompt_text(prompt));
}

// A value on one line that fits on a terminal.
std::string brief(const OrderedJson& value) {
    constexpr std::size_t kMost = 60;  // code points
    const std::string text = value.is_null() ? "nothing" : base::dump_json(base::Json(value));
    std::size_t end = 0;
    for (std::size_t i = 0; i < kMost && end < text.size(); ++i) base::next_code_point(text, end);
    return end < text.size() ? text.substr(0, end) + "…" : text;
}

}  // namespace

bool Baseline::has_significant_regression() const {
    return std::any_of(labels.begin(), labels.end(),
                       [](const LabelChange& change) { return change.is_significant_regression(); });
}

Baseline compare_runs(const RunTable& now, const RunTable& before) {
    Baseline baseline;
    std::vector<double> p;
    const PromptIndex index(before);
    for (std::size_t i = 0; i < now.labels.size(); ++i) {
        const auto old = place_of(before.labels, now.labels[i]);
        if (!old) {
            baseline.only_now.push_back(now.labels[i]);
            continue;
        }
        baseline.labels.push_back(change_of(now, i, index, *old));
        p.push_back(baseline.labels.back().test.p);
    }
    for (const std::string& label : before.labels)
        if (!place_of(now.labels, label)) baseline.only_before.push_back(label);
    const std::vector<double> adjusted = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) baseline.labels[i].p_adjusted = adjusted[i];
    return baseline;
}

std::vector<SettingChange> setting_changes(const session::Session& now, const session::Session& before) {
    std::vector<SettingChange> changes;
    compare_members(suite_settings(now), suite_settings(before), {}, changes);
    compare_members(session::settings_json(now.settings), session::settings_json(before.settings), {}, changes);
    const auto labels = session::unique_labels(now.candidates), old_labels = session::unique_labels(before.candidates);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto old = place_of(old_labels, labels[i]);
        if (!old) continue;
        OrderedJson here = candidate_settings(now, now.candidates[i]);
        OrderedJson there = candidate_settings(before, before.candidates[*old]);
        // What follows the session was told already.
        for (const SettingChange& change : std::vector<SettingChange>(changes))
            if (member(here, change.what) == change.now && member(there, change.what) == change.before) {
                here.erase(change.what);
                there.erase(change.what);
            }
        compare_members(here, there, labels[i], changes);
    }
    compare_prompts(now, before, changes);
    return changes;
}

OrderedJson baseline_json(const Baseline& baseline) {
    OrderedJson labels = OrderedJson::object(), settings = OrderedJson::array();
    for (const LabelChange& change : baseline.labels)
        labels[change.label] = {{"regressions", names_json(change.regressions)},
                                {"improvements", names_json(change.improvements)},
                                {"p", change.test.p},
                                {"p_adjusted", change.p_adjusted}};
    for (const SettingChange& change : baseline.settings)
        settings.push_back({{"what", change.what}, {"before", change.before}, {"now", change.now}});
    return {{"labels", std::move(labels)}, {"settings", std::move(settings)}};
}

std::vector<std::string> baseline_lines(const Baseline& baseline) {
    std::vector<const LabelChange*> order;  // regressions first
    for (const LabelChange& change : baseline.labels) order.push_back(&change);
    std::stable_sort(order.begin(), order.end(), [](const LabelChange* one, const LabelChange* other) {
        return one->regressions.size() > other->regressions.size();
    });
    std::vector<std::string> lines{"Against the baseline:"};
    for (const LabelChange* change : order) add_label(*change, lines);
    for (const std::string& label : baseline.only_now) lines.push_back(label + ": not in the baseline");
    for (const std::string& label : baseline.only_before) lines.push_back(label + ": in the baseline only");
    for (const SettingChange& change : baseline.settings)
        lines.push_back(fmt::format("{}: {} before, {} now", change.what, brief(change.before), brief(change.now)));
    return lines;
}

}  // namespace llmc::decide
