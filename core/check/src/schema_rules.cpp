#include "schema_rules.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "base/utf8.h"
#include "json_pointer.h"

namespace llmc::check {
namespace {

using base::Json;

constexpr std::size_t kMaxReferences = 1000;  // distinct ones
constexpr std::size_t kMaxNodes = 100'000;    // with what is referred to counted for each reference
constexpr std::size_t kMaxDepth = 500;        // of valijson's recursion, 2 KB of stack for each

enum class Kind {
    schema,        // one
    schemas,       // a list of at least one
    items,         // a schema or a list of them
    schema_map,    // an object of them
    pattern_map,   // the same, its keys are patterns
    dependencies,  // an object of schemas or lists of texts
    definitions,   // an object of schemas that nothing holds for until they are referred to
    number,
    positive,
    count,
    flag,
    texts,
    text,
    pattern,
    type,
    list,
    anything
};

// Those with schemas in the order in which valijson reads them.
constexpr struct {
    std::string_view name;
    Kind kind;
    bool is_in_place = false;  // its schemas hold for the same value
} kKeywords[] = {
    {"allOf", Kind::schemas, true},
    {"anyOf", Kind::schemas, true},
    {"contains", Kind::schema},
    {"dependencies", Kind::dependencies, true},
    {"items", Kind::items},
    {"additionalItems", Kind::schema},
    {"if", Kind::schema, true},
    {"then", Kind::schema, true},
    {"else", Kind::schema, true},
    {"not", Kind::schema, true},
    {"oneOf", Kind::schemas, true},
    {"properties", Kind::schema_map},
    {"patternProperties", Kind::pattern_map},
    {"additionalProperties", Kind::schema},
    {"propertyNames", Kind::schema},
    {"definitions", Kind::definitions},
    {"$defs", Kind::definitions},
    {"type", Kind::type},
    {"const", Kind::anything},
    {"enum", Kind::list},
    {"required", Kind::texts},
    {"pattern", Kind::pattern},
    {"format", Kind::text},
    {"multipleOf", Kind::positive},
    {"maximum", Kind::number},
    {"exclusiveMaximum", Kind::number},
    {"minimum", Kind::number},
    {"exclusiveMinimum", Kind::number},
    {"maxLength", Kind::count},
    {"minLength", Kind::count},
    {"maxItems", Kind::count},
    {"minItems", Kind::count},
    {"maxProperties", Kind::count},
    {"minProperties", Kind::count},
    {"uniqueItems", Kind::flag},
};

constexpr std::string_view kTypes[] = {"array", "boolean", "integer", "null", "number", "object", "string"};

bool holds_schemas(Kind kind) {
    return kind <= Kind::dependencies;
}

class Maker {
public:
    Maker(const Json& schema, PlainSchema& plain) : root_(schema), plain_(plain) {}

    std::optional<SchemaFault> make() {
        Json root = schema(root_, "", true);
        Json targets = Json::object();
        // A target may refer to further ones, which are added behind it.
        for (std::size_t i = 0; i < targets_.size() && !fault_; ++i) {
            owner_ = i + 1;
            const std::string pointer = targets_[i].pointer;
            targets[std::to_string(i)] = schema(*targets_[i].schema, pointer, true);
        }
        if (!fault_) find_cycle();
        if (!fault_) {
            std::vector<bool> is_read(targets_.size());
            if (depth_from(root, targets, is_read, 0) > kMaxDepth)
                fail("", "leads too deep, with all that it refers to");
        }
        if (root.is_object() && !targets_.empty()) root["x"] = std::move(targets);
        plain_.root = std::move(root);
        return fault_;
    }

private:
    struct Target {
        std::string pointer;
        const Json* schema;
    };

    void fail(const std::string& pointer, std::string what) {
        if (!fault_) fault_ = SchemaFault{pointer, std::move(what)};
    }

    bool has_zero(std::string_view text, const std::string& pointer) {
        if (text.find('\0') == std::string_view::npos) return false;
        fail(pointer, "must not hold U+0000");
        return true;
    }

    Json schema(const Json& node, const std::string& pointer, bool is_in_place) {
        if (fault_) return true;
        if (++nodes_ > kMaxNodes) {
            fail(pointer, fmt::format("the schema has more than {} parts", kMaxNodes));
            return true;
        }
        if (node.is_boolean()) return node;
        if (!node.is_object()) {
            fail(pointer,
                 fmt::format("a schema must be an object, true or false, and is {}", base::json_type_name(node)));
            return true;
        }
        if (const Json* reference = base::find(node, "$ref")) return refer(*reference, pointer + "/$ref", is_in_place);
        Json plain = Json::object();
        for (const auto& keyword : kKeywords) {
            const Json* value = base::find(node, keyword.name);
            if (value == nullptr) continue;
            const std::string at = pointer + '/' + std::string(keyword.name);
            Json made = part(*value, keyword.kind, at, is_in_place && keyword.is_in_place);
            if (keyword.kind != Kind::definitions) plain[std::string(keyword.name)] = std::move(made);
        }
        // valijson 1.0 gives this schema the path of the one around it, and may then take the one for the other.
        if (plain.contains("propertyNames")) {
            const Json* names = base::find(node, "propertyNames");
            if (!names->contains("$ref")) plain["propertyNames"] = intern(pointer + "/propertyNames", *names, false);
        }
        return plain;
    }

    Json refer(const Json& reference, const std::string& pointer, bool is_in_place) {
        if (!reference.is_string()) {
            fail(pointer, fmt::format("must be a text, and is {}", base::json_type_name(reference)));
            return true;
        }
        const auto& text = reference.get_ref<const std::string&>();
        if (!text.starts_with('#')) {
            fail(pointer,
                 fmt::format("refers to another document, which is never fetched: {}", base::for_terminal_line(text)));
            return true;
        }
        const std::string target = percent_decoded(std::string_view(text).substr(1));
        const Json* schema = at_pointer(root_, target);
        if (schema == nullptr) {
            fail(pointer, fmt::format("refers to something that is not there: {}", base::for_terminal_line(text)));
            return true;
        }
        return intern(target, *schema, is_in_place);
    }

    // A reference to `schema`, which is made later.
    Json intern(const std::string& pointer, const Json& schema, bool is_in_place) {
        auto found = std::find_if(targets_.begin(), targets_.end(),
                                  [&](const Target& target) { return target.schema == &schema; });
        if (found == targets_.end()) {
            if (targets_.size() == kMaxReferences)
                fail(pointer, fmt::format("more than {} references", kMaxReferences));
            found = targets_.insert(targets_.end(), Target{pointer, &schema});
        }
        const auto index = static_cast<std::size_t>(found - targets_.begin());
        if (is_in_place) edges_.emplace(owner_, index + 1);
        return Json{{"$ref", fmt::format("#/x/{}", index)}};
    }

    Json part(const Json& value, Kind kind, const std::string& pointer, bool is_in_place) {
        const auto wrong = [&](std::string_view wanted) {
            fail(pointer, fmt::format("must be {}, and is {}", wanted, base::json_type_name(value)));
            return Json();
        };
        switch (kind) {
            case Kind::schema: return schema(value, pointer, is_in_place);
            case Kind::items:
                if (!value.is_array()) return schema(value, pointer, false);
                return schemas(value, pointer, false);
            case Kind::schemas:
                if (!value.is_array() || value.empty()) return wrong("a list of schemas");
                return schemas(value, pointer, is_in_place);
            case Kind::schema_map:
            case Kind::pattern_map:
            case Kind::dependencies:
            case Kind::definitions:
                if (!value.is_object()) return wrong("an object");
                return map(value, kind, pointer, is_in_place);
            case Kind::number: return value.is_number() ? value : wrong("a number");
            case Kind::positive:
                return value.is_number() && value.get<double>() > 0 ? value : wrong("a number above 0");
            case Kind::count: {
                const auto count = base::get_int(Json{{"value", value}}, "value");
                return count && *count >= 0 ? Json(*count) : wrong("a whole number from 0");
            }
            case Kind::flag: return value.is_boolean() ? value : wrong("true or false");
            case Kind::text:
                return value.is_string() && !has_zero(value.get<std::string>(), pointer) ? value : wrong("a text");
            case Kind::texts:
                if (!is_list_of_texts(value)) return wrong("a list of texts");
                for (const Json& text : value) has_zero(text.get<std::string>(), pointer);
                return value;
            case Kind::list: return value.is_array() && !value.empty() ? value : wrong("a list of at least one value");
            case Kind::pattern:
                if (!value.is_string()) return wrong("a text");
                add_pattern(value.get<std::string>(), pointer);
                return value;
            case Kind::type: return type(value, pointer);
            case Kind::anything: return value;
        }
        return value;
    }

    Json schemas(const Json& list, const std::string& pointer, bool is_in_place) {
        Json plain = Json::array();
        for (std::size_t i = 0; i < list.size(); ++i)
            plain.push_back(schema(list[i], fmt::format("{}/{}", pointer, i), is_in_place));
        return plain;
    }

    Json map(const Json& object, Kind kind, const std::string& pointer, bool is_in_place) {
        Json plain = Json::object();
        for (const auto& [key, value] : object.items()) {
            const std::string at = pointer + '/' + escaped(key);
            if (has_zero(key, at)) break;
            if (kind == Kind::pattern_map) add_pattern(key, at);
            if (kind == Kind::dependencies && value.is_array())
                plain[key] = part(value, Kind::texts, at, false);
            else
                plain[key] = schema(value, at, is_in_place);
        }
        return plain;
    }

    Json type(const Json& value, const std::string& pointer) {
        const auto check = [&](const Json& name) {
            const bool is_known = name.is_string() && std::find(std::begin(kTypes), std::end(kTypes),
                                                                name.get<std::string>()) != std::end(kTypes);
            if (!is_known)
                fail(pointer, fmt::format("{} is no type; possible are {}",
                                          base::for_terminal_line(base::dump_json(name)), fmt::join(kTypes, ", ")));
        };
        if (!value.is_array()) {
            check(value);
            return value;
        }
        if (value.empty()) fail(pointer, "must name at least one type");
        for (const Json& name : value) check(name);
        return value;
    }

    static bool is_list_of_texts(const Json& value) {
        return value.is_array() &&
               std::all_of(value.begin(), value.end(), [](const Json& element) { return element.is_string(); });
    }

    void add_pattern(const std::string& pattern, const std::string& pointer) {
        if (has_zero(pattern, pointer) || plain_.patterns.contains(pattern)) return;
        auto regex = Regex::compile(pattern);
        if (!regex) return fail(pointer, regex.error().message);
        plain_.patterns.emplace(pattern, *regex);
    }

    // How deep valijson will go, which reads each target where it is first referred to; more than kMaxDepth as soon as
    // it is known to be.
    static std::size_t depth_from(const Json& plain, const Json& targets, std::vector<bool>& is_read,
                                  std::size_t depth) {
        if (depth > kMaxDepth || !plain.is_object()) return depth;
        if (const Json* reference = base::find(plain, "$ref")) {
            const std::string index = reference->get<std::string>().substr(std::string_view("#/x/").size());
            const std::size_t target = std::stoul(index);
            if (is_read[target]) return depth;
            is_read[target] = true;
            return depth_from(targets[index], targets, is_read, depth + 1);
        }
        std::size_t deepest = depth;
        const auto go = [&](const Json& schema) {
            deepest = std::max(deepest, depth_from(schema, targets, is_read, depth + 1));
        };
        for (const auto& keyword : kKeywords) {
            const Json* value = base::find(plain, keyword.name);
            if (value == nullptr || !holds_schemas(keyword.kind) || deepest > kMaxDepth) continue;
            const bool is_one = keyword.kind == Kind::schema || (keyword.kind == Kind::items && !value->is_array());
            if (is_one)
                go(*value);
            else
                for (const Json& schema : *value) go(schema);
        }
        return deepest;
    }

    // References that go round without a step into the answer would never end.
    void find_cycle() {
        std::vector<bool> is_open(targets_.size() + 1), is_done(targets_.size() + 1);
        for (std::size_t owner = 0; owner <= targets_.size(); ++owner) follow(owner, is_open, is_done);
    }

    void follow(std::size_t owner, std::vector<bool>& is_open, std::vector<bool>& is_done) {
        if (is_done[owner]) return;
        if (is_open[owner]) return fail(targets_[owner - 1].pointer, "refers to itself without an end");
        is_open[owner] = true;
        for (auto edge = edges_.lower_bound({owner, 0}); edge != edges_.end() && edge->first == owner; ++edge)
            follow(edge->second, is_open, is_done);
        is_open[owner] = false;
        is_done[owner] = true;
    }

    const Json& root_;
    PlainSchema& plain_;
    std::optional<SchemaFault> fault_;
    std::vector<Target> targets_;
    std::set<std::pair<std::size_t, std::size_t>> edges_;  // owners: 0 for the schema itself, else a target + 1
    std::size_t owner_ = 0;
    std::size_t nodes_ = 0;
};

}  // namespace

std::optional<SchemaFault> make_plain(const base::Json& schema, PlainSchema& plain) {
    return Maker(schema, plain).make();
}

}  // namespace llmc::check
