#include "fill_check.h"

#include <charconv>
#include <cstdint>

#include "check/check_kind.h"

namespace llmc::suite {
namespace {

using base::OrderedJson;

// A number that came as text, as the cells of a CSV file do.
OrderedJson as_number(OrderedJson value) {
    if (!value.is_string()) return value;
    const auto& text = value.get_ref<const std::string&>();
    const char* end = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto [at, error] = std::from_chars(text.data(), end, whole); error == std::errc{} && at == end)
        return whole;
    double number = 0;
    if (const auto [at, error] = std::from_chars(text.data(), end, number); error == std::errc{} && at == end)
        return number;
    return value;
}

}  // namespace

OrderedJson fill_check(const OrderedJson& check, Filler& filler) {
    if (!check.is_object()) return check;
    OrderedJson filled = OrderedJson::object();
    for (const auto& [key, value] : check.items()) {
        const check::Member* member = check::find_member(check, key);
        if (member && member->is_number() && has_placeholder_within(value))
            filled[key] = as_number(filler.fill(value, true));
        else
            filled[key] = filler.fill(value, member && member->is_json());
    }
    return filled;
}

}  // namespace llmc::suite
