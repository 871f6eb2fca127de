// What the director knows of its servers: manifests, load states, requests in flight; and when to ask again.
//
// Thread contract: the director's only. It blocks on nothing: it says what should be asked, and is told what came back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/preflight.h"
#include "engine/scheduler.h"
#include "openai/manifest.h"
#include "session/session.h"

namespace llmc::engine {

// One request for a manifest.
struct ManifestQuery {
    int server_key = 0;
    session::Server server;
    openai::ManifestHints hints;
    net::Deadlines deadlines;
};

struct ManifestReply {
    int server_key = 0;
    openai::ManifestHints hints;
    Result<openai::Manifest> manifest = Error{};
};

// How long servers are waited for.
struct Patience {
    base::Duration connect{};
    base::Duration start{};  // for one that loads its model (503), or that this program has no descriptor to ask
};

class ServerBoard {
public:
    static constexpr base::Duration kRefreshEvery = std::chrono::seconds{30};  // product.md section 3
    static constexpr base::Duration kNotReadyEvery = std::chrono::seconds{1};  // product.md section 2.7

    // Servers that were there before keep what is known of them.
    void configure(const std::vector<session::Server>& servers);

    // The queries to send now: servers whose refresh is due, or all of them with `now_all`. None is asked twice at a
    // time.
    std::vector<ManifestQuery> due(base::TimePoint now, bool now_all, const Patience& patience);
    // When the next refresh is due; nothing without servers.
    std::optional<base::TimePoint> next_due() const;

    // What changed, in words for the log; empty when nothing did. A reply for a server that is gone is dropped, and so
    // is one to a question with another key. A server that is not ready counts as not asked until the patience is over,
    // and keeps the manifest it had.
    std::string take(const ManifestReply& reply, base::TimePoint now, base::WallTime wall);

    // A request could not reach the server: it counts as unreachable until its next manifest.
    void mark_unreachable(int key, const Error& error);

    // What our own command has the server do; empty: nothing.
    void set_busy(int key, std::string what);
    // Its manifest is asked for at once; what is on its way is dropped when it comes.
    void make_due(int key);

    bool all_asked() const;    // every server has answered or failed, and none is still waited for
    bool any_pending() const;  // a query is on its way
    const std::vector<ServerStatus>& statuses() const { return statuses_; }
    int index_of(int key) const;  // -1: gone
    const openai::ManifestHints& hints(int key) const;

    void began(int key);  // a request was sent
    void ended(int key, const std::string& model, bool answered);

    // For the scheduler: servers with free slots and the models they are known to have loaded.
    std::vector<FreeServer> free_servers() const;
    // Whether the server says that it has the model loaded, or answered its last request by it where it says nothing.
    bool knows_loaded(int key, const std::string& model) const;
    // Whether the server tells load states at all.
    bool tells_load_state(int key, const std::string& model) const;
    // The model answers. Where that meant loading it, others may have been evicted: until the next manifest, which is
    // due at once, only this one counts as loaded. Gives false where nothing changed.
    bool note_answering(int key, const std::string& model);

private:
    struct Extra {
        net::BaseUrl configured_url;  // the status has the one where the server was found
        openai::ManifestHints hints;
        std::string last_model;  // of the last answered request
        std::optional<base::TimePoint> asked_at;
        base::Duration every = kRefreshEvery;
        std::optional<base::TimePoint> not_ready_since;
        bool is_pending = false;
        bool is_outdated = false;  // what is on its way may be older than what is to be known
        bool is_foreign = false;   // … and was asked with another key: it is not to be known at all
    };
    void forget(ServerStatus& status);
    void take_not_ready(ServerStatus& status, std::string what, ErrorKind kind, base::TimePoint now);
    ServerStatus* status(int key);
    const ServerStatus* status(int key) const;

    std::vector<ServerStatus> statuses_;
    std::map<int, Extra> extra_;  // by key
    Patience patience_;
    int next_key_ = 1;
};

}  // namespace llmc::engine
