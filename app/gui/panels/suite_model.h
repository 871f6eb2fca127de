// What the Suites window shows of a session's suite: candidates by prompts, what failed, what to run again.
//
// Thread contract: pure functions of plain values; made off the window's thread, since they read every answer's text.
// Invariants: indices point into the session that the model was made of; rounds only grow within a session, so that
// they stay right in its later snapshots.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "session/session.h"
#include "session/suite_results.h"

namespace llmc::gui {

// Whether a model is still right: it changes when a round begins or an answer ends, not while texts grow.
struct SuiteStamp {
    std::string session;
    std::size_t rounds = 0, ended = 0, attempts = 0;
    bool operator==(const SuiteStamp&) const = default;
};
SuiteStamp stamp_of(const session::Session& session);

struct SuiteColumn {
    std::string id;
    std::string prompt;                 // with its placeholders
    std::vector<std::uint32_t> rounds;  // indices into the session's, in their order
    bool has_failure = false;           // a check of any candidate failed
};

struct SuiteRow {
    session::CandidateId candidate;
    session::Tally checks;
    session::Steadiness steadiness;
    std::vector<session::PromptTally> cells;  // beside the columns
    std::map<std::string, session::Tally> categories;
};

struct SuiteModel {
    SuiteStamp stamp;
    std::vector<SuiteColumn> columns;     // in the suite's order, prompts that were not sent yet included
    std::vector<std::size_t> failures;    // columns with a failed check
    std::vector<std::string> categories;  // of the rounds so far, in their order
    std::vector<SuiteRow> rows;           // candidates that take part or have answered
    session::Tally checks;                // of all
};
SuiteModel make_suite_model(const session::Session& session);

// The round to look at first: with a failed check of `candidate`, else the first one. An index into the session's
// rounds; nothing where the column has none.
std::optional<std::uint32_t> first_failed_round(const session::Session& session, const SuiteColumn& column,
                                                const session::CandidateId& candidate);

// The suite of the session with the prompts of which a check failed, and the cases with which one did. In a continued
// context what comes before the last of them stays, since it is part of the conversation. Nothing where all passed.
std::optional<base::OrderedJson> failed_only(const session::Session& session);

// "city Paris, country France"; empty without a case.
std::string case_words(const base::Json& case_values);
// "agree 96 %, part at character 12"; empty where nothing was repeated.
std::string steadiness_words(const session::Steadiness& steadiness, int repeat);

// A suite's prompts as its document has them: their ids as the reader gives them.
std::string prompt_id(const base::OrderedJson& prompt, std::size_t index);

}  // namespace llmc::gui
