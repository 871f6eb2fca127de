// What is said before a session starts: what is missing, what would make the comparison unfair or slow, what the
// servers tell about the models.
//
// Thread contract: pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "openai/manifest.h"
#include "session/candidate.h"

namespace llmc::engine {

// A server as it is now.
struct ServerStatus {
    int key = 0;  // stable while the server is configured
    session::Server server;
    bool is_asked = false;  // an answer to the first request for its manifest (or its failure) is known
    std::shared_ptr<const openai::Manifest>
        manifest;       // null while it cannot be reached; shared, because snapshots are many
    std::string error;  // why not, in words that go on from its label: "refused the connection"
    ErrorKind error_kind = ErrorKind::internal;
    int in_flight = 0;      // our requests on it
    std::string busy_with;  // "loading qwen2.5-7b", "unloading …" by our command; empty: nothing
    std::optional<base::WallTime> refreshed_at;

    bool is_reachable() const { return manifest != nullptr; }
};

struct Preflight {
    std::vector<std::string> errors;    // the session cannot start
    std::vector<std::string> warnings;  // evictions, differing quantizations, servers that cannot be reached
    std::vector<std::string> notes;     // "qwen on studio-1: Q4_K_M, gguf, context 4096, loaded"
};

Preflight check_start(const std::vector<ServerStatus>& servers, const std::vector<session::Candidate>& candidates,
                      const session::Settings& settings);

// What to say of a server that gets its API key over plain http, on another machine; empty where that is not so.
std::string key_risk(const session::Server& server);

// The servers that can take a candidate now: reachable, with its model in their manifest, and the one it is pinned to
// if it is. Indices.
std::vector<int> servers_for(const std::vector<ServerStatus>& servers, const session::Candidate& candidate);

}  // namespace llmc::engine
