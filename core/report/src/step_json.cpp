#include "step_json.h"

#include <utility>

#include <fmt/format.h>

#include "figures.h"
#include "judging_json.h"
#include "record_json.h"
#include "report/report.h"
#include "report/session_file.h"

namespace llmc::report {
namespace {

using base::FieldReader;
using base::OrderedJson;
using session::Answer;
using session::Step;

OrderedJson call_json(const session::StepCall& one) {
    return {{"id", one.call.id},
            {"name", one.call.name},
            {"arguments", one.call.arguments},
            {"result", value_or_null(one.result)},
            {"is_error", one.is_error},
            {"valid", one.is_valid}};
}

Step read_step(FieldReader& fields, int index) {
    Step step;
    step.index = static_cast<int>(fields.required_integer("index", 1, kMaxCount));
    if (step.index != index) fields.fail("index", fmt::format("{} where step {} is expected", step.index, index));
    step.turn = static_cast<int>(fields.integer_within("turn", 1, kMaxCount).value_or(1));
    step.prompt = fields.string("prompt");
    const std::string word = fields.required_text("state");
    const auto state = session::answer_state_from(word);
    if (!state || !session::is_final(*state)) fields.fail("state", fmt::format("\"{}\" is no state of a step", word));
    step.state = state.value_or(session::AnswerState::failed);
    step.finish_reason = fields.string("finish_reason");
    step.text = fields.string("text");
    step.reasoning = fields.string("reasoning");
    fields.each("tool_calls", [&](FieldReader& call) {
        session::StepCall one{.call = {call.string("id"), call.string("name"), call.string("arguments")}};
        one.result = call.text_or_empty("result", base::Null::is_absent);
        one.is_error = call.flag("is_error").value_or(false);
        one.is_valid = call.flag("valid").value_or(false);
        step.calls.push_back(std::move(one));
    });
    fields.object("metrics", [&](FieldReader& metrics) { read_metrics(metrics, step.metrics); });
    return step;
}

void read_world(FieldReader& fields, Answer& answer) {
    if (fields.object("world") == nullptr) return;
    auto world = std::make_shared<session::WorldChanges>();
    fields.object("world", [&](FieldReader& files) {
        for (const auto& [path, text] : fields.object("world")->items()) {
            files.find(path);
            if (text.is_null())
                (*world)[path] = nullptr;
            else if (text.is_string())
                (*world)[path] = std::make_shared<const std::string>(text.get<std::string>());
            else
                files.fail(path, "must be a text or null");
        }
    });
    answer.world = std::move(world);
}

// A session that was saved in the middle of a step.
void end_running_step(Answer& answer) {
    if (answer.steps.empty()) return;
    const Step& last = *answer.steps.back();
    if (answer.text() == last.text && answer.reasoning() == last.reasoning) return;  // it was between two steps
    Step step{.index = last.index + 1, .turn = last.turn + (last.calls.empty() ? 1 : 0)};
    step.state = session::AnswerState::interrupted;
    step.text = answer.text();
    step.reasoning = answer.reasoning();
    answer.steps.push_back(std::make_shared<const Step>(std::move(step)));
}

}  // namespace

OrderedJson step_json(const Step& step, int round) {
    OrderedJson calls = OrderedJson::array();
    for (const session::StepCall& one : step.calls) calls.push_back(call_json(one));
    OrderedJson metrics = metrics_to_json(step.metrics, round);
    for (const NumberFigure& figure : kNumberFigures)
        if (figure.is_of_steps) metrics.erase(std::string(figure.key));
    for (const CountFigure& figure : kCountFigures)
        if (figure.is_of_steps) metrics.erase(std::string(figure.key));
    return {{"index", step.index},
            {"turn", step.turn},
            {"prompt", text_or_null(step.prompt)},
            {"state", session::answer_state_name(step.state)},
            {"finish_reason", text_or_null(step.finish_reason)},
            {"text", step.text},
            {"reasoning", step.reasoning},
            {"tool_calls", std::move(calls)},
            {"metrics", std::move(metrics)}};
}

OrderedJson steps_json(const Answer& answer) {
    OrderedJson list = OrderedJson::array();
    for (const auto& step : answer.steps) list.push_back(step_json(*step, answer.round));
    return list;
}

OrderedJson world_json(const Answer& answer) {
    if (!answer.world) return {};
    OrderedJson files = OrderedJson::object();
    for (const auto& [path, text] : *answer.world) files[path] = text ? OrderedJson(*text) : OrderedJson();
    return files;
}

void read_steps(FieldReader& fields, Answer& answer) {
    fields.each("steps", [&](FieldReader& step) {
        answer.steps.push_back(
            std::make_shared<const Step>(read_step(step, static_cast<int>(answer.steps.size()) + 1)));
    });
    if (!session::is_final(answer.state)) end_running_step(answer);
    const std::string ended_by = fields.string("ended_by");
    answer.ended_by = session::ended_by_from(ended_by);
    if (!ended_by.empty() && !answer.ended_by) fields.fail("ended_by", fmt::format("\"{}\" is no end", ended_by));
    read_world(fields, answer);
    if (const auto step = fields.integer_within("resumed_at", 1, kMaxCount))
        answer.resumed_at = static_cast<int>(*step);
}

std::string_view severity_name(session::Severity severity) {
    return severity == session::Severity::warning ? "warning" : "critical";
}

void read_severity(FieldReader& fields, session::Round& round) {
    round.category = fields.string("category");
    const std::string word = fields.string("severity");
    if (word == "warning") round.severity = session::Severity::warning;
    if (!word.empty() && word != severity_name(round.severity))
        fields.fail("severity", fmt::format("\"{}\" is neither critical nor warning", word));
}

}  // namespace llmc::report
