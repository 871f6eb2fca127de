// The JSON report. Its keys are read by other programs: none is ever renamed or left out, what is not there is null.
#include "outline.h"
#include "record_json.h"
#include "report/report.h"
#include "report/session_file.h"

namespace llmc::report {
namespace {

using base::OrderedJson;

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
    json.update(settings_json(session.settings));
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

OrderedJson conversation_json(const session::Session& session, const Column& column) {
    OrderedJson answers = OrderedJson::array(), replaced = OrderedJson::array();
    for (const Turn& turn : column.turns) {
        for (const session::Answer* answer : turn.replaced) replaced.push_back(answer_to_json(*answer, *turn.round));
        if (turn.answer) answers.push_back(answer_to_json(*turn.answer, *turn.round));
    }
    OrderedJson json;
    json["messages"] = messages_json(session, *column.candidate);
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

}  // namespace

OrderedJson to_json(const session::Session& session, base::WallTime generated_at) {
    const Outline outline = outline_of(session);
    OrderedJson json;
    json["generated_at"] = base::iso_local(generated_at);
    json["session_id"] = text_or_null(session.id);
    json["configuration"] = configuration_json(session);
    json["halted"] = session.is_halted;
    json["halt_reason"] = session.is_halted ? text_or_null(halt_line(session)) : OrderedJson();
    OrderedJson& conversations = json["conversations"] = OrderedJson::object();
    for (const Column& column : outline.columns) conversations[column.label] = conversation_json(session, column);
    OrderedJson& servers = json["server_metrics"] = OrderedJson::object();
    for (const ServerSum& server : outline.servers) servers[server.label] = server_json(server);
    json["format"] = kReportFormat;
    json["version"] = 1;
    return json;
}

}  // namespace llmc::report
