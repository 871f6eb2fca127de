#include "schema_keywords.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "base/utf8.h"
#include "check_words.h"
#include "decimal.h"
#include "formats.h"
#include "schema_judge.h"

namespace llmc::check {
namespace {

using base::Json;
using Judge = SchemaJudge;

bool judge_reference(Judge& judge, const Schema&, const Rule& rule) {
    const Schema* target = rule.schemas.front();
    if (rule.dynamic_anchor)
        if (const Schema* dynamic = judge.dynamic_target(*rule.dynamic_anchor)) target = dynamic;
    return judge.fits(*target);
}

bool judge_type(Judge& judge, const Schema&, const Rule& rule) {
    for (const auto& name : rule.names)
        if (has_type(judge.value(), name)) return true;
    if (judge.is_quiet()) return false;
    std::string wanted;
    for (const auto& name : rule.names) wanted += (wanted.empty() ? "" : " or ") + std::string(type_word(name));
    return judge.fail(fmt::format("must be {}, and is {}", wanted, base::json_type_name(judge.value())));
}

bool judge_const(Judge& judge, const Schema&, const Rule& rule) {
    return judge.check(judge.value() == rule.value, "is not the value of const");
}

bool judge_enum(Judge& judge, const Schema&, const Rule& rule) {
    judge.add_steps(rule.value.size());
    const bool any = std::find(rule.value.begin(), rule.value.end(), judge.value()) != rule.value.end();
    return judge.check(any, "is none of the values of enum");
}

bool judge_all_of(Judge& judge, const Schema&, const Rule& rule) {
    return std::all_of(rule.schemas.begin(), rule.schemas.end(), [&](const Schema* s) { return judge.fits(*s); });
}

// How many of the schemas fit, counted up to `enough` unless each has to be asked.
std::size_t count_fitting(Judge& judge, const Rule& rule, std::size_t enough) {
    std::size_t count = 0;
    for (const Schema* schema : rule.schemas) {
        if (judge.has_given_up() || (count >= enough && !judge.is_tracking())) break;
        count += judge.fits_quietly(*schema) ? 1 : 0;
    }
    return count;
}

bool judge_any_of(Judge& judge, const Schema&, const Rule& rule) {
    return judge.check(count_fitting(judge, rule, 1) > 0, "fits none of the schemas of anyOf");
}

bool judge_one_of(Judge& judge, const Schema&, const Rule& rule) {
    const std::size_t count = count_fitting(judge, rule, 2);
    if (count == 1) return true;
    return judge.fail(count == 0 ? "fits none of the schemas of oneOf" : "fits more than one of the schemas of oneOf");
}

bool judge_not(Judge& judge, const Schema&, const Rule& rule) {
    return judge.check(!judge.fits_quietly(*rule.schemas.front()), "fits the schema of not");
}

bool judge_if(Judge& judge, const Schema& schema, const Rule& rule) {
    const Rule* branch = schema.rule(judge.fits_quietly(*rule.schemas.front()) ? "then" : "else");
    return branch == nullptr || judge.fits(*branch->schemas.front());
}

// Lists of texts in `value`, schemas by `names`.
bool judge_dependencies(Judge& judge, const Schema&, const Rule& rule) {
    const Json& object = judge.value();
    if (!object.is_object()) return true;
    for (const auto& [name, needed] : rule.value.items()) {
        if (!object.contains(name)) continue;
        for (const Json& key : needed)
            if (!object.contains(key.get_ref<const std::string&>()))
                return judge.fail(fmt::format("{} is missing, which {} needs",
                                              in_quotes(key.get_ref<const std::string&>()), in_quotes(name)));
    }
    for (std::size_t i = 0; i < rule.names.size(); ++i)
        if (object.contains(rule.names[i]) && !judge.fits(*rule.schemas[i])) return false;
    return true;
}

bool judge_format(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_string()) return true;
    const auto& format = rule.value.get_ref<const std::string&>();
    return fits_format(format, judge.value().get_ref<const std::string&>()) ||
           judge.fail(fmt::format("has not the format {}", in_quotes(format)));
}

bool judge_pattern(Judge& judge, const Schema&, const Rule& rule) {
    return !judge.value().is_string() || rule.patterns.front()->is_in(judge.value().get_ref<const std::string&>()) ||
           judge.fail(
               fmt::format("does not match the pattern {}", in_quotes(rule.value.get_ref<const std::string&>())));
}

// A limit of numbers: by the sign of value - limit.
bool judge_number(Judge& judge, const Rule& rule, bool (*holds)(int), std::string_view words) {
    return !judge.value().is_number() || holds(compare_numbers(judge.value(), rule.value)) ||
           judge.fail(fmt::format("must be {} {}", words, base::dump_json(rule.value)));
}

bool judge_maximum(Judge& judge, const Schema&, const Rule& rule) {
    return judge_number(
        judge, rule, [](int sign) { return sign <= 0; }, "at most");
}

bool judge_exclusive_maximum(Judge& judge, const Schema&, const Rule& rule) {
    return judge_number(
        judge, rule, [](int sign) { return sign < 0; }, "below");
}

bool judge_minimum(Judge& judge, const Schema&, const Rule& rule) {
    return judge_number(
        judge, rule, [](int sign) { return sign >= 0; }, "at least");
}

bool judge_exclusive_minimum(Judge& judge, const Schema&, const Rule& rule) {
    return judge_number(
        judge, rule, [](int sign) { return sign > 0; }, "above");
}

bool judge_multiple(Judge& judge, const Schema&, const Rule& rule) {
    return !judge.value().is_number() || is_multiple(judge.value(), rule.value) ||
           judge.fail(fmt::format("must be a multiple of {}", base::dump_json(rule.value)));
}

// The size of a text, list or object by the limits on it ("maxItems").
bool judge_size(Judge& judge, const Schema&, const Rule& rule) {
    const Json& value = judge.value();
    const std::string_view name = rule.keyword->name;
    std::string_view what;
    if (name.ends_with("Items") && value.is_array()) what = "elements";
    if (name.ends_with("Length") && value.is_string()) what = "characters";
    if (name.ends_with("Properties") && value.is_object()) what = "members";
    if (what.empty()) return true;
    const std::size_t size =
        value.is_string() ? base::count_code_points(value.get_ref<const std::string&>()) : value.size();
    const bool is_maximum = name.starts_with("max");
    return (is_maximum ? size <= rule.limit : size >= rule.limit) ||
           judge.fail(fmt::format("has {} {}, and {} {} are allowed", size, what, is_maximum ? "at most" : "at least",
                                  rule.limit));
}

bool judge_required(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_object()) return true;
    for (const auto& name : rule.names)
        if (!judge.value().contains(name)) return judge.fail(fmt::format("{} is missing", in_quotes(name)));
    return true;
}

bool judge_properties(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_object()) return true;
    judge.add_steps(rule.names.size());
    for (std::size_t i = 0; i < rule.names.size(); ++i) {
        const auto member = judge.value().find(rule.names[i]);
        if (member != judge.value().end() && !judge.fits_member(*rule.schemas[i], member.key(), *member)) return false;
    }
    return true;
}

bool matches_any(Judge& judge, const Rule* rule, const std::string& name) {
    if (rule == nullptr) return false;
    judge.add_steps(rule->patterns.size());
    return std::any_of(rule->patterns.begin(), rule->patterns.end(), [&](const auto& p) { return p->is_in(name); });
}

bool judge_pattern_properties(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_object()) return true;
    for (auto member = judge.value().begin(); member != judge.value().end(); ++member) {
        judge.add_steps(rule.patterns.size());
        for (std::size_t i = 0; i < rule.patterns.size(); ++i)
            if (rule.patterns[i]->is_in(member.key()) &&
                !judge.fits_member(*rule.schemas[i], member.key(), member.value()))
                return false;
    }
    return true;
}

// A member that no other keyword has looked at.
bool judge_other_member(Judge& judge, const Schema& schema, const std::string& key, const Json& value) {
    if (schema.is_false) return judge.fail(fmt::format("the key {} is not allowed", in_quotes(key)));
    return judge.fits_member(schema, key, value);
}

bool judge_other_element(Judge& judge, const Schema& schema, std::size_t index) {
    return schema.is_false ? judge.fail("has more elements than are allowed") : judge.fits_element(schema, index);
}

bool judge_additional_properties(Judge& judge, const Schema& schema, const Rule& rule) {
    if (!judge.value().is_object()) return true;
    const Rule* properties = schema.rule("properties");
    const Rule* patterns = schema.rule("patternProperties");
    for (auto member = judge.value().begin(); member != judge.value().end(); ++member) {
        const bool is_named = properties != nullptr &&
                              std::binary_search(properties->names.begin(), properties->names.end(), member.key());
        if (is_named || matches_any(judge, patterns, member.key())) continue;
        if (!judge_other_member(judge, *rule.schemas.front(), member.key(), member.value())) return false;
    }
    return true;
}

bool judge_unevaluated_properties(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_object()) return true;
    for (auto member = judge.value().begin(); member != judge.value().end(); ++member)
        if (!judge.was_seen(member.value()) &&
            !judge_other_member(judge, *rule.schemas.front(), member.key(), member.value()))
            return false;
    return true;
}

bool judge_property_names(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_object()) return true;
    for (auto member = judge.value().begin(); member != judge.value().end(); ++member)
        if (!judge.fits_name(*rule.schemas.front(), member.key())) return false;
    return true;
}

bool judge_first_elements(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_array()) return true;
    for (std::size_t i = 0; i < std::min(rule.schemas.size(), judge.value().size()); ++i)
        if (!judge.fits_element(*rule.schemas[i], i)) return false;
    return true;
}

bool judge_elements_from(Judge& judge, const Rule& rule, std::size_t first) {
    if (!judge.value().is_array()) return true;
    for (std::size_t i = first; i < judge.value().size(); ++i)
        if (!(first > 0 ? judge_other_element(judge, *rule.schemas.front(), i)
                        : judge.fits_element(*rule.schemas.front(), i)))
            return false;
    return true;
}

bool is_list(const Rule& items) {
    return items.value.is_array();
}

bool judge_items(Judge& judge, const Schema& schema, const Rule& rule) {
    if (is_list(rule)) return judge_first_elements(judge, schema, rule);
    const Rule* prefix = schema.rule("prefixItems");
    return judge_elements_from(judge, rule, prefix == nullptr ? 0 : prefix->schemas.size());
}

bool judge_additional_items(Judge& judge, const Schema& schema, const Rule& rule) {
    const Rule* items = schema.rule("items");
    return items == nullptr || !is_list(*items) || judge_elements_from(judge, rule, items->schemas.size());
}

bool judge_unevaluated_items(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_array()) return true;
    for (std::size_t i = 0; i < judge.value().size(); ++i)
        if (!judge.was_seen(judge.value()[i]) && !judge_other_element(judge, *rule.schemas.front(), i)) return false;
    return true;
}

bool judge_contains(Judge& judge, const Schema& schema, const Rule& rule, bool is_seeing) {
    if (!judge.value().is_array()) return true;
    const Rule* least = schema.rule("minContains");
    const Rule* most = schema.rule("maxContains");
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < judge.value().size() && !judge.has_given_up(); ++i) {
        if (!judge.fits_element_quietly(*rule.schemas.front(), i)) continue;
        ++count;
        if (is_seeing) judge.see(judge.value()[i]);
        if (most == nullptr && least == nullptr && !judge.is_tracking()) break;
    }
    if (most != nullptr && count > most->limit)
        return judge.fail(
            fmt::format("holds {} elements of the wanted kind, and at most {} are allowed", count, most->limit));
    if (count >= (least == nullptr ? 1 : least->limit)) return true;
    return judge.fail(least == nullptr
                          ? "holds no element of the wanted kind"
                          : fmt::format("holds {} elements of the wanted kind, and needs {}", count, least->limit));
}

bool judge_contains_2019(Judge& judge, const Schema& schema, const Rule& rule) {
    return judge_contains(judge, schema, rule, false);
}

bool judge_contains_2020(Judge& judge, const Schema& schema, const Rule& rule) {
    return judge_contains(judge, schema, rule, true);
}

bool judge_unique(Judge& judge, const Schema&, const Rule& rule) {
    if (!judge.value().is_array() || rule.value == false) return true;
    std::vector<const Json*> sorted;
    for (const Json& element : judge.value()) sorted.push_back(&element);
    judge.add_steps(sorted.size());
    std::sort(sorted.begin(), sorted.end(), [](const Json* a, const Json* b) { return *a < *b; });
    const auto equal = [](const Json* a, const Json* b) { return *a == *b; };
    return judge.check(std::adjacent_find(sorted.begin(), sorted.end(), equal) == sorted.end(),
                       "holds the same element more than once");
}

constexpr unsigned kAll = draft7 | draft2019 | draft2020 | unnamed;
constexpr unsigned kFrom2019 = draft2019 | draft2020 | unnamed;
constexpr unsigned kFrom2020 = draft2020 | unnamed;
constexpr unsigned kLists = draft7 | draft2019 | unnamed;  // items may be a list

constexpr Keyword kKeywords[] = {
    {"$ref", kAll, Kind::reference, judge_reference, true},
    {"$recursiveRef", draft2019 | unnamed, Kind::reference, judge_reference, true},
    {"$dynamicRef", kFrom2020, Kind::reference, judge_reference, true},
    {"definitions", kAll, Kind::definitions},
    {"$defs", kAll, Kind::definitions},
    {"type", kAll, Kind::type, judge_type},
    {"const", kAll, Kind::anything, judge_const},
    {"enum", kAll, Kind::list, judge_enum},
    {"required", kAll, Kind::texts, judge_required},
    {"pattern", kAll, Kind::pattern, judge_pattern},
    {"format", kAll, Kind::text, judge_format},
    {"multipleOf", kAll, Kind::positive, judge_multiple},
    {"maximum", kAll, Kind::number, judge_maximum},
    {"exclusiveMaximum", kAll, Kind::number, judge_exclusive_maximum},
    {"minimum", kAll, Kind::number, judge_minimum},
    {"exclusiveMinimum", kAll, Kind::number, judge_exclusive_minimum},
    {"maxLength", kAll, Kind::count, judge_size},
    {"minLength", kAll, Kind::count, judge_size},
    {"maxItems", kAll, Kind::count, judge_size},
    {"minItems", kAll, Kind::count, judge_size},
    {"maxProperties", kAll, Kind::count, judge_size},
    {"minProperties", kAll, Kind::count, judge_size},
    {"uniqueItems", kAll, Kind::flag, judge_unique},
    {"allOf", kAll, Kind::schemas, judge_all_of, true},
    {"anyOf", kAll, Kind::schemas, judge_any_of, true},
    {"oneOf", kAll, Kind::schemas, judge_one_of, true},
    {"not", kAll, Kind::schema, judge_not, true},
    {"if", kAll, Kind::schema, judge_if, true},
    {"then", kAll, Kind::schema, nullptr, true},
    {"else", kAll, Kind::schema, nullptr, true},
    {"dependencies", kAll, Kind::dependencies, judge_dependencies, true},
    {"dependentRequired", kFrom2019, Kind::text_lists, judge_dependencies},
    {"dependentSchemas", kFrom2019, Kind::schema_map, judge_dependencies, true},
    {"properties", kAll, Kind::schema_map, judge_properties},
    {"patternProperties", kAll, Kind::pattern_map, judge_pattern_properties},
    {"additionalProperties", kAll, Kind::schema, judge_additional_properties},
    {"propertyNames", kAll, Kind::schema, judge_property_names},
    {"prefixItems", kFrom2020, Kind::schemas, judge_first_elements},
    {"items", kLists, Kind::items, judge_items},
    {"items", draft2020, Kind::schema, judge_items},
    {"additionalItems", kLists, Kind::schema, judge_additional_items},
    {"contains", draft7 | draft2019, Kind::schema, judge_contains_2019},
    {"contains", kFrom2020, Kind::schema, judge_contains_2020},
    {"maxContains", kFrom2019, Kind::count},
    {"minContains", kFrom2019, Kind::count},
    {"unevaluatedItems", kFrom2019, Kind::schema, judge_unevaluated_items},
    {"unevaluatedProperties", kFrom2019, Kind::schema, judge_unevaluated_properties},
};

}  // namespace

std::span<const Keyword> schema_keywords() {
    return kKeywords;
}

std::string_view type_word(std::string_view type) {
    constexpr std::string_view kWords[] = {"a list",   "true or false", "a whole number", "null",
                                           "a number", "an object",     "a text"};
    const auto found = std::find(std::begin(kSchemaTypes), std::end(kSchemaTypes), type);
    return found == std::end(kSchemaTypes) ? "" : kWords[found - std::begin(kSchemaTypes)];
}

const Rule* Schema::rule(std::string_view keyword) const {
    for (const Rule& rule : rules)
        if (rule.keyword->name == keyword) return &rule;
    return nullptr;
}

bool has_type(const Json& value, std::string_view type) {
    if (type == "array") return value.is_array();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return is_whole(value);
    if (type == "null") return value.is_null();
    if (type == "number") return value.is_number();
    if (type == "object") return value.is_object();
    return value.is_string();
}

}  // namespace llmc::check
