// The CSV report: RFC 4180, one row per attempt, with a byte order mark (without one, Excel takes UTF-8 for Latin 1).
// The column `replaced` tells other attempts (tried again, or further ones), which count in no sum, from the answers.
//
// No cell begins with what a spreadsheet would take for a formula, blanks before it or not, unless it is a number: an
// apostrophe goes in front. Texts are quoted, so that a program that takes another sign for the separator does not cut
// them into cells of its own.
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "base/white_space.h"
#include "figures.h"
#include "judging_tables.h"
#include "outline.h"
#include "plain_text.h"
#include "report/report.h"
#include "step_json.h"

namespace llmc::report {
namespace {

bool starts_like_formula(std::string_view text) {
    if (text.starts_with('\t') || text.starts_with('\n')) return true;
    char32_t first = 0;
    for (std::size_t at = 0; at < text.size() && first == 0;)
        if (const char32_t c = base::next_code_point(text, at); !base::is_white_space(c) && !base::is_zero_width(c))
            first = c;
    // The full-width forms, too, which some spreadsheets take for them.
    return first != 0 && std::u32string_view(U"=+-@＝＋－＠").find(first) != std::u32string_view::npos;
}

bool is_plain_word(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return base::is_letter_or_digit(c) || c == '_'; });
}

class Row {
public:
    void text(std::string_view value) {
        separate();
        out_ += csv_cell(value);
    }
    template <class Number>
    void number(const std::optional<Number>& value) {
        separate();
        if (value) out_ += fmt::format("{}", *value);
    }
    void count(std::size_t value) { number(std::optional(value)); }

    std::string take() { return std::move(out_) + "\r\n"; }

private:
    void separate() {
        if (is_begun_) out_ += ',';
        is_begun_ = true;
    }

    std::string out_;
    bool is_begun_ = false;
};

std::string header() {
    Row row;
    for (const std::string_view title : {"label", "model_id", "candidate", "server", "round", "prompt_id", "repeat",
                                         "prompt", "state", "finish_reason", "error_phase", "error_status",
                                         "error_kind", "error", "warnings", "reported_model", "attempt"})
        row.text(title);
    for (const NumberFigure& figure : kNumberFigures) row.text(figure.key);
    for (const CountFigure& figure : kCountFigures) row.text(figure.key);
    for (const FlagFigure& figure : kFlagFigures) row.text(figure.key);
    for (const WordFigure& figure : kWordFigures) row.text(figure.key);
    for (const std::string_view title : {"chunks", "requests_in_flight", "quantization", "format", "context_length"})
        row.text(title);
    for (const session::Setting& setting : session::all_settings())
        if (setting.is_own()) row.text(setting.key);
    for (const std::string_view title :
         {"text_chars", "reasoning_chars", "tool_calls", "thumbs", "stars", "note", "started_at", "ended_at"})
        row.text(title);
    for (const std::string_view title :
         {"case", "checks_passed", "checks_total", "failed_checks", "replaced", "ended_by", "category", "severity"})
        row.text(title);
    return row.take();
}

void add_settings(Row& row, const session::Sampling& settings) {
    for (const session::Setting& setting : session::all_settings()) {
        if (!setting.is_own()) continue;
        const base::OrderedJson value = session::value_of(setting, settings);
        if (value.is_number())
            row.number(std::optional(session::text_of(value, "")));
        else
            row.text(session::text_of(value, ""));
    }
}

void add_checks(Row& row, const session::Answer& answer) {
    std::vector<std::string> failed;
    for (const session::CheckResult& check : answer.checks)
        if (!check.passed) failed.push_back(failed_check_text(check));
    const bool was_checked = !answer.checks.empty();
    row.number(was_checked ? std::optional(answer.checks.size() - failed.size()) : std::nullopt);
    row.number(was_checked ? std::optional(answer.checks.size()) : std::nullopt);
    row.text(fmt::format("{}", fmt::join(failed, " · ")));
}

std::string row_of(const Column& column, const session::Round& round, const session::Answer& answer, bool is_replaced) {
    Row row;
    row.text(column.label);
    row.text(column.candidate->model_id);
    row.text(column.candidate->id);
    row.text(answer.server);
    row.number(std::optional(round.number));
    row.text(round.prompt_id);
    row.number(std::optional(round.repeat));
    row.text(round.prompt);
    row.text(session::answer_state_name(answer.state));
    row.text(answer.finish_reason);
    const auto failure = failure_of(answer);
    row.text(failure ? net::phase_name(failure->phase) : "");
    row.number(failure && failure->status != 0 ? std::optional(failure->status) : std::nullopt);
    row.text(failure ? base::error_kind_name(failure->kind) : "");
    row.text(failure ? failure->message : "");
    row.text(fmt::format("{}", fmt::join(warnings_of(answer), " · ")));
    row.text(answer.reported_model);
    row.number(std::optional(answer.attempt));

    const Metrics& metrics = answer.metrics;
    for (const NumberFigure& figure : kNumberFigures) row.number(metrics.*figure.value);
    for (const CountFigure& figure : kCountFigures) row.number(metrics.*figure.value);
    for (const FlagFigure& figure : kFlagFigures) row.text(metrics.*figure.value ? "true" : "false");
    for (const WordFigure& figure : kWordFigures) row.text(figure.word(metrics));
    row.number(std::optional(metrics.chunks));
    row.number(metrics.requests_in_flight);
    row.text(answer.served.quantization);
    row.text(answer.served.format);
    row.number(answer.served.context_length);
    add_settings(row, answer.settings);
    row.count(base::count_code_points(answer.text()));
    row.count(base::count_code_points(answer.reasoning()));
    row.count(answer.tool_calls.size());
    row.number(answer.rating.thumbs);
    row.number(answer.rating.stars);
    row.text(answer.rating.note);
    row.text(answer.started_at ? base::iso_utc_ms(*answer.started_at) : "");
    row.text(answer.ended_at ? base::iso_utc_ms(*answer.ended_at) : "");
    row.text(round.case_values.is_null() ? "" : base::dump_json(round.case_values));
    add_checks(row, answer);
    row.text(is_replaced ? "true" : "false");
    row.text(answer.ended_by ? session::ended_by_name(*answer.ended_by) : "");
    row.text(round.category);
    row.text(round.prompt_id.empty() ? "" : severity_name(round.severity));
    return row.take();
}

}  // namespace

std::string csv_cell(std::string_view text) {
    const std::string value = clean(text);
    std::string cell = starts_like_formula(value) ? "'" : "";
    if (is_plain_word(value)) return value;
    for (const char c : value) {
        if (c == '"') cell += '"';
        cell += c;
    }
    return '"' + cell + '"';
}

std::string to_csv(const session::Session& session) {
    std::string out = "\xEF\xBB\xBF" + header();
    const Outline outline = outline_of(session);
    for (const Column& column : outline.columns)
        for (const Turn& turn : column.turns) {
            for (const session::Answer* replaced : turn.replaced) out += row_of(column, *turn.round, *replaced, true);
            if (turn.answer) out += row_of(column, *turn.round, *turn.answer, false);
        }
    return out;
}

}  // namespace llmc::report
