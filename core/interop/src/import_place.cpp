#include "import_place.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "base/utf8.h"

namespace llmc::interop {

using base::OrderedJson;

Place Place::operator/(std::string_view key) const {
    const bool follows_line = path.starts_with("line ") && path.find(',') == std::string::npos;
    const char* between = path.empty() ? "" : follows_line || path.ends_with(".jsonl") ? ", " : ".";
    return {file, fmt::format("{}{}{}", path, between, key)};
}

Place Place::operator[](std::size_t index) const {
    return {file, fmt::format("{}[{}]", path, index)};
}

void Notes::add(const Place& place, std::string what) {
    if (known_.insert(fmt::format("{}\n{}\n{}", place.file, place.path, what)).second)
        notes_.push_back({place.file, place.path, std::move(what)});
}

namespace {

const OrderedJson kNoMembers = OrderedJson::object();

}  // namespace

Members::Members(const OrderedJson& value, Place place, Notes& notes)
    : value_(value.is_object() ? value : kNoMembers), place_(std::move(place)), notes_(notes) {
    if (!value.is_object()) notes.add(place_, fmt::format("is {}, and no object", base::json_type_name(value)));
}

const OrderedJson* Members::find(std::string_view key) {
    asked_.emplace(key);
    const auto found = value_.find(key);
    return found == value_.end() || found->is_null() ? nullptr : &*found;
}

const OrderedJson* Members::list(std::string_view key) {
    const OrderedJson* found = find(key);
    if (found == nullptr || found->is_array()) return found;
    note(key, fmt::format("is {}, and no list", base::json_type_name(*found)));
    return nullptr;
}

const OrderedJson* Members::object(std::string_view key) {
    const OrderedJson* found = find(key);
    if (found == nullptr || found->is_object()) return found;
    note(key, fmt::format("is {}, and no object", base::json_type_name(*found)));
    return nullptr;
}

std::optional<std::string> Members::text(std::string_view key) {
    const OrderedJson* found = find(key);
    if (found == nullptr) return std::nullopt;
    if (!found->is_structured()) return as_text(*found);
    note(key, fmt::format("is {}, and no text", base::json_type_name(*found)));
    return std::nullopt;
}

std::optional<std::string> Members::text_of(std::initializer_list<const char*> keys) {
    std::optional<std::string> first;
    for (const char* key : keys) {
        auto found = text(key);
        if (!first)
            first = std::move(found);
        else if (found && found != first)
            note(key, fmt::format("stands beside another word for it ({})", shortly(*first)));
    }
    return first;
}

void Members::finish() {
    for (const auto& [key, value] : value_.items())
        if (!asked_.contains(key) && !value.is_null())
            note(key, fmt::format("has no counterpart in a suite ({})", shortly(value)));
}

std::string as_text(const OrderedJson& value) {
    return value.is_string() ? value.get<std::string>() : base::dump_json(value);
}

std::string shortly(const OrderedJson& value) {
    constexpr std::size_t kMost = 60;
    if (value.is_array() && value.size() > 3) return fmt::format("a list of {}", value.size());
    const std::string text = base::dump_json(value);
    if (text.size() <= kMost) return text;
    return text.substr(0, base::utf8_cut(text, kMost)) + "…";
}

}  // namespace llmc::interop
