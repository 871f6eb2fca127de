// A compiled JSON Schema: a tree of rules, whose references are pointers within it.
//
// Thread contract: immutable once compile_schema() has given it; any number of threads may read.
// Invariants: pointers stay within `schemas`; the rules of a schema are in the order of the table of keywords; no
// reference leads back to itself without a step into the answer, those that depend on the way to them ($dynamicRef)
// excepted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/regex.h"

namespace llmc::check {

struct Keyword;

// One keyword of a schema; which members it has is the kind of the keyword.
struct Rule {
    const Keyword* keyword = nullptr;
    base::Json value;                           // as it stands in the schema; null where the others say it
    std::uint64_t limit = 0;                    // of counts
    std::vector<std::string> names;             // of texts and of objects; sorted in the latter
    std::vector<const struct Schema*> schemas;  // beside the names of an object
    std::vector<std::shared_ptr<const base::Regex>> patterns;
    std::optional<std::string> dynamic_anchor;  // of a reference that depends on the way to it
};

struct Schema {
    bool is_false = false;
    bool is_tracking = false;  // has unevaluatedItems or unevaluatedProperties
    std::size_t resource = 0;
    std::string pointer;
    std::vector<Rule> rules;

    const Rule* rule(std::string_view keyword) const;
};

struct SchemaTree {
    std::deque<Schema> schemas;                                 // the first is the root
    std::vector<std::map<std::string, const Schema*>> anchors;  // dynamic ones of each resource; "" is $recursiveAnchor
    std::vector<std::string> ignored;                           // pointers of keywords that say nothing here
};

}  // namespace llmc::check
