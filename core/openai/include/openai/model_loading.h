// Having a server load or unload a model, by its family's own way (dialect.h).
//
// Thread contract: change_load() blocks on the network until the model is there (or gone), the deadline is over or it
// is cancelled. Invariant: nothing is unloaded unless it is asked for here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "openai/manifest.h"

namespace llmc::openai {

struct LoadChange {
    enum class Direction { load, unload };
    const Dialect* dialect = nullptr;
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
