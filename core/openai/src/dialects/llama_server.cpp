// llama.cpp's server: with one model it says so in /v1/models and has /props; as a router (started without a model) its
// /v1/models has the state of each, and POST /models/load and /models/unload change it.
#include <chrono>
#include <cmath>

#include "dialects/load_talk.h"
#include "dialects/reading.h"
#include "openai/dialect.h"
#include "openai/server_error.h"

namespace llmc::openai {
namespace {

using base::Json;

constexpr base::Duration kLookPause = std::chrono::milliseconds{500};  // between looks at a router's states

bool read_router_model(const Json& entry, ModelInfo& model) {
    const Json status = member(entry, "status");
    if (!status.is_object()) return false;
    model.format = "gguf";
    model.state = state_named(base::get_string(status, "value").value_or(""));
    return true;
}

bool read_model(const Json& entry, ModelInfo& model) {
    if (base::get_string(entry, "owned_by") != "llamacpp") return false;
    model.format = "gguf";
    model.state = LoadState::loaded;
    return true;
}

bool read_props(const Json& body, Manifest& manifest) {
    const Json* settings = base::find(body, "default_generation_settings");
    if (!settings || !settings->is_object() || find_error(body)) return false;
    manifest.version = id_in(body, "build_info").value_or("");
    const auto alias = id_in(body, "model_alias");
    if (manifest.models.empty() && alias) manifest.models.emplace_back().id = *alias;
    if (manifest.models.size() != 1) return true;
    ModelInfo& model = manifest.models.front();
    model.format = "gguf";
    model.state = base::get_bool(body, "is_sleeping").value_or(false) ? LoadState::not_loaded : LoadState::loaded;
    if (model.quantization.empty()) fill(model.quantization, quantization_in(body, "model_ftype"));
    model.calls_tools = base::get_bool(member(body, "chat_template_caps"), "supports_tools");
    model.takes_images = base::get_bool(member(body, "modalities"), "vision");
    fill_context(model.context_length, base::get_int(*settings, "n_ctx"));  // per slot: what one request can use
    return true;
}

std::string router_state(const Json& list, const std::string& id) {
    const Json* models = list_in(list, "data");
    if (!models) return {};
    for (const Json& model : *models) {
        if (base::get_string(model, "id") != id) continue;
        const Json* status = base::find(model, "status");
        if (!status) return {};
        if (base::get_bool(*status, "failed").value_or(false)) return "failed";
        return base::get_string(*status, "value").value_or("");
    }
    return {};
}

// It answers at once; the model's state tells the rest.
Result<void> change_llama_server_load(const LoadTalk& talk) {
    const std::string& id = talk.change.model;
    const bool loads = talk.change.direction == LoadChange::Direction::load;
    if (auto asked = talk.tell(loads ? "/models/load" : "/models/unload", {{"model", id}}); !asked) return asked;
    const base::Duration patience = talk.deadlines.no_progress;
    for (base::Duration waited{}; waited <= patience; waited += kLookPause) {
        const auto list = talk.ask("GET", talk.access.url.openai_path("/models"), {});
        if (!list) return list.error();
        const std::string state = router_state(*list, id);
        if (loads && (state == "loaded" || state == "sleeping")) return {};
        if (loads && state != "loading" && state != "downloading")
            return Error{ErrorKind::model, "could not load " + id + ": it says that the model is " +
                                               (state.empty() ? "not there" : state)};
        if (!loads && state != "loaded" && state != "loading" && state != "sleeping") return {};
        if (!talk.wait(kLookPause)) return Error{ErrorKind::cancelled, "was not asked any further"};
    }
    return Error{ErrorKind::timeout,
                 "has not " + std::string(loads ? "loaded " : "unloaded ") + id + " after " +
                     std::to_string(std::chrono::duration_cast<std::chrono::seconds>(patience).count()) + " s"};
}

}  // namespace

extern const Dialect kLlamaRouter, kLlamaServer;
constexpr Dialect kLlamaRouter{.name = "llama-server (router)",
                               .read_model = read_router_model,
                               .states = Dialect::States::in_openai_list,
                               .change_load = change_llama_server_load,
                               .swaps_models = true};
constexpr Dialect kLlamaServer{.name = "llama-server",
                               .ports = {8080, 9931},
                               .read_model = read_model,
                               .lists = {{{"/props", read_props}}},
                               .states = Dialect::States::in_openai_list};

}  // namespace llmc::openai
