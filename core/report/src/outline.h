// What every format says alike: who is called how, which answers belong together, what went wrong, what the sums are.
//
// Thread contract: plain functions; an Outline points into its session, which has to outlive it unchanged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metrics/summary.h"
#include "session/session.h"

namespace llmc::report {

// A round as one candidate had it. A candidate without an answer in a round has no turn for it.
struct Turn {
    const session::Round* round = nullptr;
    std::vector<const session::Answer*> replaced;  // other attempts, oldest first
    const session::Answer* answer = nullptr;       // the one that counts; nullptr: only other attempts are there
};

struct Column {
    const session::Candidate* candidate = nullptr;
    std::string label;
    std::vector<Turn> turns;
    std::string error;         // the message of its latest failed answer; empty for none
    metrics::Summary summary;  // of its complete answers
};

struct ServerSum {
    std::string label;
    metrics::Summary summary;  // of the complete answers it gave
    // The time in which at least one of them was running, and what the server gave in it: answers that ran at once add
    // up.
    double busy_s = 0;
    std::optional<double> output_tokens_per_busy_s;
};

struct Outline {
    std::vector<Column> columns;
    std::vector<ServerSum> servers;  // in the session's order, then those only the answers know
    bool has_ratings = false;
};

Outline outline_of(const session::Session& session);

// What an attempt is beside the one that counts.
std::string attempt_text(const Turn& turn, const session::Answer& attempt);

// The answer's warnings, and one for the finish reason `length` where none of them speaks of it.
std::vector<std::string> warnings_of(const session::Answer& answer);

// The answer's failure; one made from its state where a failed answer has none.
std::optional<session::Failure> failure_of(const session::Answer& answer);

// What is sent for all beside temperature and max tokens, which have lines of their own: "top_p 0.9, seed 1".
std::string other_settings_text(const session::Settings& settings);

// A candidate's own settings in words, "temperature 0.2, seed 1, on rack"; empty for none. The system prompt is not
// among them.
std::string own_settings_text(const session::Candidate& candidate);

// What a server told about the model, "Q4_K_M, gguf, context 8192"; empty for nothing.
std::string served_text(const session::ServedModel& served);

}  // namespace llmc::report
