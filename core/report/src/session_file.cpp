#include "report/session_file.h"

#include "json_text.h"
#include "record_json.h"
#include "report/report.h"

namespace llmc::report {
namespace {

using base::OrderedJson;

OrderedJson server_json(const session::Server& server) {
    return {{"url", server.url.text()},
            {"name", text_or_null(server.name)},
            {"api_key_env", text_or_null(server.api_key_env)},
            {"ca_file", text_or_null(server.ca_file)},
            {"max_concurrent", server.max_concurrent}};
}

// The round holds the prompt; an answer says whose it is.
OrderedJson answers_json(const std::vector<session::Answer>& answers, const session::Round& round) {
    OrderedJson list = OrderedJson::array();
    for (const session::Answer& answer : answers) {
        OrderedJson json{{"candidate", answer.candidate}};
        OrderedJson full = answer_to_json(answer, round);
        for (auto& [name, value] : full.items())
            if (name != "prompt" && name != "prompt_id" && name != "case" && name != "repeat")
                json[name] = std::move(value);
        list.push_back(std::move(json));
    }
    return list;
}

OrderedJson round_json(const session::Round& round) {
    return {{"round", round.number},
            {"prompt", round.prompt},
            {"prompt_id", text_or_null(round.prompt_id)},
            {"case", ordered(round.case_values)},
            {"repeat", round.repeat},
            {"answers", answers_json(round.answers, round)},
            {"replaced", answers_json(round.replaced, round)}};
}

}  // namespace

std::string to_session_file(const session::Session& session) {
    OrderedJson servers = OrderedJson::array(), candidates = OrderedJson::array(), rounds = OrderedJson::array();
    for (const session::Server& server : session.servers) servers.push_back(server_json(server));
    for (const session::Candidate& candidate : session.candidates) candidates.push_back(candidate_json(candidate));
    for (const auto& round : session.rounds) rounds.push_back(round_json(*round));

    OrderedJson json;
    json["format"] = kSessionFormat;
    json["version"] = 1;
    json["id"] = session.id;
    json["created_at"] = base::iso_utc_ms(session.created_at);
    json["settings"] = settings_json(session.settings);
    json["changes"] = changes_json(session.changes);
    json["servers"] = std::move(servers);
    json["candidates"] = std::move(candidates);
    json["halted"] = session.is_halted;
    json["halt_reason"] = text_or_null(session.halt_reason);
    json["rounds"] = std::move(rounds);
    if (session.unknown.is_object())
        for (const auto& [name, value] : session.unknown.items())
            if (!json.contains(name)) json[name] = value;
    return json_text(json);
}

}  // namespace llmc::report
