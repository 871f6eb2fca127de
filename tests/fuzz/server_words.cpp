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
    openai::Manifest manifest;
    openai::read_openai_models(*body, manifest);
    const auto dialects = openai::dialects();
    for (const openai::OwnList& list : dialects[choice % dialects.size()]->lists)
        if (list.read) list.read(*body, manifest);
    std::set<std::string> ids;
    for (const openai::ModelInfo& model : manifest.models) {
        promise(ids.insert(model.id).second, "each id is there once");
        promise(base::is_valid_utf8(model.id), "ids are valid UTF-8");
    }
    openai::nearest_models(bytes.substr(0, 100), {ids.begin(), ids.end()});
}

}  // namespace llmc::fuzz
