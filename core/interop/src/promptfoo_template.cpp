#include "promptfoo_template.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"

namespace llmc::interop {

using base::OrderedJson;

std::string TemplateFiller::fill(std::string_view text, const Place& place) const {
    std::string filled;
    for (const char* mark : {"{%", "{#"})
        if (text.find(mark) != std::string_view::npos)
            notes_.add(place, fmt::format("what the template says in {}: it is left as it stands", mark));
    while (true) {
        const auto begin = text.find("{{");
        const auto end = begin == std::string_view::npos ? begin : text.find("}}", begin);
        if (end == std::string_view::npos || made_ > kMostFilled) {
            made_ += text.size();
            return filled.append(text);
        }
        filled += text.substr(0, begin);
        const std::string_view whole = text.substr(begin, end + 2 - begin);
        const std::string value =
            value_of(base::trim(text.substr(begin + 2, end - begin - 2), " \t\r\n-"), whole, place);
        made_ += begin + whole.size() + value.size();
        filled += value;
        text.remove_prefix(end + 2);
    }
}

OrderedJson TemplateFiller::fill_within(const OrderedJson& value, const Place& place) const {
    if (value.is_string()) return fill(value.get_ref<const std::string&>(), place);
    OrderedJson filled = value;
    if (value.is_structured())
        for (auto& one : filled) one = fill_within(one, place);
    return filled;
}

std::string TemplateFiller::value_of(std::string_view expression, std::string_view whole, const Place& place) const {
    const auto bar = expression.find('|');
    const std::string_view filter =
        bar == std::string_view::npos ? std::string_view() : base::trim(expression.substr(bar + 1));
    std::string_view path = base::trim(expression.substr(0, bar));
    const bool is_known_filter =
        filter.empty() || filter == "dump" || filter == "tojson" || filter == "safe" || filter == "trim";
    const bool is_path = std::ranges::all_of(
        path, [](char c) { return base::is_letter_or_digit(c) || c == '_' || c == '.' || c == '-'; });
    if (!is_known_filter || !is_path || path.empty()) {
        notes_.add(place, fmt::format("the template's {}: it is left as it stands", whole));
        return std::string(whole);
    }
    const OrderedJson* value = &values_;
    while (value != nullptr && !path.empty()) {
        const auto dot = std::min(path.find('.'), path.size());
        const auto found = value->is_object() ? value->find(path.substr(0, dot)) : value->end();
        value = found == value->end() ? nullptr : &*found;
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    if (value == nullptr) {
        notes_.add(place, fmt::format("the template's {} has no value: it is empty", whole));
        return {};
    }
    if (filter == "trim") return std::string(base::trim(as_text(*value)));
    return filter == "dump" || filter == "tojson" ? base::dump_json(*value) : as_text(*value);
}

}  // namespace llmc::interop
