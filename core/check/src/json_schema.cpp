#include "check/json_schema.h"

#include <utility>

#include "schema_compiler.h"
#include "schema_judge.h"
#include "schema_tree.h"

namespace llmc::check {

JsonSchema::JsonSchema(std::unique_ptr<const SchemaTree> tree) : tree_(std::move(tree)) {}

JsonSchema::~JsonSchema() = default;

std::shared_ptr<const JsonSchema> JsonSchema::compile(const base::Json& schema, SchemaFault& fault) {
    auto tree = std::make_unique<SchemaTree>();
    if (auto wrong = compile_schema(schema, *tree)) {
        fault = *std::move(wrong);
        return nullptr;
    }
    return std::make_shared<const JsonSchema>(std::move(tree));
}

std::optional<std::string> JsonSchema::misfit(const base::Json& value) const {
    return SchemaJudge(*tree_, value).misfit();
}

const std::vector<std::string>& JsonSchema::ignored() const {
    return tree_->ignored;
}

}  // namespace llmc::check
