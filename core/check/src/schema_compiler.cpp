#include "schema_compiler.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/field_reader.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "json_pointer.h"
#include "schema_keywords.h"
#include "uri.h"

namespace llmc::check {
namespace {

using base::Json;

constexpr std::size_t kMaxNodes = 100'000;
constexpr std::size_t kMaxInPlace = 500;  // schemas that hold for the same value, one within the other
constexpr std::size_t kMaxIgnored = 100;

// Known ones that no rule is made of.
constexpr std::string_view kAnnotations[] = {"$schema",          "$id",         "$anchor",         "$dynamicAnchor",
                                             "$recursiveAnchor", "$vocabulary", "$comment",        "title",
                                             "description",      "default",     "examples",        "readOnly",
                                             "writeOnly",        "deprecated",  "contentEncoding", "contentSchema",
                                             "contentMediaType", "id",          "example",         "nullable",
                                             "discriminator",    "xml",         "externalDocs",    "enumNames"};

// Of those what no draft knows and OpenAPI, draft 4 or forms do.
bool is_foreign(std::string_view name) {
    constexpr std::string_view kForeign[] = {"id",  "example",      "nullable", "discriminator",
                                             "xml", "externalDocs", "enumNames"};
    return std::find(std::begin(kForeign), std::end(kForeign), name) != std::end(kForeign);
}

struct Resource {
    std::string uri;
    unsigned draft = unnamed;
    const Json* root = nullptr;
    std::string pointer;
    std::map<std::string, const Json*> anchors;
};

std::optional<unsigned> draft_of(std::string_view uri) {
    if (uri.ends_with('#')) uri.remove_suffix(1);
    for (const std::string_view scheme : {"http://", "https://"})
        if (uri.starts_with(scheme)) uri.remove_prefix(scheme.size());
    if (uri == "json-schema.org/draft/2020-12/schema") return draft2020;
    if (uri == "json-schema.org/draft/2019-09/schema") return draft2019;
    // Draft 7 says of what the two before it have the same, but for keywords of another type, which are refused.
    for (const std::string_view old : {"7", "6", "4"})
        if (uri == fmt::format("json-schema.org/draft-0{}/schema", old)) return draft7;
    if (uri == "json-schema.org/schema") return unnamed;
    return std::nullopt;
}

// The known keyword that `name` looks like a slip of; empty where it does not.
std::string slip_of(const std::string& name) {
    std::vector<std::string> names;
    for (const Keyword& keyword : schema_keywords()) names.emplace_back(keyword.name);
    for (const std::string_view known : kAnnotations) names.emplace_back(known);
    const std::string nearest = base::nearest_names(name, names, 1).front();
    const std::string a = base::to_lower(name), b = base::to_lower(nearest);
    const bool is_near = base::edit_distance(a, b) <= std::max<std::size_t>(1, name.size() / 4) ||
                         std::is_permutation(a.begin(), a.end(), b.begin(), b.end());
    return is_near && !name.starts_with("x-") ? nearest : "";
}

class Compiler {
public:
    Compiler(const Json& root, SchemaTree& tree) : root_(root), tree_(tree) {}

    std::optional<SchemaFault> compile() {
        resources_.push_back({.root = &root_});
        tree_.anchors.emplace_back();
        schema(root_, "", 0);
        // What a reference leads to may hold further ones, which are added behind it.
        for (std::size_t i = 0; i < references_.size() && !fault_; ++i) resolve(Reference(references_[i]));
        std::unordered_map<const Schema*, std::size_t> heights;
        for (const Schema& schema : tree_.schemas) height(schema, 0, heights);
        return std::move(fault_);
    }

private:
    struct Reference {
        Schema* owner;
        std::size_t rule;
        std::string text;
        std::string pointer;
    };

    void fail(const std::string& pointer, std::string what) {
        if (!fault_) fault_ = SchemaFault{pointer, std::move(what)};
    }

    const Schema* schema(const Json& node, const std::string& pointer, std::size_t resource) {
        Schema& made = tree_.schemas.emplace_back();
        by_json_.emplace(&node, &made);
        made.pointer = pointer;
        made.resource = resource;
        if (tree_.schemas.size() > kMaxNodes)
            fail(pointer, fmt::format("the schema has more than {} parts", kMaxNodes));
        made.is_false = node == false;
        if (!fault_ && !node.is_boolean() && !node.is_object())
            fail(pointer,
                 fmt::format("a schema must be an object, true or false, and is {}", base::json_type_name(node)));
        if (fault_ || node.is_boolean()) return &made;
        enter(node, made);
        if (!fault_) read_rules(node, made);
        return &made;
    }

    const std::string* text(const Json& node, const char* key, const std::string& pointer) {
        const Json* value = base::find(node, key);
        if (value == nullptr) return nullptr;
        if (value->is_string()) return &value->get_ref<const std::string&>();
        fail(pointer + '/' + key, fmt::format("must be a text, and is {}", base::json_type_name(*value)));
        return nullptr;
    }

    bool is_bare_reference(const Json& node, std::size_t resource) const {
        return resources_[resource].draft == draft7 && node.contains("$ref");
    }

    // The ids and anchors of a schema.
    void enter(const Json& node, Schema& made) {
        const bool is_root = &node == &root_;
        unsigned draft = resources_[made.resource].draft;
        const std::string* id = text(node, "$id", made.pointer);
        const std::string* dialect = is_root || id != nullptr ? text(node, "$schema", made.pointer) : nullptr;
        if (dialect != nullptr) {
            const auto known = draft_of(*dialect);
            if (!known)
                fail(made.pointer + "/$schema",
                     fmt::format("is none of the drafts 7, 2019-09 and 2020-12, and other documents are never "
                                 "fetched: {}",
                                 base::for_terminal_line(*dialect)));
            draft = known.value_or(draft);
            if (is_root) resources_[0].draft = draft;
        }
        // Draft 7 looks at nothing beside a reference.
        if (is_bare_reference(node, made.resource) && draft == draft7) id = nullptr;
        if (id != nullptr) identify(node, *id, draft, made);
        auto& resource = resources_[made.resource];
        if (resource.draft == draft7) return;
        if (const auto* anchor = text(node, "$anchor", made.pointer)) resource.anchors.emplace(*anchor, &node);
        if (const auto* anchor = text(node, "$dynamicAnchor", made.pointer)) {
            resource.anchors.emplace(*anchor, &node);
            if (resource.draft != draft2019) tree_.anchors[made.resource].emplace(*anchor, &made);
        }
        if (resource.draft != draft2020 && resource.root == &node &&
            base::get_bool(node, "$recursiveAnchor").value_or(false))
            tree_.anchors[made.resource].emplace("", &made);
    }

    void identify(const Json& node, const std::string& id, unsigned draft, Schema& made) {
        const auto hash = std::min(id.find('#'), id.size());
        const std::string uri = resolved_uri(resources_[made.resource].uri, std::string_view(id).substr(0, hash));
        const std::string fragment = percent_decoded(std::string_view(id).substr(std::min(hash + 1, id.size())));
        if (&node == &root_) {
            resources_[0].uri = uri;
        } else if (hash > 0) {
            resources_.push_back({.uri = uri, .draft = draft, .root = &node, .pointer = made.pointer});
            tree_.anchors.emplace_back();
            made.resource = resources_.size() - 1;
        }
        if (!fragment.empty()) resources_[made.resource].anchors.emplace(fragment, &node);
    }

    void read_rules(const Json& node, Schema& made) {
        const unsigned draft = resources_[made.resource].draft;
        const bool is_bare = is_bare_reference(node, made.resource);
        for (const Keyword& keyword : schema_keywords()) {
            const Json* value = base::find(node, keyword.name);
            if (value == nullptr || (keyword.drafts & draft) == 0) continue;
            if (is_bare && keyword.kind != Kind::reference && keyword.kind != Kind::definitions) continue;
            Rule rule{.keyword = &keyword};
            read(*value, made.pointer + '/' + std::string(keyword.name), made, rule);
            if (keyword.kind == Kind::definitions) continue;
            made.is_tracking = made.is_tracking || keyword.name.starts_with("unevaluated");
            made.rules.push_back(std::move(rule));
        }
        for (const auto& member : node.items()) look_for_slip(member.key(), made, draft);
    }

    void look_for_slip(const std::string& name, const Schema& made, unsigned draft) {
        bool is_keyword = false;
        for (const Keyword& keyword : schema_keywords()) {
            if (keyword.name != name) continue;
            if ((keyword.drafts & draft) != 0) return;
            is_keyword = true;
        }
        const bool is_known =
            std::find(std::begin(kAnnotations), std::end(kAnnotations), name) != std::end(kAnnotations);
        if (is_known && !is_foreign(name)) return;
        const std::string at = made.pointer + '/' + escaped(name);
        if (!is_keyword && !is_known) {
            const std::string slip = slip_of(name);
            if (!slip.empty()) return fail(at, fmt::format("no keyword of JSON Schema; did you mean \"{}\"?", slip));
        }
        if (tree_.ignored.size() < kMaxIgnored) tree_.ignored.push_back(at);
    }

    void read(const Json& value, const std::string& pointer, Schema& made, Rule& rule) {
        const auto wrong = [&](std::string_view wanted) {
            fail(pointer, fmt::format("must be {}, and is {}", wanted, base::json_type_name(value)));
        };
        const auto need = [&](bool holds, std::string_view wanted) {
            if (!holds) wrong(wanted);
            rule.value = value;
        };
        switch (rule.keyword->kind) {
            case Kind::items:
                if (!value.is_array()) return rule.schemas.push_back(schema(value, pointer, made.resource));
                rule.value = Json::array();
                return read_schemas(value, pointer, made, rule);
            case Kind::schema: return rule.schemas.push_back(schema(value, pointer, made.resource));
            case Kind::schemas:
                if (!value.is_array() || value.empty()) return wrong("a list of schemas");
                return read_schemas(value, pointer, made, rule);
            case Kind::schema_map:
            case Kind::pattern_map:
            case Kind::dependencies:
            case Kind::definitions:
            case Kind::text_lists:
                if (!value.is_object()) return wrong("an object");
                return read_map(value, pointer, made, rule);
            case Kind::reference:
                if (!value.is_string()) return wrong("a text");
                return references_.push_back({&made, made.rules.size(), value.get<std::string>(), pointer});
            case Kind::count: {
                const auto count = base::get_int(Json{{"value", value}}, "value");
                if (!count || *count < 0) return wrong("a whole number from 0");
                rule.limit = static_cast<std::uint64_t>(*count);
                return;
            }
            case Kind::texts:
                if (!is_list_of_texts(value)) return wrong("a list of texts");
                rule.names = value.get<std::vector<std::string>>();
                return;
            case Kind::pattern:
                need(value.is_string(), "a text");
                if (value.is_string()) add_pattern(value.get<std::string>(), pointer, rule);
                return;
            case Kind::number: return need(value.is_number(), "a number");
            case Kind::positive: return need(value.is_number() && value.get<double>() > 0, "a number above 0");
            case Kind::flag: return need(value.is_boolean(), "true or false");
            case Kind::text: return need(value.is_string(), "a text");
            case Kind::list: return need(value.is_array() && !value.empty(), "a list of at least one value");
            case Kind::type: return read_type(value, pointer, rule);
            case Kind::anything: rule.value = value; return;
        }
    }

    void read_schemas(const Json& list, const std::string& pointer, Schema& made, Rule& rule) {
        for (std::size_t i = 0; i < list.size(); ++i)
            rule.schemas.push_back(schema(list[i], fmt::format("{}/{}", pointer, i), made.resource));
    }

    void read_map(const Json& object, const std::string& pointer, Schema& made, Rule& rule) {
        const Kind kind = rule.keyword->kind;
        if (kind == Kind::dependencies || kind == Kind::text_lists) rule.value = Json::object();
        for (const auto& [key, value] : object.items()) {
            const std::string at = pointer + '/' + escaped(key);
            if (kind == Kind::text_lists || (kind == Kind::dependencies && value.is_array())) {
                if (!is_list_of_texts(value))
                    fail(at, fmt::format("must be a list of texts, and is {}", base::json_type_name(value)));
                rule.value[key] = value;
                continue;
            }
            if (kind == Kind::pattern_map) add_pattern(key, at, rule);
            rule.names.push_back(key);
            rule.schemas.push_back(schema(value, at, made.resource));
        }
    }

    void read_type(const Json& value, const std::string& pointer, Rule& rule) {
        const Json list = value.is_array() ? value : Json::array({value});
        if (list.empty()) fail(pointer, "must name at least one type");
        for (const Json& name : list) {
            if (name.is_string() && !type_word(name.get_ref<const std::string&>()).empty())
                rule.names.push_back(name.get<std::string>());
            else
                fail(pointer,
                     fmt::format("{} is no type; possible are {}", base::for_terminal_line(base::dump_json(name)),
                                 fmt::join(kSchemaTypes, ", ")));
        }
    }

    static bool is_list_of_texts(const Json& value) {
        return value.is_array() &&
               std::all_of(value.begin(), value.end(), [](const Json& element) { return element.is_string(); });
    }

    void add_pattern(const std::string& pattern, const std::string& pointer, Rule& rule) {
        auto& known = patterns_[pattern];
        if (!known) {
            auto regex = base::Regex::compile(pattern);
            if (!regex) return fail(pointer, regex.error().message);
            known = *regex;
        }
        rule.patterns.push_back(known);
    }

    void resolve(const Reference& reference) {
        const std::string_view text = reference.text;
        const auto hash = std::min(text.find('#'), text.size());
        const std::string uri = resolved_uri(resources_[reference.owner->resource].uri, text.substr(0, hash));
        const std::string fragment = percent_decoded(text.substr(std::min(hash + 1, text.size())));
        std::size_t resource = reference.owner->resource;
        if (hash > 0 && resources_[resource].uri != uri) {
            const auto found =
                std::find_if(resources_.begin(), resources_.end(), [&](const Resource& r) { return r.uri == uri; });
            if (found == resources_.end())
                return fail(reference.pointer, fmt::format("refers to another document, which is never fetched: {}",
                                                           base::for_terminal_line(text)));
            resource = static_cast<std::size_t>(found - resources_.begin());
        }
        const Schema* target = find_target(resource, fragment);
        if (target == nullptr)
            return fail(reference.pointer,
                        fmt::format("refers to something that is not there: {}", base::for_terminal_line(text)));
        Rule& rule = reference.owner->rules[reference.rule];
        rule.schemas.push_back(target);
        const auto& anchors = tree_.anchors[resource];
        const bool is_dynamic =
            rule.keyword->name == "$dynamicRef" ? !fragment.empty() : rule.keyword->name == "$recursiveRef";
        if (is_dynamic && anchors.contains(fragment) && anchors.at(fragment) == target) rule.dynamic_anchor = fragment;
    }

    const Schema* find_target(std::size_t resource, const std::string& fragment) {
        const Json* json = nullptr;
        if (fragment.empty() || fragment.front() == '/') {
            json = at_pointer(*resources_[resource].root, fragment);
        } else {
            const auto& anchors = resources_[resource].anchors;
            const auto found = anchors.find(fragment);
            if (found != anchors.end()) json = found->second;
        }
        if (json == nullptr) return nullptr;
        const auto known = by_json_.find(json);
        if (known != by_json_.end()) return known->second;
        // Where no keyword has looked.
        return schema(*json, resources_[resource].pointer + fragment, innermost(resource, fragment));
    }

    // The resource of the innermost known schema on the way to a place.
    std::size_t innermost(std::size_t resource, const std::string& fragment) const {
        std::size_t inner = resource;
        for (auto slash = fragment.find('/', 1); slash != std::string::npos; slash = fragment.find('/', slash + 1)) {
            const auto around = by_json_.find(at_pointer(*resources_[resource].root, fragment.substr(0, slash)));
            if (around != by_json_.end()) inner = around->second->resource;
        }
        return inner;
    }

    // How many schemas hold for the same value, one within the other, from this one on. `depth` are above it.
    std::size_t height(const Schema& schema, std::size_t depth,
                       std::unordered_map<const Schema*, std::size_t>& heights) {
        if (fault_) return 0;
        const auto [known, is_new] = heights.emplace(&schema, 0);
        if (!is_new && known->second == 0) {
            fail(schema.pointer, "refers to itself without an end");
            return 0;
        }
        std::size_t highest = is_new ? 0 : known->second - 1;
        if (depth + highest >= kMaxInPlace) {
            fail("", "leads too deep, with all that it refers to");
            return 0;
        }
        if (!is_new) return highest + 1;
        for (const Rule& rule : schema.rules)
            if (rule.keyword->is_in_place && !rule.dynamic_anchor)
                for (const Schema* part : rule.schemas) highest = std::max(highest, height(*part, depth + 1, heights));
        return heights[&schema] = highest + 1;
    }

    const Json& root_;
    SchemaTree& tree_;
    std::optional<SchemaFault> fault_;
    std::vector<Resource> resources_;  // beside SchemaTree::anchors
    std::unordered_map<const Json*, Schema*> by_json_;
    std::vector<Reference> references_;
    std::map<std::string, std::shared_ptr<const base::Regex>> patterns_;
};

}  // namespace

std::optional<SchemaFault> compile_schema(const Json& schema, SchemaTree& tree) {
    return Compiler(schema, tree).compile();
}

}  // namespace llmc::check
