#include "placeholders.h"

#include "base/ascii.h"

namespace llmc::suite {
namespace {

using base::Json;
using base::OrderedJson;

struct Place {
    std::size_t begin, end;  // braces and the backslashes before them included
    std::size_t backslashes;
    std::string_view name;

    bool is_text() const { return backslashes % 2 == 1; }
};

// The next {{NAME}}: a name holds no brace and no line break, and is not blank.
std::optional<Place> next_place(std::string_view text, std::size_t from) {
    for (auto at = text.find("{{", from); at != std::string_view::npos; at = text.find("{{", at + 1)) {
        const auto end = text.find_first_of("{}\r\n", at + 2);
        if (end == std::string_view::npos) return std::nullopt;
        const auto name = text.substr(at + 2, end - at - 2);
        if (text.substr(end, 2) != "}}" || base::trim(name).empty()) continue;
        std::size_t begin = at;
        while (begin > from && text[begin - 1] == '\\') --begin;
        return Place{begin, end + 2, at - begin, name};
    }
    return std::nullopt;
}

}  // namespace

bool has_placeholder(std::string_view text) {
    return next_place(text, 0).has_value();
}

bool has_placeholder_within(const OrderedJson& value) {
    if (value.is_string()) return has_placeholder(value.get_ref<const std::string&>());
    if (!value.is_structured()) return false;
    for (const auto& [key, member] : value.items())
        if ((value.is_object() && has_placeholder(key)) || has_placeholder_within(member)) return true;
    return false;
}

std::string literal(std::string_view text) {
    std::string escaped;
    std::size_t done = 0;
    while (const auto place = next_place(text, done)) {
        escaped += text.substr(done, place->begin - done);
        escaped.append(place->backslashes * 2 + 1, '\\');
        escaped += text.substr(place->begin + place->backslashes, place->end - place->begin - place->backslashes);
        done = place->end;
    }
    return escaped.append(text.substr(done));
}

const Json* Filler::value_of(std::string_view name) {
    const Json* value = base::find(values_, name);
    if (value == nullptr) value = base::find(values_, base::trim(name));
    if (value != nullptr && !value->is_null()) return value;
    if (!missing_) missing_ = base::trim(name);
    return nullptr;
}

std::string Filler::fill(std::string_view text) {
    if (values_.is_null()) return std::string(text);
    std::string filled;
    std::size_t done = 0;
    while (const auto place = next_place(text, done)) {
        filled += text.substr(done, place->begin - done);
        filled.append(place->backslashes / 2, '\\');
        if (place->is_text())
            filled += text.substr(place->begin + place->backslashes, place->end - place->begin - place->backslashes);
        else if (const Json* value = value_of(place->name))
            filled += value->is_string() ? value->get_ref<const std::string&>() : base::dump_json(*value);
        done = place->end;
    }
    return filled.append(text.substr(done));
}

OrderedJson Filler::fill(const OrderedJson& value, bool keeps_types) {
    if (values_.is_null()) return value;
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const auto place = next_place(text, 0);
        if (keeps_types && place && place->begin == 0 && place->end == text.size() && place->backslashes == 0) {
            const Json* whole = value_of(place->name);
            return whole != nullptr ? OrderedJson(*whole) : value;
        }
        return place ? OrderedJson(fill(text)) : value;
    }
    if (value.is_array()) {
        OrderedJson filled = OrderedJson::array();
        for (const auto& element : value) filled.push_back(fill(element, keeps_types));
        return filled;
    }
    if (value.is_object()) {
        OrderedJson filled = OrderedJson::object();
        for (const auto& [key, member] : value.items()) filled[fill(key)] = fill(member, keeps_types);
        return filled;
    }
    return value;
}

}  // namespace llmc::suite
