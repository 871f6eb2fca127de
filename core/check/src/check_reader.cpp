#include "check/check_reader.h"

#include <limits>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "check/json_schema.h"
#include "needle.h"

namespace llmc::check {
namespace {

using base::FieldReader;
using base::JsonFile;
using base::OrderedJson;

constexpr std::int64_t kMaxCount = std::numeric_limits<std::int64_t>::max();

bool is_text_check(CheckType type) {
    return type <= CheckType::equals;
}

bool is_counting_check(CheckType type) {
    return (type >= CheckType::min_words && type <= CheckType::max_chars) || type == CheckType::max_reasoning_tokens;
}

bool is_measuring_check(CheckType type) {
    return type == CheckType::max_ttft_s || type == CheckType::min_decode_tokens_per_s;
}

std::optional<CheckType> type_of(const OrderedJson& check) {
    if (!check.is_object() || !check.contains("type") || !check["type"].is_string()) return std::nullopt;
    return check_type_from(check["type"].get_ref<const std::string&>());
}

// The texts of `value`, `values` or `any`: exactly one of them stands there.
void read_texts(JsonFile& file, FieldReader& fields, const std::string& pointer, Check& check) {
    int given = 0;
    if (fields.find("value") != nullptr) {
        ++given;
        if (auto text = fields.text_or_empty("value")) check.texts.push_back(*std::move(text));
    }
    for (const char* key : {"values", "any"}) {
        if (fields.find(key) == nullptr) continue;
        ++given;
        const OrderedJson* list = fields.list(key);
        if (list == nullptr) continue;
        if (list->empty()) fields.fail(key, "must not be empty");
        check.wants = std::string_view(key) == "any" ? Check::Wants::any : Check::Wants::all;
        for (std::size_t i = 0; i < list->size(); ++i) {
            const OrderedJson& text = (*list)[i];
            if (text.is_string())
                check.texts.push_back(text.get<std::string>());
            else
                file.fail(fmt::format("{}/{}", fields.pointer(key), i),
                          fmt::format("must be a text, and is {}", base::json_type_name(text)));
        }
    }
    if (given != 1) file.fail(pointer, "needs one of \"value\", \"values\" and \"any\"");
}

void read_schema(JsonFile& file, FieldReader& fields, const std::string& key, Check& check) {
    const OrderedJson* schema = fields.find(key);
    if (schema == nullptr) return;
    SchemaFault fault;
    check.schema = JsonSchema::compile(base::Json(*schema), fault);
    if (!check.schema) file.fail(fields.pointer(key) + fault.pointer, fault.what);
}

void need_value(JsonFile& file, FieldReader& fields, const std::string& pointer) {
    if (fields.find("value") == nullptr) file.fail(pointer, "needs a \"value\"");
}

void read_pattern(FieldReader& fields, Check& check) {
    const auto pattern = fields.text_or_empty("value");
    if (!pattern) return;
    check.texts = {*pattern};
    auto regex = base::Regex::compile(*pattern);
    if (regex)
        check.regex = *std::move(regex);
    else
        fields.fail("value", regex.error().message);
}

void read_tool_call(FieldReader& fields, JsonFile& file, Check& check) {
    check.tool = fields.text("name").value_or("");
    if (check.type == CheckType::no_tool_call) return;
    read_schema(file, fields, "arguments", check);
    check.count = fields.integer_within("count", 0, kMaxCount);
}

void read_members(JsonFile& file, FieldReader& fields, const std::string& pointer, Check& check) {
    if (is_text_check(check.type)) {
        read_texts(file, fields, pointer, check);
        check.ignore_case = fields.flag("ignore_case").value_or(false);
        for (const auto& text : check.texts)
            check.needles.push_back(std::make_shared<const Needle>(text, check.ignore_case));
        return;
    }
    if (check.type == CheckType::tool_call || check.type == CheckType::no_tool_call)
        return read_tool_call(fields, file, check);
    if (check.type == CheckType::json || check.type == CheckType::json_schema)
        check.allow_fence = fields.flag("allow_fence").value_or(false);
    if (check.type == CheckType::json) return;
    need_value(file, fields, pointer);
    if (check.type == CheckType::json_schema) {
        read_schema(file, fields, "value", check);
    } else if (check.type == CheckType::regex || check.type == CheckType::not_regex) {
        read_pattern(fields, check);
    } else if (check.type == CheckType::finish_reason) {
        check.texts = {fields.text("value").value_or("")};
    } else if (is_counting_check(check.type)) {
        check.limit = static_cast<double>(fields.integer_within("value", 0, kMaxCount).value_or(0));
    } else if (is_measuring_check(check.type)) {
        check.limit = fields.number_within("value", 0, std::numeric_limits<double>::max()).value_or(0);
    }
}

}  // namespace

MemberKind member_kind(const OrderedJson& check, std::string_view key) {
    const auto type = type_of(check);
    if (key == "count" || (key == "value" && type && (is_counting_check(*type) || is_measuring_check(*type))))
        return MemberKind::number;
    if (key == "arguments" || (key == "value" && type == CheckType::json_schema)) return MemberKind::schema;
    return MemberKind::text;
}

Check read_check(JsonFile& file, const OrderedJson& value, const std::string& pointer) {
    Check check;
    FieldReader fields(file, value, pointer);
    const auto name = fields.text("type");
    if (!name) {
        file.fail(pointer, "needs a \"type\"");
        return check;
    }
    const auto type = check_type_from(*name);
    if (!type) {
        const auto nearest = base::nearest_names(*name, check_type_names(), 1);
        fields.fail("type", fmt::format("there is no check \"{}\"; did you mean \"{}\"?",
                                        base::for_terminal_line(*name), nearest.front()));
        return check;
    }
    check.type = *type;
    check.stop_on_break = fields.flag("stop_on_break").value_or(false);
    read_members(file, fields, pointer, check);
    fields.finish();
    return check;
}

Result<Check> parse_check(const OrderedJson& check) {
    auto file = JsonFile::parse(base::dump_json(check, 2), "check");
    if (!file) return file.error();
    Check result = read_check(*file, file->root(), "");
    if (file->error()) return *file->error();
    return result;
}

}  // namespace llmc::check
