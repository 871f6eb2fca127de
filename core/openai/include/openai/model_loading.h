// Having a server load or unload a model, by the server's own way.
//
// Thread contract: change_load() blocks on the network until the model is there (or gone), the deadline is over or it
// is cancelled. Invariant: nothing is unloaded unless it is asked for here. Sources: LM Studio POST /api/v1/models/load
// and /unload (by instance); llama-server as a router POST /models/load and /unload, which answer at once; Ollama POST
// /api/generate without a prompt, `keep_alive` 0 to unload.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "openai/manifest.h"

namespace llmc::openai {

// Whether a server of this kind loads and unloads models on request.
bool can_load(ServerKind kind);
// Whether it takes a context length with that. Ollama does not: its next chat request would load the model again.
bool can_set_context(ServerKind kind);

struct LoadChange {
    enum class Direction { load, unload };
    ServerKind kind = ServerKind::other;
    std::string model;
    Direction direction = Direction::load;
    std::optional<std::int64_t> context_length;
};

// `wait` waits for that long; false when it was cancelled. Errors: those of HttpClient::fetch, `usage` where the server
// cannot, `server_error` and others with the server's own words, going on from its name, without the key.
Result<void> change_load(net::HttpClient& client, const ServerAccess& access, const net::Deadlines& deadlines,
                         const LoadChange& change, const net::Cancellation& cancellation,
                         const std::function<bool(base::Duration)>& wait);

}  // namespace llmc::openai
