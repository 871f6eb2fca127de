// LM Studio: GET /api/v1/models (0.4 and newer) has the models with their variants and loaded instances, POST
// /api/v1/models/load and /unload change those; before that there was GET /api/v0/models.
#include <algorithm>

#include "ascii.h"
#include "dialects/load_talk.h"
#include "dialects/reading.h"
#include "openai/dialect.h"

namespace llmc::openai {
namespace {

using base::Json;

// "mistral-small@q4_k_m" as Q4_K_M; nothing for a name without one.
std::string variant_quantization(std::string_view id) {
    const auto at = id.rfind('@');
    if (at == std::string_view::npos) return {};
    std::string name(id.substr(at + 1, id.find(':', at) - at - 1));
    const bool is_bits = name.ends_with("bit");  // MLX
    for (char& c : name)
        if (!is_bits && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return name;
}

// A second instance of "KEY" is "KEY:2"; requests for the plain name go to the first.
bool is_instance_of(std::string_view instance, std::string_view id) {
    return instance.starts_with(id) && (instance.size() == id.size() || instance[id.size()] == ':');
}

struct Instance {
    std::string id;  // empty: that of the model
    std::optional<std::int64_t> context_length;
};

std::vector<Instance> instances_in(const Json& json) {
    std::vector<Instance> instances;
    if (const Json list = member(json, "loaded_instances"); list.is_array())
        for (const Json& instance : list)
            instances.push_back(
                {id_in(instance, "id").value_or(""), base::get_int(member(instance, "config"), "context_length")});
    return instances;
}

// `model` as the one called `id`, of the variant that this name says.
ModelInfo& add_as(ModelIndex& models, const ModelInfo& model, std::string_view selected, const std::string& id) {
    ModelInfo& added = models.at(id);
    added = model;
    added.id = id;
    const std::string quantization = variant_quantization(id);
    if (quantization.empty() || is_instance_of(id, selected)) return added;
    added.size_bytes.reset();  // told of the selected variant only
    fill(added.quantization, quantization);
    return added;
}

void read_v1_model(const Json& json, const std::string& key, ModelIndex& models) {
    ModelInfo model = models.at(key);
    if (is_embedding_type(base::get_string(json, "type"))) model.is_embedding = true;
    fill(model.quantization, base::get_string(member(json, "quantization"), "name"));
    fill(model.format, base::get_string(json, "format"));
    fill(model.parameters, base::get_string(json, "params_string"));
    fill_size(model.size_bytes, base::get_int(json, "size_bytes"));
    fill_context(model.max_context_length, base::get_int(json, "max_context_length"));
    const Json capabilities = member(json, "capabilities");
    model.calls_tools = base::get_bool(capabilities, "trained_for_tool_use");
    model.takes_images = base::get_bool(capabilities, "vision");
    if (member(json, "loaded_instances").is_array()) model.state = LoadState::not_loaded;

    const std::string selected = id_in(json, "selected_variant").value_or("");
    if (const Json variants = member(json, "variants"); variants.is_array() && variants.size() > 1)
        for (const Json& variant : variants)
            if (const auto id = id_of(variant); id && *id != key) add_as(models, model, selected, *id);
    // What answers to the model's own name is its first instance, of whatever variant.
    std::optional<ModelInfo> plain;
    for (const auto& [id, context_length] : instances_in(json)) {
        ModelInfo loaded = id.empty() || id == key ? model : add_as(models, model, selected, id);
        loaded.state = LoadState::loaded;
        fill_context(loaded.context_length, context_length);
        if (!plain) plain = loaded;
        if (loaded.id != key) models.at(loaded.id) = std::move(loaded);
    }
    if (plain) model = *std::move(plain);
    model.id = key;
    models.at(key) = std::move(model);
}

bool read_v1(const Json& body, Manifest& manifest) {
    const Json* list = list_in(body, "models");
    if (!list) return false;
    ModelIndex models(manifest);
    for (const Json& json : *list)
        if (const auto key = id_in(json, "key")) read_v1_model(json, *key, models);
    return true;
}

bool read_v0(const Json& body, Manifest& manifest) {
    const Json* list = list_in(body, "data");
    if (!list) return false;
    ModelIndex models(manifest);
    for (const Json& entry : *list) {
        const auto id = id_in(entry, "id");
        if (!id) continue;
        ModelInfo& model = models.at(*id);
        if (is_embedding_type(base::get_string(entry, "type"))) model.is_embedding = true;
        fill(model.quantization, base::get_string(entry, "quantization"));
        fill(model.format, base::get_string(entry, "compatibility_type"));
        fill_context(model.max_context_length, base::get_int(entry, "max_context_length"));
        fill_context(model.context_length, base::get_int(entry, "loaded_context_length"));
        model.state = state_named(base::get_string(entry, "state").value_or(""));
        if (const auto type = base::get_string(entry, "type")) model.takes_images = *type == "vlm";
        model.calls_tools = listed(entry, "capabilities", "tool_use");
    }
    return true;
}

Result<void> load(const LoadTalk& talk) {
    Json body = {{"model", talk.change.model}};
    if (talk.change.context_length) body["context_length"] = *talk.change.context_length;
    return talk.tell("/api/v1/models/load", body);
}

// Its instances are unloaded, not the model: all of them, or those of the variant or instance that is meant.
Result<void> unload(const LoadTalk& talk) {
    const std::string& wanted = talk.change.model;
    const auto body = talk.ask("GET", talk.access.url.native_path("/api/v1/models"), {});
    if (!body) return body.error();
    std::vector<std::string> all, meant;
    if (const Json* models = list_in(*body, "models"))
        for (const Json& json : *models) {
            const auto key = id_in(json, "key");
            if (!key) continue;
            for (const Instance& instance : instances_in(json)) {
                const std::string& id = instance.id.empty() ? *key : instance.id;
                if (*key == wanted) all.push_back(id);
                if (*key != wanted && is_instance_of(id, wanted)) meant.push_back(id);
            }
        }
    if (all.empty()) all = std::move(meant);
    if (all.empty()) return Error{ErrorKind::model, "does not have " + wanted + " loaded"};
    for (const std::string& id : all)
        if (auto gone = talk.tell("/api/v1/models/unload", {{"instance_id", id}}); !gone) return gone;
    return {};
}

Result<void> change_lm_studio_load(const LoadTalk& talk) {
    return talk.change.direction == LoadChange::Direction::load ? load(talk) : unload(talk);
}

}  // namespace

extern const Dialect kLmStudio, kLmStudio03;
constexpr Dialect kLmStudio{.name = "LM Studio",
                            .ports = {1234},
                            .lists = {{{"/api/v1/models", read_v1}}},
                            .states = Dialect::States::in_last_list,
                            .change_load = change_lm_studio_load,
                            .takes_context_length = true,
                            .swaps_models = true};
constexpr Dialect kLmStudio03{.name = "LM Studio 0.3",
                              .lists = {{{"/api/v0/models", read_v0}}},
                              .states = Dialect::States::in_last_list,
                              .swaps_models = true};

}  // namespace llmc::openai
