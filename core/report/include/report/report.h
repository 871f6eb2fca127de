// A session as a document for people or programs (product.md section 7).
//
// Thread contract: pure functions of their arguments.
// Invariants: always valid UTF-8; an answer that is not complete is never shown as complete; no API key (the session
// holds none in what is printed here); every candidate's part holds everything it said, also what was stopped or
// failed.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "report/format.h"
#include "session/session.h"

namespace llmc::report {

void write_markdown(const session::Session& session, base::WallTime generated_at, const base::ByteSink& sink);
base::OrderedJson to_json(const session::Session& session, base::WallTime generated_at);
std::string to_html(const session::Session& session,
                    base::WallTime generated_at);     // one file, no script, no request, CSP inside
std::string to_csv(const session::Session& session);  // one row per attempt, with a byte order mark
// A text as a cell of a CSV file: quoted where it has to be, and nothing that a spreadsheet takes for a formula.
std::string csv_cell(std::string_view text);

// What went wrong with an answer, its kind first: "Cut off. studio-2 (192.168.1.11:1234) ended the stream …"; empty for
// nothing.
std::string failure_line(const session::Answer& answer);
// What made the session halt, one line: "Model LABEL failed: …". Where no answer failed: the session's halt_reason.
std::string halt_line(const session::Session& session);

// One answer in a report's JSON, metrics, the round's prompt and all included; also used by the session file.
base::OrderedJson answer_to_json(const session::Answer& answer, const session::Round& round);
// {phase, status, message, kind}, or null.
base::OrderedJson failure_to_json(const std::optional<session::Failure>& failure);
base::OrderedJson metrics_to_json(const metrics::AnswerMetrics& metrics, int round);

}  // namespace llmc::report
