#include "report/session_file.h"

#include "json_text.h"
#include "judging_json.h"
#include "record_json.h"
#include "report/report.h"
#include "step_json.h"

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

OrderedJson answers_json(const std::vector<session::Answer>& answers, const session::Round& round) {
    OrderedJson list = OrderedJson::array();
    for (const session::Answer& answer : answers) list.push_back(session_answer_json(answer, round));
    return list;
}

OrderedJson round_json(const session::Round& round) {
    OrderedJson json = round_head_json(round);
    json["answers"] = answers_json(round.answers, round);
    json["replaced"] = answers_json(round.replaced, round);
    return json;
}

std::string its_id(const session::CandidateId& id) {
    return id;
}

}  // namespace

// The round holds the prompt; an answer says whose it is.
OrderedJson session_answer_json(const session::Answer& answer, const session::Round& round) {
    OrderedJson json{{"candidate", answer.candidate}};
    OrderedJson full = answer_to_json(answer, round);
    for (auto& [name, value] : full.items())
        if (name != "prompt" && name != "prompt_id" && name != "case" && name != "repeat" && name != "category" &&
            name != "severity")
            json[name] = std::move(value);
    return json;
}

OrderedJson round_head_json(const session::Round& round) {
    OrderedJson votes = OrderedJson::array();
    for (const session::Vote& vote : round.votes) votes.push_back(vote_json(vote, its_id));
    return {{"round", round.number},
            {"prompt", round.prompt},
            {"prompt_id", text_or_null(round.prompt_id)},
            {"case", ordered(round.case_values)},
            {"repeat", round.repeat},
            {"category", text_or_null(round.category)},
            {"severity", round.prompt_id.empty() ? OrderedJson() : OrderedJson(severity_name(round.severity))},
            {"votes", std::move(votes)}};
}

OrderedJson queue_json(const session::Queue& queue) {
    OrderedJson list = OrderedJson::array();
    for (const auto& one : queue)
        list.push_back({{"prompt", one->prompt},
                        {"prompt_id", text_or_null(one->prompt_id)},
                        {"case", ordered(one->case_values)},
                        {"repeat", one->repeat}});
    return list;
}

OrderedJson session_head_json(const session::Session& session) {
    OrderedJson servers = OrderedJson::array(), candidates = OrderedJson::array();
    for (const session::Server& server : session.servers) servers.push_back(server_json(server));
    for (const session::Candidate& candidate : session.candidates) candidates.push_back(candidate_json(candidate));

    OrderedJson json;
    json["format"] = kSessionFormat;
    json["version"] = 1;
    json["id"] = session.id;
    json["created_at"] = base::iso_utc_ms(session.created_at);
    json["settings"] = session::settings_json(session.settings);
    json["changes"] = changes_json(session.changes);
    json["servers"] = std::move(servers);
    json["candidates"] = std::move(candidates);
    json["halted"] = session.is_halted;
    json["halt_reason"] = text_or_null(session.halt_reason);
    json["suite"] = suite_json(session.suite.get());
    OrderedJson& casting = json["casting"] = OrderedJson::array();
    for (const session::RolePick& pick : session.casting) casting.push_back(pick_json(pick, its_id));
    json["looks"] = session.looks;
    json["judges"] = judges_json(session, its_id);
    if (session.unknown.is_object())
        for (const auto& [name, value] : session.unknown.items())
            if (!json.contains(name)) json[name] = value;
    return json;
}

std::string to_session_file(const session::Session& session) {
    OrderedJson rounds = OrderedJson::array();
    for (const auto& round : session.rounds) rounds.push_back(round_json(*round));
    OrderedJson json = session_head_json(session);
    json["queue"] = queue_json(session.queue);
    json["rounds"] = std::move(rounds);
    return json_text(json);
}

}  // namespace llmc::report
