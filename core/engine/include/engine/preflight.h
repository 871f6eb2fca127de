// What is found before a session starts: what is missing, what would make the comparison unfair or slow, what the
// servers tell about the models.
//
// Thread contract: pure.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
    bool is_loading = false;  // it has just been started, and says that it loads its model: `error` has its words
    int in_flight = 0;        // our requests on it
    std::string busy_with;    // "loading qwen2.5-7b", "unloading …" by our command; empty: nothing
    std::optional<base::WallTime> refreshed_at;

    bool is_reachable() const { return manifest != nullptr; }
};

// One thing that was found. Its sentence is made by words(), the same in the window, the terminal and the events.
struct Finding {
    enum class Kind {
        no_server,        // none is configured
        no_model,         // none is chosen
        open_key,         // `server` (`url`) gets its API key over plain http
        unreachable,      // `server` (`url`) `cause`
        without_list,     // `server` has no list of models, and is asked for `names`
        missing_model,    // no server, or not `server` which it is pinned to, has `model`; `names` are like it, and
                          // `others` cannot be reached
        different_model,  // `others` are descriptions of `model` by servers
        swaps_models,     // `server` alone serves `count` of the models, of which `names` are not loaded
        form_fault,       // `model` has the request form `names[0]`, and the suite's prompt `names[1]` `cause`
        model_told        // what `server` tells of `model`: `cause`
    };
    enum class Weight { error, warning, note };  // the session cannot start; it can, but; good to know

    Kind kind = Kind::no_server;
    Weight weight = Weight::error;
    std::string server, model, url, cause;
    std::vector<std::string> names, others;
    std::size_t count = 0;
    bool may_serve_itself_only = false;  // unreachable: as an LM Studio that does not serve on the local network

    bool operator==(const Finding&) const = default;
};

// The sentence for people, and its beginning without what the window lists beside it (names, others, advice).
std::string words(const Finding& finding);
std::string short_words(const Finding& finding);

struct Preflight {
    std::vector<Finding> findings;

    bool has_errors() const;
    std::vector<std::string> texts(Finding::Weight weight) const;
    // With another text in the place of each.
    void rewrite(const std::function<std::string(std::string_view)>& change);
    bool operator==(const Preflight&) const = default;
};

Preflight check_start(const std::vector<ServerStatus>& servers, const std::vector<session::Candidate>& candidates,
                      const session::Settings& settings);

// What is wrong with one server: it gets its key in the open; it cannot be reached.
std::optional<Finding> open_key(const session::Server& server);
std::optional<Finding> unreachable(const ServerStatus& status);
// Of a candidate that no server can take now.
Finding missing_model(const std::vector<ServerStatus>& servers, const session::Candidate& candidate);

// Whether a server can take a candidate now: it is reachable, and the one that the candidate is pinned to if it is. Its
// manifest has the model; a server without a list takes what is pinned to it, and everything where it is alone.
bool can_serve(const ServerStatus& status, const session::Candidate& candidate, std::size_t servers);
// The servers that can. Indices.
std::vector<int> servers_for(const std::vector<ServerStatus>& servers, const session::Candidate& candidate);

}  // namespace llmc::engine
