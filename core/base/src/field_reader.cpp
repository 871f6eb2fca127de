#include "base/field_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/text_file.h"
#include "base/utf8.h"

namespace llmc::base {
namespace {

const OrderedJson kNoMembers = OrderedJson::object();

bool is_text(const OrderedJson& value) {
    return value.is_string();
}
bool is_number(const OrderedJson& value) {
    return value.is_number();
}
bool is_flag(const OrderedJson& value) {
    return value.is_boolean();
}
bool is_list(const OrderedJson& value) {
    return value.is_array();
}
bool is_object(const OrderedJson& value) {
    return value.is_object();
}
bool is_text_or_list(const OrderedJson& value) {
    return value.is_string() || value.is_array();
}

template <class J>
std::string_view type_name(const J& value) {
    switch (value.type()) {
        case J::value_t::null: return "null";
        case J::value_t::object: return "an object";
        case J::value_t::array: return "a list";
        case J::value_t::string: return "a text";
        case J::value_t::boolean: return value.template get<bool>() ? "true" : "false";
        default: return "a number";
    }
}

// Also one that is written 1.0.
std::optional<std::int64_t> as_integer(const OrderedJson& value) {
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    const auto number = value.get<double>();
    if (!(std::abs(number) <= kExact) || std::trunc(number) != number) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

}  // namespace

std::string_view json_type_name(const OrderedJson& value) {
    return type_name(value);
}

std::string_view json_type_name(const Json& value) {
    return type_name(value);
}

std::string key_name(const std::string& pointer) {
    std::string name;
    for (std::size_t begin = 1; begin <= pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
        const std::string part = pointer.substr(begin, end - begin);
        const bool is_index = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
        if (is_index) {
            name += '[' + part + ']';
        } else {
            name += (name.empty() ? "" : ".") + for_terminal_line(part);
        }
        begin = end + 1;
    }
    return name;
}

Result<JsonFile> JsonFile::parse(std::string_view text, const std::filesystem::path& path) {
    JsonFile file;
    file.path_ = path.string();
    if (const auto is_utf8 = check_utf8(text, path); !is_utf8) return is_utf8.error();
    auto json = parse_json_with_lines(without_byte_order_mark(text));
    if (!json) {
        // "line 3: what"
        const std::string_view message = json.error().message;
        const std::size_t colon = message.find(": ");
        if (!message.starts_with("line ") || colon == std::string_view::npos)
            return Error{json.error().kind, fmt::format("{}:1: {}", file.path_, message)};
        return Error{json.error().kind,
                     fmt::format("{}:{}: {}", file.path_, message.substr(5, colon - 5), message.substr(colon + 2))};
    }
    file.json_ = std::move(*json);
    return file;
}

JsonFile JsonFile::of_program(OrderedJson root, std::string_view name) {
    JsonFile file;
    file.path_ = for_terminal_line(name);
    file.json_.root = std::move(root);
    file.is_of_program_ = file.keeps_unknown_ = true;
    return file;
}

std::string JsonFile::place_of_line(const std::string& pointer) const {
    return is_of_program_ ? path_ : fmt::format("{}:{}", path_, std::max(json_.line_of(pointer), 1));
}

void JsonFile::fail_as(const std::string& pointer, std::string_view message) {
    if (error_) return;
    error_ = Error{ErrorKind::parse, fmt::format("{}: {}", place_of_line(pointer), for_terminal_line(message))};
}

void JsonFile::fail(const std::string& pointer, std::string_view what) {
    const std::string name = key_name(pointer);
    fail_as(pointer, name.empty() ? std::string(what) : fmt::format("{}: {}", name, what));
}

std::string JsonFile::place(const std::string& pointer) const {
    return fmt::format("{}: {}", place_of_line(pointer), key_name(pointer));
}

void JsonFile::add_to_error(std::string_view words) {
    if (error_) error_->message += words;
}

std::optional<std::string_view> JsonFile::why_refused(std::string_view key) const {
    if (is_refused_ == nullptr || !is_refused_(key)) return std::nullopt;
    return why_refused_;
}

FieldReader::FieldReader(JsonFile& file, const OrderedJson& value, std::string pointer)
    : file_(file), object_(value.is_object() ? value : kNoMembers), pointer_(std::move(pointer)) {
    if (!value.is_object()) file_.fail(pointer_, fmt::format("must be an object, and is {}", json_type_name(value)));
}

const OrderedJson* FieldReader::find(std::string_view key) {
    const std::string& name = known_.emplace_back(key);
    const auto member = object_.find(name);
    return member == object_.end() ? nullptr : &*member;
}

bool FieldReader::is_null(std::string_view key) {
    const OrderedJson* value = find(key);
    return value != nullptr && value->is_null();
}

const OrderedJson* FieldReader::find_of_type(std::string_view key, Null null, bool (*is_type)(const OrderedJson&),
                                             std::string_view wanted) {
    const OrderedJson* value = find(key);
    const bool may_be_null = null == Null::is_absent || file_.is_of_program();
    if (value == nullptr || (value->is_null() && may_be_null)) return nullptr;
    if (is_type(*value)) return value;
    fail(key, fmt::format("must be {}, and is {}", wanted, json_type_name(*value)));
    return nullptr;
}

std::optional<std::string> FieldReader::text_or_empty(std::string_view key, Null null) {
    const OrderedJson* value = find_of_type(key, null, is_text, "a text");
    if (value == nullptr) return std::nullopt;
    return value->get<std::string>();
}

std::optional<std::string> FieldReader::text(std::string_view key, Null null) {
    auto value = text_or_empty(key, null);
    if (!value || !value->empty()) return value;
    fail(key, "must not be empty");
    return std::nullopt;
}

std::string FieldReader::required_text(std::string_view key) {
    std::string value = string(key);
    if (value.empty()) fail(key, "missing or empty");
    return value;
}

std::int64_t FieldReader::required_integer(std::string_view key, std::int64_t lowest, std::int64_t highest) {
    const auto value = integer_within(key, lowest, highest);
    if (!value) fail(key, "missing");
    return value.value_or(lowest);
}

std::optional<double> FieldReader::number(std::string_view key, Null null) {
    const OrderedJson* value = find_of_type(key, null, is_number, "a number");
    if (value == nullptr) return std::nullopt;
    return value->get<double>();
}

std::optional<std::int64_t> FieldReader::integer(std::string_view key, Null null) {
    const OrderedJson* value = find_of_type(key, null, is_number, "a whole number");
    if (value == nullptr) return std::nullopt;
    const auto number = as_integer(*value);
    if (!number) fail(key, fmt::format("must be a whole number of at most 64 bits, and is {}", dump_json(*value)));
    return number;
}

std::optional<double> FieldReader::number_within(std::string_view key, double lowest, double highest) {
    const auto value = number(key);
    if (!value || (*value >= lowest && *value <= highest)) return value;
    fail(key, fmt::format("{} is out of range: {} to {}", *value, lowest, highest));
    return std::nullopt;
}

std::optional<std::int64_t> FieldReader::integer_within(std::string_view key, std::int64_t lowest,
                                                        std::int64_t highest) {
    const auto value = integer(key);
    if (!value || (*value >= lowest && *value <= highest)) return value;
    fail(key, fmt::format("{} is out of range: {} to {}", *value, lowest, highest));
    return std::nullopt;
}

std::optional<bool> FieldReader::flag(std::string_view key) {
    const OrderedJson* value = find_of_type(key, Null::refused, is_flag, "true or false");
    if (value == nullptr) return std::nullopt;
    return value->get<bool>();
}

const OrderedJson* FieldReader::list(std::string_view key) {
    return find_of_type(key, Null::refused, is_list, "a list");
}

const OrderedJson* FieldReader::object(std::string_view key) {
    return find_of_type(key, Null::refused, is_object, "an object");
}

void FieldReader::object(std::string_view key, const std::function<void(FieldReader&)>& read) {
    const OrderedJson* value = object(key);
    if (value == nullptr) return;
    FieldReader fields(file_, *value, pointer(key));
    read(fields);
}

void FieldReader::each(std::string_view key, const std::function<void(FieldReader&)>& read) {
    const OrderedJson* value = list(key);
    if (value == nullptr) return;
    for (std::size_t i = 0; i < value->size() && !file_.error(); ++i) {
        FieldReader fields(file_, (*value)[i], fmt::format("{}/{}", pointer(key), i));
        read(fields);
    }
}

void FieldReader::members(std::string_view key,
                          const std::function<void(const std::string& name, FieldReader&)>& read) {
    const OrderedJson* value = object(key);
    if (value == nullptr) return;
    for (const auto& [name, member] : value->items()) {
        if (file_.error()) return;
        FieldReader fields(file_, member, fmt::format("{}/{}", pointer(key), name));
        read(name, fields);
    }
}

std::optional<std::vector<std::string>> FieldReader::texts(std::string_view key, Null null) {
    const OrderedJson* value = find_of_type(key, null, is_text_or_list, "a text or a list of texts");
    if (value == nullptr) return std::nullopt;
    std::vector<std::string> result;
    const auto add = [&](const OrderedJson& element, const std::string& where) {
        if (!element.is_string()) {
            file_.fail(where, fmt::format("must be a text, and is {}", json_type_name(element)));
        } else if (element.get_ref<const std::string&>().empty() && !file_.is_of_program()) {
            file_.fail(where, "must not be empty");
        } else {
            result.push_back(element.get<std::string>());
        }
    };
    if (value->is_string()) {
        add(*value, pointer(key));
    } else {
        for (std::size_t i = 0; i < value->size(); ++i) add((*value)[i], fmt::format("{}/{}", pointer(key), i));
    }
    return result;
}

void FieldReader::require(std::string_view key, const Result<void>& verdict) {
    if (!verdict) file_.fail_as(pointer(key), verdict.error().message);
}

OrderedJson FieldReader::finish() {
    OrderedJson kept;
    for (const auto& [key, value] : object_.items()) {
        if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
        if (const auto why = file_.why_refused(key)) {
            fail(key, *why);
        } else if (file_.keeps_unknown_keys()) {
            kept[key] = value;
            if (!file_.is_of_program()) file_.kept_keys.push_back(key_name(pointer(key)));
        } else {
            const auto nearest = nearest_names(key, known_, 1);
            fail(key,
                 nearest.empty() ? "unknown key" : fmt::format("unknown key; did you mean \"{}\"?", nearest.front()));
        }
    }
    return kept;
}

}  // namespace llmc::base
