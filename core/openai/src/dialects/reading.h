// What the readers of model lists share. Every field but the id is optional everywhere, may be null or of another type;
// what is not understood is left out.
//
// Thread contract: plain functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "openai/manifest.h"

namespace llmc::openai {

// The models of a manifest by id: lists may have very many.
class ModelIndex {
public:
    explicit ModelIndex(Manifest& manifest);
    // The model with this id, made where there is none. Valid until the next call.
    ModelInfo& at(const std::string& id);

private:
    std::vector<ModelInfo>& models_;
    std::unordered_map<std::string, std::size_t> places_;
};

// The list at `key`; null where it has none, or the body is an error, whatever its status (LM Studio answers unknown
// paths with 200).
const base::Json* list_in(const base::Json& body, std::string_view key);
base::Json member(const base::Json& object, std::string_view key);  // null where there is none
std::optional<std::string> id_of(const base::Json& text);
std::optional<std::string> id_in(const base::Json& entry, std::string_view key);

// Fill in what is told, where it makes sense.
void fill(std::string& field, std::optional<std::string> value);
void fill_context(std::optional<std::int64_t>& field, std::optional<std::int64_t> tokens);
void fill_size(std::optional<std::int64_t>& field, std::optional<std::int64_t> bytes);

// Whether the list at `key` has the word; nothing where there is no list.
std::optional<bool> listed(const base::Json& entry, std::string_view key, std::string_view word);
bool is_embedding_type(const std::optional<std::string>& type);
LoadState state_named(std::string_view word);
// llama.cpp's names of file types as everybody else writes them: "Q4_K - Medium" is Q4_K_M, "all F32" is F32.
std::optional<std::string> quantization_in(const base::Json& object, std::string_view key);

}  // namespace llmc::openai
