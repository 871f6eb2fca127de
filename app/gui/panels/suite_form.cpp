#include "gui/panels/suite_form.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "check/stream_judge.h"
#include "gui/panels/suite_model.h"

namespace llmc::gui {
namespace {

using base::OrderedJson;
using check::CheckType;

constexpr std::string_view kValue = "value";

OrderedJson* find(OrderedJson& object, std::string_view key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(std::string(key));
    return found == object.end() ? nullptr : &*found;
}

const OrderedJson* find(const OrderedJson& object, std::string_view key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(std::string(key));
    return found == object.end() ? nullptr : &*found;
}

void erase(OrderedJson& object, std::string_view key) {
    object.erase(std::string(key));
}

OrderedJson ordered(const OrderedJson& object, const std::vector<const char*>& keys) {
    if (!object.is_object()) return object;
    OrderedJson result = OrderedJson::object();
    for (const char* key : keys)
        if (const OrderedJson* value = find(object, key)) result[key] = *value;
    for (const auto& [key, value] : object.items())
        if (!result.contains(key)) result[key] = value;
    return result;
}

std::unordered_set<std::string> ids_of(const OrderedJson& suite) {
    std::unordered_set<std::string> ids;
    const OrderedJson& prompts = suite.at("prompts");
    for (std::size_t i = 0; i < prompts.size(); ++i) ids.insert(prompt_id(prompts[i], i));
    return ids;
}

std::string free_id(const OrderedJson& suite, std::string_view stem) {
    const auto ids = ids_of(suite);
    for (std::size_t number = ids.size() + 1;; ++number)
        if (std::string id = fmt::format("{}-{}", stem, number); ids.count(id) == 0) return id;
}

// Ids that come from a prompt's place would change with it.
void fix_ids(OrderedJson& suite) {
    OrderedJson& prompts = suite["prompts"];
    for (std::size_t i = 0; i < prompts.size(); ++i)
        if (prompts[i].is_object() && !prompts[i].contains("id")) prompts[i]["id"] = prompt_id(prompts[i], i);
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t kMax = 60;
    std::string line = base::for_terminal_line(text.substr(0, base::utf8_cut(text, kMax)));
    return "“" + line + (text.size() > kMax ? "…" : "") + "”";
}

}  // namespace

CheckFields fields_of(CheckType type) {
    CheckFields fields;
    fields.texts = type <= CheckType::equals;
    fields.text = type == CheckType::regex || type == CheckType::not_regex || type == CheckType::finish_reason;
    fields.number = (type >= CheckType::min_words && type <= CheckType::max_chars) || type >= CheckType::max_ttft_s;
    fields.schema = type == CheckType::json_schema;
    fields.fence = type == CheckType::json || type == CheckType::json_schema;
    fields.tool = type == CheckType::tool_call || type == CheckType::no_tool_call;
    fields.arguments = type == CheckType::tool_call;
    fields.breaks = check::can_break_early(type);
    return fields;
}

OrderedJson new_suite() {
    OrderedJson suite = {
        {"format", suite::kSuiteFormat},  {"version", 1}, {"name", "my-suite"}, {"role", ""}, {"context", "fresh"},
        {"prompts", OrderedJson::array()}};
    erase(suite, "role");
    add_prompt(suite, 0);
    prompt_at(suite, 0)["prompt"] = "Which country is Paris the capital of? Answer with its name only.";
    set_texts(prompt_at(suite, 0)["checks"][0], Among::value, {"France"});
    return suite;
}

OrderedJson in_reading_order(const OrderedJson& suite) {
    OrderedJson result = ordered(suite, {"format", "version", "name", "role", "system_prompt", "settings", "repeat",
                                         "context", "tools", "tool_results", "cases", "cases_file", "prompts"});
    OrderedJson* prompts = find(result, "prompts");
    if (!prompts || !prompts->is_array()) return result;
    for (OrderedJson& prompt : *prompts) {
        prompt = ordered(prompt, {"id", "prompt", "tools", "response_format", "checks"});
        OrderedJson* checks = find(prompt, "checks");
        if (!checks || !checks->is_array()) continue;
        for (OrderedJson& check : *checks)
            check = ordered(check, {"type", "name", "value", "values", "any", "arguments", "count", "ignore_case",
                                    "allow_fence", "stop_on_break"});
    }
    return result;
}

OrderedJson editable(OrderedJson suite) {
    if (!suite.is_object()) return new_suite();
    OrderedJson* prompts = find(suite, "prompts");
    if (!prompts || !prompts->is_array()) suite["prompts"] = OrderedJson::array();
    for (OrderedJson& prompt : suite["prompts"])
        if (!prompt.is_object()) prompt = OrderedJson::object();
    if (suite["prompts"].empty()) add_prompt(suite, 0);
    return suite;
}

std::size_t prompt_count(const OrderedJson& suite) {
    const OrderedJson* prompts = find(suite, "prompts");
    return prompts && prompts->is_array() ? prompts->size() : 0;
}

OrderedJson& prompt_at(OrderedJson& suite, std::size_t index) {
    return suite["prompts"][index];
}

std::size_t add_prompt(OrderedJson& suite, std::size_t after) {
    fix_ids(suite);
    OrderedJson& prompts = suite["prompts"];
    const std::size_t at = std::min(after + 1, prompts.size());
    OrderedJson prompt = {{"id", free_id(suite, "prompt")}, {"prompt", ""}};
    add_check(prompt);
    prompts.insert(prompts.begin() + static_cast<std::ptrdiff_t>(at), std::move(prompt));
    return at;
}

std::size_t copy_prompt(OrderedJson& suite, std::size_t index) {
    fix_ids(suite);
    OrderedJson& prompts = suite["prompts"];
    OrderedJson copy = prompts[index];
    copy["id"] = free_id(suite, prompt_id(prompts[index], index));
    prompts.insert(prompts.begin() + static_cast<std::ptrdiff_t>(index + 1), std::move(copy));
    return index + 1;
}

void remove_prompt(OrderedJson& suite, std::size_t index) {
    OrderedJson& prompts = suite["prompts"];
    if (prompts.size() < 2 || index >= prompts.size()) return;
    fix_ids(suite);
    prompts.erase(index);
}

std::size_t move_prompt(OrderedJson& suite, std::size_t index, int step) {
    OrderedJson& prompts = suite["prompts"];
    const auto to = static_cast<std::ptrdiff_t>(index) + step;
    if (to < 0 || to >= static_cast<std::ptrdiff_t>(prompts.size())) return index;
    fix_ids(suite);
    std::swap(prompts[index], prompts[static_cast<std::size_t>(to)]);
    return static_cast<std::size_t>(to);
}

std::size_t check_count(const OrderedJson& prompt) {
    const OrderedJson* checks = find(prompt, "checks");
    return checks && checks->is_array() ? checks->size() : 0;
}

void add_check(OrderedJson& prompt) {
    if (check_count(prompt) == 0) prompt["checks"] = OrderedJson::array();
    prompt["checks"].push_back({{"type", "contains"}, {"value", ""}});
}

void remove_check(OrderedJson& prompt, std::size_t index) {
    if (index < check_count(prompt)) prompt["checks"].erase(index);
}

CheckType type_of(const OrderedJson& check) {
    const OrderedJson* type = find(check, "type");
    if (!type || !type->is_string()) return CheckType::contains;
    return check::check_type_from(type->get_ref<const std::string&>()).value_or(CheckType::contains);
}

void set_type(OrderedJson& check, CheckType type) {
    const CheckFields fields = fields_of(type), before = fields_of(type_of(check));
    if (!check.is_object()) check = OrderedJson::object();
    if (!fields.texts) {
        // One of several texts is what a single value can hold.
        const std::vector<std::string> texts = texts_of(check);
        for (const char* key : {"values", "any", "ignore_case"}) erase(check, key);
        if (fields.text && before.texts) check["value"] = texts.empty() ? "" : texts.front();
    }
    if (fields.number != before.number || fields.schema != before.schema) erase(check, kValue);
    if (!fields.texts && !fields.text && !fields.number && !fields.schema) erase(check, kValue);
    if (!fields.fence) erase(check, "allow_fence");
    if (!fields.tool) erase(check, "name");
    if (!fields.arguments) {
        erase(check, "arguments");
        erase(check, "count");
    }
    if (!fields.breaks) erase(check, "stop_on_break");
    check["type"] = check::check_type_name(type);
    const bool has_texts = check.contains("value") || check.contains("values") || check.contains("any");
    if ((fields.texts || fields.text) && !has_texts) check["value"] = type == CheckType::finish_reason ? "stop" : "";
    if (fields.number && !has_texts) check["value"] = 100;
    if (fields.schema && !has_texts) check["value"] = {{"type", "object"}};
}

Among among_of(const OrderedJson& check) {
    return find(check, "values") ? Among::all : find(check, "any") ? Among::any : Among::value;
}

std::vector<std::string> texts_of(const OrderedJson& check) {
    std::vector<std::string> texts;
    for (const char* key : {"value", "values", "any"}) {
        const OrderedJson* found = find(check, key);
        if (!found) continue;
        if (found->is_string()) texts.push_back(found->get<std::string>());
        if (!found->is_array()) continue;
        for (const OrderedJson& one : *found)
            texts.push_back(one.is_string() ? one.get<std::string>() : base::dump_json(one));
    }
    return texts;
}

void set_texts(OrderedJson& check, Among among, std::vector<std::string> texts) {
    for (const char* key : {"value", "values", "any"}) erase(check, key);
    if (texts.empty()) texts.emplace_back();
    if (among == Among::value)
        check["value"] = std::move(texts.front());
    else
        check[among == Among::all ? "values" : "any"] = std::move(texts);
}

std::string shown_member(const OrderedJson& object, std::string_view key) {
    const OrderedJson* value = find(object, key);
    if (!value) return {};
    return value->is_string() ? value->get<std::string>() : base::dump_json(*value, value->is_structured() ? 2 : -1);
}

void set_text(OrderedJson& object, std::string_view key, std::string_view text) {
    if (text.empty())
        erase(object, key);
    else
        object[std::string(key)] = std::string(text);
}

void set_number(OrderedJson& object, std::string_view key, std::string_view text) {
    const std::string_view digits = base::trim(text);
    if (digits.empty()) return erase(object, key);
    const char* end = digits.data() + digits.size();
    OrderedJson& value = object[std::string(key)];
    std::int64_t whole = 0;
    double number = 0;
    if (const auto read = std::from_chars(digits.data(), end, whole); read.ec == std::errc{} && read.ptr == end)
        value = whole;
    else if (const auto any = std::from_chars(digits.data(), end, number); any.ec == std::errc{} && any.ptr == end)
        value = number;
    else
        value = std::string(text);
}

void set_json(OrderedJson& object, std::string_view key, std::string_view text) {
    if (base::trim(text).empty()) return erase(object, key);
    auto parsed = base::parse_ordered_json(text);
    if (parsed && parsed->is_structured())
        object[std::string(key)] = *std::move(parsed);
    else
        object[std::string(key)] = std::string(text);
}

bool flag_of(const OrderedJson& object, std::string_view key) {
    const OrderedJson* value = find(object, key);
    return value && value->is_boolean() && value->get<bool>();
}

void set_flag(OrderedJson& object, std::string_view key, bool is_on) {
    if (is_on)
        object[std::string(key)] = true;
    else
        erase(object, key);
}

std::string check_words(const OrderedJson& check) {
    const CheckType type = type_of(check);
    const CheckFields fields = fields_of(type);
    std::string words(check::check_type_name(type));
    if (fields.texts) {
        const std::vector<std::string> texts = texts_of(check);
        if (texts.size() > 1) words += among_of(check) == Among::any ? " any of" : " all of";
        constexpr std::size_t kShown = 4;
        for (std::size_t i = 0; i < texts.size() && i < kShown; ++i)
            words += (i > 0 ? ", " : " ") + in_quotes(texts[i]);
        if (texts.size() > kShown) words += fmt::format(" and {} more", texts.size() - kShown);
    } else if (fields.text || fields.number) {
        const std::string value = shown_member(check, kValue);
        words += " " + (fields.number ? value : in_quotes(value));
    }
    const std::string name = fields.tool ? shown_member(check, "name") : std::string();
    if (!name.empty()) words += " " + name;
    if (const OrderedJson* count = find(check, "count")) words += " × " + base::dump_json(*count);
    if (flag_of(check, "ignore_case")) words += ", any case";
    if (flag_of(check, "allow_fence")) words += ", a code fence is allowed";
    if (flag_of(check, "stop_on_break")) words += ", stops the answer";
    return words;
}

FormVerdict check_form(const OrderedJson& suite) {
    auto read = suite::suite_from_json(in_reading_order(suite));
    if (!read) return {nullptr, read.error().message};
    return {std::make_shared<const suite::Suite>(std::move(*read)), {}};
}

void SuiteForm::begin(OrderedJson suite, std::filesystem::path from) {
    *this = SuiteForm{.document = editable(std::move(suite)), .path = std::move(from), .revision = revision + 1};
}

}  // namespace llmc::gui
