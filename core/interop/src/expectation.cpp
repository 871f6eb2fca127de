#include "expectation.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ascii.h"

namespace llmc::interop {

using base::OrderedJson;

namespace {

constexpr std::array kOperators = {"any_of", "all_of", "not", "equals", "matches", "type", "contains", "min_length"};

bool is_operator(const std::string& key) {
    return std::ranges::find(kOperators, std::string_view(key)) != kOperators.end();
}

}  // namespace

OrderedJson literal(const OrderedJson& value) {
    return value.is_structured() ? OrderedJson{{"equals", value}} : value;
}

OrderedJson one_of(const OrderedJson& list) {
    if (!list.is_array()) return literal(list);
    OrderedJson values = OrderedJson::array();
    for (const OrderedJson& value : list) values.push_back(literal(value));
    return {{"any_of", std::move(values)}};
}

OrderedJson all_of(std::vector<OrderedJson> parts) {
    if (parts.size() == 1) return std::move(parts.front());
    return {{"all_of", std::move(parts)}};
}

OrderedJson present() {
    return {{"not", {{"type", "null"}}}};
}

OrderedJson of_type(std::string_view word) {
    constexpr std::array<std::array<std::string_view, 4>, 7> kWords = {{{"string", "str", "text", ""},
                                                                        {"integer", "int", "", ""},
                                                                        {"number", "float", "double", "numeric"},
                                                                        {"boolean", "bool", "", ""},
                                                                        {"array", "list", "tuple", ""},
                                                                        {"object", "dict", "map", ""},
                                                                        {"null", "none", "None", "NoneType"}}};
    for (const auto& words : kWords)
        if (!word.empty() && std::ranges::find(words, word) != words.end()) return {{"type", words.front()}};
    return nullptr;
}

OrderedJson members_of(OrderedJson object, const Place& place, Notes& notes) {
    const auto& items = object.items();
    const bool looks_like_operators = !object.empty() && std::all_of(items.begin(), items.end(), [](const auto& item) {
        return is_operator(item.key());
    });
    if (!looks_like_operators) return object;
    notes.add(place, "its members are called as operators of a check are: only that it is an object is checked");
    return {{"type", "object"}};
}

std::string quoted_pattern(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        const bool is_plain = base::is_letter_or_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
        if (c == '\0')
            pattern += "\\x00";
        else
            pattern += is_plain ? std::string(1, c) : std::string{'\\', c};
    }
    return pattern;
}

std::string names_pattern(const std::vector<std::string>& names) {
    std::vector<std::string> quoted;
    for (const std::string& name : names) quoted.push_back(quoted_pattern(name));
    return fmt::format("^(?:{})$", fmt::join(quoted, "|"));
}

void CallDraft::argument(const std::string& key, OrderedJson expected) {
    const auto known =
        std::ranges::find(arguments_, key, [](const auto& one) -> const std::string& { return one.first; });
    if (known == arguments_.end()) return arguments_.push_back({key, {std::move(expected)}});
    const bool is_new = std::ranges::find(known->second, expected) == known->second.end();
    if (is_new) known->second.push_back(std::move(expected));
}

OrderedJson CallDraft::json(const SuiteDraft::Prompt& prompt, const Place& place, Notes& notes) const {
    OrderedJson entry = OrderedJson::object();
    if (name.empty()) {
        entry["pattern"] = pattern.empty() ? ".*" : pattern;
    } else if (prompt.offers(name)) {
        entry["name"] = name;
    } else {
        entry["pattern"] = names_pattern({name});
        notes.add(place, fmt::format("a call of \"{}\" is expected, and the prompt offers no such tool", name));
    }
    OrderedJson arguments = OrderedJson::object();
    for (const auto& [key, parts] : arguments_) {
        // What any other demand needs too says nothing beside it.
        std::vector<OrderedJson> rest = parts;
        if (rest.size() > 1) std::erase(rest, present());
        arguments[key] = all_of(std::move(rest));
    }
    if (!arguments.empty()) entry["arguments"] = std::move(arguments);
    return entry;
}

OrderedJson calls_check(OrderedJson entries, std::string_view match) {
    return {{"type", "calls"}, {"value", std::move(entries)}, {"match", match}};
}

void check_by_schema(SuiteDraft::Prompt& prompt, const Place& place) {
    if (prompt.json.contains("tools")) prompt.check({{"type", "arguments_valid"}}, place);
}

void check_texts(const OrderedJson& value, const char* type, const char* list_key, const Place& place,
                 SuiteDraft::Prompt& prompt, Notes& notes) {
    auto texts = texts_of(value, place, notes);
    std::erase(texts, "");
    if (texts.size() == 1)
        prompt.check({{"type", type}, {"value", texts.front()}}, place);
    else if (!texts.empty())
        prompt.check({{"type", type}, {list_key, texts}}, place);
}

void check_forbidden(const OrderedJson& names, const Place& place, SuiteDraft::Prompt& prompt, Notes& notes) {
    for (const std::string& name : texts_of(names, place, notes))
        prompt.check({{"type", "no_tool_call"}, {"name", name}}, place);
}

void check_calls(OrderedJson entries, Members& members, SuiteDraft::Prompt& prompt) {
    const OrderedJson* number = members.find("tool_calls_count");
    if (number && (!number->is_number_integer() || *number < 0)) {
        members.note("tool_calls_count", fmt::format("{} is no number of calls", shortly(*number)));
        number = nullptr;
    }
    const bool is_same = number && *number == entries.size();
    if (!entries.empty())
        prompt.check(calls_check(std::move(entries), is_same ? "any_order" : "superset"), members.at("tool_calls"));
    if (number && *number == 0)
        prompt.check({{"type", "no_tool_call"}}, members.at("tool_calls_count"));
    else if (number && !is_same)
        prompt.check({{"type", "tool_call"}, {"count", *number}}, members.at("tool_calls_count"));
}

std::vector<std::string> texts_of(const OrderedJson& value, const Place& place, Notes& notes) {
    std::vector<std::string> texts;
    const OrderedJson list = value.is_array() ? value : OrderedJson::array({value});
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (!list[i].is_structured())
            texts.push_back(as_text(list[i]));
        else
            notes.add(value.is_array() ? place[i] : place, fmt::format("is no text ({})", shortly(list[i])));
    }
    return texts;
}

}  // namespace llmc::interop
