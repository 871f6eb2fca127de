// What was judged as JSON, in both directions: checks, votes, the suite, the user's choices for roles, judges. Reports
// name candidates by label, session files by id.
//
// Thread contract: plain functions.
// Invariant: what is written reads back the same.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/field_reader.h"
#include "base/json.h"
#include "session/session.h"

namespace llmc::report {

// How a document calls a candidate, and whom it means by a name; nothing for a name it does not know.
using NameOf = std::function<std::string(const session::CandidateId& id)>;
using IdFrom = std::function<std::optional<session::CandidateId>(const std::string& name)>;

// A member that names a candidate; a fault where nobody is called so.
session::CandidateId read_candidate_name(base::FieldReader& fields, std::string_view key, const IdFrom& id_from);

base::OrderedJson checks_json(const std::vector<session::CheckResult>& checks);  // null for none
std::vector<session::CheckResult> read_checks(base::FieldReader& answer);

base::OrderedJson vote_json(const session::Vote& vote, const NameOf& name_of);
session::Vote read_vote(base::FieldReader& fields, const IdFrom& id_from);

// Name, role, repeat, context and source; null for none.
base::OrderedJson suite_json(const session::SuiteRun* suite);  // null where there is none
session::SuiteRun read_suite(base::FieldReader& fields);

base::OrderedJson pick_json(const session::RolePick& pick, const NameOf& name_of);
std::vector<session::RolePick> read_picks(base::FieldReader& parent, const IdFrom& id_from);

// `judges`: each with its licence, which is made anew of votes and checks whenever it is written.
base::OrderedJson judges_json(const session::Session& session, const NameOf& name_of);  // a list, empty for none
// Once the rounds are there: a verdict of none of them is an error.
std::vector<session::Judge> read_judges(base::FieldReader& parent, const session::Rounds& rounds,
                                        const IdFrom& id_from);

}  // namespace llmc::report
