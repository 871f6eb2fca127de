#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "loop_reader.h"
#include "said.h"

namespace llmc::suite {
namespace {

using base::FieldReader;
using base::Json;
using base::JsonFile;
using base::OrderedJson;

// Whether every call for which `rule` would hold has had its result from `earlier`.
bool is_hidden_by(const ResultRule& rule, const ResultRule& earlier) {
    if (earlier.nth && earlier.nth != rule.nth) return false;
    if (!earlier.when.is_object()) return true;
    return std::ranges::all_of(earlier.when.items(), [&](const auto& wanted) {
        const Json* own = base::find(rule.when, wanted.key());
        return own != nullptr && *own == wanted.value();
    });
}

ResultRule read_rule(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    ResultRule rule;
    FieldReader fields(file, value, pointer);
    if (const OrderedJson* when = fields.object("when")) rule.when = Json(*when);
    if (const auto nth = fields.integer_within("nth", 1, 1'000'000)) rule.nth = static_cast<int>(*nth);
    const auto result = fields.text_or_empty("result"), error = fields.text_or_empty("error");
    if ((fields.find("result") != nullptr) == (fields.find("error") != nullptr))
        file.fail(pointer, "needs either a \"result\" or an \"error\"");
    rule.is_error = error.has_value();
    rule.text = error ? *error : result.value_or("");
    fields.finish();
    return rule;
}

std::vector<ResultRule> read_rules(JsonFile& file, const OrderedJson& list, const std::string& pointer) {
    std::vector<ResultRule> rules;
    if (list.empty()) file.fail(pointer, "must not be empty");
    if (list.size() > kMaxResultRules) file.fail(pointer, fmt::format("has more than {} rules", kMaxResultRules));
    for (std::size_t i = 0; i < list.size() && !file.error(); ++i) {
        const std::string at = fmt::format("{}/{}", pointer, i);
        rules.push_back(read_rule(file, list[i], at));
        for (std::size_t k = 0; k < i; ++k)
            if (is_hidden_by(rules[i], rules[k]))
                file.fail(at, fmt::format("can never hold: rule {} before it holds for every such call", k + 1));
    }
    return rules;
}

ToolResult read_result(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_array()) return read_rules(file, value, pointer);
    std::map<std::string, std::string> texts;
    if (!value.is_object())
        file.fail(pointer, fmt::format("must be a text, an object of texts or a list of rules in a loop, and is {}",
                                       base::json_type_name(value)));
    else
        for (const auto& [key, text] : value.items()) {
            if (text.is_string())
                texts[key] = text.get<std::string>();
            else
                file.fail(pointer_to(pointer, key),
                          fmt::format("must be a text, and is {}", base::json_type_name(text)));
        }
    return texts;
}

}  // namespace

ToolResults read_tool_results(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    ToolResults results;
    if (!value.is_object()) {
        file.fail(pointer, fmt::format("must be an object, and is {}", base::json_type_name(value)));
        return results;
    }
    for (const auto& [tool, result] : value.items())
        results[tool] = read_result(file, result, pointer_to(pointer, tool));
    return results;
}

ToolResults plain_tool_results(const OrderedJson& value) {
    ToolResults results;
    if (value.is_object())
        for (const auto& [tool, result] : value.items())
            results[tool] = result.is_string() ? result.get<std::string>() : base::dump_json(result);
    return results;
}

OrderedJson fill_tool_results(const OrderedJson& value, Filler& filler) {
    if (!value.is_object()) return value;
    OrderedJson filled = OrderedJson::object();
    for (const auto& [tool, result] : value.items()) {
        OrderedJson& said = filled[filler.fill(tool)] = filler.fill(result, false);
        if (!result.is_array()) continue;
        for (std::size_t i = 0; i < result.size(); ++i)
            if (result[i].is_object() && result[i].contains("when"))
                said[i]["when"] = filler.fill(result[i]["when"], true);
    }
    return filled;
}

}  // namespace llmc::suite
