#include "bfcl.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "check_words.h"
#include "expected_value.h"

namespace llmc::check {
namespace {

using base::Json;

std::string standardized(std::string_view text) {
    constexpr std::string_view kIgnored = " ,./-_*^";
    std::string result;
    for (const char c : text)
        if (kIgnored.find(c) == std::string_view::npos) result += c == '\'' ? '"' : base::to_lower(c);
    return result;
}

std::string name_of(std::string name) {
    std::ranges::replace(name, '.', '_');
    return name;
}

bool is_acceptable(const Json& value, const Json& acceptable);

bool is_any_acceptable(const Json& value, const Json& list) {
    return std::ranges::any_of(list, [&](const Json& one) { return is_acceptable(value, one); });
}

bool may_be_left_out(const Json& list) {
    return std::ranges::any_of(
        list, [](const Json& one) { return one.is_string() && one.get_ref<const std::string&>().empty(); });
}

// The key or parameter that is missing, unknown or wrong; empty where all fit.
std::string wrong_member(const Json& object, const Json& lists, std::string* why) {
    for (const auto& [key, list] : lists.items()) {
        const auto found = object.find(key);
        if (found == object.end()) {
            if (list.is_array() && may_be_left_out(list)) continue;
            if (why) *why = "is missing";
            return key;
        }
        if (list.is_array() ? is_any_acceptable(*found, list) : is_acceptable(*found, list)) continue;
        if (why) *why = fmt::format("is {}, and acceptable are {}", in_words(*found), shortened(base::dump_json(list)));
        return key;
    }
    for (const auto& [key, value] : object.items()) {
        if (lists.contains(key)) continue;
        if (why) *why = "is not expected";
        return key;
    }
    return {};
}

bool is_acceptable(const Json& value, const Json& acceptable) {
    if (value.is_string() && acceptable.is_string())
        return standardized(value.get_ref<const std::string&>()) ==
               standardized(acceptable.get_ref<const std::string&>());
    if (value.is_array() && acceptable.is_array())
        return value.size() == acceptable.size() &&
               std::equal(value.begin(), value.end(), acceptable.begin(), is_acceptable);
    if (value.is_object() && acceptable.is_object()) {
        std::string why;
        wrong_member(value, acceptable, &why);
        return why.empty();
    }
    return value == acceptable;
}

}  // namespace

BfclCall BfclCall::read(base::JsonFile& file, const base::OrderedJson& source, const std::string& pointer) {
    BfclCall call;
    if (!source.is_object() || source.size() != 1) {
        file.fail(pointer, "must be an object with one member, {NAME: {PARAMETER: [acceptable values]}}");
        return call;
    }
    const std::string& name = source.begin().key();
    const base::OrderedJson& parameters = source.begin().value();
    const std::string at = fmt::format("{}/{}", pointer, name);
    if (!parameters.is_object()) {
        file.fail(at, fmt::format("must be an object, and is {}", base::json_type_name(parameters)));
        return call;
    }
    for (const auto& [key, list] : parameters.items())
        if (!list.is_array() || list.empty())
            file.fail(fmt::format("{}/{}", at, key), "must be a list of acceptable values");
    call.name_ = name_of(name);
    call.parameters_ = Json(parameters);
    call.words_ = call_words({.name = name, .arguments = base::dump_json(parameters)});
    return call;
}

bool BfclCall::fits_name(const std::string& name) const {
    return name_of(name) == name_;
}

bool BfclCall::fits(const MadeCall& call, std::string* why) const {
    if (!fits_name(call.call->name)) {
        if (why) *why = "it is a call of " + in_quotes(call.call->name);
        return false;
    }
    if (!call.object) {
        if (why) *why = "its arguments are no JSON object";
        return false;
    }
    std::string what;
    const std::string key = wrong_member(*call.object, parameters_, &what);
    if (why) *why = fmt::format("argument {} {}", in_quotes(key), what);
    return what.empty();
}

}  // namespace llmc::check
