#include "json_fields.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "plain_text.h"

namespace llmc::report {
namespace {

const base::OrderedJson kNothing;

std::string_view type_words(const base::OrderedJson& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    if (value.is_string()) return "a text";
    if (value.is_boolean()) return "true or false";
    if (value.is_number()) return "a number";
    return "nothing";
}

// A whole number, also one that is written 1.0.
std::optional<std::int64_t> whole_number(const base::OrderedJson& value) {
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (!value.is_number_float()) return std::nullopt;
    const auto number = value.get<double>();
    if (!(std::abs(number) <= kExact) || std::trunc(number) != number) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

}  // namespace

void Problem::report(const std::string& place, std::string_view what) {
    if (message_.empty()) message_ = one_line(place.empty() ? std::string(what) : fmt::format("{}: {}", place, what));
}

Fields::Fields(const base::OrderedJson& json, std::string place, Problem& problem)
    : json_(json.is_object() ? json : kNothing), place_(std::move(place)), problem_(problem) {
    if (!json.is_object()) problem_.report(place_, fmt::format("{} where an object is expected", type_words(json)));
}

std::string Fields::place_of(std::string_view key) const {
    return place_.empty() ? std::string(key) : fmt::format("{}.{}", place_, key);
}

const base::OrderedJson* Fields::find(std::string_view key) {
    asked_.emplace_back(key);
    if (!json_.is_object()) return nullptr;
    const auto member = json_.find(std::string(key));
    return member == json_.end() || member->is_null() ? nullptr : &*member;
}

void Fields::wrong_type(std::string_view key, const base::OrderedJson& value, std::string_view expected) {
    refuse(key, fmt::format("{} where {} is expected", type_words(value), expected));
}

void Fields::refuse(std::string_view key, std::string_view what) {
    problem_.report(place_of(key), what);
}

std::optional<std::string> Fields::text(std::string_view key) {
    const base::OrderedJson* value = find(key);
    if (!value) return std::nullopt;
    if (const auto* string = value->get_ptr<const std::string*>()) return *string;
    wrong_type(key, *value, "a text");
    return std::nullopt;
}

std::string Fields::required_text(std::string_view key) {
    std::string value = text_or_empty(key);
    if (value.empty()) refuse(key, "missing or empty");
    return value;
}

std::optional<bool> Fields::flag(std::string_view key) {
    const base::OrderedJson* value = find(key);
    if (!value) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    wrong_type(key, *value, "true or false");
    return std::nullopt;
}

std::optional<double> Fields::number(std::string_view key, double least, double most) {
    const base::OrderedJson* value = find(key);
    if (!value) return std::nullopt;
    if (!value->is_number()) {
        wrong_type(key, *value, "a number");
        return std::nullopt;
    }
    const auto number = value->get<double>();
    if (number >= least && number <= most) return number;
    refuse(key, fmt::format("{} is out of range, it has to lie between {} and {}", number, least, most));
    return std::nullopt;
}

std::optional<std::int64_t> Fields::integer(std::string_view key, std::int64_t least, std::int64_t most) {
    const base::OrderedJson* value = find(key);
    if (!value) return std::nullopt;
    const auto number = whole_number(*value);
    if (!number) {
        wrong_type(key, *value, "a whole number");
    } else if (*number < least || *number > most) {
        refuse(key, fmt::format("{} is out of range, it has to lie between {} and {}", *number, least, most));
    } else {
        return number;
    }
    return std::nullopt;
}

std::int64_t Fields::required_integer(std::string_view key, std::int64_t least, std::int64_t most) {
    const auto value = integer(key, least, most);
    if (!value) refuse(key, "missing");
    return value.value_or(least);
}

std::vector<std::string> Fields::list_of_texts(std::string_view key, const base::OrderedJson& value, bool takes_null) {
    std::vector<std::string> strings;
    if (!value.is_array()) {
        wrong_type(key, value, "a list of texts");
        return strings;
    }
    for (const auto& element : value) {
        if (const auto* string = element.get_ptr<const std::string*>())
            strings.push_back(*string);
        else if (takes_null && element.is_null())
            strings.emplace_back();
        else
            wrong_type(key, element, "a text");
    }
    return strings;
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view key) {
    const base::OrderedJson* value = find(key);
    return value ? std::optional(list_of_texts(key, *value, false)) : std::nullopt;
}

std::vector<std::string> Fields::texts_or_nulls(std::string_view key) {
    const base::OrderedJson* value = find(key);
    return value ? list_of_texts(key, *value, true) : std::vector<std::string>();
}

base::Json Fields::object_value(std::string_view key) {
    return base::Json(ordered_object(key));
}

base::OrderedJson Fields::ordered_object(std::string_view key) {
    const base::OrderedJson* value = find(key);
    if (!value) return {};
    if (value->is_object()) return *value;
    wrong_type(key, *value, "an object");
    return {};
}

void Fields::object(std::string_view key, const std::function<void(Fields&)>& read) {
    if (const base::OrderedJson* value = find(key)) {
        Fields fields(*value, place_of(key), problem_);
        read(fields);
    }
}

void Fields::each(std::string_view key, const std::function<void(Fields&)>& read) {
    const base::OrderedJson* value = find(key);
    if (!value) return;
    if (!value->is_array()) return wrong_type(key, *value, "a list");
    for (std::size_t i = 0; i < value->size() && !problem_.exists(); ++i) {
        Fields fields((*value)[i], fmt::format("{}[{}]", place_of(key), i), problem_);
        read(fields);
    }
}

void Fields::members(std::string_view key, const std::function<void(const std::string&, Fields&)>& read) {
    const base::OrderedJson* value = find(key);
    if (!value) return;
    if (!value->is_object()) return wrong_type(key, *value, "an object");
    for (const auto& [name, member] : value->items()) {
        if (problem_.exists()) return;
        Fields fields(member, fmt::format("{}[\"{}\"]", place_of(key), name), problem_);
        read(name, fields);
    }
}

base::OrderedJson Fields::unknown() const {
    base::OrderedJson rest;
    if (!json_.is_object()) return rest;
    for (const auto& [name, member] : json_.items())
        if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) rest[name] = member;
    return rest;
}

}  // namespace llmc::report
