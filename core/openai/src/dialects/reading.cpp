#include "dialects/reading.h"

#include <algorithm>

#include "openai/server_error.h"

namespace llmc::openai {

using base::Json;

namespace {

// Bytes. Instances of a model share its words: a list of very many with long ones would fill the memory.
constexpr std::size_t kMaxId = 4096;
constexpr std::size_t kMaxWord = 100;

void fill_up_to(std::optional<std::int64_t>& field, std::optional<std::int64_t> value, std::int64_t most) {
    if (value && *value > 0 && *value <= most) field = value;
}

}  // namespace

ModelIndex::ModelIndex(Manifest& manifest) : models_(manifest.models) {
    for (std::size_t i = 0; i < models_.size(); ++i) places_.try_emplace(models_[i].id, i);
}

ModelInfo& ModelIndex::at(const std::string& id) {
    const auto [place, is_new] = places_.try_emplace(id, models_.size());
    if (is_new) models_.emplace_back().id = id;
    return models_[place->second];
}

const Json* list_in(const Json& body, std::string_view key) {
    const Json* list = base::find(body, key);
    return list && list->is_array() && !find_error(body) ? list : nullptr;
}

Json member(const Json& object, std::string_view key) {
    const Json* value = base::find(object, key);
    return value ? *value : Json();
}

std::optional<std::string> id_of(const Json& text) {
    if (!text.is_string()) return std::nullopt;
    const auto& id = text.get_ref<const std::string&>();
    return id.empty() || id.size() > kMaxId ? std::nullopt : std::optional(id);
}

std::optional<std::string> id_in(const Json& entry, std::string_view key) {
    const Json* value = base::find(entry, key);
    return value ? id_of(*value) : std::nullopt;
}

void fill(std::string& field, std::optional<std::string> value) {
    if (value && !value->empty() && value->size() <= kMaxWord) field = std::move(*value);
}

void fill_context(std::optional<std::int64_t>& field, std::optional<std::int64_t> tokens) {
    fill_up_to(field, tokens, kMaxContextLength);
}

void fill_size(std::optional<std::int64_t>& field, std::optional<std::int64_t> bytes) {
    constexpr std::int64_t kMaxSize = 1'000'000'000'000'000;
    fill_up_to(field, bytes, kMaxSize);
}

bool is_embedding_type(const std::optional<std::string>& type) {
    return type == "embedding" || type == "embeddings";
}

std::optional<bool> listed(const Json& entry, std::string_view key, std::string_view word) {
    const Json list = member(entry, key);
    if (!list.is_array()) return std::nullopt;
    return std::find(list.begin(), list.end(), Json(word)) != list.end();
}

LoadState state_named(std::string_view word) {
    if (word == "loaded") return LoadState::loaded;
    if (word == "loading" || word == "downloading") return LoadState::loading;
    if (word == "not-loaded" || word == "unloaded" || word == "sleeping" || word == "failed")
        return LoadState::not_loaded;
    return LoadState::unknown;
}

std::optional<std::string> quantization_in(const Json& object, std::string_view key) {
    auto name = base::get_string(object, key);
    if (!name) return name;
    if (name->starts_with("all ")) name->erase(0, 4);
    for (const std::string_view size : {" - Small", " - Medium", " - Large"})
        if (name->ends_with(size)) *name = name->substr(0, name->size() - size.size()) + "_" + size[3];
    return name;
}

}  // namespace llmc::openai
