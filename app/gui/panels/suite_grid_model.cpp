#include "gui/panels/suite_grid_model.h"

#include <algorithm>
#include <unordered_map>

#include "base/json.h"
#include "base/utf8.h"
#include "decide/runs.h"
#include "gui/panels/suite_model.h"
#include "session/ending.h"

namespace llmc::gui {
namespace {

using decide::RunOutcome;
using session::Answer;
using session::AnswerState;
using session::Round;

RunState state_of(const decide::Run& run) {
    switch (run.outcome) {
        case RunOutcome::passed: return RunState::passed;
        case RunOutcome::failed: return RunState::failed;
        case RunOutcome::infrastructure: return RunState::infrastructure;
        case RunOutcome::missing: break;
    }
    if (!run.answer) return RunState::missing;
    if (!session::is_final(run.answer->state)) return RunState::waits;
    if (run.answer->state == AnswerState::complete) return RunState::answered;
    return session::is_failure(run.answer->state) ? RunState::failed : RunState::missing;
}

// As if it stood alone.
RunState state_alone(const Answer& attempt, const decide::Answering& answering) {
    Round alone;
    alone.answers.push_back(attempt);
    return state_of(decide::run_of(alone, attempt.candidate, answering));
}

class GridMaker {
public:
    explicit GridMaker(const session::Session& session)
        : session_(session), answering_(decide::answering_servers(session)) {
        model_.session = session.id;
        for (const session::Candidate& candidate : session.candidates)
            if (!candidate.is_removed || has_answered(candidate.id))
                model_.columns.push_back({.candidate = candidate.id, .takes_part = !candidate.is_removed});
    }

    GridModel take() {
        for (const auto& round : session_.rounds)
            if (!round->prompt_id.empty()) add(*round);
        for (const auto& waiting : session_.queue)
            if (!waiting->prompt_id.empty()) wait(*waiting);
        for (std::size_t i = 0; i < model_.rows.size(); ++i) finish(model_.rows[i], judged_[i]);
        return std::move(model_);
    }

private:
    bool has_answered(const session::CandidateId& candidate) const {
        return std::ranges::any_of(session_.rounds, [&](const auto& round) { return round->find(candidate); });
    }

    std::size_t row(const std::string& id, const base::Json& case_values, const std::string& text) {
        std::string key = id;
        key += '\0';
        key += base::dump_json(case_values);
        key += '\0';
        key += text;
        const auto [entry, is_new] = index_.try_emplace(std::move(key), model_.rows.size());
        if (is_new) {
            GridRow made{.key = entry->first, .id = id, .about = case_words(case_values), .text = text};
            made.cells.resize(model_.columns.size());
            model_.rows.push_back(std::move(made));
            judged_.emplace_back().cells.resize(model_.columns.size());
        }
        return entry->second;
    }

    void add(const Round& round) {
        const std::size_t at = row(round.prompt_id, round.case_values, round.prompt);
        GridRow& its = model_.rows[at];
        its.rounds.push_back(round.number);
        its.category = round.category;
        its.severity = round.severity;
        for (std::size_t c = 0; c < model_.columns.size(); ++c) {
            const GridColumn& column = model_.columns[c];
            const Answer* current = round.find(column.candidate);
            if (!current && !column.takes_part) continue;
            const decide::Run run = decide::run_of(round, column.candidate, answering_);
            judged_[at].cells[c].add(run);
            GridRun made{.round = round.number, .repeat = round.repeat, .state = state_of(run)};
            made.is_running = current && !session::is_final(current->state);
            made.is_complete = run.answer && run.answer->state == AnswerState::complete;
            made.is_gap =
                column.takes_part && !made.is_running && !made.is_complete &&
                (!current || run.outcome == RunOutcome::infrastructure || session::was_ended_by_others(*current));
            for (const Answer& other : round.replaced)
                if (other.candidate == column.candidate && &other != run.answer)
                    made.others.push_back({other.attempt, state_alone(other, answering_)});
            if (current && current != run.answer)
                made.others.push_back({current->attempt, state_alone(*current, answering_)});
            its.cells[c].runs.push_back(std::move(made));
        }
    }

    void wait(const session::QueuedPrompt& waiting) {
        GridRow& its = model_.rows[row(waiting.prompt_id, waiting.case_values, waiting.prompt)];
        for (std::size_t c = 0; c < model_.columns.size(); ++c)
            if (model_.columns[c].takes_part) ++its.cells[c].waits;
    }

    void finish(GridRow& its, const decide::PromptRow& judged) {
        its.separates = static_cast<int>(judged.separates());
        model_.repeats = std::max(model_.repeats, static_cast<int>(its.rounds.size()));
        model_.has_warnings |= its.severity == session::Severity::warning;
        if (!its.category.empty() && std::ranges::find(model_.categories, its.category) == model_.categories.end())
            model_.categories.push_back(its.category);
        for (std::size_t c = 0; c < its.cells.size(); ++c) {
            GridCell& cell = its.cells[c];
            const decide::Cell& sums = judged.cells[c];
            GridColumn& column = model_.columns[c];
            cell.passed = static_cast<int>(sums.passed);
            cell.judged = static_cast<int>(sums.judged);
            cell.infrastructure = static_cast<int>(sums.infrastructure);
            for (const GridRun& run : cell.runs) {
                cell.waits += run.state == RunState::waits ? 1 : 0;
                cell.missing += run.state == RunState::missing ? 1 : 0;
                cell.others += static_cast<int>(run.others.size());
                model_.gaps += run.is_gap ? 1 : 0;
                its.has_failed |= run.state == RunState::failed;
            }
            column.passed += cell.passed;
            column.judged += cell.judged;
            column.infrastructure += cell.infrastructure;
        }
    }

    const session::Session& session_;
    const decide::Answering answering_;
    GridModel model_;
    std::vector<decide::PromptRow> judged_;  // beside the rows
    std::unordered_map<std::string, std::size_t> index_;
};

// The attempts that do not count of a round, of any candidate.
std::set<int> attempts_in(const GridRow& row, int round) {
    std::set<int> numbers;
    for (const GridCell& cell : row.cells)
        if (const GridRun* run = cell.run_in(round))
            for (const GridAttempt& other : run->others) numbers.insert(other.number);
    return numbers;
}

bool shows(const GridFilter& filter, const GridRow& row) {
    if (!filter.category.empty() && row.category != filter.category) return false;
    if (filter.severity && row.severity != *filter.severity) return false;
    switch (filter.show) {
        case GridFilter::Show::all: return true;
        case GridFilter::Show::differing: return row.separates > 0;
        case GridFilter::Show::failed: return row.has_failed;
    }
    return true;
}

void add_places(const GridModel& model, const GridLine& line, std::size_t column,
                std::vector<session::AnswerPlace>& places) {
    if (!model.columns[column].takes_part || line.attempt > 0) return;
    for (const GridRun& run : model.rows[line.row].cells[column].runs)
        if (run.is_complete && !run.is_running && (line.round == 0 || run.round == line.round))
            places.push_back({run.round, model.columns[column].candidate});
}

}  // namespace

const GridRun* GridCell::run_in(int round) const {
    const auto found = std::ranges::find(runs, round, &GridRun::round);
    return found == runs.end() ? nullptr : &*found;
}

GridModel make_grid_model(const session::Session& session) {
    return GridMaker(session).take();
}

std::vector<GridLine> grid_lines(const GridModel& model, const GridFilter& filter,
                                 const std::set<std::string>& opened) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < model.rows.size(); ++i)
        if (shows(filter, model.rows[i])) rows.push_back(i);
    if (filter.by_separation)
        std::ranges::stable_sort(rows, std::ranges::greater{}, [&](std::size_t i) { return model.rows[i].separates; });
    std::vector<GridLine> lines;
    for (const std::size_t i : rows) {
        lines.push_back({i});
        const GridRow& row = model.rows[i];
        if (!opened.contains(row.key)) continue;
        for (const int round : row.rounds) {
            lines.push_back({i, round});
            for (const int attempt : attempts_in(row, round)) lines.push_back({i, round, attempt});
        }
    }
    return lines;
}

std::size_t same_line(const GridModel& model, std::span<const GridLine> lines, const std::string& key,
                      const GridLine& line, std::size_t before) {
    std::optional<std::size_t> its_row;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (model.rows[lines[i].row].key != key) continue;
        if (lines[i].round == line.round && lines[i].attempt == line.attempt) return i;
        if (!its_row) its_row = i;
    }
    return its_row ? *its_row : std::min(before, lines.empty() ? 0 : lines.size() - 1);
}

std::vector<session::AnswerPlace> complete_places(const GridModel& model, std::span<const GridLine> lines,
                                                  const GridPart& part) {
    std::vector<session::AnswerPlace> places;
    if (part.line && part.column) {
        add_places(model, *part.line, *part.column, places);
    } else if (part.line) {
        for (std::size_t c = 0; c < model.columns.size(); ++c) add_places(model, *part.line, c, places);
    } else if (part.column) {
        for (const GridLine& line : lines)
            if (line.round == 0) add_places(model, line, *part.column, places);
    }
    return places;
}

std::vector<session::AnswerPlace> gap_places(const GridModel& model) {
    std::vector<session::AnswerPlace> places;
    for (const GridRow& row : model.rows)
        for (std::size_t c = 0; c < row.cells.size(); ++c)
            for (const GridRun& run : row.cells[c].runs)
                if (run.is_gap) places.push_back({run.round, model.columns[c].candidate});
    std::ranges::stable_sort(places, {}, &session::AnswerPlace::round);
    return places;
}

std::vector<std::string> name_lines(std::string_view name, std::size_t most,
                                    const std::function<bool(std::string_view)>& fits) {
    constexpr std::string_view kBreaks = " -/:(";
    std::vector<std::string> lines;
    while (lines.size() + 1 < most && !fits(name)) {
        std::size_t end = 0;  // behind the last letter that fits, one at least
        for (std::size_t next = 0; next < name.size(); end = next) {
            base::next_code_point(name, next);
            if (end > 0 && !fits(name.substr(0, next))) break;
        }
        // Behind a mark where there is one; a blank there takes no room.
        const std::size_t mark = name[end] == ' ' ? end : name.substr(0, end).find_last_of(kBreaks);
        if (mark != std::string_view::npos && mark > 0) end = mark + 1;
        std::string_view line = name.substr(0, end);
        if (line.ends_with(' ')) line.remove_suffix(1);
        lines.emplace_back(line);
        name.remove_prefix(end);
    }
    lines.emplace_back(name);
    return lines;
}

}  // namespace llmc::gui
