#include "promptfoo_asserts.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/ascii.h"
#include "expectation.h"
#include "yaml_document.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Prompt = SuiteDraft::Prompt;

class PromptfooAssert {
public:
    PromptfooAssert(const OrderedJson& value, const Place& place, const PromptfooTest& test, Prompt& prompt,
                    Notes& notes)
        : members_(value, place, notes), test_(test), prompt_(prompt), notes_(notes) {}

    void read() {
        std::string type = members_.text("type").value_or("");
        value_ = members_.find("value");
        constexpr std::string_view kNot = "not-";
        is_not_ = type.starts_with(kNot);
        if (is_not_) type.erase(0, kNot.size());
        if (const OrderedJson* weight = members_.find("weight"); weight != nullptr && *weight != 1)
            members_.note("weight", fmt::format("{}: every check counts alike", shortly(*weight)));
        const Kind* kind = find_kind(type);
        if (kind == nullptr) {
            members_.find("threshold"), members_.find("provider"), members_.find("rubricPrompt"),
                members_.find("metric");
            members_.find("config"), members_.find("transform"), members_.find("contextTransform");
            members_.finish();
            return notes_.add(members_.place(),
                              fmt::format("an assertion of the type \"{}{}\" ({})", is_not_ ? kNot : "", type,
                                          value_ ? shortly(*value_) : "without a value"));
        }
        if (const auto transform = members_.find("transform"); transform != nullptr) {
            members_.finish();
            return notes_.add(members_.place(), "it judges what a transform makes of the answer");
        }
        (this->*kind->read)(*kind);
        members_.finish();
    }

private:
    struct Kind {
        std::string_view type;
        void (PromptfooAssert::*read)(const Kind& kind);
        std::string_view check = {};  // of ours
        bool ignores_case = false;
        bool is_any = false;
    };

    static const Kind* find_kind(std::string_view type) {
        using Self = PromptfooAssert;
        static constexpr std::array kKinds = {
            Kind{"equals", &Self::read_equals},
            Kind{"contains", &Self::read_contains},
            Kind{"icontains", &Self::read_contains, "", true},
            Kind{"contains-all", &Self::read_contains_list},
            Kind{"contains-any", &Self::read_contains_list, "", false, true},
            Kind{"icontains-all", &Self::read_contains_list, "", true},
            Kind{"icontains-any", &Self::read_contains_list, "", true, true},
            Kind{"starts-with", &Self::read_starts_with},
            Kind{"regex", &Self::read_regex},
            Kind{"is-json", &Self::read_json},
            Kind{"latency", &Self::read_latency},
            Kind{"llm-rubric", &Self::read_rubric},
        };
        const auto found = std::ranges::find(kKinds, type, &Kind::type);
        return found == kKinds.end() ? nullptr : &*found;
    }

    void check(OrderedJson json) { prompt_.check(std::move(json), members_.place()); }
    void cannot(std::string_view what) {
        notes_.add(members_.place(),
                   fmt::format("an assertion of the type \"{}\": {}", members_.text("type").value_or(""), what));
    }

    // Its text with the test's variables, from a file where it says so; noted where it has none.
    std::optional<std::string> text() {
        if (value_ == nullptr) {
            cannot("it has no value");
            return std::nullopt;
        }
        std::string text = as_text(*value_);
        if (value_->is_string() && text.starts_with(kFileReference)) {
            auto read = test_.file(std::string_view(text).substr(kFileReference.size()));
            if (!read) {
                cannot(read.error().message);
                return std::nullopt;
            }
            text = *std::move(read);
        }
        return test_.fill(text, members_.at("value"));
    }

    void read_equals(const Kind&) {
        if (value_ != nullptr && value_->is_structured()) {  // what the answer says as JSON
            if (is_not_) return cannot("there is no check that a text is no such JSON");
            return check(
                {{"type", "json_schema"}, {"value", {{"const", test_.fill_within(*value_, members_.at("value"))}}}});
        }
        auto wanted = text();
        if (!wanted) return;
        if (!is_not_) return check({{"type", "equals"}, {"value", *std::move(wanted)}});
        check({{"type", "not_regex"}, {"value", fmt::format("\\A\\s*{}\\s*\\z", quoted_pattern(base::trim(*wanted)))}});
    }

    void read_contains(const Kind& kind) {
        auto wanted = text();
        if (!wanted) return;
        if (wanted->empty()) return cannot("its value is empty: every text contains it");
        OrderedJson json = {{"type", is_not_ ? "not_contains" : "contains"}, {"value", *std::move(wanted)}};
        if (kind.ignores_case) json["ignore_case"] = true;
        check(std::move(json));
    }

    // Not all of them: one at least is missing. Not one of them: none is there.
    void read_contains_list(const Kind& kind) {
        std::vector<std::string> texts;
        if (value_ != nullptr && value_->is_array()) {
            for (const OrderedJson& one : *value_) texts.push_back(test_.fill(as_text(one), members_.at("value")));
        } else if (const auto list = text()) {
            std::string_view rest = *list;
            while (true) {
                const auto end = rest.find(',');
                texts.emplace_back(base::trim(rest.substr(0, end)));
                if (end == std::string_view::npos) break;
                rest.remove_prefix(end + 1);
            }
        } else {
            return;
        }
        std::erase(texts, "");
        if (texts.empty()) return cannot("its list is empty");
        OrderedJson json = {{"type", is_not_ ? "not_contains" : "contains"},
                            {kind.is_any != is_not_ ? "any" : "values", std::move(texts)}};
        if (kind.ignores_case) json["ignore_case"] = true;
        check(std::move(json));
    }

    void read_starts_with(const Kind&) {
        auto wanted = text();
        if (!wanted) return;
        if (wanted->empty()) return cannot("its value is empty: every text begins with it");
        if (!is_not_) return check({{"type", "starts_with"}, {"value", *std::move(wanted)}});
        check({{"type", "not_regex"}, {"value", fmt::format("\\A\\s*{}", quoted_pattern(base::trim_start(*wanted)))}});
    }

    void read_regex(const Kind&) {
        auto pattern = text();
        if (pattern) check({{"type", is_not_ ? "not_regex" : "regex"}, {"value", *std::move(pattern)}});
    }

    void read_json(const Kind&) {
        if (is_not_) return cannot("there is no check that a text is no JSON");
        if (value_ == nullptr) return check({{"type", "json"}});
        OrderedJson schema = *value_;
        if (!schema.is_object()) {
            const auto written = text();
            if (!written) return;
            auto parsed = parse_yaml(*written, "schema");  // JSON too
            if (!parsed || !parsed->is_object()) return cannot("its value is no JSON schema");
            schema = *std::move(parsed);
        }
        check({{"type", "json_schema"}, {"value", std::move(schema)}});
    }

    void read_latency(const Kind&) {
        const OrderedJson* threshold = members_.find("threshold");
        if (is_not_ || threshold == nullptr || !threshold->is_number() || *threshold < 0)
            return cannot("its threshold is no time");
        check({{"type", "max_total_s"}, {"value", threshold->get<double>() / 1000}});
    }

    // A judge's criteria, as texts.
    void read_rubric(const Kind&) {
        auto rubric = text();
        for (const char* key : {"provider", "threshold", "rubricPrompt"})
            if (members_.find(key) != nullptr) members_.note(key, "how a judge judges is not taken over");
        if (!rubric || rubric->empty()) return;
        const char* key = is_not_ ? "fail_criteria" : "pass_criteria";
        const std::string before = prompt_.json.value(key, "");
        prompt_.json[key] = before.empty() ? *rubric : before + '\n' + *rubric;
    }

    Members members_;
    const PromptfooTest& test_;
    Prompt& prompt_;
    Notes& notes_;
    const OrderedJson* value_ = nullptr;
    bool is_not_ = false;
};

// A type that may stand in a cell: any other word before a colon belongs to the text that is expected.
bool is_type_of_cells(std::string_view type) {
    constexpr std::array kTypes = {"equals",
                                   "contains",
                                   "contains-all",
                                   "contains-any",
                                   "icontains",
                                   "icontains-all",
                                   "icontains-any",
                                   "contains-json",
                                   "is-json",
                                   "regex",
                                   "starts-with",
                                   "javascript",
                                   "python",
                                   "llm-rubric",
                                   "webhook",
                                   "rouge-n",
                                   "similar",
                                   "levenshtein",
                                   "classifier",
                                   "factuality",
                                   "model-graded-factuality",
                                   "model-graded-closedqa",
                                   "answer-relevance",
                                   "context-recall",
                                   "context-relevance",
                                   "context-faithfulness",
                                   "is-valid-openai-function-call",
                                   "is-valid-openai-tools-call",
                                   "latency",
                                   "perplexity",
                                   "perplexity-score",
                                   "cost"};
    if (type.starts_with("not-")) type.remove_prefix(4);
    return std::ranges::find(kTypes, type) != kTypes.end();
}

// {"$ref": "#/assertionTemplates/NAME"}
const OrderedJson& resolved(const OrderedJson& assertion, const PromptfooTest& test) {
    constexpr std::string_view kTemplates = "#/assertionTemplates/";
    if (test.templates == nullptr || !assertion.is_object() || !assertion.contains("$ref")) return assertion;
    const OrderedJson& reference = assertion["$ref"];
    if (!reference.is_string() || !reference.get_ref<const std::string&>().starts_with(kTemplates)) return assertion;
    const auto found = test.templates->find(reference.get_ref<const std::string&>().substr(kTemplates.size()));
    return found == test.templates->end() ? assertion : *found;
}

}  // namespace

OrderedJson assert_of_cell(std::string_view cell) {
    const auto colon = cell.find(':');
    std::string_view type = base::trim(cell.substr(0, colon));
    std::optional<double> threshold;
    if (const auto open = type.find('('); open != std::string_view::npos && type.ends_with(')')) {
        const auto number = base::parse_ordered_json(type.substr(open + 1, type.size() - open - 2));
        if (number && number->is_number()) threshold = number->get<double>();
        if (threshold) type = type.substr(0, open);
    }
    if (type == "grade") type = "llm-rubric";
    if (type == "fn" || type == "eval") type = "javascript";
    const bool needs_no_value = threshold || type.starts_with("is-") || type == "contains-json";
    if (!is_type_of_cells(type) || (colon == std::string_view::npos && !needs_no_value))
        return {{"type", "equals"}, {"value", cell}};
    OrderedJson assertion = {{"type", type}};
    if (colon != std::string_view::npos) assertion["value"] = base::trim(cell.substr(colon + 1));
    if (threshold) assertion["threshold"] = *threshold;
    return assertion;
}

std::size_t take_asserts(const OrderedJson& list, const Place& place, const PromptfooTest& test, Prompt& prompt,
                         Notes& notes) {
    if (!list.is_array()) {
        notes.add(place, "is no list of assertions");
        return 0;
    }
    std::size_t count = list.size();
    for (std::size_t i = 0; i < list.size(); ++i) {
        const OrderedJson& one = resolved(list[i], test);
        const bool is_set =
            one.is_object() && one.value("type", OrderedJson()) == "assert-set" && one.contains("assert");
        if (!is_set)
            PromptfooAssert(one, place[i], test, prompt, notes).read();
        else if (&one != &list[i])  // it might hold itself, or others that multiply
            notes.add(place[i], "a set of assertions in a template");
        else if (one.contains("threshold"))
            notes.add(place[i], "a set of assertions of which some may fail");
        else
            count += take_asserts(one["assert"], place[i] / "assert", test, prompt, notes);
    }
    return count;
}

}  // namespace llmc::interop
