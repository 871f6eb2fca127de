// The runs of a suite as a table: prompts (prompt × case) by candidates. The one place that says which runs passed; what
// results can carry (decision.h), the grid and casts are made of it.
//
// Thread contract: plain values and pure functions; a table points into its sessions, which have to outlive it unchanged.
// Decisions (agents.md section 5): a run passes when all its checks pass; the attempt that counts is Round::counted();
// prompts without checks are left out. A run that failed by infrastructure is a gap, as one that was never made or was
// ended by others (the user, another answer's failure): it says
// nothing about the model. One that fails so twice on a server that answers others counts as the model's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "session/session.h"

namespace llmc::decide {

enum class RunOutcome { missing, infrastructure, failed, passed };

struct Run {
    const session::Round* round = nullptr;
    const session::Answer* answer = nullptr;  // the attempt that counts; nullptr: there is none
    RunOutcome outcome = RunOutcome::missing;
};

struct Cell {
    std::vector<Run> runs;  // a run per repeat, in the order of the rounds
    std::int64_t passed = 0, judged = 0;
    std::int64_t infrastructure = 0;

    std::optional<double> rate() const;  // of the judged runs, 0…1
    void add(const Run& run);
};

struct PromptRow {
    std::string id;          // its text where it has none
    base::Json case_values;  // an object, or null
    std::string category;    // empty: none
    session::Severity severity = session::Severity::critical;
    std::string text;         // filled in; tells prompts of one id apart that come from different files
    std::vector<Cell> cells;  // beside RunTable::labels

    bool decides() const { return severity == session::Severity::critical; }
    std::int64_t passed() const;
    std::int64_t judged() const;
    std::int64_t separates() const;  // how many pairs of candidates differ on it
};

struct RunTable {
    std::vector<std::string> labels;               // of candidates, removed ones only where they have a run
    std::vector<session::CandidateId> candidates;  // beside them; of several sessions the first one's
    std::vector<PromptRow> prompts;                // in the order of the rounds

    std::size_t repeats() const;  // the most runs that a cell has judged; 0 for none
};

// Of the rounds that come from a suite. Linear in the answers, not in their texts.
RunTable run_table(const session::Session& session);

// One run that counts, of any session: `label` says whose it is.
struct LabelledRun {
    std::string label;
    Run run;
};
// The same of runs that were gathered from several sessions; labels in the order in which they first come.
RunTable run_table(const std::vector<LabelledRun>& runs);

// Whether the attempt says nothing about the model: no connection, no byte within the time, a 5xx before the first byte
// of a body unless its words speak of parsing, grammar or a template (then the model wrote what the server cannot read).
bool is_infrastructure_failure(const session::Answer& attempt);

// Servers, by label, that have given a complete answer in the session.
using Answering = std::set<std::string>;
Answering answering_servers(const session::Session& session);

// The run of one candidate in one round.
Run run_of(const session::Round& round, const session::CandidateId& candidate, const Answering& answering);

}  // namespace llmc::decide
