// Who takes part: servers, candidates and their settings. Plain data.
//
// Invariant: nothing is ever keyed by model id or label; the same model may be a candidate twice. A CandidateId is
// given once and never again in a session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "net/base_url.h"

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

// What a candidate may set for itself; empty fields follow the session.
struct Overrides {
    std::optional<double> temperature;  // 0-2
    std::optional<double> top_p;        // 0-1
    std::optional<std::int64_t> max_tokens;
    std::optional<std::int64_t> seed;
    std::optional<std::vector<std::string>> stop;
    std::optional<std::string> system_prompt;
    // Keys of those above that are left to the server, though the session may set them: null in the file.
    std::vector<std::string> not_sent;
    base::Json extra_body;  // an object, or null
    bool operator==(const Overrides&) const = default;
};

struct Candidate {
    CandidateId id;
    std::string model_id;
    std::string display_name;  // empty: the model id
    std::string server;        // pinned to: a server's name, host:port or URL; empty: any
    Overrides own;
    bool is_removed = false;  // keeps its place in reports

    const std::string& name() const { return display_name.empty() ? model_id : display_name; }
    bool operator==(const Candidate&) const = default;
};

// Labels that name each candidate: display name or model id, made unique with " (2)", " (3)" … where two are equal. In
// the order of the candidates, so that one that is added later never renames an earlier one.
std::vector<std::string> unique_labels(const std::vector<Candidate>& candidates);

// Whether `text` (a pin) means this server: its name, host:port or URL in any of its forms, as it was written or where
// the server was found (openai::places_of).
bool names_server(std::string_view text, const Server& server);

enum class Order { swap_aware, rotate, listed, by_model };
std::string_view order_name(Order order);  // "swap-aware", …
std::optional<Order> order_from(std::string_view name);

enum class OnFailure { halt, keep_going };
std::string_view on_failure_name(OnFailure on_failure);  // "halt", "continue"
std::optional<OnFailure> on_failure_from(std::string_view name);

// What holds for all candidates. What is empty is not sent: the server decides.
struct Settings {
    std::optional<double> temperature = 0.7;
    std::optional<double> top_p;
    std::optional<std::int64_t> max_tokens = 2048;
    std::optional<std::int64_t> seed;
    std::vector<std::string> stop;
    std::string system_prompt = "You are a helpful assistant.";
    double timeout_s = 300;
    double connect_timeout_s = 10;
    std::optional<double> total_timeout_s;
    Order order = Order::swap_aware;
    OnFailure on_failure = OnFailure::halt;
    bool operator==(const Settings&) const = default;
};

// The settings that one answer was sent with: the candidate's own over the session's.
struct AnswerSettings {
    std::optional<double> temperature = 0.7;
    std::optional<double> top_p;
    std::optional<std::int64_t> max_tokens = 2048;
    std::optional<std::int64_t> seed;
    std::vector<std::string> stop;
    std::string system_prompt;
    double timeout_s = 300;
    base::Json extra_body;
    bool operator==(const AnswerSettings&) const = default;
};
AnswerSettings in_force(const Settings& settings, const Overrides& own);

}  // namespace llmc::session
