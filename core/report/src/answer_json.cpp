// One answer as JSON, in both directions.
#include <fmt/format.h>

#include "figures.h"
#include "judging_json.h"
#include "openai/manifest.h"
#include "outline.h"
#include "record_json.h"
#include "report/report.h"

namespace llmc::report {
namespace {

using base::OrderedJson;
using session::Answer;
using session::AnswerState;

constexpr int kMaxCount = 1'000'000'000;

OrderedJson tool_calls_json(const std::vector<openai::ToolCall>& calls) {
    OrderedJson json = OrderedJson::array();
    for (const openai::ToolCall& call : calls)
        json.push_back(OrderedJson{{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
    return json;
}

OrderedJson rating_json(const session::Rating& rating) {
    if (rating.is_empty()) return {};
    return {{"thumbs", value_or_null(rating.thumbs)},
            {"stars", value_or_null(rating.stars)},
            {"note", text_or_null(rating.note)}};
}

OrderedJson served_json(const session::ServedModel& served) {
    return {{"quantization", text_or_null(served.quantization)},
            {"format", text_or_null(served.format)},
            {"context_length", value_or_null(served.context_length)}};
}

void read_failure(Fields& fields, session::Failure& failure) {
    const std::string word = fields.text_or_empty("phase");
    bool is_known = false;
    for (const auto phase :
         {net::Phase::resolve, net::Phase::connect, net::Phase::send, net::Phase::waiting, net::Phase::streaming})
        if (net::phase_name(phase) == word) {
            failure.phase = phase;
            is_known = true;
        }
    if (!is_known) fields.refuse("phase", fmt::format("\"{}\" is no phase", word));
    failure.status = static_cast<int>(fields.integer("status", 0, 999).value_or(0));
    failure.message = fields.text_or_empty("message");
    failure.kind = base::error_kind_from(fields.text_or_empty("kind"));
}

void read_metrics(Fields& fields, Metrics& metrics) {
    for (const NumberFigure& figure : kNumberFigures)
        metrics.*figure.value = fields.number(figure.key, 0, metrics::kMaxFigure);
    for (const CountFigure& figure : kCountFigures)
        metrics.*figure.value = fields.integer(figure.key, 0, metrics::kMaxTokens);
    for (const FlagFigure& figure : kFlagFigures) metrics.*figure.value = fields.flag(figure.key).value_or(false);
    for (const WordFigure& figure : kWordFigures)
        if (const auto word = fields.text(figure.key); word && !figure.take(metrics, *word))
            fields.refuse(figure.key, fmt::format("\"{}\" is no {}", *word, figure.what));
    metrics.chunks = fields.integer("chunks", 0, metrics::kMaxTokens).value_or(0);
    if (const auto requests = fields.integer("requests_in_flight", 0, kMaxCount))
        metrics.requests_in_flight = static_cast<int>(*requests);
}

void read_rating(Fields& fields, session::Rating& rating) {
    if (const auto thumbs = fields.integer("thumbs", -1, 1)) {
        if (*thumbs == 0)
            fields.refuse("thumbs", "0 is neither 1 nor -1");
        else
            rating.thumbs = static_cast<int>(*thumbs);
    }
    if (const auto stars = fields.integer("stars", 1, 5)) rating.stars = static_cast<int>(*stars);
    rating.note = fields.text_or_empty("note");
}

void read_answer_settings(Fields& fields, session::AnswerSettings& settings) {
    // The same keys as a session's; what only a session has stays at its default and is not looked at.
    const session::Settings common = read_settings(fields);
    settings = session::in_force(common, {});
    settings.extra_body = fields.object_value("extra_body");
}

void read_state(Fields& fields, Answer& answer) {
    const std::string word = fields.required_text("state");
    if (const auto state = session::answer_state_from(word))
        answer.state = *state;
    else
        fields.refuse("state", fmt::format("\"{}\" is no state of an answer", word));
}

}  // namespace

base::OrderedJson failure_to_json(const std::optional<session::Failure>& failure) {
    if (!failure) return {};
    return {{"phase", net::phase_name(failure->phase)},
            {"status", failure->status == 0 ? OrderedJson() : OrderedJson(failure->status)},
            {"message", failure->message},
            {"kind", base::error_kind_name(failure->kind)}};
}

OrderedJson metrics_to_json(const metrics::AnswerMetrics& metrics, int round) {
    OrderedJson json;
    for (const NumberFigure& figure : kNumberFigures) json[figure.key] = value_or_null(metrics.*figure.value);
    for (const CountFigure& figure : kCountFigures) json[figure.key] = value_or_null(metrics.*figure.value);
    for (const FlagFigure& figure : kFlagFigures) json[figure.key] = metrics.*figure.value;
    for (const WordFigure& figure : kWordFigures) json[figure.key] = text_or_null(figure.word(metrics));
    json["chunks"] = metrics.chunks;
    json["requests_in_flight"] = value_or_null(metrics.requests_in_flight);
    json["round"] = round;
    return json;
}

OrderedJson answer_to_json(const Answer& answer, const session::Round& round) {
    OrderedJson json;
    json["round"] = round.number;
    json["prompt"] = round.prompt;
    json["prompt_id"] = text_or_null(round.prompt_id);
    json["case"] = ordered(round.case_values);
    json["repeat"] = round.repeat;
    json["state"] = session::answer_state_name(answer.state);
    json["finish_reason"] = text_or_null(answer.finish_reason);
    json["text"] = answer.text();
    json["reasoning"] = answer.reasoning();
    json["tool_calls"] = tool_calls_json(answer.tool_calls);
    json["error"] = failure_to_json(failure_of(answer));
    json["server"] = text_or_null(answer.server);
    json["reported_model"] = text_or_null(answer.reported_model);
    json["warnings"] = warnings_of(answer);
    json["metrics"] = metrics_to_json(answer.metrics, round.number);
    json["ratings"] = rating_json(answer.rating);
    json["checks"] = checks_json(answer.checks);
    json["settings"] = answer_settings_json(answer.settings);
    json["served"] = served_json(answer.served);
    json["attempt"] = answer.attempt;
    json["started_at"] = time_or_null(answer.started_at);
    json["ended_at"] = time_or_null(answer.ended_at);
    if (answer.unknown.is_object())
        for (const auto& [name, value] : answer.unknown.items())
            if (!json.contains(name) || json[name].is_null()) json[name] = value;
    return json;
}

Answer read_answer(Fields& fields) {
    Answer answer;
    answer.candidate = fields.text_or_empty("candidate");
    answer.round = static_cast<int>(fields.required_integer("round", 1, kMaxCount));
    read_state(fields, answer);
    answer.finish_reason = fields.text_or_empty("finish_reason");
    fields.each("tool_calls", [&](Fields& call) {
        answer.tool_calls.push_back(
            {call.text_or_empty("id"), call.text_or_empty("name"), call.text_or_empty("arguments")});
    });
    fields.object("error", [&](Fields& error) { read_failure(error, answer.failure.emplace()); });
    answer.server = fields.text_or_empty("server");
    answer.reported_model = fields.text_or_empty("reported_model");
    answer.warnings = fields.texts("warnings").value_or(std::vector<std::string>{});
    fields.object("metrics", [&](Fields& metrics) { read_metrics(metrics, answer.metrics); });
    fields.object("ratings", [&](Fields& rating) { read_rating(rating, answer.rating); });
    answer.checks = read_checks(fields);
    fields.object("settings", [&](Fields& settings) { read_answer_settings(settings, answer.settings); });
    fields.object("served", [&](Fields& served) {
        answer.served = {served.text_or_empty("quantization"), served.text_or_empty("format"),
                         served.integer("context_length", 0, openai::kMaxContextLength)};
    });
    answer.attempt = static_cast<int>(fields.integer("attempt", 1, kMaxCount).value_or(1));
    answer.started_at = read_time(fields, "started_at");
    answer.ended_at = read_time(fields, "ended_at");

    const std::string text = fields.text_or_empty("text");
    auto stream = session::AnswerStream::holding(text, fields.text_or_empty("reasoning"));
    if (stream)
        answer.stream = std::move(*stream);
    else
        fields.refuse("text", stream.error().message);

    if (!session::is_final(answer.state)) {
        answer.state = AnswerState::interrupted;
        answer.warnings.emplace_back("The session was saved while this answer was still coming.");
    }
    // The round's own, read with it.
    for (const std::string_view key : {"prompt", "prompt_id", "case", "repeat"}) fields.skip(key);
    answer.unknown = fields.unknown();
    return answer;
}

}  // namespace llmc::report
