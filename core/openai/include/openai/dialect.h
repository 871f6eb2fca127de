// The server families whose own ways the program knows beside the OpenAI API: one row each.
//
// Thread contract: constant after the start of the program.
// A family is added by a file in src/dialects/ and a row in dialects.cpp: everything else reads the table.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace llmc::openai {

struct Manifest;
struct ModelInfo;
struct LoadTalk;

// A list that the family has beside /v1/models.
struct OwnList {
    std::string_view path;                                        // from the root of the server
    bool (*read)(const base::Json&, Manifest& joined) = nullptr;  // false: the body is not this list
};

struct Dialect {
    std::string_view name;       // "LM Studio"
    std::array<int, 2> ports{};  // of this machine, where one is looked for; 0: none

    // Whether an entry of /v1/models is of this family; reads what it tells in the family's own words.
    bool (*read_model)(const base::Json& entry, ModelInfo& model) = nullptr;
    // Joined with /v1/models by id. A server that has the first one is of this family.
    std::array<OwnList, 2> lists{};

    // Where the state of a model can be asked for while it loads.
    enum class States { nowhere, in_openai_list, in_last_list, in_last_list_if_loaded };
    States states = States::nowhere;

    Result<void> (*change_load)(const LoadTalk&) = nullptr;  // none: no way to load and unload on request
    bool takes_context_length = false;                       // with that
    bool swaps_models = false;  // keeps few models loaded: one that is asked for may evict another
};

// In the order in which an unknown server is asked for their lists.
std::span<const Dialect* const> dialects();
// By its name; null where there is none.
const Dialect* find_dialect(std::string_view name);

}  // namespace llmc::openai
