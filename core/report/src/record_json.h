// The parts of a session as JSON, written and read in one way by reports and session files.
//
// Thread contract: plain functions.
// Invariant: every read_x(x_json(v)) gives v again (settings that came from single-precision fields are tidied, see
// plain_text.h).
#pragma once

#include <optional>
#include <string>

#include "base/field_reader.h"
#include "base/json.h"
#include "metrics/summary.h"
#include "session/session.h"

namespace llmc::report {

inline constexpr int kMaxCount = 1'000'000'000;  // of what is counted in files

// What is not there is null.
base::OrderedJson text_or_null(std::string_view text);
template <class T>
base::OrderedJson value_or_null(const std::optional<T>& value) {
    return value ? base::OrderedJson(*value) : base::OrderedJson();
}
base::OrderedJson time_or_null(const std::optional<base::WallTime>& time);  // UTC with milliseconds
base::OrderedJson ordered(const base::Json& json);
base::Json object_or_null(base::FieldReader& fields, std::string_view key);

base::OrderedJson candidate_json(const session::Candidate& candidate);
base::OrderedJson changes_json(const std::vector<session::SettingsChange>& changes);
base::OrderedJson summary_json(const metrics::Summary& summary);

session::Settings read_settings(base::FieldReader& fields);
session::Candidate read_candidate(base::FieldReader& fields);
session::Answer read_answer(base::FieldReader& fields);
void read_metrics(base::FieldReader& fields, metrics::AnswerMetrics& metrics);
std::vector<session::SettingsChange> read_changes(base::FieldReader& parent);
session::Queue read_queue(base::FieldReader& parent);
std::optional<base::WallTime> read_time(base::FieldReader& fields, std::string_view key);

}  // namespace llmc::report
