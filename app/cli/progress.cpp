#include "cli/progress.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.h"
#include "metrics/words.h"
#include "session/loop_results.h"
#include "session/suite_results.h"

namespace llmc::cli {
namespace {

std::string padded(std::string_view text, std::size_t columns) {
    std::string cell = fit(text, columns);
    cell.append(columns - std::min(columns, base::terminal_width(cell)), ' ');
    return cell;
}

std::string ttft_text(const metrics::AnswerMetrics& metrics) {
    return metrics.time_to_first_token_s ? "TTFT " + metrics::seconds_text(*metrics.time_to_first_token_s) : "";
}

// Never a bare "tok/s".
std::string speed_text(const metrics::AnswerMetrics& metrics) {
    return metrics::decode_text(metrics) + (metrics.decode_tokens_per_s ? " decode" : "");
}

std::string bar(int done, int total, std::size_t columns) {
    const auto filled = total > 0 ? columns * static_cast<std::size_t>(done) / static_cast<std::size_t>(total) : 0;
    return "[" + std::string(filled, '#') + std::string(columns - filled, '-') + "]";
}

// "step 4/20" where an answer takes several.
std::string state_text(const CandidateProgress& candidate) {
    const session::StepNow& step = candidate.step;
    const bool is_under_way = step.index > 0 && candidate.state == session::AnswerState::streaming;
    if (!is_under_way) return std::string(session::answer_state_name(candidate.state));
    if (step.max_steps == 0) return fmt::format("step {}", step.index);
    return fmt::format("step {}/{}", step.of_turn, step.max_steps);
}

std::string progress_line(const RunProgress& run, std::size_t columns) {
    const engine::Progress& now = run.progress;
    const std::string head = now.first_round == now.last_round
                                 ? fmt::format("round {}/{}  {}/{} answers", now.first_round, now.rounds,
                                               now.answers_done, now.answers_total)
                                 : fmt::format("rounds {}-{}/{}  {}/{} answers", now.first_round, now.last_round,
                                               now.rounds, now.answers_done, now.answers_total);
    std::string tail = clock_text(run.elapsed_s);
    const int left = now.answers_total - now.answers_done;
    if (run.activity == engine::Activity::running && now.answers_done > 0 && left > 0)
        tail += fmt::format(", {} left", about_text(run.elapsed_s / now.answers_done * left));
    else if (run.activity != engine::Activity::running)
        tail += fmt::format(", {}", engine::activity_name(run.activity));
    const std::size_t taken = head.size() + tail.size() + 6;
    if (columns < taken + 4) return fit(head + "  " + tail, columns);
    return fmt::format("{}  {}  {}", head,
                       bar(now.answers_done, now.answers_total, std::min<std::size_t>(columns - taken, 40)), tail);
}

// "  ended by final 3, cycle 2; first invalid step per run: – – 9"
std::string loop_line(const session::LoopResults& loop) {
    std::vector<std::string> words, invalid;
    for (const auto& [how, count] : loop.ended_by)
        words.push_back(fmt::format("{} {}", session::ended_by_name(how), count));
    for (const std::optional<int>& step : loop.first_invalid_step)
        invalid.push_back(step ? fmt::format("{}", *step) : "–");
    const bool is_all_valid = std::ranges::none_of(loop.first_invalid_step, &std::optional<int>::has_value);
    return fmt::format("  ended by {}; first invalid step per run: {}",
                       words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", ")),
                       is_all_valid ? "none" : fmt::format("{}", fmt::join(invalid, " ")));
}

}  // namespace

std::string clock_text(double seconds) {
    const auto whole = static_cast<long long>(std::max(0.0, seconds));
    if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string about_text(double seconds) {
    if (seconds < 90) return fmt::format("about {:.0f} s", std::max(1.0, std::ceil(seconds)));
    if (seconds < 90 * 60) return fmt::format("about {:.0f} min", seconds / 60);
    return fmt::format("about {:.1f} h", seconds / 3600);
}

std::string fit(std::string_view text, std::size_t columns) {
    const std::string clean = base::for_terminal_line(text);
    if (base::terminal_width(clean) <= columns) return clean;
    std::string cut;
    std::size_t width = 0;
    for (std::size_t pos = 0; pos < clean.size();) {
        const char32_t code_point = base::next_code_point(clean, pos);
        const auto wide = static_cast<std::size_t>(base::terminal_width(code_point));
        if (width + wide + 1 > columns) break;
        base::append_code_point(cut, code_point);
        width += wide;
    }
    return columns > 0 ? cut + "…" : std::string{};
}

std::vector<std::string> live_lines(const RunProgress& run, const std::vector<CandidateProgress>& candidates,
                                    int columns_, int rows) {
    const auto columns = static_cast<std::size_t>(std::max(columns_, 8));
    std::vector<std::string> lines{progress_line(run, columns)};

    // The columns of the table, in the order in which they are given up, last first.
    constexpr std::size_t kState = 11, kTokens = 10, kTtft = 12, kSpeed = 19, kGap = 2, kLabelLeast = 8;
    std::size_t label = kLabelLeast, server = 0;
    for (const CandidateProgress& candidate : candidates) {
        label = std::max(label, base::terminal_width(candidate.label));
        server = std::max(server, base::terminal_width(candidate.server));
    }
    label = std::min<std::size_t>(label, 32);
    server = std::min<std::size_t>(server, 24);
    std::size_t used = kState + kGap + std::min(label, columns > kState + kGap ? columns - kState - kGap : 1);
    const auto takes = [&](std::size_t width) {
        if (width == 0 || used + kGap + width > columns) return false;
        used += kGap + width;
        return true;
    };
    const bool with_tokens = takes(kTokens), with_ttft = with_tokens && takes(kTtft),
               with_speed = with_ttft && takes(kSpeed), with_server = with_speed && takes(server);
    label = std::min(label, columns > kState + kGap ? columns - kState - kGap : 1);

    const auto room = static_cast<std::size_t>(std::max(rows - 3, 1));
    const std::size_t shown = candidates.size() <= room ? candidates.size() : room - 1;
    for (std::size_t i = 0; i < shown; ++i) {
        const CandidateProgress& candidate = candidates[i];
        std::string line = padded(candidate.label, label) + "  " + padded(state_text(candidate), kState);
        if (with_tokens) line += "  " + fmt::format("{:>{}}", metrics::tokens_text(candidate.metrics), kTokens);
        if (with_ttft) line += "  " + fmt::format("{:>{}}", ttft_text(candidate.metrics), kTtft);
        if (with_speed) line += "  " + fmt::format("{:>{}}", speed_text(candidate.metrics), kSpeed);
        if (with_server) line += "  " + padded(candidate.server, server);
        while (!line.empty() && line.back() == ' ') line.pop_back();
        lines.push_back(fit(line, columns));
    }
    if (shown < candidates.size())
        lines.push_back(fit(fmt::format("… and {} more", candidates.size() - shown), columns));
    return lines;
}

std::string plain_line(const session::Answer& answer, const std::string& label) {
    std::string line = fmt::format("round {}: {}: {}", answer.round, label, session::answer_state_name(answer.state));
    if (!answer.server.empty()) line += fmt::format(" on {}", answer.server);
    const metrics::AnswerMetrics& metrics = answer.metrics;
    if (metrics.output_tokens)
        line += fmt::format(", {} tokens", metrics::count_text(*metrics.output_tokens, metrics.tokens_estimated));
    for (const std::string& words : {ttft_text(metrics), speed_text(metrics)})
        if (!words.empty()) line += ", " + words;
    if (const auto steps = answer.steps.size(); steps > 0)
        line += fmt::format(", {} step{}", steps, steps == 1 ? "" : "s");
    if (answer.ended_by) line += fmt::format(", ended by {}", session::ended_by_name(*answer.ended_by));
    if (!answer.checks.empty()) {
        const auto passed = std::count_if(answer.checks.begin(), answer.checks.end(),
                                          [](const session::CheckResult& check) { return check.passed; });
        line += fmt::format(", {} of {} checks passed", passed, answer.checks.size());
    }
    return line;
}

std::vector<std::string> result_lines(const session::Session& session) {
    const session::SuiteResults results = session::suite_results(session);
    const std::vector<std::string> labels = session::unique_labels(session.candidates);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < results.candidates.size(); ++i) {
        const session::CandidateResults& one = results.candidates[i];
        if (one.checks.total == 0) continue;
        std::string line = fmt::format("{}: {} of {} checks passed", labels[i], one.checks.passed, one.checks.total);
        if (const auto interval = one.checks.interval())
            line += fmt::format(" ({}, 95 % interval {})", metrics::percent_text(*one.checks.rate()),
                                metrics::interval_text(interval->low, interval->high));
        if (session.suite && session.suite->repeat > 1 && one.steadiness.agreement)
            line += fmt::format(", {} of repeats agree", metrics::percent_text(*one.steadiness.agreement));
        lines.push_back(std::move(line));
        if (const auto loop = session::loop_results(session, one.candidate)) lines.push_back(loop_line(*loop));
    }
    return lines;
}

}  // namespace llmc::cli
