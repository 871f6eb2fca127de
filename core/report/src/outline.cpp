#include "outline.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "plain_text.h"
#include "report/report.h"
#include "session/failure_title.h"

namespace llmc::report {
namespace {

using session::Answer;
using session::AnswerState;

Column column_of(const session::Session& session, const session::Candidate& candidate, std::string label) {
    Column column{.candidate = &candidate, .label = std::move(label)};
    std::vector<metrics::AnswerMetrics> complete;
    for (const auto& round : session.rounds) {
        Turn turn{.round = round.get(), .answer = round->counted(candidate.id)};
        for (const Answer& answer : round->replaced)
            if (answer.candidate == candidate.id && &answer != turn.answer) turn.replaced.push_back(&answer);
        const Answer* current = round->find(candidate.id);
        if (current && current != turn.answer) turn.replaced.push_back(current);
        if (!turn.answer && turn.replaced.empty()) continue;
        if (turn.answer) {
            if (session::is_failure(turn.answer->state)) column.error = failure_of(*turn.answer)->message;
            if (turn.answer->state == AnswerState::complete) complete.push_back(turn.answer->metrics);
        }
        column.turns.push_back(std::move(turn));
    }
    column.summary = metrics::summarize(complete);
    return column;
}

// The seconds covered by at least one of the spans.
double covered_s(std::vector<std::pair<base::WallTime, base::WallTime>> spans) {
    std::sort(spans.begin(), spans.end());
    base::WallTime::duration covered{};
    base::WallTime end = base::WallTime::min();
    for (const auto& [from, to] : spans) {
        if (to <= end) continue;
        covered += to - std::max(from, end);
        end = to;
    }
    return std::chrono::duration<double>(covered).count();
}

ServerSum server_sum(const session::Session& session, std::string label) {
    ServerSum sum{.label = std::move(label)};
    std::vector<metrics::AnswerMetrics> complete;
    std::vector<std::pair<base::WallTime, base::WallTime>> spans;
    double timed_tokens = 0;
    for (const auto& round : session.rounds)
        for (const Answer& answer : round->answers) {
            if (answer.state != AnswerState::complete || answer.server != sum.label) continue;
            complete.push_back(answer.metrics);
            if (!answer.started_at || !answer.ended_at || *answer.ended_at < *answer.started_at) continue;
            spans.emplace_back(*answer.started_at, *answer.ended_at);
            timed_tokens += metrics::streamed_tokens(answer.metrics);
        }
    sum.summary = metrics::summarize(complete);
    sum.busy_s = covered_s(std::move(spans));
    if (sum.busy_s > 0) sum.output_tokens_per_busy_s = timed_tokens / sum.busy_s;
    return sum;
}

std::vector<std::string> server_labels(const session::Session& session) {
    std::vector<std::string> labels;
    const auto add = [&](const std::string& label) {
        if (!label.empty() && std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
    };
    for (const session::Server& server : session.servers) add(server.label());
    for (const auto& round : session.rounds)
        for (const Answer& answer : round->answers) add(answer.server);
    return labels;
}

std::string_view words_for(AnswerState state) {
    switch (state) {
        case AnswerState::cut_off: return "The stream ended without a finish reason.";
        case AnswerState::empty: return "The answer ended without text, reasoning or tool call.";
        default: return "The answer failed.";
    }
}

ErrorKind kind_for(AnswerState state) {
    switch (state) {
        case AnswerState::cut_off: return ErrorKind::cut_off;
        case AnswerState::empty: return ErrorKind::empty;
        default: return ErrorKind::internal;
    }
}

}  // namespace

Outline outline_of(const session::Session& session) {
    Outline outline;
    const std::vector<std::string> labels = session::unique_labels(session.candidates);
    for (std::size_t i = 0; i < labels.size(); ++i)
        outline.columns.push_back(column_of(session, session.candidates[i], labels[i]));
    for (std::string& label : server_labels(session)) outline.servers.push_back(server_sum(session, std::move(label)));
    for (const auto& round : session.rounds)
        for (const Answer& answer : round->answers) outline.has_ratings |= !answer.rating.is_empty();
    return outline;
}

std::string attempt_text(const Turn& turn, const Answer& attempt) {
    if (turn.answer && turn.answer->attempt < attempt.attempt)
        return fmt::format("Attempt {}, a further one: it is not counted.", attempt.attempt);
    return fmt::format("Attempt {}, which was tried again.", attempt.attempt);
}

std::vector<std::string> warnings_of(const Answer& answer) {
    std::vector<std::string> warnings = answer.warnings;
    const auto speaks_of_length = [](const std::string& warning) {
        return warning.find("length") != std::string::npos || warning.find("max_tokens") != std::string::npos;
    };
    if (answer.finish_reason == "length" && std::none_of(warnings.begin(), warnings.end(), speaks_of_length))
        warnings.push_back("The answer was ended by its token limit (finish reason length).");
    return warnings;
}

std::optional<session::Failure> failure_of(const Answer& answer) {
    if (answer.failure || !session::is_failure(answer.state)) return answer.failure;
    return session::Failure{.phase = net::Phase::streaming,
                            .status = 0,
                            .kind = kind_for(answer.state),
                            .message = std::string(words_for(answer.state))};
}

std::string other_settings_text(const session::Settings& settings) {
    session::Sampling others = settings;
    others.temperature.reset();
    others.max_tokens.reset();
    std::vector<std::string> parts;
    for (const session::Setting& setting : session::all_settings())
        if (const auto value = session::value_of(setting, others); !value.is_null())
            parts.push_back(fmt::format("{} {}", setting.words, session::text_of(value, "")));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string own_settings_text(const session::Candidate& candidate) {
    const session::Overrides& own = candidate.own;
    std::vector<std::string> parts;
    for (const session::Setting& setting : session::all_settings()) {
        if (const auto value = session::value_of(setting, own); !value.is_null())
            parts.push_back(fmt::format("{} {}", setting.words, session::text_of(value, "")));
        else if (own.leaves(setting.key))
            parts.push_back(fmt::format("{} not sent", setting.words));
    }
    if (!own.extra_body.is_null()) parts.push_back("extra body " + base::dump_json(own.extra_body));
    if (!candidate.server.empty()) parts.push_back("on " + candidate.server);
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string served_text(const session::ServedModel& served) {
    std::vector<std::string> parts;
    if (!served.quantization.empty()) parts.push_back(served.quantization);
    if (!served.format.empty()) parts.push_back(served.format);
    if (served.context_length) parts.push_back(fmt::format("context {}", *served.context_length));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string failure_line(const Answer& answer) {
    const auto failure = failure_of(answer);
    if (!failure) return {};
    const std::string title = session::failure_title(answer);
    return title.empty() ? failure->message : fmt::format("{}. {}", title, failure->message);
}

std::string halt_line(const session::Session& session) {
    const Answer* answer = session::first_failure(session);
    if (!answer) return one_line(session.halt_reason);
    const std::vector<std::string> labels = session::unique_labels(session.candidates);
    std::string_view label = answer->candidate;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (session.candidates[i].id == answer->candidate) label = labels[i];
    return one_line(fmt::format("Model {} failed: {}", label, failure_line(*answer)));
}

}  // namespace llmc::report
