// What one candidate said in one round.
//
// Thread contract: Answer is a plain value, copied freely; copies share its streams and steps.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "metrics/answer_metrics.h"
#include "net/http.h"
#include "openai/tool_call.h"
#include "session/answer_stream.h"
#include "session/candidate.h"
#include "session/step.h"
#include "session/world_files.h"

namespace llmc::session {

struct Failure {
    net::Phase phase = net::Phase::resolve;
    int status = 0;  // HTTP status; 0 where none arrived
    ErrorKind kind = ErrorKind::internal;
    std::string message;  // who, what, where, what was kept: a sentence
    bool operator==(const Failure&) const = default;
};

// What its server reported about the model that answered; empty where it did not.
struct ServedModel {
    std::string quantization, format;
    std::optional<std::int64_t> context_length;
    bool operator==(const ServedModel&) const = default;
};

struct Rating {
    std::optional<int> thumbs;  // 1 or -1
    std::optional<int> stars;   // 1-5
    std::string note;
    bool is_empty() const { return !thumbs && !stars && note.empty(); }
    bool operator==(const Rating&) const = default;
};

// What one check of a suite says of an answer (product.md section 8).
struct CheckResult {
    std::string type;  // "contains", …
    bool passed = false;
    std::string detail;  // why not; empty where it passed
    std::optional<std::int64_t>
        at_char;  // the place that broke the contract: code points from 0 in the text as it came
    bool operator==(const CheckResult&) const = default;
};

inline constexpr std::string_view kUsualForm = "native";

// How a suite's "output" or tools were asked for (agents.md section 3).
struct AnswerForm {
    std::string name;  // as the setting request_form
    int words = 0;     // the version of what the program adds
    bool operator==(const AnswerForm&) const = default;
};

struct Answer {
    CandidateId candidate;
    int round = 0;         // from 1
    int attempt = 1;       // 2 and more after a retry
    int history_from = 1;  // a round: what was said before it is left out of what the model is sent
    AnswerState state = AnswerState::queued;
    std::string finish_reason;   // empty: none arrived
    std::string server;          // Server::label(); empty before one was chosen
    std::string reported_model;  // as the server named it; empty where it did not
    std::vector<std::string> warnings;
    std::optional<Failure> failure;
    metrics::AnswerMetrics metrics;
    std::vector<openai::ToolCall> tool_calls;  // of all steps
    // Of a loop or of follow-ups, in order: those that have ended. Empty where one request is the whole answer.
    std::vector<std::shared_ptr<const Step>> steps;
    StepNow step_now;                           // the one that comes next or runs; `stream` is its text
    std::optional<EndedBy> ended_by;            // of a complete answer with steps
    std::shared_ptr<const WorldChanges> world;  // what is otherwise at the end; null without a world
    std::optional<int> resumed_at;              // its first step that was not kept from the attempt before
    std::optional<AnswerForm> form;             // none: the suite asks for neither, or there is no suite
    std::optional<std::string> output;  // what was taken as the JSON that was asked for, valid or not; none: was not
    AnswerSettings settings;
    ServedModel served;
    Rating rating;
    std::vector<CheckResult> checks;  // of a suite's prompt, in the suite's order; empty until the answer has ended
    std::optional<base::WallTime> started_at, ended_at;
    std::shared_ptr<AnswerStream> stream;  // never null; of the step that runs or was the last
    base::OrderedJson unknown;  // members of a session file that this program does not know, kept; null for none

    std::string_view text() const { return stream ? stream->text() : std::string_view{}; }
    std::string_view reasoning() const { return stream ? stream->reasoning() : std::string_view{}; }
};

// Whether an attempt that has ended left something that is worth keeping: an answer, a part of one, or why there is none.
bool has_anything(const Answer& attempt);

}  // namespace llmc::session
