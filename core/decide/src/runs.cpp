#include "decide/runs.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>

#include "base/ascii.h"
#include "session/ending.h"

namespace llmc::decide {
namespace {

using session::Answer;
using session::AnswerState;
using session::Round;

// What a server says when it cannot read what the model wrote.
constexpr std::array<std::string_view, 4> kModelWords{"pars", "grammar", "template", "jinja"};

bool speaks_of_the_model(std::string_view words) {
    const std::string lower = base::to_lower(words);
    return std::any_of(kModelWords.begin(), kModelWords.end(),
                       [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// The attempts of a candidate in a round that failed by infrastructure on a server that answers others.
std::int64_t lonely_failures(const Round& round, const session::CandidateId& candidate, const Answering& answering) {
    const auto counts = [&](const Answer& attempt) {
        return attempt.candidate == candidate && is_infrastructure_failure(attempt) &&
               answering.contains(attempt.server);
    };
    return std::count_if(round.replaced.begin(), round.replaced.end(), counts) +
           std::count_if(round.answers.begin(), round.answers.end(), counts);
}

// An earlier attempt that failed by itself: what happened to the server afterwards does not undo it.
const Answer* own_failure(const Round& round, const session::CandidateId& candidate) {
    for (const Answer& attempt : round.replaced)
        if (attempt.candidate == candidate && session::is_failure(attempt.state) && !is_infrastructure_failure(attempt))
            return &attempt;
    return nullptr;
}

bool has_checks(const Round& round) {
    return std::any_of(round.answers.begin(), round.answers.end(),
                       [](const Answer& answer) { return !answer.checks.empty(); });
}

class TableMaker {
public:
    std::size_t column(const std::string& label, const session::CandidateId& candidate) {
        const auto [place, is_new] = columns_.try_emplace(label, table_.labels.size());
        if (is_new) {
            table_.labels.push_back(label);
            table_.candidates.push_back(candidate);
        }
        return place->second;
    }

    void add(std::size_t column, const Run& run) {
        PromptRow& prompt = row(*run.round);
        if (prompt.cells.size() <= column) prompt.cells.resize(column + 1);
        prompt.cells[column].add(run);
    }

    RunTable take() {
        for (PromptRow& prompt : table_.prompts) prompt.cells.resize(table_.labels.size());
        return std::move(table_);
    }

private:
    PromptRow& row(const Round& round) {
        const std::string& id = round.prompt_id.empty() ? round.prompt : round.prompt_id;
        std::string key = id;
        key += '\0';
        key += base::dump_json(round.case_values);
        key += '\0';
        key += round.prompt;
        const auto [place, is_new] = rows_.try_emplace(std::move(key), table_.prompts.size());
        if (is_new) table_.prompts.push_back({id, round.case_values, round.category, round.severity, round.prompt, {}});
        return table_.prompts[place->second];
    }

    RunTable table_;
    std::unordered_map<std::string, std::size_t> rows_, columns_;
};

}  // namespace

std::optional<double> Cell::rate() const {
    return judged > 0 ? std::optional(static_cast<double>(passed) / static_cast<double>(judged)) : std::nullopt;
}

void Cell::add(const Run& run) {
    runs.push_back(run);
    passed += run.outcome == RunOutcome::passed ? 1 : 0;
    judged += run.outcome == RunOutcome::passed || run.outcome == RunOutcome::failed ? 1 : 0;
    infrastructure += run.outcome == RunOutcome::infrastructure ? 1 : 0;
}

std::int64_t PromptRow::passed() const {
    std::int64_t sum = 0;
    for (const Cell& cell : cells) sum += cell.passed;
    return sum;
}

std::int64_t PromptRow::judged() const {
    std::int64_t sum = 0;
    for (const Cell& cell : cells) sum += cell.judged;
    return sum;
}

std::int64_t PromptRow::separates() const {
    std::int64_t pairs = 0;
    for (std::size_t a = 0; a < cells.size(); ++a)
        for (std::size_t b = a + 1; b < cells.size(); ++b) {
            const auto one = cells[a].rate(), other = cells[b].rate();
            pairs += one && other && *one != *other ? 1 : 0;
        }
    return pairs;
}

std::size_t RunTable::repeats() const {
    std::int64_t most = 0;
    for (const PromptRow& prompt : prompts)
        for (const Cell& cell : prompt.cells) most = std::max(most, cell.judged);
    return static_cast<std::size_t>(most);
}

bool is_infrastructure_failure(const Answer& attempt) {
    if (attempt.state != AnswerState::failed || !attempt.failure) return false;
    const session::Failure& failure = *attempt.failure;
    if (failure.phase == net::Phase::streaming) return false;
    if (failure.status >= 500 && failure.status < 600) return !speaks_of_the_model(failure.message);
    switch (failure.kind) {
        case ErrorKind::resolve:
        case ErrorKind::connection:
        case ErrorKind::tls:
        case ErrorKind::timeout: return failure.status == 0;
        // This program had no socket left; files call it as they call a limit on what a model may say.
        case ErrorKind::own_limit:
        case ErrorKind::limit: return failure.phase < net::Phase::waiting;
        default: return false;
    }
}

Answering answering_servers(const session::Session& session) {
    Answering answering;
    const auto add = [&](const Answer& answer) {
        if (answer.state == AnswerState::complete && !answer.server.empty()) answering.insert(answer.server);
    };
    for (const auto& round : session.rounds) {
        for (const Answer& answer : round->answers) add(answer);
        for (const Answer& answer : round->replaced) add(answer);
    }
    return answering;
}

Run run_of(const Round& round, const session::CandidateId& candidate, const Answering& answering) {
    Run run{&round, round.counted(candidate), RunOutcome::missing};
    if (!run.answer || !session::is_final(run.answer->state) || session::was_ended_by_others(*run.answer)) return run;
    if (is_infrastructure_failure(*run.answer)) {
        const Answer* own = own_failure(round, candidate);
        const bool is_the_models = own || lonely_failures(round, candidate, answering) >= 2;
        if (own) run.answer = own;
        run.outcome = is_the_models ? RunOutcome::failed : RunOutcome::infrastructure;
    } else if (!run.answer->checks.empty()) {
        const auto& checks = run.answer->checks;
        const bool passes = std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.passed; });
        run.outcome = passes ? RunOutcome::passed : RunOutcome::failed;
    }
    return run;
}

RunTable run_table(const session::Session& session) {
    TableMaker maker;
    const Answering answering = answering_servers(session);
    const std::vector<std::string> labels = session::unique_labels(session.candidates);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const session::Candidate& candidate = session.candidates[i];
        const auto has_run = [&](const auto& round) { return has_checks(*round) && round->counted(candidate.id); };
        if (candidate.is_removed && std::none_of(session.rounds.begin(), session.rounds.end(), has_run)) continue;
        maker.column(labels[i], candidate.id);
    }
    for (const auto& round : session.rounds) {
        if (!has_checks(*round)) continue;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const session::Candidate& candidate = session.candidates[i];
            if (candidate.is_removed && !round->counted(candidate.id)) continue;
            maker.add(maker.column(labels[i], candidate.id), run_of(*round, candidate.id, answering));
        }
    }
    return maker.take();
}

RunTable run_table(const std::vector<LabelledRun>& runs) {
    TableMaker maker;
    for (const LabelledRun& one : runs)
        maker.add(maker.column(one.label, one.run.answer ? one.run.answer->candidate : session::CandidateId()),
                  one.run);
    return maker.take();
}

}  // namespace llmc::decide
