#include "suite/incumbents.h"

namespace llmc::suite {
namespace {

using base::OrderedJson;

const OrderedJson* object_in(const OrderedJson& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_object() ? &*found : nullptr;
}

std::string text_in(const OrderedJson& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::map<std::string, Incumbent> incumbents_of(const session::SuiteRun& run) {
    std::map<std::string, Incumbent> incumbents;
    const auto prompts = run.source.find("prompts");
    if (prompts == run.source.end() || !prompts->is_array()) return incumbents;
    for (std::size_t i = 0; i < prompts->size(); ++i) {
        const OrderedJson& prompt = (*prompts)[i];
        if (!prompt.is_object()) continue;
        const OrderedJson* json = object_in(prompt, "incumbent");
        if (!json) json = object_in(run.source, "incumbent");
        if (!json) continue;
        auto stream = session::AnswerStream::holding(text_in(*json, "text"), {});
        if (!stream) continue;  // no room for the text: there are the others
        session::Answer answer;
        answer.candidate = kIncumbent;
        answer.state = session::AnswerState::complete;
        answer.reported_model = text_in(*json, "model");
        answer.stream = *std::move(stream);
        if (const auto calls = json->find("tool_calls"); calls != json->end() && calls->is_array())
            for (const OrderedJson& call : *calls)
                answer.tool_calls.push_back({.id = text_in(call, "id"),
                                             .name = text_in(call, "name"),
                                             .arguments = text_in(call, "arguments")});
        if (const auto seconds = json->find("latency_s"); seconds != json->end() && seconds->is_number())
            answer.metrics.end_to_end_latency_s = seconds->get<double>();
        auto round = std::make_shared<session::Round>();
        round->prompt_id = text_in(prompt, "id").empty() ? std::to_string(i + 1) : text_in(prompt, "id");
        round->prompt = text_in(prompt, "prompt");
        std::string label = answer.reported_model.empty() ? "incumbent" : answer.reported_model + " (incumbent)";
        round->answers.push_back(std::move(answer));
        incumbents[round->prompt_id] = {std::move(label), round};
    }
    return incumbents;
}

}  // namespace llmc::suite
