// The lists of models that servers have, each into the same manifest. Every field but the id is optional everywhere,
// may be null or of another type; what is not understood is left out.
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "ascii.h"
#include "openai/manifest.h"
#include "openai/server_error.h"

namespace llmc::openai {
namespace {

using base::Json;

// Bytes. Instances of a model share its words: a list of very many with long ones would fill the memory.
constexpr std::size_t kMaxId = 4096;
constexpr std::size_t kMaxWord = 100;

// The models of a manifest by id: lists may have very many.
class ModelIndex {
public:
    explicit ModelIndex(Manifest& manifest) : models_(manifest.models) {
        for (std::size_t i = 0; i < models_.size(); ++i) places_.try_emplace(models_[i].id, i);
    }

    // The model with this id, made where there is none. Valid until the next call.
    ModelInfo& at(const std::string& id) {
        const auto [place, is_new] = places_.try_emplace(id, models_.size());
        if (is_new) models_.emplace_back().id = id;
        return models_[place->second];
    }

private:
    std::vector<ModelInfo>& models_;
    std::unordered_map<std::string, std::size_t> places_;
};

// The list at `key`; null where the body is an error or has none.
const Json* list_in(const Json& body, std::string_view key) {
    const Json* list = base::find(body, key);
    return list && list->is_array() && !find_error(body) ? list : nullptr;
}

std::optional<std::string> id_in(const Json& item, std::string_view key) {
    auto id = base::get_string(item, key);
    return id && !id->empty() && id->size() <= kMaxId ? id : std::nullopt;
}

void fill(std::string& field, std::optional<std::string> value) {
    if (value && !value->empty() && value->size() <= kMaxWord) field = std::move(*value);
}

void fill(std::optional<std::int64_t>& field, std::optional<std::int64_t> value, std::int64_t most) {
    if (value && *value > 0 && *value <= most) field = value;
}

void fill_context(std::optional<std::int64_t>& field, std::optional<std::int64_t> tokens) {
    fill(field, tokens, kMaxContextLength);
}

void fill_size(std::optional<std::int64_t>& field, std::optional<std::int64_t> bytes) {
    constexpr std::int64_t kMaxSize = 1'000'000'000'000'000;
    fill(field, bytes, kMaxSize);
}

Json member(const Json& object, std::string_view key) {
    const Json* value = base::find(object, key);
    return value ? *value : Json();
}

// 134515008 as "135M", 7615616512 as "7.6B".
std::string parameters_text(std::int64_t count) {
    const double number = static_cast<double>(count);
    const double unit = number >= 1e9 ? 1e9 : 1e6;
    const long long tenths = std::llround(number / unit * 10);
    std::string text = std::to_string(tenths >= 1000 ? (tenths + 5) / 10 : tenths / 10);
    if (tenths < 1000 && tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
    return text + (unit == 1e9 ? "B" : "M");
}

bool is_embedding_type(const std::optional<std::string>& type) {
    return type == "embedding" || type == "embeddings";
}

LoadState state_named(std::string_view word) {
    if (word == "loaded") return LoadState::loaded;
    if (word == "loading" || word == "downloading") return LoadState::loading;
    if (word == "not-loaded" || word == "unloaded" || word == "sleeping" || word == "failed")
        return LoadState::not_loaded;
    return LoadState::unknown;
}

// llama.cpp's names of file types as everybody else writes them: "Q4_K - Medium" is Q4_K_M, "all F32" is F32.
std::optional<std::string> quantization_in(const Json& object, std::string_view key) {
    auto name = base::get_string(object, key);
    if (!name) return name;
    if (name->starts_with("all ")) name->erase(0, 4);
    for (const std::string_view size : {" - Small", " - Medium", " - Large"})
        if (name->ends_with(size)) *name = name->substr(0, name->size() - size.size()) + "_" + size[3];
    return name;
}

// llama-server's `meta`.
void read_meta(const Json& meta, ModelInfo& model) {
    fill_context(model.context_length, base::get_int(meta, "n_ctx"));
    fill_context(model.max_context_length, base::get_int(meta, "n_ctx_train"));
    fill_size(model.size_bytes, base::get_int(meta, "size"));
    fill(model.quantization, quantization_in(meta, "ftype"));
    if (const auto count = base::get_int(meta, "n_params"); count && *count > 0)
        model.parameters = parameters_text(*count);
}

void read_openai_model(const Json& item, ModelInfo& model, ServerKind& kind) {
    const auto owner = base::get_string(item, "owned_by");
    // LM Studio's and OpenAI's embedding models say so in their names only.
    if (model.id.starts_with("text-embedding-") || is_embedding_type(base::get_string(item, "type")))
        model.is_embedding = true;
    fill_context(model.max_context_length, base::get_int(item, "context_length"));
    if (const auto length = base::get_int(item, "max_model_len"); length || owner == "vllm") {
        kind = ServerKind::vllm;
        model.state = LoadState::loaded;
        fill_context(model.context_length, length);
    }
    if (const Json status = member(item, "status"); status.is_object()) {
        kind = ServerKind::llama_router;
        model.format = "gguf";
        model.state = state_named(base::get_string(status, "value").value_or(""));
    } else if (owner == "llamacpp") {
        kind = ServerKind::llama_server;
        model.format = "gguf";
        model.state = LoadState::loaded;
    }
    read_meta(member(item, "meta"), model);
}

}  // namespace

std::string_view server_kind_name(ServerKind kind) {
    switch (kind) {
        case ServerKind::lm_studio: return "LM Studio";
        case ServerKind::llama_server: return "llama-server";
        case ServerKind::llama_router: return "llama-server (router)";
        case ServerKind::ollama: return "Ollama";
        case ServerKind::vllm: return "vLLM";
        case ServerKind::other: break;
    }
    return "OpenAI-compatible";
}

std::string_view load_state_name(LoadState state) {
    switch (state) {
        case LoadState::loaded: return "loaded";
        case LoadState::loading: return "loading";
        case LoadState::not_loaded: return "not loaded";
        case LoadState::unknown: break;
    }
    return "unknown";
}

const ModelInfo* Manifest::find(std::string_view id) const {
    const auto found = std::find_if(models.begin(), models.end(), [id](const ModelInfo& m) { return m.id == id; });
    return found == models.end() ? nullptr : &*found;
}

bool read_openai_models(const Json& body, Manifest& manifest) {
    const Json* list = body.is_array() ? &body : list_in(body, "data");  // Together sends the bare list
    if (!list) return false;
    ModelIndex models(manifest);
    for (const Json& item : *list)
        if (const auto id = id_in(item, "id")) read_openai_model(item, models.at(*id), manifest.kind);
    return true;
}

bool read_lm_studio_v1(const Json& body, Manifest& manifest) {
    const Json* list = list_in(body, "models");
    if (!list) return false;
    manifest.kind = ServerKind::lm_studio;
    ModelIndex models(manifest);
    for (const Json& item : *list) {
        const auto key = id_in(item, "key");
        if (!key) continue;
        ModelInfo model = models.at(*key);
        if (is_embedding_type(base::get_string(item, "type"))) model.is_embedding = true;
        fill(model.quantization, base::get_string(member(item, "quantization"), "name"));
        fill(model.format, base::get_string(item, "format"));
        fill(model.parameters, base::get_string(item, "params_string"));
        fill_size(model.size_bytes, base::get_int(item, "size_bytes"));
        fill_context(model.max_context_length, base::get_int(item, "max_context_length"));
        const Json instances = member(item, "loaded_instances");
        if (instances.is_array()) model.state = instances.empty() ? LoadState::not_loaded : LoadState::loaded;
        models.at(*key) = model;
        if (!instances.is_array()) continue;
        // A second instance of a model is "KEY:2"; requests for the plain key go to the first.
        for (const Json& instance : instances) {
            const std::string id = id_in(instance, "id").value_or(*key);
            const auto length = base::get_int(member(instance, "config"), "context_length");
            ModelInfo& loaded = models.at(id);
            if (id != *key) loaded = model;
            loaded.id = id;
            fill_context(loaded.context_length, length);
            if (&instance == &instances.front()) fill_context(models.at(*key).context_length, length);
        }
    }
    return true;
}

bool read_lm_studio_v0(const Json& body, Manifest& manifest) {
    const Json* list = list_in(body, "data");
    if (!list) return false;
    manifest.kind = ServerKind::lm_studio;
    ModelIndex models(manifest);
    for (const Json& item : *list) {
        const auto id = id_in(item, "id");
        if (!id) continue;
        ModelInfo& model = models.at(*id);
        if (is_embedding_type(base::get_string(item, "type"))) model.is_embedding = true;
        fill(model.quantization, base::get_string(item, "quantization"));
        fill(model.format, base::get_string(item, "compatibility_type"));
        fill_context(model.max_context_length, base::get_int(item, "max_context_length"));
        fill_context(model.context_length, base::get_int(item, "loaded_context_length"));
        model.state = state_named(base::get_string(item, "state").value_or(""));
    }
    return true;
}

bool read_llama_props(const Json& body, Manifest& manifest) {
    const Json* settings = base::find(body, "default_generation_settings");
    if (!settings || !settings->is_object() || find_error(body)) return false;
    if (manifest.kind == ServerKind::llama_router) return true;  // a router's own settings say nothing about a model
    manifest.kind = ServerKind::llama_server;
    const auto alias = id_in(body, "model_alias");
    if (manifest.models.empty() && alias) manifest.models.emplace_back().id = *alias;
    if (manifest.models.size() != 1) return true;
    ModelInfo& model = manifest.models.front();
    model.format = "gguf";
    model.state = base::get_bool(body, "is_sleeping").value_or(false) ? LoadState::not_loaded : LoadState::loaded;
    if (model.quantization.empty()) fill(model.quantization, quantization_in(body, "model_ftype"));
    fill_context(model.context_length, base::get_int(*settings, "n_ctx"));  // per slot: what one request can use
    return true;
}

bool read_ollama_tags(const Json& body, Manifest& manifest) {
    const Json* list = list_in(body, "models");
    if (!list) return false;
    manifest.kind = ServerKind::ollama;
    ModelIndex models(manifest);
    for (const Json& item : *list) {
        auto id = id_in(item, "name");
        if (!id) id = id_in(item, "model");
        if (!id) continue;
        ModelInfo& model = models.at(*id);
        const Json details = member(item, "details");
        fill(model.quantization, base::get_string(details, "quantization_level"));
        fill(model.format, base::get_string(details, "format"));
        fill(model.parameters, base::get_string(details, "parameter_size"));
        fill_context(model.max_context_length, base::get_int(details, "context_length"));
        fill_size(model.size_bytes, base::get_int(item, "size"));
        const Json capabilities = member(item, "capabilities");
        if (capabilities.is_array()) {
            const auto has = [&](const char* word) {
                return std::find(capabilities.begin(), capabilities.end(), Json(word)) != capabilities.end();
            };
            model.is_embedding = has("embedding") && !has("completion");
        } else if (to_lower(base::get_string(details, "family").value_or("")).ends_with("bert")) {
            model.is_embedding = true;  // older versions do not tell capabilities
        }
    }
    return true;
}

bool read_ollama_ps(const Json& body, Manifest& manifest) {
    const Json* list = list_in(body, "models");
    if (!list) return false;
    manifest.kind = ServerKind::ollama;
    for (ModelInfo& model : manifest.models) model.state = LoadState::not_loaded;
    ModelIndex models(manifest);
    for (const Json& item : *list) {
        auto id = id_in(item, "name");
        if (!id) id = id_in(item, "model");
        if (!id) continue;
        ModelInfo& model = models.at(*id);
        model.state = LoadState::loaded;
        fill_context(model.context_length, base::get_int(item, "context_length"));
    }
    return true;
}

}  // namespace llmc::openai
