// The Markdown report: product.md section 7 gives its shape to the letter; what stands there from elsewhere goes
// through markdown_text.h.
#include <fmt/format.h>

#include "judging_tables.h"
#include "markdown_text.h"
#include "outline.h"
#include "plain_text.h"
#include "report/report.h"
#include "tables.h"

namespace llmc::report {
namespace {

using session::Answer;
using session::AnswerState;

// Hands the report on in pieces.
class Writer {
public:
    explicit Writer(const base::ByteSink& sink) : sink_(sink) {}

    // What was held back, without the last line break.
    void finish() {
        buffer_.pop_back();
        sink_(buffer_);
    }

    void line(std::string_view text) {
        add(text);
        add("\n");
    }
    void block(std::string_view text) {
        add(text);
        add("\n\n");
    }
    // Leaves one empty line before what follows.
    void heading(int level, std::string_view title) { block(fmt::format("{:#<{}} {}", "", level, title)); }

    void table(const TextTable& table) {
        row(table.titles);
        std::string rule = "|";
        for (std::size_t i = 0; i < table.titles.size(); ++i) rule += "---|";
        line(rule);
        for (const auto& cells : table.rows) row(cells);
        line("");
    }

private:
    void row(const std::vector<std::string>& cells) {
        std::string text = "|";
        for (const std::string& cell : cells) text += " " + markdown_cell(cell) + " |";
        line(text);
    }

    void add(std::string_view text) {
        constexpr std::size_t kPiece = std::size_t{64} << 10;
        if (buffer_.size() + text.size() > kPiece) {
            sink_(buffer_);
            buffer_.clear();
        }
        if (text.size() > kPiece)
            sink_(text);
        else
            buffer_ += text;
    }

    const base::ByteSink& sink_;
    std::string buffer_;
};

void write_header(Writer& out, const session::Session& session, const Outline& outline, base::WallTime generated_at) {
    out.heading(1, "LLM Comparison Report");
    std::vector<std::string> labels;
    for (const Column& column : outline.columns) labels.push_back(markdown_inline(column.label));
    out.line("**Generated:** " + base::iso_local(generated_at));
    out.line(fmt::format("**Models:** {}", fmt::join(labels, ", ")));
    out.line("**Temperature:** " + number_or_servers_own(session.settings.temperature));
    out.line("**Max Tokens:** " + number_or_servers_own(session.settings.max_tokens));
    if (const std::string others = other_settings_text(session.settings); !others.empty())
        out.line("**Other Settings:** " + markdown_inline(others));
    for (const session::SettingsChange& change : session.changes)
        out.line(
            fmt::format("**Settings:** {} (changed in round {})", markdown_inline(change.what), change.from_round));
    if (session.suite) out.line("**Suite:** " + markdown_inline(suite_text(session)));
    if (const std::string verdict = verdict_text(session); !verdict.empty())
        out.line("**Verdict:** " + markdown_inline(verdict));
    out.line("");
    if (session.is_halted) out.block("⚠️ **Session Halted:** " + markdown_inline(halt_line(session)));
    out.heading(2, "System Prompt");
    out.line(markdown_fence(session.settings.system_prompt));
}

void write_warning(Writer& out, std::string_view warning) {
    out.block("> ⚠️ " + markdown_inline(warning));
}

void write_tool_call(Writer& out, const openai::ToolCall& call) {
    out.block("**Tool call:** " + markdown_inline(call.name));
    out.block(markdown_fence(call.arguments, "json"));
}

void write_reasoning(Writer& out, std::string_view reasoning) {
    if (reasoning.empty()) return;
    out.line("> **Reasoning**");
    out.line(">");
    out.block(markdown_quote(markdown_block(reasoning)));
}

void write_step(Writer& out, const session::Step& step) {
    if (!step.prompt.empty()) {
        out.block(fmt::format("**User, turn {}:**", step.turn));
        out.block(markdown_block(step.prompt));
    }
    const bool is_complete = step.state == AnswerState::complete;
    out.block(fmt::format("**Step {}{}**", step.index,
                          is_complete ? "" : fmt::format(" ({})", session::answer_state_name(step.state))));
    write_reasoning(out, step.reasoning);
    if (const std::string text = markdown_block(step.text); !text.empty()) out.block(text);
    for (const session::StepCall& one : step.calls) {
        write_tool_call(out, one.call);
        if (!one.result) continue;
        out.block(fmt::format("**{}{}:**", one.is_error ? "Error result" : "Result",
                              one.is_valid ? "" : " of an invalid call"));
        out.block(markdown_fence(*one.result));
    }
}

void write_steps(Writer& out, const Answer& answer) {
    for (const auto& step : answer.steps) write_step(out, *step);
    if (answer.resumed_at) out.block(fmt::format("**Resumed at step:** {}", *answer.resumed_at));
    if (answer.ended_by) out.block(fmt::format("**Ended by:** {}", session::ended_by_name(*answer.ended_by)));
    if (!answer.world) return;
    for (const auto& [path, text] : *answer.world) {
        out.block(fmt::format("**File {}:** {}", text ? "written" : "gone", markdown_inline(path)));
        if (text) out.block(markdown_fence(*text));
    }
}

void write_answer(Writer& out, const Turn& turn, const Answer& answer) {
    const bool is_complete = answer.state == AnswerState::complete;
    out.heading(3, is_complete ? "Assistant"
                               : fmt::format("Assistant (incomplete: {})", session::answer_state_name(answer.state)));
    if (&answer != turn.answer) write_warning(out, attempt_text(turn, answer));
    if (!is_complete)
        if (const std::string failure = failure_line(answer); !failure.empty()) write_warning(out, failure);
    for (const std::string& warning : warnings_of(answer)) write_warning(out, warning);
    if (answer.form && answer.form->name != session::kUsualForm)
        out.block(
            fmt::format("**Request form:** {}, words {}", markdown_inline(answer.form->name), answer.form->words));
    if (!answer.steps.empty()) {
        write_steps(out, answer);
        if (answer.text() != answer.steps.back()->text) out.block(markdown_block(answer.text()));
        return;
    }
    write_reasoning(out, answer.reasoning());
    const std::string text = markdown_block(answer.text());
    if (!text.empty()) out.block(text);
    for (const openai::ToolCall& call : answer.tool_calls) write_tool_call(out, call);
    if (text.empty() && answer.tool_calls.empty()) out.block("*No text.*");
}

void write_column(Writer& out, const Column& column) {
    out.block(std::string(80, '='));
    out.heading(2, "Model: " + markdown_inline(column.label));
    if (!column.error.empty()) out.block("**Error:** " + markdown_inline(column.error));
    const std::string own = own_settings_text(*column.candidate);
    if (!own.empty()) out.block("**Settings:** " + markdown_inline(own));
    if (column.candidate->own.system_prompt) {
        out.block("**System prompt:**");
        out.block(markdown_fence(*column.candidate->own.system_prompt));
    }
    for (const Turn& turn : column.turns) {
        out.heading(3, "User");
        out.block(markdown_block(turn.round->prompt));
        for (const Answer* replaced : turn.replaced) write_answer(out, turn, *replaced);
        if (turn.answer) write_answer(out, turn, *turn.answer);
    }
}

void write_section(Writer& out, std::string_view title, const std::vector<TextTable>& tables) {
    if (tables.empty()) return;
    out.heading(2, title);
    for (const TextTable& table : tables) out.table(table);
}

}  // namespace

void write_markdown(const session::Session& session, base::WallTime generated_at, const base::ByteSink& sink) {
    const Outline outline = outline_of(session);
    Writer out(sink);
    write_header(out, session, outline, generated_at);
    for (const Column& column : outline.columns) write_column(out, column);
    out.heading(2, "Metrics");
    for (const TextTable& table : metrics_tables(outline)) out.table(table);
    out.block(kMetricsLegend);
    write_section(out, "Checks", checks_tables(session, outline));
    write_section(out, "Loops", loop_tables(session, outline));
    write_section(out, "Ratings", ratings_tables(session, outline));
    write_section(out, "Judges", judges_tables(session, outline));
    write_section(out, "Casting", casting_tables(session, outline));
    out.finish();
}

}  // namespace llmc::report
