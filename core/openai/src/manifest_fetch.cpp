#include <algorithm>
#include <chrono>
#include <utility>

#include "openai/manifest.h"
#include "openai/redact.h"
#include "openai/server_error.h"
#include "outside_json.h"

namespace llmc::openai {
namespace {

constexpr std::size_t kMaxBody = std::size_t{8} << 20;            // bytes; product.md section 5, "manifest 8 MiB"
constexpr base::Duration kNativeLimit = std::chrono::seconds{2};  // for lists that a server may not have

constexpr std::string_view kModels = "/models";
constexpr std::string_view kLmStudioV1 = "/api/v1/models";
constexpr std::string_view kLmStudioV0 = "/api/v0/models";
constexpr std::string_view kProps = "/props";
constexpr std::string_view kOllamaTags = "/api/tags";
constexpr std::string_view kOllamaPs = "/api/ps";

// One server, asked for one thing after another.
class Asking {
public:
    Asking(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
           const net::Cancellation& cancellation)
        : client_(client), access_(access), deadlines_(deadlines), cancellation_(cancellation) {}

    Result<net::HttpClient::Body> get(const std::string& path, const net::Deadlines& deadlines) const {
        net::HttpRequest request{.method = "GET",
                                 .server = access_.url,
                                 .path = path,
                                 .headers = authorization(access_),
                                 .body = {},
                                 .ca_file = access_.ca_file};
        return client_.fetch(request, deadlines, kMaxBody, cancellation_);
    }

    // GET /v1/models. Errors say what the server answered, without the key.
    Result<base::Json> openai_models() const {
        const std::string path = access_.url.openai_path(kModels);
        const auto body = get(path, deadlines_);
        if (!body.ok()) return body.error();
        const int status = body->head.status;
        auto json = parse_outside_json(body->bytes);
        if (!json.ok() && json.error().kind == ErrorKind::limit && status == 200)
            return Error{ErrorKind::limit, "answered GET " + path + " with JSON that is " + json.error().message};
        const bool has_error = status < 200 || status > 299 || !json.ok() || find_error(*json);
        Manifest ignored;
        if (!has_error && read_openai_models(*json, ignored)) return json;
        const ServerError error = read_error_body(status, body->head.content_type, body->bytes);
        const ErrorKind kind = status == 401 || status == 403 ? ErrorKind::auth : error.kind;
        return Error{kind, Redactor({access_.api_key})("answered GET " + path + " with HTTP " + std::to_string(status) +
                                                       ": " + error.message)};
    }

    // A native list; nothing where the server does not have it. After one that hangs, none is asked for any more.
    std::optional<base::Json> native(std::string_view path) {
        if (is_hanging_ || cancellation_.is_cancelled()) return std::nullopt;
        net::Deadlines deadlines;
        deadlines.connect = std::min(deadlines_.connect, kNativeLimit);
        deadlines.no_progress = std::min(deadlines_.no_progress, kNativeLimit);
        deadlines.total = std::min(deadlines_.total.value_or(kNativeLimit), kNativeLimit);
        const auto body = get(access_.url.native_path(path), deadlines);
        if (!body.ok()) {
            is_hanging_ = body.error().kind == ErrorKind::timeout;
            return std::nullopt;
        }
        if (body->head.status != 200) return std::nullopt;
        auto json = parse_outside_json(body->bytes);
        if (!json.ok()) return std::nullopt;
        return std::move(json).value();
    }

    bool is_hanging() const { return is_hanging_; }
    bool is_cancelled() const { return cancellation_.is_cancelled(); }

private:
    net::HttpClient& client_;
    const ServerAccess& access_;
    const net::Deadlines& deadlines_;
    const net::Cancellation& cancellation_;
    bool is_hanging_ = false;
};

using Reader = bool (*)(const base::Json&, Manifest&);

// Reads the native list at `path` where it is known or could be there; says whether it is.
bool read_native(Asking& asking, std::string_view path, Reader read, bool asks, Manifest& manifest) {
    if (!asks) return false;
    const auto body = asking.native(path);
    return body && read(*body, manifest);
}

// Asks for the native lists that can be there, after what /v1/models told about the server.
bool read_natives(Asking& asking, const ManifestHints& known, ManifestHints& found, Manifest& manifest) {
    const bool explores = !known.is_known;
    const ServerKind kind = manifest.kind;
    const bool could_be_anything = explores && kind == ServerKind::other;
    found.has_lm_studio_v1 =
        read_native(asking, kLmStudioV1, read_lm_studio_v1, could_be_anything || known.has_lm_studio_v1, manifest);
    if (!found.has_lm_studio_v1)
        found.has_lm_studio_v0 =
            read_native(asking, kLmStudioV0, read_lm_studio_v0, could_be_anything || known.has_lm_studio_v0, manifest);
    const bool is_lm_studio = found.has_lm_studio_v1 || found.has_lm_studio_v0;
    const bool could_be_llama = explores && (kind == ServerKind::other || kind == ServerKind::llama_server);
    found.has_props =
        read_native(asking, kProps, read_llama_props, (could_be_llama && !is_lm_studio) || known.has_props, manifest);
    const bool could_be_ollama = could_be_anything && !is_lm_studio && !found.has_props;
    found.has_ollama =
        read_native(asking, kOllamaTags, read_ollama_tags, could_be_ollama || known.has_ollama, manifest);
    read_native(asking, kOllamaPs, read_ollama_ps, found.has_ollama, manifest);
    return is_lm_studio || found.has_props || found.has_ollama;
}

// A server that puts the key into its lists: the same rule as for answers.
void black_out(const std::string& key, Manifest& manifest) {
    StreamRedactor redactor(key);
    if (!redactor.is_active()) return;
    for (ModelInfo& model : manifest.models)
        for (std::string* text : {&model.id, &model.quantization, &model.format, &model.parameters}) {
            std::string clean;
            redactor.feed(*text, clean);
            redactor.finish(clean);
            *text = std::move(clean);
        }
}

LoadState state_in(const Manifest& manifest, std::string_view id) {
    const ModelInfo* model = manifest.find(id);
    return model ? model->state : LoadState::unknown;
}

}  // namespace

net::Headers authorization(const ServerAccess& access) {
    if (access.api_key.empty()) return {};
    return {{"Authorization", "Bearer " + access.api_key}};
}

Result<Manifest> fetch_manifest(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                                ManifestHints& hints, const net::Cancellation& cancellation) {
    Asking asking(client, access, deadlines, cancellation);
    Manifest manifest;
    const auto models = asking.openai_models();
    if (models.ok()) {
        read_openai_models(*models, manifest);
    } else {
        // Another list can be there only where the server answered, and did not refuse the key or is not ready yet.
        const ErrorKind kind = models.error().kind;
        const bool has_answered =
            kind == ErrorKind::http || kind == ErrorKind::protocol || kind == ErrorKind::server_error;
        if (!has_answered) return models.error();
    }
    ManifestHints found;
    const bool has_native = read_natives(asking, hints, found, manifest);
    if (asking.is_cancelled()) return Error{ErrorKind::cancelled, "was not asked any further"};
    if (!models.ok() && !has_native) return models.error();
    black_out(access.api_key, manifest);
    found.has_model_states = manifest.kind == ServerKind::llama_router;
    found.is_known = true;
    if (asking.is_hanging()) {
        // Nothing was learned: the next fetch tries again.
    } else if (!hints.is_known) {
        hints = found;
    } else if (found != hints) {
        hints = {};  // another server has taken its place
    }
    return manifest;
}

Result<LoadState> fetch_load_state(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                                   const ManifestHints& hints, std::string_view model_id,
                                   const net::Cancellation& cancellation) {
    struct Source {
        bool is_there;
        std::string path;
        Reader read;
    };
    const Source sources[] = {
        {hints.has_lm_studio_v1, access.url.native_path(kLmStudioV1), read_lm_studio_v1},
        {hints.has_lm_studio_v0, access.url.native_path(kLmStudioV0), read_lm_studio_v0},
        {hints.has_ollama, access.url.native_path(kOllamaPs), read_ollama_ps},
        {hints.has_props || hints.has_model_states, access.url.openai_path(kModels), read_openai_models},
    };
    const Asking asking(client, access, deadlines, cancellation);
    for (const Source& source : sources) {
        if (!source.is_there) continue;
        const auto body = asking.get(source.path, deadlines);
        if (!body.ok()) return body.error();
        const auto json = parse_outside_json(body->bytes);
        if (!json.ok()) return LoadState::unknown;
        if (const auto error = find_error(*json); error && error->is_loading) return LoadState::loading;
        Manifest manifest;
        if (body->head.status != 200 || !source.read(*json, manifest)) return LoadState::unknown;
        // Ollama lists only what it has loaded.
        if (hints.has_ollama && !manifest.find(model_id)) return LoadState::not_loaded;
        return state_in(manifest, model_id);
    }
    return LoadState::unknown;
}

}  // namespace llmc::openai
