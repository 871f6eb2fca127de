// What a server says about its models.
//
// Thread contract: plain values and functions; fetch_manifest() blocks on the network.
// Sources: /v1/models, and what the families of servers have beside it (dialect.h). Every field but the id is optional
// everywhere. A body with a truthy top-level `error`, or without the expected list, means "not there", whatever its
// status (LM Studio answers unknown paths with 200).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "net/http.h"
#include "openai/dialect.h"

namespace llmc::openai {

enum class LoadState { unknown, loaded, loading, not_loaded };
std::string_view load_state_name(LoadState state);

// Tokens. A server that tells more is not believed, and a file that holds more is damaged.
inline constexpr std::int64_t kMaxContextLength = 1'000'000'000'000;

struct ModelInfo {
    std::string id;
    bool is_embedding = false;
    std::string quantization;                        // "Q4_K_M"; empty where not told
    std::string format;                              // "gguf", "mlx", …
    std::optional<std::int64_t> context_length;      // in force (loaded, or per slot)
    std::optional<std::int64_t> max_context_length;  // what the model could have
    std::optional<std::int64_t> size_bytes;
    std::string parameters;  // "7B"
    LoadState state = LoadState::unknown;
    std::optional<bool> calls_tools;  // it was trained for that, or its template has a place for it
    std::optional<bool> takes_images;
    bool operator==(const ModelInfo&) const = default;
};

struct Manifest {
    enum class List {
        there,
        none,    // the server has no list of models (404, 405, 501): it takes what it is asked for
        loading  // it has just been started, and loads its model: 503
    };
    List list = List::there;
    const Dialect* dialect = nullptr;  // none: all that is known is that it speaks the OpenAI API
    std::vector<ModelInfo> models;     // in the server's order, each id once
    std::string version;               // "b11669"; empty where the server does not tell

    const ModelInfo* find(std::string_view id) const;
    std::string_view kind_name() const;  // "LM Studio", "llama-server", …; "OpenAI-compatible" without a dialect
    // Whether it loads and unloads models on request, and takes a context length with that.
    bool can_load() const { return dialect && dialect->change_load; }
    bool can_set_context() const { return dialect && dialect->takes_context_length; }
    bool operator==(const Manifest&) const = default;
};

// How to reach a server.
struct ServerAccess {
    net::BaseUrl url;
    std::string api_key;  // empty: no Authorization header is sent
    std::string ca_file;
};
net::Headers authorization(const ServerAccess& access);

// Where the API of a server at this address may be, in the order to try: net::BaseUrl::places(), and the same at LM
// Studio's port for an address without one.
std::vector<net::BaseUrl> places_of(const net::BaseUrl& url);

// What a fetch has learned, so that later ones ask only for what is there.
struct ManifestHints {
    std::optional<net::BaseUrl> url;   // where the API was found
    bool is_explored = false;          // the rest is known
    const Dialect* dialect = nullptr;  // as in the manifest
    bool has_lists = false;            // the dialect's own
    bool operator==(const ManifestHints&) const = default;
};

// Looks for /v1/models at the server's places and asks for the lists of its family, and joins them by id. A server that
// has only the family's list (Ollama, LM Studio) is fine too. The deadlines apply to each request; own lists get at
// most 2 s each, and one that hangs ends the asking for more. Errors: those of HttpClient::fetch; `auth` for 401 and
// 403; `http`, `protocol`, `limit` (8 MiB). `hints` is read and filled.
Result<Manifest> fetch_manifest(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                                ManifestHints& hints, const net::Cancellation& cancellation);

// Only the load state of one model, by the cheapest request the server has; `unknown` where it has none.
Result<LoadState> fetch_load_state(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                                   const ManifestHints& hints, std::string_view model_id,
                                   const net::Cancellation& cancellation);

// The body of /v1/models, in the shapes that servers have for it; adds to the manifest. False: this is no such list.
bool read_openai_models(const base::Json& body, Manifest& manifest);

// Up to `count` ids most like `wanted`, best first (by edit distance and common parts, ignoring case), for "no server
// has X; the nearest are …".
std::vector<std::string> nearest_models(std::string_view wanted, const std::vector<std::string>& ids,
                                        std::size_t count = 3);

}  // namespace llmc::openai
