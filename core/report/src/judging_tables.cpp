#include "judging_tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "decide/board.h"
#include "decide/decision.h"
#include "metrics/words.h"
#include "session/loop_results.h"
#include "session/suite_results.h"

namespace llmc::report {
namespace {

using session::Answer;
using session::CheckResult;
using session::SuiteResults;
using session::Tally;

constexpr std::string_view kNothing = "–";

std::string tally_text(const Tally& tally) {
    return tally.total > 0 ? fmt::format("{} of {}", tally.passed, tally.total) : std::string(kNothing);
}

std::string percent_text(const std::optional<double>& share) {
    return share ? fmt::format("{:.1f} %", 100 * *share) : std::string(kNothing);
}

std::string interval_text(const Tally& tally) {
    const auto interval = tally.interval();
    return interval ? fmt::format("{:.1f} to {:.1f} %", 100 * interval->low, 100 * interval->high)
                    : std::string(kNothing);
}

std::string place_text(const std::optional<std::int64_t>& place) {
    return place ? fmt::format("{}", *place) : std::string(kNothing);
}

TextTable candidates_table(const SuiteResults& results, const Outline& outline) {
    TextTable table{.titles = {"Model", "Checks passed", "Pass rate", "95 % interval", "Answers that passed all",
                               "Agreement of repeats", "Repeats part at character"}};
    for (const Column& column : outline.columns) {
        const session::CandidateResults& result = *results.find(column.candidate->id);
        table.rows.push_back({column.label, tally_text(result.checks), percent_text(result.checks.rate()),
                              interval_text(result.checks), tally_text(result.answers),
                              percent_text(result.steadiness.agreement),
                              place_text(result.steadiness.first_divergence_char)});
    }
    return table;
}

TextTable prompts_table(const SuiteResults& results, const Outline& outline) {
    TextTable table{.titles = {"Prompt"}};
    for (const Column& column : outline.columns) table.titles.push_back(column.label);
    for (std::size_t i = 0; i < results.prompt_ids.size(); ++i) {
        std::vector<std::string> cells{results.prompt_ids[i]};
        for (const Column& column : outline.columns)
            cells.push_back(tally_text(results.find(column.candidate->id)->prompts[i].checks));
        table.rows.push_back(std::move(cells));
    }
    return table;
}

// "12 of 12 (410 tokens)": runs with valid calls only at that step, of those that reached it.
std::string decay_cell(const std::vector<session::DecayStep>& decay, std::size_t step) {
    if (step >= decay.size() || decay[step].reached == 0) return std::string(metrics::kNoFigure);
    std::string cell = fmt::format("{} of {}", decay[step].valid, decay[step].reached);
    if (decay[step].context_tokens) cell += fmt::format(" ({:.0f} tokens)", *decay[step].context_tokens);
    return cell;
}

TextTable categories_table(const SuiteResults& results, const Outline& outline) {
    TextTable table{.titles = {"Category"}};
    std::map<std::string, std::vector<std::string>> rows;
    for (const Column& column : outline.columns) table.titles.push_back(column.label);
    for (std::size_t i = 0; i < outline.columns.size(); ++i)
        for (const auto& [name, tally] : results.find(outline.columns[i].candidate->id)->categories) {
            rows[name].resize(outline.columns.size());
            rows[name][i] = tally_text(tally);
        }
    for (auto& [name, cells] : rows) {
        cells.insert(cells.begin(), name);
        table.rows.push_back(std::move(cells));
    }
    return table;
}

TextTable failures_table(const Outline& outline) {
    TextTable table{.titles = {"Model", "Round", "Prompt", "Repeat", "Failed check", "Why", "At character"}};
    for (const Column& column : outline.columns)
        for (const Turn& turn : column.turns) {
            if (!turn.answer) continue;
            for (const CheckResult& check : turn.answer->checks)
                if (!check.passed)
                    table.rows.push_back({column.label, fmt::format("{}", turn.round->number), turn.round->prompt_id,
                                          fmt::format("{}", turn.round->repeat), check.type, check.detail,
                                          place_text(check.at_char)});
        }
    return table;
}

// Best first; what licensed judges say beside the votes, where they say something.
TextTable votes_table(const session::Session& session, const Outline& outline) {
    const decide::Board board = decide::board_of(session);
    TextTable table{.titles = {"Model", "Votes won", "Lost", "Tied", "Both bad"}};
    if (board.verdicts > 0) table.titles.insert(table.titles.end(), {"Judges: won", "Lost", "Tied"});
    table.titles.insert(table.titles.end(), {"Score", "95 % interval"});
    for (const decide::BoardRow& row : board.rows) {
        const auto column = std::ranges::find_if(outline.columns,
                                                 [&](const Column& one) { return one.candidate->id == row.candidate; });
        if (column == outline.columns.end() || row.votes.all() + row.verdicts.all() == 0) continue;
        std::vector<std::string>& cells = table.rows.emplace_back();
        cells.push_back(column->label);
        const auto add = [&](std::initializer_list<std::int64_t> counts) {
            for (const std::int64_t count : counts) cells.push_back(fmt::format("{}", count));
        };
        add({row.votes.wins, row.votes.losses, row.votes.ties, row.votes.both_bad});
        if (board.verdicts > 0) add({row.verdicts.wins, row.verdicts.losses, row.verdicts.ties});
        cells.push_back(row.is_scored() ? fmt::format("{:+.2f}", row.score.score) : std::string(kNothing));
        cells.push_back(row.is_scored() ? fmt::format("{:+.2f} to {:+.2f}", row.score.low, row.score.high)
                                        : std::string(kNothing));
    }
    return table;
}

}  // namespace

std::string suite_text(const session::Session& session) {
    if (!session.suite) return {};
    const session::SuiteRun& suite = *session.suite;
    std::vector<std::string> parts;
    if (!suite.role.empty()) parts.push_back("role " + suite.role);
    if (suite.repeat > 1) parts.push_back(fmt::format("{} repeats", suite.repeat));
    if (!suite.is_fresh) parts.emplace_back("one conversation per repeat");
    return parts.empty() ? suite.name : fmt::format("{} ({})", suite.name, fmt::join(parts, ", "));
}

std::string verdict_text(const session::Session& session) {
    const std::optional<decide::Decision> decision = decide::decision_of(session);
    return decision ? decision->verdict : std::string();
}

std::vector<TextTable> checks_tables(const session::Session& session, const Outline& outline) {
    const SuiteResults results = session::suite_results(session);
    if (results.checks.total == 0) return {};
    std::vector<TextTable> tables{candidates_table(results, outline), prompts_table(results, outline)};
    TextTable categories = categories_table(results, outline);
    if (!categories.rows.empty()) tables.push_back(std::move(categories));
    TextTable failures = failures_table(outline);
    if (!failures.rows.empty()) tables.push_back(std::move(failures));
    return tables;
}

std::vector<TextTable> loop_tables(const session::Session& session, const Outline& outline) {
    TextTable ends{
        .titles = {"Model", "Ended by", "First invalid step per run", "Median steps", "Median task time (s)"}};
    TextTable decay{.titles = {"Valid at step"}};
    std::vector<session::LoopResults> all;
    std::size_t longest = 0;
    for (const Column& column : outline.columns) {
        auto loop = session::loop_results(session, column.candidate->id);
        if (!loop) return {};
        std::vector<std::string> words, invalid;
        for (const auto& [how, count] : loop->ended_by)
            words.push_back(fmt::format("{} {}", session::ended_by_name(how), count));
        for (const std::optional<int>& step : loop->first_invalid_step)
            invalid.push_back(step ? fmt::format("{}", *step) : std::string(metrics::kNoFigure));
        ends.rows.push_back({column.label, fmt::format("{}", fmt::join(words, ", ")),
                             fmt::format("{}", fmt::join(invalid, " ")),
                             loop->steps_median ? fmt::format("{:g}", *loop->steps_median) : "",
                             metrics::seconds_cell(loop->task_time_s_median)});
        decay.titles.push_back(column.label);
        longest = std::max(longest, loop->decay.size());
        all.push_back(*std::move(loop));
    }
    for (std::size_t step = 0; step < longest; ++step) {
        std::vector<std::string> cells{fmt::format("{}", step + 1)};
        for (const session::LoopResults& loop : all) cells.push_back(decay_cell(loop.decay, step));
        decay.rows.push_back(std::move(cells));
    }
    return {std::move(ends), std::move(decay)};
}

std::vector<TextTable> ratings_tables(const session::Session& session, const Outline& outline) {
    std::vector<TextTable> tables;
    if (outline.has_ratings) tables.push_back(ratings_table(outline));
    TextTable votes = votes_table(session, outline);
    if (!votes.rows.empty()) tables.push_back(std::move(votes));
    return tables;
}

std::vector<TextTable> casting_tables(const session::Session& session, const Outline& outline) {
    TextTable table{.titles = {"Role", "Model", "Note"}};
    for (const session::RolePick& pick : session.casting)
        for (const Column& column : outline.columns)
            if (column.candidate->id == pick.candidate) table.rows.push_back({pick.role, column.label, pick.note});
    if (table.rows.empty()) return {};
    return {table};
}

std::string checks_text(const Answer& answer) {
    if (answer.checks.empty()) return {};
    Tally tally;
    for (const CheckResult& check : answer.checks) tally.add(check.passed);
    return fmt::format("{} checks passed", tally_text(tally));
}

std::string failed_check_text(const CheckResult& check) {
    std::string text = check.type;
    if (!check.detail.empty()) text += ": " + check.detail;
    if (check.at_char) text += fmt::format(" (at character {})", *check.at_char);
    return text;
}

}  // namespace llmc::report
