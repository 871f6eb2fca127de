#include "demo/schema_sample.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>

#include "base/utf8.h"

namespace llmc::demo {
namespace {

using base::Json;
using base::OrderedJson;

constexpr int kMostDeep = 48;        // references count too
constexpr int kDeepWithOptions = 6;  // below that only what is required: a schema that contains itself comes to an end
constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kBytesOfValue = 64;

// "~1" and "~0" of a JSON pointer.
std::string unescaped(std::string_view key) {
    std::string text;
    for (std::size_t i = 0; i < key.size(); ++i) {
        const bool is_escape = key[i] == '~' && i + 1 < key.size() && (key[i + 1] == '0' || key[i + 1] == '1');
        text += !is_escape ? key[i] : key[++i] == '0' ? '~' : '/';
    }
    return text;
}

// What "#/$defs/step" leads to; null for a reference to nothing, out of the schema or through a list.
const Json* target_of(const Json& root, std::string_view reference) {
    if (!reference.starts_with('#')) return nullptr;
    reference.remove_prefix(1);
    const Json* place = &root;
    while (place && reference.starts_with('/')) {
        reference.remove_prefix(1);
        const auto end = std::min(reference.find('/'), reference.size());
        place = base::find(*place, unescaped(reference.substr(0, end)));
        reference.remove_prefix(end);
    }
    return place;
}

std::string type_of(const Json& schema) {
    if (const auto one = base::get_string(schema, "type")) return *one;
    if (const Json* list = base::find(schema, "type"); list && list->is_array() && !list->empty())
        return list->front().is_string() ? list->front().get<std::string>() : "";
    if (base::find(schema, "properties")) return "object";
    return base::find(schema, "items") ? "array" : "string";
}

double number_in(const Json& schema, double step) {
    double value = 1;
    if (const auto least = base::get_number(schema, "minimum")) value = std::max(value, *least);
    if (const auto under = base::get_number(schema, "exclusiveMinimum")) value = std::max(value, *under + step);
    if (const auto most = base::get_number(schema, "maximum")) value = std::min(value, *most);
    if (const auto over = base::get_number(schema, "exclusiveMaximum")) value = std::min(value, *over - step);
    return value;
}

class Sampler {
public:
    Sampler(const Json& root, std::string_view text) : root_(root), text_(text) {}

    OrderedJson value(const Json& schema, int depth) {
        bytes_ += kBytesOfValue;
        if (depth > kMostDeep || bytes_ > kMostBytes) return nullptr;
        if (const Json* one = base::find(schema, "const")) return whole(*one);
        if (const Json* list = base::find(schema, "enum"); list && list->is_array() && !list->empty())
            return whole(list->front());
        if (const auto reference = base::get_string(schema, "$ref")) {
            const Json* target = target_of(root_, *reference);
            return target ? value(*target, depth + 1) : nullptr;
        }
        for (const char* choice : {"anyOf", "oneOf", "allOf"})
            if (const Json* list = base::find(schema, choice); list && list->is_array() && !list->empty())
                return value(list->front(), depth + 1);
        return of_type(type_of(schema), schema, depth);
    }

private:
    OrderedJson whole(const Json& given) {
        OrderedJson made(given);
        bytes_ += base::dump_json(made).size();
        return made;
    }

    OrderedJson of_type(const std::string& type, const Json& schema, int depth) {
        if (type == "object") return object(schema, depth);
        if (type == "array") return list(schema, depth);
        if (type == "integer") {
            const double number = std::clamp(std::ceil(number_in(schema, 1)), -9e15, 9e15);
            return static_cast<std::int64_t>(number);
        }
        if (type == "number") return number_in(schema, 0.5);
        if (type == "boolean") return true;
        if (type == "null") return nullptr;
        return text(schema);
    }

    OrderedJson object(const Json& schema, int depth) {
        OrderedJson made = OrderedJson::object();
        const Json* properties = base::find(schema, "properties");
        std::set<std::string> named;
        if (const Json* required = base::find(schema, "required"); required && required->is_array())
            for (const Json& key : *required) {
                if (!key.is_string() || bytes_ > kMostBytes || !named.insert(key.get<std::string>()).second) continue;
                const Json* of_key = properties ? base::find(*properties, key.get<std::string>()) : nullptr;
                made[key.get<std::string>()] = value(of_key ? *of_key : Json::object(), depth + 1);
            }
        if (!properties || !properties->is_object() || depth > kDeepWithOptions) return made;
        for (const auto& [key, of_key] : properties->items())
            if (bytes_ <= kMostBytes && !named.contains(key)) made[key] = value(of_key, depth + 1);
        return made;
    }

    OrderedJson list(const Json& schema, int depth) {
        OrderedJson made = OrderedJson::array();
        const auto least = base::get_int(schema, "minItems");
        const std::int64_t most = base::get_int(schema, "maxItems").value_or(least.value_or(1));
        const std::int64_t count = std::min(least.value_or(depth > kDeepWithOptions ? 0 : 1), most);
        const Json* items = base::find(schema, "items");
        for (std::int64_t i = 0; i < count && bytes_ <= kMostBytes; ++i)
            made.push_back(value(items ? *items : Json::object(), depth + 1));
        return made;
    }

    std::string text(const Json& schema) {
        const auto size_of = [&](const char* key, std::size_t otherwise) {
            const auto given = base::get_int(schema, key);
            return given ? static_cast<std::size_t>(std::max<std::int64_t>(*given, 0)) : otherwise;
        };
        const std::size_t least = size_of("minLength", 0), most = size_of("maxLength", kMostBytes);
        std::string made(text_.substr(0, base::utf8_cut(text_, kMostBytes)));
        std::size_t length = base::count_code_points(made);
        while (length < least && made.size() < kMostBytes) {
            made += '.';
            ++length;
        }
        for (std::size_t end = 0, count = 0; end < made.size(); ++count) {
            if (count == most) {
                made.resize(end);
                break;
            }
            base::next_code_point(made, end);
        }
        bytes_ += made.size();
        return made;
    }

    const Json& root_;
    std::string_view text_;
    std::size_t bytes_ = 0;
};

}  // namespace

base::OrderedJson sample_of(const base::Json& schema, std::string_view text) {
    return Sampler(schema, text).value(schema, 0);
}

}  // namespace llmc::demo
