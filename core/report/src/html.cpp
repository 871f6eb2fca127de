// The HTML report: one file, the candidates side by side, rounds in rows.
//
// Everything from models, servers and users goes through escaped(); the page holds no script and, by its own
// Content-Security-Policy, could run none and fetch nothing. An answer that is not complete has a dashed edge, its
// state in words above and its error beside it.
#include <algorithm>

#include <fmt/format.h>

#include "html_plots.h"
#include "html_style.h"
#include "html_text.h"
#include "judging_tables.h"
#include "metrics/words.h"
#include "outline.h"
#include "plain_text.h"
#include "report/report.h"
#include "tables.h"

namespace llmc::report {
namespace {

using session::Answer;
using session::AnswerState;

std::string text_block(std::string_view text) {
    return fmt::format("<div class=\"text\" dir=\"auto\">{}</div>\n", escaped(text));
}

// What a model says; as it came, too, where Markdown made something else of it.
std::string answer_block(std::string_view text) {
    const auto shown = rendered(text);
    if (!shown) return text_block(text);
    std::string block = fmt::format("<div class=\"md\" dir=\"auto\">\n{}</div>\n", *shown);
    if (*shown != fmt::format("<p>{}</p>\n", escaped(text)))
        block += "<details><summary>As it came</summary>\n" + text_block(text) + "</details>\n";
    return block;
}

std::string note(std::string_view text, bool is_bad) {
    return fmt::format("<div class=\"note small{}\">⚠️ {}</div>\n", is_bad ? " bad" : "", escaped(text));
}

std::string_view colour_of(AnswerState state) {
    switch (state) {
        case AnswerState::complete: return "good";
        case AnswerState::stopped:
        case AnswerState::interrupted: return "warn";
        case AnswerState::cut_off:
        case AnswerState::empty:
        case AnswerState::failed: return "bad";
        default: return "running";
    }
}

void write_term(std::string& out, std::string_view term, std::string_view value) {
    if (!value.empty()) out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", term, escaped(value));
}

void write_header(std::string& out, const session::Session& session, const Outline& outline,
                  base::WallTime generated_at) {
    const session::Settings& settings = session.settings;
    out += "<h1>LLM Comparison Report</h1>\n";
    if (session.is_halted)
        out += fmt::format("<div class=\"panel halted\"><strong>⚠️ Session Halted:</strong> {}</div>\n",
                           escaped(halt_line(session)));
    out += "<div class=\"panel\"><dl>\n";
    std::string models, servers, changes;
    for (const Column& column : outline.columns) models += (models.empty() ? "" : ", ") + column.label;
    for (const session::Server& server : session.servers)
        servers += (servers.empty() ? "" : ", ") + (server.name.empty() ? "" : server.name + " ") + server.url.text();
    for (const session::SettingsChange& change : session.changes)
        changes +=
            fmt::format("{}{}, changed in round {}", changes.empty() ? "" : "; ", change.what, change.from_round);
    write_term(out, "Generated", base::iso_local(generated_at));
    write_term(out, "Models", models);
    write_term(out, "Servers", servers);
    write_term(out, "Temperature", number_or_servers_own(settings.temperature));
    write_term(out, "Max tokens", number_or_servers_own(settings.max_tokens));
    write_term(out, "Other settings", other_settings_text(settings));
    write_term(out, "Timeout", plain_number(settings.timeout_s) + " s");
    write_term(out, "Order", session::order_name(settings.order));
    write_term(out, "Settings", changes);
    write_term(out, "Suite", suite_text(session));
    out +=
        "</dl></div>\n<div class=\"panel\"><h4>System prompt</h4>\n" + text_block(settings.system_prompt) + "</div>\n";
}

void write_head(std::string& out, const Column& column) {
    const session::Candidate& candidate = *column.candidate;
    out += fmt::format("<div class=\"head\"><h3>{}</h3>\n", escaped(column.label));
    const auto line = [&](std::string_view text, std::string_view colour) {
        if (!text.empty()) out += fmt::format("<div class=\"small {}\">{}</div>\n", colour, escaped(text));
    };
    if (column.label != candidate.model_id) line(candidate.model_id, "weak");
    line(own_settings_text(candidate), "weak");
    if (candidate.own.system_prompt)
        out += "<details><summary>Own system prompt</summary>\n" + text_block(*candidate.own.system_prompt) +
               "</details>\n";
    if (candidate.is_removed) line(candidate.is_skipped ? "Skipped." : "Removed from the session.", "weak");
    line(column.error.empty() ? "" : "Error: " + column.error, "bad");
    out += "</div>\n";
}

std::string figures_line(const Answer& answer) {
    const metrics::AnswerMetrics& metrics = answer.metrics;
    std::vector<std::string> parts;
    if (metrics.time_to_first_token_s)
        parts.push_back("TTFT " + metrics::seconds_text(*metrics.time_to_first_token_s) +
                        (metrics.model_warmth == metrics::ModelWarmth::cold ? " (cold)" : ""));
    const bool is_of_some = metrics.speed_note == metrics::SpeedNote::hidden_reasoning;
    if (const std::string speed = metrics::decode_text(metrics); !speed.empty())
        parts.push_back("decode " + speed + (is_of_some ? " (hidden reasoning)" : ""));
    if (metrics.end_to_end_latency_s)
        parts.push_back("end to end " + metrics::seconds_text(*metrics.end_to_end_latency_s));
    if (metrics.output_tokens) parts.push_back(metrics::tokens_text(metrics));
    if (!answer.server.empty()) parts.push_back("on " + answer.server);
    const std::string served = served_text(answer.served);
    if (!served.empty()) parts.push_back(served);
    if (!answer.finish_reason.empty()) parts.push_back("finish reason " + answer.finish_reason);
    return fmt::format("{}", fmt::join(parts, " · "));
}

std::string rating_line(const session::Rating& rating) {
    std::vector<std::string> parts;
    if (rating.thumbs) parts.emplace_back(*rating.thumbs > 0 ? "👍" : "👎");
    if (rating.stars) parts.push_back(fmt::format("{} of 5 stars", *rating.stars));
    if (!rating.note.empty()) parts.push_back(rating.note);
    return fmt::format("{}", fmt::join(parts, " · "));
}

void write_step(std::string& out, const session::Step& step) {
    if (!step.prompt.empty()) out += fmt::format("<h4>User, turn {}</h4>\n{}", step.turn, text_block(step.prompt));
    const bool is_complete = step.state == AnswerState::complete;
    out += fmt::format("<h4>Step {}{}</h4>\n", step.index,
                       is_complete ? "" : fmt::format(" ({})", session::answer_state_name(step.state)));
    if (!step.reasoning.empty())
        out += "<details><summary>Reasoning</summary>\n" + text_block(step.reasoning) + "</details>\n";
    if (!step.text.empty()) out += answer_block(step.text);
    for (const session::StepCall& one : step.calls) {
        const bool is_bad = one.result && !one.is_valid;
        out += fmt::format("<div class=\"small{}\">Tool call: {}{}</div>\n<pre>{}</pre>\n", is_bad ? " bad" : "",
                           escaped(one.call.name), is_bad ? " (invalid)" : "", escaped(one.call.arguments));
        if (one.result)
            out += fmt::format("<details><summary{}>{}</summary>\n<pre>{}</pre></details>\n",
                               one.is_error ? " class=\"bad\"" : "", one.is_error ? "Error result" : "Result",
                               escaped(*one.result));
    }
}

void write_steps(std::string& out, const Answer& answer) {
    for (const auto& step : answer.steps) write_step(out, *step);
    if (answer.resumed_at) out += fmt::format("<div class=\"small\">Resumed at step {}.</div>\n", *answer.resumed_at);
    if (answer.ended_by)
        out += fmt::format("<div class=\"small\">Ended by {} after {} step{}.</div>\n",
                           session::ended_by_name(*answer.ended_by), answer.steps.size(),
                           answer.steps.size() == 1 ? "" : "s");
    if (!answer.world) return;
    for (const auto& [path, text] : *answer.world)
        out += fmt::format("<details><summary>{} {}</summary>\n<pre>{}</pre></details>\n",
                           text ? "Written:" : "Gone:", escaped(path), text ? escaped(*text) : "");
}

// What one request brought.
void write_said(std::string& out, const Answer& answer) {
    if (!answer.reasoning().empty())
        out += "<details><summary>Reasoning</summary>\n" + text_block(answer.reasoning()) + "</details>\n";
    if (!answer.text().empty()) out += answer_block(answer.text());
    for (const openai::ToolCall& call : answer.tool_calls)
        out += fmt::format("<h4>Tool call: {}</h4>\n<pre>{}</pre>\n", escaped(call.name), escaped(call.arguments));
    if (answer.text().empty() && answer.tool_calls.empty()) out += "<div class=\"weak\">No text.</div>\n";
}

void write_answer_body(std::string& out, const Turn& turn, const Answer& answer) {
    const bool is_complete = answer.state == AnswerState::complete;
    out += fmt::format("<div class=\"state {}\">● {}{}</div>\n", colour_of(answer.state),
                       is_complete ? "" : "incomplete: ", session::answer_state_name(answer.state));
    if (&answer != turn.answer) out += note(attempt_text(turn, answer), false);
    if (!is_complete)
        if (const auto failure = failure_of(answer))
            out += note(fmt::format("{} (phase {}{})", failure_line(answer), net::phase_name(failure->phase),
                                    failure->status == 0 ? "" : fmt::format(", HTTP {}", failure->status)),
                        session::is_failure(answer.state));
    for (const std::string& warning : warnings_of(answer)) out += note(warning, false);
    if (answer.form && answer.form->name != session::kUsualForm)
        out += fmt::format("<div class=\"small\">Request form {}, words {}.</div>\n", escaped(answer.form->name),
                           answer.form->words);
    if (answer.steps.empty())
        write_said(out, answer);
    else
        write_steps(out, answer);
    if (!answer.steps.empty() && answer.text() != answer.steps.back()->text) out += answer_block(answer.text());
    if (!answer.checks.empty()) {
        const bool has_passed = std::all_of(answer.checks.begin(), answer.checks.end(),
                                            [](const session::CheckResult& check) { return check.passed; });
        out += fmt::format("<div class=\"small {}\">{}</div>\n", has_passed ? "good" : "bad",
                           escaped(checks_text(answer)));
        for (const session::CheckResult& check : answer.checks)
            if (!check.passed) out += note(failed_check_text(check), true);
    }
    const std::string rating = rating_line(answer.rating);
    if (!rating.empty()) out += fmt::format("<div class=\"small\">{}</div>\n", escaped(rating));
    out += fmt::format("<div class=\"figures small\">{}</div>\n", escaped(figures_line(answer)));
}

void write_turn(std::string& out, const Column& column, const session::Round& round) {
    // In the order of the rounds, of which a suite may have very many.
    const auto turn = std::lower_bound(column.turns.begin(), column.turns.end(), round.number,
                                       [](const Turn& t, int number) { return t.round->number < number; });
    if (turn == column.turns.end() || turn->round != &round) {
        out += "<div class=\"absent small\">Took no part in this round.</div>\n";
        return;
    }
    const AnswerState state = turn->answer ? turn->answer->state : turn->replaced.back()->state;
    std::string_view classes = "answer";
    if (colour_of(state) == "warn")
        classes = "answer incomplete stopped";
    else if (state != AnswerState::complete)
        classes = "answer incomplete";
    out += fmt::format("<article class=\"{}\">\n", classes);
    for (const Answer* replaced : turn->replaced) {
        out += "<div class=\"earlier\">\n";
        write_answer_body(out, *turn, *replaced);
        out += "</div>\n";
    }
    if (turn->answer) write_answer_body(out, *turn, *turn->answer);
    out += "</article>\n";
}

void write_conversations(std::string& out, const session::Session& session, const Outline& outline) {
    if (outline.columns.empty()) return;
    out += fmt::format("<div class=\"scroll\"><div class=\"grid\" style=\"--columns: {}\">\n", outline.columns.size());
    for (const Column& column : outline.columns) write_head(out, column);
    for (const auto& round : session.rounds) {
        const std::string id = round->prompt_id.empty() ? "" : fmt::format(" · {}", escaped(round->prompt_id));
        out += fmt::format("<div class=\"prompt\"><div><h4>Round {} · User{}</h4>\n{}</div></div>\n", round->number, id,
                           text_block(round->prompt));
        for (const Column& column : outline.columns) write_turn(out, column, *round);
    }
    out += "</div></div>\n";
}

void write_row(std::string& out, const std::vector<std::string>& cells, std::string_view tag) {
    out += "<tr>";
    for (const std::string& cell : cells) out += fmt::format("<{0}>{1}</{0}>", tag, escaped(cell));
    out += "</tr>\n";
}

void write_section(std::string& out, std::string_view title, const std::vector<TextTable>& tables) {
    if (tables.empty()) return;
    out += fmt::format("<h2>{}</h2>\n", title);
    for (const TextTable& table : tables) {
        out += "<div class=\"panel scroll\"><table>\n";
        write_row(out, table.titles, "th");
        for (const auto& cells : table.rows) write_row(out, cells, "td");
        out += "</table></div>\n";
    }
}

// What came of it, before what was said.
void write_result(std::string& out, const session::Session& session, const Outline& outline) {
    const std::string verdict = verdict_text(session), figures = plots(session, outline);
    if (!verdict.empty() || !figures.empty()) out += "<h2>Result</h2>\n";
    if (!verdict.empty())
        out += fmt::format("<div class=\"panel verdict\"><strong>Verdict:</strong> {}</div>\n", escaped(verdict));
    out += figures;
    write_section(out, "Casting", casting_tables(session, outline));
    write_section(out, "Ratings", ratings_tables(session, outline));
    out += "<h2>Rounds</h2>\n";
}

void write_metrics(std::string& out, const Outline& outline) {
    write_section(out, "Metrics", metrics_tables(outline));
    out += fmt::format("<p class=\"small weak\">{}</p>\n", escaped(kMetricsLegend));
}

}  // namespace

std::string to_html(const session::Session& session, base::WallTime generated_at) {
    const Outline outline = outline_of(session);
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>LLM Comparison Report</title>\n<style>";
    out += kHtmlStyle;
    out += "</style>\n</head>\n<body>\n";
    write_header(out, session, outline, generated_at);
    write_result(out, session, outline);
    write_conversations(out, session, outline);
    write_metrics(out, outline);
    write_section(out, "Checks", checks_tables(session, outline));
    write_section(out, "Loops", loop_tables(session, outline));
    write_section(out, "Judges", judges_tables(session, outline));
    out += "</body>\n</html>\n";
    return out;
}

}  // namespace llmc::report
