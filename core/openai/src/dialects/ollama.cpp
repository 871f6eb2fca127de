// Ollama: /api/tags has the models, /api/ps those that are loaded; POST /api/generate without a prompt loads,
// `keep_alive` 0 unloads.
#include "ascii.h"
#include "dialects/load_talk.h"
#include "dialects/reading.h"
#include "openai/dialect.h"

namespace llmc::openai {
namespace {

using base::Json;

std::optional<std::string> name_in(const Json& entry) {
    auto name = id_in(entry, "name");
    return name ? name : id_in(entry, "model");
}

bool is_embedding(const Json& entry, const Json& details) {
    const auto is_listed = listed(entry, "capabilities", "embedding");
    // Older versions do not tell capabilities.
    if (!is_listed) return to_lower(base::get_string(details, "family").value_or("")).ends_with("bert");
    return *is_listed && !listed(entry, "capabilities", "completion").value();
}

bool read_tags(const Json& body, Manifest& manifest) {
    const Json* list = list_in(body, "models");
    if (!list) return false;
    ModelIndex models(manifest);
    for (const Json& entry : *list) {
        const auto id = name_in(entry);
        if (!id) continue;
        ModelInfo& model = models.at(*id);
        const Json details = member(entry, "details");
        fill(model.quantization, base::get_string(details, "quantization_level"));
        fill(model.format, base::get_string(details, "format"));
        fill(model.parameters, base::get_string(details, "parameter_size"));
        fill_context(model.max_context_length, base::get_int(details, "context_length"));
        fill_size(model.size_bytes, base::get_int(entry, "size"));
        if (is_embedding(entry, details)) model.is_embedding = true;
        model.calls_tools = listed(entry, "capabilities", "tools");
        model.takes_images = listed(entry, "capabilities", "vision");
    }
    return true;
}

bool read_loaded(const Json& body, Manifest& manifest) {
    const Json* list = list_in(body, "models");
    if (!list) return false;
    for (ModelInfo& model : manifest.models) model.state = LoadState::not_loaded;
    ModelIndex models(manifest);
    for (const Json& entry : *list) {
        const auto id = name_in(entry);
        if (!id) continue;
        ModelInfo& model = models.at(*id);
        model.state = LoadState::loaded;
        fill_context(model.context_length, base::get_int(entry, "context_length"));
    }
    return true;
}

Result<void> change_ollama_load(const LoadTalk& talk) {
    Json body = {{"model", talk.change.model}, {"stream", false}};
    if (talk.change.direction == LoadChange::Direction::unload) body["keep_alive"] = 0;
    return talk.tell("/api/generate", body);
}

}  // namespace

extern const Dialect kOllama;
constexpr Dialect kOllama{.name = "Ollama",
                          .ports = {11434},
                          .lists = {{{"/api/tags", read_tags}, {"/api/ps", read_loaded}}},
                          .states = Dialect::States::in_last_list_if_loaded,
                          .change_load = change_ollama_load,
                          // A context length of its own: the next chat request would load the model again.
                          .takes_context_length = false,
                          .swaps_models = true};

}  // namespace llmc::openai
