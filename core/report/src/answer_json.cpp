// One answer as JSON, in both directions.
#include <fmt/format.h>

#include "figures.h"
#include "judging_json.h"
#include "openai/manifest.h"
#include "outline.h"
#include "record_json.h"
#include "report/report.h"
#include "step_json.h"

namespace llmc::report {
namespace {

using base::FieldReader;
using base::OrderedJson;
using session::Answer;
using session::AnswerState;

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

void read_failure(FieldReader& fields, session::Failure& failure) {
    const std::string word = fields.string("phase");
    bool is_known = false;
    for (const auto phase :
         {net::Phase::resolve, net::Phase::connect, net::Phase::send, net::Phase::waiting, net::Phase::streaming})
        if (net::phase_name(phase) == word) {
            failure.phase = phase;
            is_known = true;
        }
    if (!is_known) fields.fail("phase", fmt::format("\"{}\" is no phase", word));
    failure.status = static_cast<int>(fields.integer_within("status", 0, 999).value_or(0));
    failure.message = fields.string("message");
    failure.kind = base::error_kind_from(fields.string("kind"));
}

void read_rating(FieldReader& fields, session::Rating& rating) {
    if (const auto thumbs = fields.integer_within("thumbs", -1, 1)) {
        if (*thumbs == 0)
            fields.fail("thumbs", "0 is neither 1 nor -1");
        else
            rating.thumbs = static_cast<int>(*thumbs);
    }
    if (const auto stars = fields.integer_within("stars", 1, 5)) rating.stars = static_cast<int>(*stars);
    rating.note = fields.string("note");
}

void read_answer_settings(FieldReader& fields, session::AnswerSettings& settings) {
    // The same keys as a session's; what only a session has stays at its default and is not looked at.
    const session::Settings common = read_settings(fields);
    settings = session::in_force(common, {});
    settings.extra_body = object_or_null(fields, "extra_body");
}

void read_state(FieldReader& fields, Answer& answer) {
    const std::string word = fields.required_text("state");
    if (const auto state = session::answer_state_from(word))
        answer.state = *state;
    else
        fields.fail("state", fmt::format("\"{}\" is no state of an answer", word));
}

OrderedJson form_json(const std::optional<session::AnswerForm>& form) {
    if (!form) return {};
    return {{"name", form->name}, {"words", form->words}};
}

// Null where what came is no JSON: it stands in the text.
OrderedJson output_json(const Answer& answer) {
    if (!answer.output) return {};
    auto json = base::parse_ordered_json(*answer.output);
    return json ? *std::move(json) : OrderedJson();
}

}  // namespace

void read_metrics(FieldReader& fields, metrics::AnswerMetrics& metrics) {
    for (const NumberFigure& figure : kNumberFigures)
        metrics.*figure.value = fields.number_within(figure.key, 0, metrics::kMaxFigure);
    for (const CountFigure& figure : kCountFigures)
        metrics.*figure.value = fields.integer_within(figure.key, 0, metrics::kMaxTokens);
    for (const FlagFigure& figure : kFlagFigures) metrics.*figure.value = fields.flag(figure.key).value_or(false);
    for (const WordFigure& figure : kWordFigures)
        if (const auto word = fields.text_or_empty(figure.key); word && !figure.take(metrics, *word))
            fields.fail(figure.key, fmt::format("\"{}\" is no {}", *word, figure.what));
    metrics.chunks = fields.integer_within("chunks", 0, metrics::kMaxTokens).value_or(0);
    if (const auto requests = fields.integer_within("requests_in_flight", 0, kMaxCount))
        metrics.requests_in_flight = static_cast<int>(*requests);
}

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
    json["settings"] = session::settings_json(answer.settings);
    json["served"] = served_json(answer.served);
    json["category"] = text_or_null(round.category);
    json["severity"] = round.prompt_id.empty() ? OrderedJson() : OrderedJson(severity_name(round.severity));
    json["steps"] = steps_json(answer);
    json["ended_by"] = answer.ended_by ? OrderedJson(session::ended_by_name(*answer.ended_by)) : OrderedJson();
    json["world"] = world_json(answer);
    json["resumed_at"] = value_or_null(answer.resumed_at);
    json["form"] = form_json(answer.form);
    json["output"] = output_json(answer);
    json["attempt"] = answer.attempt;
    json["history_from"] = answer.history_from;
    json["started_at"] = time_or_null(answer.started_at);
    json["ended_at"] = time_or_null(answer.ended_at);
    if (answer.unknown.is_object())
        for (const auto& [name, value] : answer.unknown.items())
            if (!json.contains(name) || json[name].is_null()) json[name] = value;
    return json;
}

Answer read_answer(FieldReader& fields) {
    Answer answer;
    answer.candidate = fields.string("candidate");
    answer.round = static_cast<int>(fields.required_integer("round", 1, kMaxCount));
    read_state(fields, answer);
    answer.finish_reason = fields.string("finish_reason");
    fields.each("tool_calls", [&](FieldReader& call) {
        answer.tool_calls.push_back({call.string("id"), call.string("name"), call.string("arguments")});
    });
    fields.object("error", [&](FieldReader& error) { read_failure(error, answer.failure.emplace()); });
    answer.server = fields.string("server");
    answer.reported_model = fields.string("reported_model");
    answer.warnings = fields.texts("warnings").value_or(std::vector<std::string>{});
    fields.object("metrics", [&](FieldReader& metrics) { read_metrics(metrics, answer.metrics); });
    fields.object("ratings", [&](FieldReader& rating) { read_rating(rating, answer.rating); });
    answer.checks = read_checks(fields);
    fields.object("settings", [&](FieldReader& settings) { read_answer_settings(settings, answer.settings); });
    fields.object("served", [&](FieldReader& served) {
        answer.served = {served.string("quantization"), served.string("format"),
                         served.integer_within("context_length", 0, openai::kMaxContextLength)};
    });
    fields.object("form", [&](FieldReader& form) {
        answer.form.emplace(session::AnswerForm{
            form.string("name"), static_cast<int>(form.integer_within("words", 0, kMaxCount).value_or(0))});
    });
    if (const OrderedJson* output = fields.find("output"); output && !output->is_null())
        answer.output = base::dump_json(*output);
    answer.attempt = static_cast<int>(fields.integer_within("attempt", 1, kMaxCount).value_or(1));
    answer.history_from = static_cast<int>(fields.integer_within("history_from", 1, kMaxCount).value_or(1));
    answer.started_at = read_time(fields, "started_at");
    answer.ended_at = read_time(fields, "ended_at");

    const std::string text = fields.string("text");
    auto stream = session::AnswerStream::holding(text, fields.string("reasoning"));
    if (stream)
        answer.stream = std::move(*stream);
    else
        fields.fail("text", stream.error().message);

    read_steps(fields, answer);
    if (!session::is_final(answer.state)) {
        answer.state = AnswerState::interrupted;
        answer.warnings.emplace_back("The session was saved while this answer was still coming.");
    }
    // The round's own, read with it.
    for (const std::string_view key : {"prompt", "prompt_id", "case", "repeat", "category", "severity"})
        fields.find(key);
    answer.unknown = fields.finish();
    return answer;
}

}  // namespace llmc::report
