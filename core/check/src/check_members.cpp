#include "check_members.h"

#include <limits>

#include <fmt/format.h>

#include "base/regex.h"
#include "check/json_schema.h"
#include "needle.h"

namespace llmc::check {
namespace {

using base::OrderedJson;

constexpr std::int64_t kMaxCount = std::numeric_limits<std::int64_t>::max();

}  // namespace

// The texts of `value`, `values` or `any`: exactly one of them stands there.
void read_texts(const MemberPlace& place, Check& check) {
    auto& [file, fields, pointer, value] = place;
    int given = 0;
    if (fields.find(value) != nullptr) {
        ++given;
        if (auto text = fields.text_or_empty(value)) check.texts.push_back(*std::move(text));
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

void read_ignore_case(const MemberPlace& place, Check& check) {
    const bool ignores = place.fields.flag(place.key).value_or(false);
    for (const auto& text : check.texts) check.needles.push_back(std::make_shared<const Needle>(text, ignores));
}

void read_turn(const MemberPlace& place, Check& check) {
    check.turn = place.fields.integer_within(place.key, 1, kMaxCount);
}

void read_with_other(const MemberPlace& place, Check&) {
    place.fields.find(place.key);
}

void read_text(const MemberPlace& place, Check& check) {
    check.texts = {place.fields.text(place.key).value_or("")};
}

void read_pattern(const MemberPlace& place, Check& check) {
    const auto pattern = place.fields.text_or_empty(place.key);
    if (!pattern) return;
    check.texts = {*pattern};
    auto regex = base::Regex::compile(*pattern);
    if (regex)
        check.regex = *std::move(regex);
    else
        place.fields.fail(place.key, regex.error().message);
}

void read_schema(const MemberPlace& place, Check& check) {
    const OrderedJson* schema = place.fields.find(place.key);
    if (schema == nullptr) return;
    SchemaFault fault;
    check.schema = JsonSchema::compile(base::Json(*schema), fault);
    if (!check.schema) place.file.fail(place.fields.pointer(place.key) + fault.pointer, fault.what);
}

void read_allow_fence(const MemberPlace& place, Check& check) {
    check.allow_fence = place.fields.flag(place.key).value_or(false);
}

void read_tool(const MemberPlace& place, Check& check) {
    check.tool = place.fields.text(place.key).value_or("");
}

void read_count(const MemberPlace& place, Check& check) {
    check.count = place.fields.integer_within(place.key, 0, kMaxCount);
}

void read_limit(const MemberPlace& place, Check& check) {
    check.limit = static_cast<double>(place.fields.integer_within(place.key, 0, kMaxCount).value_or(0));
}

void read_figure_limit(const MemberPlace& place, Check& check) {
    check.limit = place.fields.number_within(place.key, 0, std::numeric_limits<double>::max()).value_or(0);
}

}  // namespace llmc::check
