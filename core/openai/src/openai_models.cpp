// The list of models that every server has, and the words of a manifest.
#include <algorithm>
#include <cmath>

#include "dialects/reading.h"
#include "openai/manifest.h"

namespace llmc::openai {
namespace {

using base::Json;

// 134515008 as "135M", 7615616512 as "7.6B".
std::string parameters_text(std::int64_t count) {
    const double number = static_cast<double>(count);
    const double unit = number >= 1e9 ? 1e9 : 1e6;
    const long long tenths = std::llround(number / unit * 10);
    std::string text = std::to_string(tenths >= 1000 ? (tenths + 5) / 10 : tenths / 10);
    if (tenths < 1000 && tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
    return text + (unit == 1e9 ? "B" : "M");
}

// llama-server's `meta`, which others have copied.
void read_meta(const Json& meta, ModelInfo& model) {
    fill_context(model.context_length, base::get_int(meta, "n_ctx"));
    fill_context(model.max_context_length, base::get_int(meta, "n_ctx_train"));
    fill_size(model.size_bytes, base::get_int(meta, "size"));
    fill(model.quantization, quantization_in(meta, "ftype"));
    if (const auto count = base::get_int(meta, "n_params"); count && *count > 0)
        model.parameters = parameters_text(*count);
}

void read_entry(const Json& entry, ModelInfo& model, const Dialect*& dialect) {
    // LM Studio's and OpenAI's embedding models say so in their names only.
    if (model.id.starts_with("text-embedding-") || is_embedding_type(base::get_string(entry, "type")))
        model.is_embedding = true;
    fill_context(model.max_context_length, base::get_int(entry, "context_length"));
    for (const Dialect* one : dialects()) {
        if (!one->read_model || !one->read_model(entry, model)) continue;
        if (!dialect) dialect = one;
        break;
    }
    read_meta(member(entry, "meta"), model);
}

std::optional<std::string> id_of_entry(const Json& entry) {
    auto id = id_of(entry);  // a bare name
    for (const char* key : {"id", "name", "model"})
        if (!id) id = id_in(entry, key);
    return id;
}

}  // namespace

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

std::string_view Manifest::kind_name() const {
    return dialect ? dialect->name : "OpenAI-compatible";
}

bool read_openai_models(const Json& body, Manifest& manifest) {
    const Json* data = list_in(body, "data");
    const Json* list = data;
    if (body.is_array()) list = &body;  // Together
    for (const char* key : {"models", "result"})
        if (!list) list = list_in(body, key);
    if (!list) return false;
    // Elsewhere an empty list may be one of other things.
    bool is_list = data || body.is_array();
    ModelIndex models(manifest);
    for (const Json& entry : *list) {
        const auto id = data ? id_in(entry, "id") : id_of_entry(entry);
        if (!id) continue;
        is_list = true;
        read_entry(entry, models.at(*id), manifest.dialect);
    }
    return is_list;
}

}  // namespace llmc::openai
