// The steps of an answer as JSON, in both directions: in reports, session files and the crash journal.
//
// Thread contract: plain functions.
#pragma once

#include "base/field_reader.h"
#include "base/json.h"
#include "session/answer.h"
#include "session/session.h"

namespace llmc::report {

base::OrderedJson steps_json(const session::Answer& answer);
base::OrderedJson world_json(const session::Answer& answer);  // null without one

// Into an answer whose state and texts were read. One that was not over gets what was under way as its last step.
void read_steps(base::FieldReader& fields, session::Answer& answer);

std::string_view severity_name(session::Severity severity);  // "critical"
void read_severity(base::FieldReader& fields, session::Round& round);

}  // namespace llmc::report
