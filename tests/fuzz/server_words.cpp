// What servers say of their models and of what went wrong. The first byte chooses the list.
#include <set>
#include <string>

#include "base/json.h"
#include "base/utf8.h"
#include "openai/manifest.h"
#include "openai/server_error.h"
#include "targets.h"

namespace llmc::fuzz {

void server_words(std::string_view bytes) {
    if (bytes.empty()) return;
    const auto choice = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);

    const int status = 400 + choice % 200;
    const auto of_body = openai::read_error_body(status, choice % 2 ? "application/json" : "text/html", bytes);
    const auto of_event = openai::read_error_event(bytes);
    for (const openai::ServerError* error : {&of_body, &of_event}) {
        promise(!error->message.empty() && error->message.size() <= 2000, "an error has words, not too many");
        promise(
            base::is_valid_utf8(error->message) && base::is_valid_utf8(error->type) && base::is_valid_utf8(error->code),
            "an error is valid UTF-8");
    }
    openai::find_context_limit(bytes, "", "");

    const auto body = base::parse_json(bytes);
    if (!body) return;
    openai::find_error(*body);
    using Read = bool (*)(const base::Json&, openai::Manifest&);
    constexpr Read kReaders[] = {openai::read_openai_models, openai::read_lm_studio_v1, openai::read_lm_studio_v0,
                                 openai::read_llama_props,   openai::read_ollama_tags,  openai::read_ollama_ps};
    openai::Manifest manifest;
    openai::read_openai_models(*body, manifest);
    kReaders[choice % std::size(kReaders)](*body, manifest);
    std::set<std::string> ids;
    for (const openai::ModelInfo& model : manifest.models) {
        promise(ids.insert(model.id).second, "each id is there once");
        promise(base::is_valid_utf8(model.id), "ids are valid UTF-8");
    }
    openai::nearest_models(bytes.substr(0, 100), {ids.begin(), ids.end()});
}

}  // namespace llmc::fuzz
