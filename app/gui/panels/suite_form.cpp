#include "gui/panels/suite_form.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "check/check_kind.h"
#include "gui/panels/suite_model.h"

namespace llmc::gui {
namespace {

using base::OrderedJson;
using check::CheckKind;
using check::Member;
using check::MemberKind;

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

std::vector<const char*> keys_of(const Member& member) {
    if (member.kind == MemberKind::texts) return {member.key, "values", "any"};
    return {member.key};
}

std::vector<const char*> keys_of(const CheckKind& kind) {
    std::vector<const char*> keys = {"type"};
    for (const Member& member : kind.members)
        for (const char* key : keys_of(member)) keys.push_back(key);
    keys.push_back("stop_on_break");
    return keys;
}

bool has_any(const OrderedJson& check, const Member& member) {
    const auto keys = keys_of(member);
    return std::ranges::any_of(keys, [&](const char* key) { return check.contains(key); });
}

// What a check of a new kind begins with.
void add_example(OrderedJson& check, const Member& member) {
    if (auto example = base::parse_ordered_json(member.example)) check[member.key] = *std::move(example);
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t kMax = 60;
    std::string line = base::for_terminal_line(text.substr(0, base::utf8_cut(text, kMax)));
    return "“" + line + (text.size() > kMax ? "…" : "") + "”";
}

}  // namespace

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
    OrderedJson result = ordered(suite, {"format",       "version", "name",       "role",        "system_prompt",
                                         "settings",     "repeat",  "context",    "category",    "severity",
                                         "messages",     "loop",    "tools",      "tool_choice", "parallel_tool_calls",
                                         "tool_results", "world",   "follow_ups", "cases",       "cases_file",
                                         "prompts"});
    OrderedJson* prompts = find(result, "prompts");
    if (!prompts || !prompts->is_array()) return result;
    for (OrderedJson& prompt : *prompts) {
        prompt = ordered(prompt, {"id", "category", "severity", "messages", "prompt", "follow_ups", "settings", "loop",
                                  "tools", "tool_choice", "parallel_tool_calls", "tool_results", "world", "output",
                                  "response_format", "checks"});
        OrderedJson* checks = find(prompt, "checks");
        if (!checks || !checks->is_array()) continue;
        for (OrderedJson& check : *checks) check = ordered(check, keys_of(kind_of(check)));
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

const CheckKind& kind_of(const OrderedJson& check) {
    const OrderedJson* type = find(check, "type");
    const CheckKind* kind =
        type && type->is_string() ? check::find_check_kind(type->get_ref<const std::string&>()) : nullptr;
    return kind ? *kind : check::check_kinds().front();
}

void set_kind(OrderedJson& check, const CheckKind& kind) {
    const CheckKind& before = kind_of(check);
    if (!check.is_object()) check = OrderedJson::object();
    const std::vector<std::string> texts = texts_of(check);
    for (const Member& old : before.members) {
        const Member* same = kind.find(old.key);
        if (same && same->kind == old.kind && (same->read == old.read || !old.is_json())) continue;
        for (const char* key : keys_of(old)) erase(check, key);
        // One of several texts is what a single value can hold.
        const auto holds_texts = [](const Member& m) { return m.kind == MemberKind::texts || m.is_text(); };
        if (same && holds_texts(*same) && holds_texts(old)) check[same->key] = texts.empty() ? "" : texts.front();
    }
    if (!kind.can_break_early()) erase(check, "stop_on_break");
    check["type"] = kind.name;
    for (const Member& member : kind.members)
        if (!has_any(check, member)) add_example(check, member);
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
    if (digits == "null")  // not sent
        value = nullptr;
    else if (const auto read = std::from_chars(digits.data(), end, whole); read.ec == std::errc{} && read.ptr == end)
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

namespace {

// A member of a check in a line of words.
std::string member_words(const OrderedJson& check, const Member& member) {
    if (*member.words == 0 || !has_any(check, member)) return {};
    if (member.kind == MemberKind::flag) return flag_of(check, member.key) ? member.words : "";
    if (member.kind != MemberKind::texts) {
        const std::string value = shown_member(check, member.key);
        return member.words + (member.is_text() ? in_quotes(value) : value);
    }
    const std::vector<std::string> texts = texts_of(check);
    std::string words = texts.size() < 2 ? "" : among_of(check) == Among::any ? " any of" : " all of";
    constexpr std::size_t kShown = 4;
    for (std::size_t i = 0; i < texts.size() && i < kShown; ++i) words += (i > 0 ? ", " : " ") + in_quotes(texts[i]);
    if (texts.size() > kShown) words += fmt::format(" and {} more", texts.size() - kShown);
    return words;
}

}  // namespace

std::string check_words(const OrderedJson& check) {
    const CheckKind& kind = kind_of(check);
    std::string words(kind.name);
    for (const Member& member : kind.members) words += member_words(check, member);
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
