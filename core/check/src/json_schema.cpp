#include "json_schema.h"

#include <utility>

#include "schema_compiler.h"
#include "schema_judge.h"

namespace llmc::check {

std::shared_ptr<const JsonSchema> JsonSchema::compile(const base::Json& schema, SchemaFault& fault) {
    std::shared_ptr<JsonSchema> result(new JsonSchema);
    if (auto wrong = compile_schema(schema, result->tree_)) {
        fault = *std::move(wrong);
        return nullptr;
    }
    return result;
}

std::optional<std::string> JsonSchema::misfit(const base::Json& value) const {
    return SchemaJudge(tree_, value).misfit();
}

}  // namespace llmc::check
