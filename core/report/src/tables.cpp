#include "tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "figures.h"
#include "metrics/words.h"

namespace llmc::report {
namespace {

using session::Answer;

bool has_steps(const Outline& outline) {
    return std::ranges::any_of(outline.columns, [](const Column& column) {
        return std::ranges::any_of(column.turns,
                                   [](const Turn& turn) { return turn.answer && !turn.answer->steps.empty(); });
    });
}

TextTable answers_table(const Outline& outline) {
    TextTable table{.titles = {"Model", "Round", "State", "Server"}};
    const bool with_steps = has_steps(outline);
    const auto is_told = [with_steps](const auto& figure) { return with_steps || !figure.is_of_steps; };
    for (const NumberFigure& figure : kNumberFigures)
        if (is_told(figure)) table.titles.emplace_back(figure.title);
    for (const CountFigure& figure : kCountFigures)
        if (is_told(figure)) table.titles.emplace_back(figure.title);
    table.titles.insert(table.titles.end(), {"Requests in flight", "Model state", "Served"});
    for (const Column& column : outline.columns)
        for (const Turn& turn : column.turns) {
            if (!turn.answer) continue;
            const Answer& answer = *turn.answer;
            std::vector<std::string> cells{column.label, fmt::format("{}", turn.round->number),
                                           std::string(session::answer_state_name(answer.state)), answer.server};
            for (const NumberFigure& figure : kNumberFigures)
                if (is_told(figure)) cells.push_back(figure_text(figure, answer.metrics));
            for (const CountFigure& figure : kCountFigures)
                if (is_told(figure)) cells.push_back(figure_text(figure, answer.metrics));
            cells.insert(cells.end(),
                         {in_flight_text(answer.metrics), warmth_text(answer.metrics), served_text(answer.served)});
            table.rows.push_back(std::move(cells));
        }
    return table;
}

std::vector<std::string> with_first(std::string first, std::vector<std::string> cells) {
    cells.insert(cells.begin(), std::move(first));
    return cells;
}

}  // namespace

std::vector<TextTable> metrics_tables(const Outline& outline) {
    TextTable models{.titles = with_first("Model", summary_titles())};
    for (const Column& column : outline.columns)
        models.rows.push_back(with_first(column.label, summary_cells(column.summary)));
    TextTable servers{.titles = with_first("Server", summary_titles())};
    servers.titles.emplace_back("Output per s in use (tok/s)");
    for (const ServerSum& server : outline.servers) {
        servers.rows.push_back(with_first(server.label, summary_cells(server.summary)));
        servers.rows.back().push_back(metrics::rate_cell(server.output_tokens_per_busy_s));
    }
    std::vector<TextTable> tables{answers_table(outline), std::move(models)};
    if (!servers.rows.empty()) tables.push_back(std::move(servers));
    return tables;
}

TextTable ratings_table(const Outline& outline) {
    TextTable table{.titles = {"Model", "Round", "Thumb", "Stars", "Note"}};
    for (const Column& column : outline.columns)
        for (const Turn& turn : column.turns) {
            if (!turn.answer || turn.answer->rating.is_empty()) continue;
            const session::Rating& rating = turn.answer->rating;
            table.rows.push_back({column.label, fmt::format("{}", turn.round->number),
                                  !rating.thumbs ? "" : (*rating.thumbs > 0 ? "up" : "down"),
                                  rating.stars ? fmt::format("{}", *rating.stars) : "", rating.note});
        }
    return table;
}

}  // namespace llmc::report
