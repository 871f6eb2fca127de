// JSON Schema, drafts 7, 2019-09 and 2020-12 as "$schema" says; without it 2020-12 with draft 7's lists of `items`,
// `additionalItems` and ids that are anchors. `dependencies` is understood in each. The schema is compiled to a tree of
// rules, by which answers are judged. Formats are assertions; contentEncoding and its like say nothing.
//
// Thread contract: immutable; any number of threads may judge at once.
// Invariants: patterns and formats take time linear in the text; the steps of one judgement are bounded, and so is its
// recursion; nothing is ever fetched.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace llmc::check {

struct SchemaTree;

struct SchemaFault {
    std::string pointer;  // into the schema: "/properties/name/pattern"
    std::string what;
};

class JsonSchema {
public:
    explicit JsonSchema(std::unique_ptr<const SchemaTree> tree);
    ~JsonSchema();

    // Null where the schema is wrong: `fault` says where and why.
    static std::shared_ptr<const JsonSchema> compile(const base::Json& schema, SchemaFault& fault);

    // Why `value` does not fit ("/items/3: must be a text, and is a number"); nothing where it fits.
    std::optional<std::string> misfit(const base::Json& value) const;

    // Pointers of the keywords that say nothing in the schema's draft.
    const std::vector<std::string>& ignored() const;

private:
    std::unique_ptr<const SchemaTree> tree_;
};

}  // namespace llmc::check
