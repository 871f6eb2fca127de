// The keywords of JSON Schema: in which drafts each is known, how it is read and how it judges.
//
// Thread contract: a constant table.
#pragma once

#include <span>
#include <string_view>

#include "base/json.h"
#include "schema_tree.h"

namespace llmc::check {

class SchemaJudge;

enum Draft : unsigned {
    draft7 = 1,
    draft2019 = 2,
    draft2020 = 4,
    unnamed = 8,  // no $schema: 2020-12 with the keywords of before that do not contradict it
};

enum class Kind {
    schema,
    schemas,       // a list of at least one
    items,         // a schema or a list of them
    schema_map,    // an object of them
    pattern_map,   // the same, its keys are patterns
    dependencies,  // an object of schemas or lists of texts
    definitions,   // an object of schemas that nothing holds for until they are referred to
    reference,
    number,
    positive,
    count,
    flag,
    texts,
    text_lists,  // an object of lists of texts
    text,
    pattern,
    type,
    list,
    anything
};

struct Keyword {
    std::string_view name;
    unsigned drafts;
    Kind kind;
    // Null where another keyword reads it, or nothing does.
    bool (*judge)(SchemaJudge& judge, const Schema& schema, const Rule& rule) = nullptr;
    bool is_in_place = false;  // its schemas hold for the same value
};

std::span<const Keyword> schema_keywords();  // in the order in which they judge

// "a whole number" for "integer"; empty for what is no type.
std::string_view type_word(std::string_view type);
bool has_type(const base::Json& value, std::string_view type);  // of those
inline constexpr std::string_view kSchemaTypes[] = {"array",  "boolean", "integer", "null",
                                                    "number", "object",  "string"};

}  // namespace llmc::check
