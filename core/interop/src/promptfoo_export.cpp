// promptfoo configurations: one prompt that is what a test's variable says, a test for each prompt and case.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "decide/cast.h"
#include "suite_export_formats.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;

// A check of ours as an assertion; null where there is none.
class AssertOfCheck {
public:
    explicit AssertOfCheck(const OrderedJson& check) : check_(check), type_(check.value("type", "")) {}

    OrderedJson made() const {
        if (check_.contains("turn")) return nullptr;
        if (type_ == "contains") return of_texts("");
        if (type_ == "not_contains") return of_texts("not-");
        if (type_ == "equals") return of_one_text("equals");
        if (type_ == "starts_with") return of_one_text("starts-with");
        if (type_ == "regex") return {{"type", "regex"}, {"value", check_["value"]}};
        if (type_ == "not_regex") return {{"type", "not-regex"}, {"value", check_["value"]}};
        const bool takes_fence = check_.value("allow_fence", false);
        if (type_ == "json" && !takes_fence) return {{"type", "is-json"}};
        if (type_ == "json_schema" && !takes_fence) return {{"type", "is-json"}, {"value", check_["value"]}};
        if (type_ == "max_total_s" && check_["value"].is_number())
            return {{"type", "latency"}, {"threshold", check_["value"].get<double>() * 1000}};
        return nullptr;
    }

private:
    bool ignores_case() const { return check_.value("ignore_case", false); }

    // Not all of "any" is missing where one of them is: the lists of a negated assertion change their places.
    OrderedJson of_texts(std::string_view negation) const {
        const std::string name = fmt::format("{}{}contains", negation, ignores_case() ? "i" : "");
        const bool is_not = !negation.empty();
        if (check_.contains("value")) return {{"type", name}, {"value", check_["value"]}};
        const bool is_any = check_.contains("any");
        return {{"type", fmt::format("{}-{}", name, is_any != is_not ? "any" : "all")},
                {"value", check_[is_any ? "any" : "values"]}};
    }

    OrderedJson of_one_text(const char* type) const {
        if (ignores_case() || !check_.contains("value")) return nullptr;
        return {{"type", type}, {"value", check_["value"]}};
    }

    const OrderedJson& check_;
    std::string type_;
};

void take_rubric(const suite::Suite& suite, std::size_t prompt, const char* key, const char* type,
                 OrderedJson& asserts) {
    const OrderedJson* criteria = said_of(suite, prompt, key);
    if (criteria != nullptr && criteria->is_string() && !criteria->get_ref<const std::string&>().empty())
        asserts.push_back({{"type", type}, {"value", *criteria}});
}

OrderedJson asserts_of(const suite::Suite& suite, std::size_t prompt, const Place& place, Notes& notes) {
    OrderedJson asserts = OrderedJson::array();
    const auto& checks = suite.prompts[prompt].checks;
    for (std::size_t i = 0; i < checks.size(); ++i) {
        OrderedJson made = AssertOfCheck(checks[i]).made();
        if (made.is_null())
            notes.add((place / "checks")[i], fmt::format("there is no such assertion ({})", shortly(checks[i])));
        else
            asserts.push_back(std::move(made));
    }
    take_rubric(suite, prompt, "pass_criteria", "llm-rubric", asserts);
    take_rubric(suite, prompt, "fail_criteria", "not-llm-rubric", asserts);
    return asserts;
}

}  // namespace

std::string write_promptfoo(const suite::Suite& suite, const Place& place, Notes& notes) {
    note_others(suite.source,
                {"format", "version", "name", "description", "system_prompt", "cases", "prompts", "messages",
                 "category", "severity", "pass_criteria", "fail_criteria"},
                place, notes);
    const auto tasks = suite::tasks(suite, 1);
    const auto is_text = [&](const suite::Task& task) {
        return sent_messages(suite, task).size() == 1 && !task.prompt.empty();
    };
    const bool has_texts_only = std::ranges::all_of(tasks, is_text);
    const char* variable = has_texts_only ? "prompt" : "messages";
    OrderedJson tests = OrderedJson::array();
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const auto [prompt, case_index] = place_of_task(suite, i);
        const Place at = (place / "prompts")[prompt];
        note_others(suite.source["prompts"][prompt],
                    {"id", "prompt", "messages", "checks", "category", "severity", "pass_criteria", "fail_criteria"},
                    at, notes);
        const std::string said = has_texts_only ? tasks[i].prompt : base::dump_json(sent_messages(suite, tasks[i]));
        if (said.find("{{") != std::string::npos || said.find("{%") != std::string::npos ||
            said.find("{#") != std::string::npos)
            notes.add(at / "prompt", "it has braces that promptfoo takes for a template's");
        const std::string& id = suite.prompts[prompt].id;
        OrderedJson test = {{"description", suite.cases.size() < 2 ? id : fmt::format("{} #{}", id, case_index + 1)}};
        OrderedJson& vars = test["vars"] = OrderedJson::object();
        const OrderedJson values(tasks[i].case_values);
        for (const auto& [name, value] : values.items())  // a list would stand for each of its values in turn
            vars[name] = value.is_array() ? OrderedJson(base::dump_json(value)) : value;
        vars[variable] = said;
        OrderedJson asserts = asserts_of(suite, prompt, at, notes);
        if (!asserts.empty()) test["assert"] = std::move(asserts);
        for (const char* key : {"category", "severity"})
            if (const OrderedJson* word = said_of(suite, prompt, key)) test["metadata"][key] = *word;
        tests.push_back(std::move(test));
    }
    OrderedJson document = OrderedJson::object();
    const std::string description = suite.source.value("description", "");
    document["description"] = description.empty() ? suite.name : description;
    document["prompts"] = OrderedJson::array({fmt::format("{{{{{}}}}}", variable)});
    document["tests"] = std::move(tests);
    return decide::to_yaml(document);
}

}  // namespace llmc::interop
