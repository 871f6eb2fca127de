// JSON Schema, draft 7: valijson reads the schema, the answer is judged here. valijson's own validator is not used: it
// matches patterns by std::regex, which can hang or overflow the stack, and compares each element with each other one.
//
// Thread contract: immutable; any number of threads may judge at once.
// Invariants: patterns and formats take time linear in the text; the steps of one judgement are bounded, and so is its
// recursion; nothing is ever fetched.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/json.h"
#include "schema_rules.h"

namespace valijson {
class Schema;
}

namespace llmc::check {

class JsonSchema {
public:
    // Null where the schema is wrong: `fault` says where and why.
    static std::shared_ptr<const JsonSchema> compile(const base::Json& schema, SchemaFault& fault);
    ~JsonSchema();

    // Why `value` does not fit ("/items/3: must be a text, and is a number"); nothing where it fits.
    std::optional<std::string> misfit(const base::Json& value) const;

private:
    JsonSchema();

    PlainSchema plain_;
    std::unique_ptr<valijson::Schema> schema_;
};

}  // namespace llmc::check
