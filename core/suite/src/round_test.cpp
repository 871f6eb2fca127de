#include "suite/round_test.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "placeholders.h"
#include "suite/suite.h"

namespace llmc::suite {
namespace {

using base::OrderedJson;

// A text that stands for itself in a suite with cases, too.
std::string standing(std::string_view text, bool has_cases) {
    return has_cases ? literal(text) : std::string(text);
}

// As OpenAI has it, which is how suites write a history.
OrderedJson message_json(const openai::Message& message, bool has_cases) {
    OrderedJson json{{"role", message.role}, {"content", standing(message.content, has_cases)}};
    for (const openai::ToolCall& call : message.tool_calls)
        json["tool_calls"].push_back(
            {{"id", call.id},
             {"type", "function"},
             {"function", {{"name", call.name}, {"arguments", standing(call.arguments, has_cases)}}}});
    if (!message.tool_call_id.empty()) json["tool_call_id"] = message.tool_call_id;
    return json;
}

// Of the suite that the session runs, what stands beside the prompt of that round; an object, empty without one.
OrderedJson said_by_suite(const session::Session& session, const session::Round& round) {
    OrderedJson said = OrderedJson::object();
    if (!session.suite || round.prompt_id.empty()) return said;
    const OrderedJson& source = session.suite->source;
    // A prompt's own holds, else the suite's.
    for (const char* key : {"tools", "tool_choice", "parallel_tool_calls", "tool_results", "world", "loop",
                            "follow_ups", "category", "severity"})
        if (const auto found = source.find(key); found != source.end()) said[key] = *found;
    const auto prompts = source.find("prompts");
    if (prompts == source.end() || !prompts->is_array()) return said;
    for (std::size_t i = 0; i < prompts->size(); ++i) {
        const OrderedJson& prompt = (*prompts)[i];
        if (!prompt.is_object() || prompt.value("id", std::to_string(i + 1)) != round.prompt_id) continue;
        for (const auto& [key, value] : prompt.items())
            if (key != "id") said[key] = value;
    }
    return said;
}

}  // namespace

OrderedJson test_of_round(const session::Session& session, int number, const session::CandidateId& candidate) {
    const session::Round& round = *session.rounds[static_cast<std::size_t>(number) - 1];
    const session::Answer& answer = *round.find(candidate);
    session::Candidate who = *session.find_candidate(candidate);
    who.own.system_prompt = answer.settings.system_prompt;

    const bool has_cases = round.case_values.is_object();
    OrderedJson prompt{{"id", round.prompt_id.empty() ? fmt::format("round-{}", number) : round.prompt_id}};
    OrderedJson messages = OrderedJson::array();
    if (!session::has_own_context(session, round))
        for (const openai::Message& message : session::history(session, who, number, answer.history_from))
            if (message.role != "system") messages.push_back(message_json(message, has_cases));
    // With its placeholders where there is a case for them.
    const OrderedJson said = said_by_suite(session, round);
    if (const auto own = said.find("messages"); own != said.end() && own->is_array())
        for (const OrderedJson& message : *own) messages.push_back(message);
    if (!messages.empty()) prompt["messages"] = std::move(messages);
    if (!round.prompt.empty() && !said.contains("prompt")) prompt["prompt"] = round.prompt;
    for (const auto& [key, value] : said.items())
        if (!prompt.contains(key)) prompt[key] = value;
    if (!answer.text().empty()) prompt["expected_response"] = standing(answer.text(), has_cases);

    OrderedJson document{{"format", kSuiteFormat}, {"version", 1}, {"name", fmt::format("round {}", number)}};
    if (session.suite && !session.suite->role.empty()) document["role"] = session.suite->role;
    document["system_prompt"] = answer.settings.system_prompt;
    document["settings"] = session::request_fields(answer.settings);
    if (has_cases) document["cases"] = OrderedJson::array({OrderedJson(round.case_values)});
    document["prompts"] = OrderedJson::array({std::move(prompt)});
    return document;
}

}  // namespace llmc::suite
