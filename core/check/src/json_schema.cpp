#include "json_schema.h"

#include <exception>
#include <utility>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>

#include "schema_visitor.h"

namespace llmc::check {

JsonSchema::JsonSchema() : schema_(std::make_unique<valijson::Schema>()) {}

JsonSchema::~JsonSchema() = default;

std::shared_ptr<const JsonSchema> JsonSchema::compile(const base::Json& schema, SchemaFault& fault) {
    std::shared_ptr<JsonSchema> result(new JsonSchema);
    if (auto wrong = make_plain(schema, result->plain_)) {
        fault = *std::move(wrong);
        return nullptr;
    }
    try {
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(result->plain_.root), *result->schema_);
    } catch (const std::exception& exception) {
        fault = {"", std::string("is not a JSON Schema of draft 7: ") + exception.what()};
        return nullptr;
    }
    result->plain_.root = nullptr;  // valijson has copied what it needs
    return result;
}

std::optional<std::string> JsonSchema::misfit(const base::Json& value) const {
    return SchemaVisitor(value, plain_.patterns).misfit(*schema_);
}

}  // namespace llmc::check
