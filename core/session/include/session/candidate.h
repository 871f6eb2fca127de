// Who takes part: servers and candidates. Plain data.
//
// Invariant: nothing is ever keyed by model id or label; the same model may be a candidate twice. A CandidateId is
// given once and never again in a session.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/base_url.h"
#include "session/settings.h"

namespace llmc::session {

using CandidateId = std::string;  // "c1", "c2", …: stable over the session and in its files

struct Server {
    net::BaseUrl url;
    std::string name;         // empty: none given
    std::string api_key;      // never written anywhere
    std::string api_key_env;  // the environment variable it came from
    std::string ca_file;
    int max_concurrent = 1;

    // The name, else host:port: how the server is called everywhere.
    std::string label() const { return name.empty() ? url.host_port() : name; }
    bool operator==(const Server&) const = default;
};

struct Candidate {
    CandidateId id;
    std::string model_id;
    std::string display_name;  // empty: the model id
    std::string server;        // pinned to: a server's name, host:port or URL; empty: any
    Overrides own;
    bool is_removed = false;  // keeps its place in reports
    bool is_skipped = false;  // … and that because one of its answers failed

    const std::string& name() const { return display_name.empty() ? model_id : display_name; }
    bool operator==(const Candidate&) const = default;
};

// Labels that name each candidate: display name or model id, made unique with " (2)", " (3)" … where two are equal. In
// the order of the candidates, so that one that is added later never renames an earlier one.
std::vector<std::string> unique_labels(const std::vector<Candidate>& candidates);

// Whether `text` (a pin) means this server: its name, host:port or URL in any of its forms, as it was written or where
// the server was found (openai::places_of).
bool names_server(std::string_view text, const Server& server);

}  // namespace llmc::session
