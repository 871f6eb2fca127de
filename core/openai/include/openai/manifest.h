// What a server says about its models.
//
// Thread contract: plain values and functions; fetch_manifest() blocks on the network.
// Sources: /v1/models (all); LM Studio /api/v1/models and /api/v0/models; llama-server /props and, as a router,
// `status` in /v1/models and /models; Ollama /api/tags and /api/ps; vLLM max_model_len. Every field but the id is
// optional everywhere. A body with a truthy top-level `error`, or without the expected list, means "not there",
// whatever its status (LM Studio answers unknown paths with 200).
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

namespace llmc::openai {

enum class ServerKind { other, lm_studio, llama_server, llama_router, ollama, vllm };
std::string_view server_kind_name(ServerKind kind);  // "LM Studio", "llama-server", …; "OpenAI-compatible" for other

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
    bool operator==(const ModelInfo&) const = default;
};

struct Manifest {
    ServerKind kind = ServerKind::other;
    std::vector<ModelInfo> models;  // in the server's order, each id once
    const ModelInfo* find(std::string_view id) const;
    bool operator==(const Manifest&) const = default;
};

// How to reach a server.
struct ServerAccess {
    net::BaseUrl url;
    std::string api_key;  // empty: no Authorization header is sent
    std::string ca_file;
};
net::Headers authorization(const ServerAccess& access);

// Which of the native lists a server has; learned by the first fetch, so that later ones ask only for what is there.
struct ManifestHints {
    bool is_known = false;
    bool has_lm_studio_v1 = false, has_lm_studio_v0 = false, has_props = false, has_ollama = false;
    bool has_model_states = false;  // /v1/models itself tells them: llama-server as a router
    bool operator==(const ManifestHints&) const = default;
};

// Asks /v1/models and then the native lists, and joins them by id. A server that has only a native list (Ollama, LM
// Studio) is fine too. The deadlines apply to each request; native lists get at most 2 s each, and one that hangs ends
// the asking for more. Errors: those of HttpClient::fetch; `auth` for 401 and 403; `http`, `protocol`, `limit` (8 MiB).
// `hints` is read and filled.
Result<Manifest> fetch_manifest(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                                ManifestHints& hints, const net::Cancellation& cancellation);

// Only the load state of one model, by the cheapest request the server has; `unknown` where it has none.
Result<LoadState> fetch_load_state(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                                   const ManifestHints& hints, std::string_view model_id,
                                   const net::Cancellation& cancellation);

// The pure parts, for tests: each reads one body into the manifest (adding models or filling in fields). False: this is
// not that list.
bool read_openai_models(const base::Json& body, Manifest& manifest);
bool read_lm_studio_v1(const base::Json& body, Manifest& manifest);
bool read_lm_studio_v0(const base::Json& body, Manifest& manifest);
bool read_llama_props(const base::Json& body, Manifest& manifest);
bool read_ollama_tags(const base::Json& body, Manifest& manifest);
bool read_ollama_ps(const base::Json& body, Manifest& manifest);

// Up to `count` ids most like `wanted`, best first (by edit distance and common parts, ignoring case), for "no server
// has X; the nearest are …".
std::vector<std::string> nearest_models(std::string_view wanted, const std::vector<std::string>& ids,
                                        std::size_t count = 3);

}  // namespace llmc::openai
