// The JSON report. Its keys are read by other programs: none is ever renamed or left out, what is not there is null.
#include <functional>
#include <utility>
#include <vector>

#include "decide/decision.h"
#include "json_text.h"
#include "judging_json.h"
#include "outline.h"
#include "record_json.h"
#include "report/report.h"
#include "report/session_file.h"
#include "session/loop_results.h"
#include "session/suite_results.h"

namespace llmc::report {
namespace {

using base::OrderedJson;
using AnswerJson = std::function<OrderedJson(const session::Answer& answer, const session::Round& round)>;

OrderedJson configuration_json(const session::Session& session) {
    OrderedJson models = OrderedJson::array();
    for (const session::Candidate& candidate : session.candidates) models.push_back(candidate.model_id);
    OrderedJson servers = OrderedJson::array(), server_names = OrderedJson::array();
    for (const session::Server& server : session.servers) {
        servers.push_back(server.url.text());
        server_names.push_back(text_or_null(server.name));
    }

    OrderedJson json;
    json["models"] = std::move(models);
    json.update(session::settings_json(session.settings));
    json["servers"] = std::move(servers);
    json["server_names"] = std::move(server_names);
    json["changes"] = changes_json(session.changes);
    return json;
}

// As it was said: a tool call and its answer beside role and content only where there are any.
OrderedJson messages_json(const session::Session& session, const session::Candidate& candidate) {
    OrderedJson messages = OrderedJson::array();
    for (const openai::Message& message : session::conversation(session, candidate.id)) {
        OrderedJson json{{"role", message.role}, {"content", message.content}};
        for (const openai::ToolCall& call : message.tool_calls)
            json["tool_calls"].push_back(
                OrderedJson{{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
        if (!message.tool_call_id.empty()) json["tool_call_id"] = message.tool_call_id;
        messages.push_back(std::move(json));
    }
    return messages;
}

OrderedJson conversation_json(const session::Session& session, const Column& column, const AnswerJson& answer_json) {
    OrderedJson answers = OrderedJson::array(), replaced = OrderedJson::array();
    for (const Turn& turn : column.turns) {
        for (const session::Answer* answer : turn.replaced) replaced.push_back(answer_json(*answer, *turn.round));
        if (turn.answer) answers.push_back(answer_json(*turn.answer, *turn.round));
    }
    // Without a conversation there are no messages: every prompt of such a suite had a context of its own.
    const bool is_conversation = !session.suite || !session.suite->is_fresh;
    OrderedJson json;
    json["messages"] = is_conversation ? messages_json(session, *column.candidate) : OrderedJson::array();
    json["error"] = text_or_null(column.error);
    json["candidate"] = candidate_json(*column.candidate);
    json["answers"] = std::move(answers);
    json["replaced"] = std::move(replaced);
    json["metrics_summary"] = summary_json(column.summary);
    return json;
}

OrderedJson server_json(const ServerSum& server) {
    OrderedJson json = summary_json(server.summary);
    json["busy_s"] = server.busy_s;
    json["output_tokens_per_busy_s"] = value_or_null(server.output_tokens_per_busy_s);
    return json;
}

OrderedJson decay_json(const std::vector<session::DecayStep>& decay) {
    OrderedJson list = OrderedJson::array();
    for (const session::DecayStep& step : decay)
        list.push_back({{"step", step.step},
                        {"reached", step.reached},
                        {"valid", step.valid},
                        {"context_tokens", value_or_null(step.context_tokens)}});
    return list;
}

OrderedJson loop_json(const std::optional<session::LoopResults>& loop) {
    if (!loop) return {};
    OrderedJson ended_by = OrderedJson::object(), by_prompt = OrderedJson::object(), invalid = OrderedJson::array();
    for (const auto& [how, count] : loop->ended_by) ended_by[session::ended_by_name(how)] = count;
    for (const auto& [id, decay] : loop->decay_by_prompt) by_prompt[id] = decay_json(decay);
    for (const std::optional<int>& step : loop->first_invalid_step) invalid.push_back(value_or_null(step));
    return {{"ended_by", std::move(ended_by)},
            {"decay", decay_json(loop->decay)},
            {"decay_by_prompt", std::move(by_prompt)},
            {"first_invalid_step", std::move(invalid)},
            {"steps_median", value_or_null(loop->steps_median)},
            {"task_time_s_median", value_or_null(loop->task_time_s_median)}};
}

OrderedJson categories_json(const std::map<std::string, session::Tally>& categories) {
    if (categories.empty()) return {};
    OrderedJson json = OrderedJson::object();
    for (const auto& [name, tally] : categories) json[name] = {{"passed", tally.passed}, {"total", tally.total}};
    return json;
}

std::string label_of(const Outline& outline, const session::CandidateId& id) {
    for (const Column& column : outline.columns)
        if (column.candidate->id == id) return column.label;
    return id;
}

OrderedJson suite_results_json(const session::Session& session, const Outline& outline) {
    OrderedJson json = suite_json(session.suite.get());
    if (json.is_null()) return json;
    const session::SuiteResults results = session::suite_results(session);
    OrderedJson& by_label = json["results"] = OrderedJson::object();
    for (const Column& column : outline.columns) {
        const session::CandidateResults& result = *results.find(column.candidate->id);
        const auto interval = result.checks.interval();
        by_label[column.label] = {{"passed", result.checks.passed},
                                  {"total", result.checks.total},
                                  {"pass_rate", value_or_null(result.checks.rate())},
                                  {"low", interval ? OrderedJson(interval->low) : OrderedJson()},
                                  {"high", interval ? OrderedJson(interval->high) : OrderedJson()},
                                  {"steadiness",
                                   {{"agreement", value_or_null(result.steadiness.agreement)},
                                    {"first_divergence_char", value_or_null(result.steadiness.first_divergence_char)}}},
                                  {"loop", loop_json(session::loop_results(session, column.candidate->id))},
                                  {"categories", categories_json(result.categories)}};
    }
    const std::optional<decide::Decision> decision = decide::decision_of(session);
    json["decision"] = decision ? decide::decision_json(*decision) : OrderedJson();
    return json;
}

OrderedJson votes_json(const session::Session& session, const Outline& outline) {
    OrderedJson list = OrderedJson::array();
    const NameOf name_of = [&](const session::CandidateId& id) { return label_of(outline, id); };
    for (const auto& round : session.rounds)
        for (const session::Vote& vote : round->votes) {
            OrderedJson json{{"round", round->number}};
            json.update(vote_json(vote, name_of));
            list.push_back(std::move(json));
        }
    return list.empty() ? OrderedJson() : list;
}

OrderedJson casting_json(const session::Session& session, const Outline& outline) {
    OrderedJson list = OrderedJson::array();
    for (const session::RolePick& pick : session.casting)
        list.push_back(pick_json(pick, [&](const session::CandidateId& id) { return label_of(outline, id); }));
    return list.empty() ? OrderedJson() : list;
}

OrderedJson judges_or_null(const session::Session& session, const Outline& outline) {
    OrderedJson list = judges_json(session, [&](const session::CandidateId& id) { return label_of(outline, id); });
    return list.empty() ? OrderedJson() : list;
}

OrderedJson document(const session::Session& session, base::WallTime generated_at, const AnswerJson& answer_json) {
    const Outline outline = outline_of(session);
    OrderedJson json;
    json["generated_at"] = base::iso_local(generated_at);
    json["session_id"] = text_or_null(session.id);
    json["configuration"] = configuration_json(session);
    json["halted"] = session.is_halted;
    json["halt_reason"] = session.is_halted ? text_or_null(halt_line(session)) : OrderedJson();
    json["queue"] = queue_json(session.queue);
    OrderedJson& conversations = json["conversations"] = OrderedJson::object();
    for (const Column& column : outline.columns)
        conversations[column.label] = conversation_json(session, column, answer_json);
    OrderedJson& servers = json["server_metrics"] = OrderedJson::object();
    for (const ServerSum& server : outline.servers) servers[server.label] = server_json(server);
    json["suite"] = suite_results_json(session, outline);
    json["votes"] = votes_json(session, outline);
    json["casting"] = casting_json(session, outline);
    json["judges"] = judges_or_null(session, outline);
    json["format"] = kReportFormat;
    json["version"] = 1;
    return json;
}

}  // namespace

OrderedJson to_json(const session::Session& session, base::WallTime generated_at) {
    return document(session, generated_at, answer_to_json);
}

void write_json(const session::Session& session, base::WallTime generated_at, const base::ByteSink& sink) {
    std::vector<std::pair<const session::Answer*, const session::Round*>> answers;
    const auto json = document(session, generated_at, [&](const session::Answer& answer, const session::Round& round) {
        answers.emplace_back(&answer, &round);
        return made_later(answers.size() - 1);
    });
    const auto make = [&](std::uint64_t number) {
        const auto& [answer, round] = answers[number];
        return answer_to_json(*answer, *round);
    };
    write_json_text(json, make, sink);
}

}  // namespace llmc::report
