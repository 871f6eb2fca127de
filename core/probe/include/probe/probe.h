// What becomes of each request form with a model at a server (agents.md section 3): eight short requests, each in the
// forms where it applies, run as a suite; a word for each.
//
// Thread contract: plain values and pure functions.
// Invariants: a form's verdict is the worst of its requests. A request that a form puts as native puts it is asked once
// and counts for both.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/request_form.h"
#include "session/session.h"
#include "suite/suite.h"

namespace llmc::probe {

// From the best to the worst.
enum class Verdict {
    works,
    in_reasoning,         // the JSON or the call stands in the reasoning
    thinking_suppressed,  // it thinks about a plain question, and not here
    ignored,              // what was demanded
    leaked_call,          // a call stands in the text, where the server did not see it
    empty,
    refused,  // by the server, whose words are the detail
    fails
};
std::string_view verdict_word(Verdict verdict);  // "in reasoning"
std::optional<Verdict> verdict_from(std::string_view word);

struct RequestVerdict {
    std::string id;  // "enum", "tool required" …
    Verdict verdict = Verdict::fails;
    std::string detail;  // why it is not better; empty where it works
    double seconds = 0;  // that it took
    bool operator==(const RequestVerdict&) const = default;
};

struct FormVerdict {
    std::vector<RequestVerdict> requests;  // in their order; empty: not asked

    // Of the worst request, the first of them; works without any.
    Verdict verdict() const;
    const std::string& detail() const;
    double seconds() const;  // of all of them
    bool operator==(const FormVerdict&) const = default;
};

struct Probe {
    std::string server;  // its URL
    std::string model;
    std::string quantization, server_version;                    // empty where the server does not tell
    std::array<FormVerdict, agent::kRequestForms.size()> forms;  // by agent::RequestForm

    const FormVerdict& of(agent::RequestForm form) const { return forms[static_cast<std::size_t>(form)]; }
    // The form with the best verdict, the first of equal ones.
    agent::RequestForm best() const;
    // Whether a schema can be asked for natively.
    bool has_native_schema() const;
    // Another probe of the same takes its place.
    bool is_of_same(const Probe& other) const;
    bool operator==(const Probe&) const = default;
};

// The requests as a suite, one prompt for each form that puts it in a way of its own.
suite::Suite probe_suite();

// What the candidate's answers in a session of that suite say. `server`, `quantization` and `server_version` are left
// to who knows them.
Probe probe_of(const session::Session& session, const session::CandidateId& candidate);

// Whether every request of the session was answered, be it by a refusal in words.
bool all_answered(const session::Session& session);

}  // namespace llmc::probe
