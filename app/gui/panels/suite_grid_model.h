// The grid of a suite's results: a row for each prompt and case, a column for each candidate, in a cell the runs of the
// one by the other with all their attempts.
//
// Thread contract: pure functions of plain values; a model is made off the window's thread, and points to nothing.
// Decisions: what passed, failed or is a gap is decide/runs.h's word. An attempt that does not count is judged as if it
// stood alone. Prompts without checks and those that wait are rows too: the grid shows what was asked, not only what was
// judged.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/session.h"

namespace llmc::gui {

// Of a run or of one of its attempts; `answered`: complete, and nothing is checked.
enum class RunState { waits, missing, infrastructure, failed, passed, answered };

struct GridAttempt {
    int number = 1;
    RunState state = RunState::waits;
};

struct GridRun {
    int round = 0;  // a number
    int repeat = 1;
    RunState state = RunState::missing;  // of the attempt that counts
    bool is_complete = false;            // it can be run again
    bool is_gap = false;                 // it is to be filled: never given, ended by others, or the server's failure
    bool is_running = false;             // an attempt waits or runs
    std::vector<GridAttempt> others;     // attempts that do not count
};

struct GridCell {
    std::vector<GridRun> runs;  // in the order of the rounds
    int passed = 0, judged = 0, infrastructure = 0, missing = 0, waits = 0, others = 0;
    const GridRun* run_in(int round) const;
};

struct GridRow {
    std::string key;    // stays the same while the suite runs
    std::string id;     // of the prompt
    std::string about;  // its case: "city Paris"
    std::string text;
    std::string category;
    session::Severity severity = session::Severity::critical;
    std::vector<int> rounds;  // numbers; none: it waits
    std::vector<GridCell> cells;
    int separates = 0;  // pairs of candidates that differ on it
    bool has_failed = false;
};

struct GridColumn {
    session::CandidateId candidate;
    bool takes_part = true;
    int passed = 0, judged = 0, infrastructure = 0;
};

struct GridModel {
    std::string session;
    std::vector<GridColumn> columns;
    std::vector<GridRow> rows;            // as they were sent, then those that wait
    std::vector<std::string> categories;  // of the rows, in their order
    bool has_warnings = false;            // some are of severity warning, not all critical
    int repeats = 1;                      // the most rounds of a row
    int gaps = 0;
};
GridModel make_grid_model(const session::Session& session);

struct GridFilter {
    enum class Show { all, differing, failed };
    Show show = Show::all;
    std::string category;  // empty: all
    std::optional<session::Severity> severity;
    bool by_separation = false;  // those that separate most first; else in the suite's order
    bool operator==(const GridFilter&) const = default;
};

// A line as it is drawn: a row; of one that is opened also a round of it, and an attempt that does not count.
struct GridLine {
    std::size_t row = 0;
    int round = 0;    // 0: the row itself
    int attempt = 0;  // 0: the one that counts
    bool operator==(const GridLine&) const = default;
};
std::vector<GridLine> grid_lines(const GridModel& model, const GridFilter& filter, const std::set<std::string>& opened);

// The line that shows the same as `line` of `before` did; its row where it is closed, else the nearest.
std::size_t same_line(const GridModel& model, std::span<const GridLine> lines, const std::string& key,
                      const GridLine& line, std::size_t before);

// Where a cell, a row or a column is: `line` and `column`, or one of them. A column is what is shown of it.
struct GridPart {
    std::optional<GridLine> line;
    std::optional<std::size_t> column;
};
std::vector<session::AnswerPlace> complete_places(const GridModel& model, std::span<const GridLine> lines,
                                                  const GridPart& part);
std::vector<session::AnswerPlace> gap_places(const GridModel& model);  // all that is missing, shown or not

// A name in at most `most` lines, broken where it may be so that each but the last fits.
std::vector<std::string> name_lines(std::string_view name, std::size_t most,
                                    const std::function<bool(std::string_view)>& fits);

}  // namespace llmc::gui
