// Traces of an agent framework's calls, a line each: a suite for each specialist, a prompt for each distinct pair of
// system prompt and prompt, with what the model answered then.
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "chat_parts.h"
#include "import_formats.h"
#include "metrics/words.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Prompt = SuiteDraft::Prompt;

bool is_trace(const OrderedJson& one) {
    return one.is_object() && one.contains("specialist") &&
           (one.contains("assembled_prompt") || one.contains("model_id"));
}

class TracesReader {
public:
    explicit TracesReader(ImportJob& job) : job_(job) {}

    void read(const Record& record) {
        Members members(record.value, record.place, job_.notes);
        const std::string specialist = members.text("specialist").value_or("");
        const std::string model = members.text("model_id").value_or("");
        const OrderedJson* asked = members.find("assembled_prompt");
        const std::string system = members.text("system_prompt").value_or("");
        if (model == "no_llm_call") return job_.notes.add(record.place, "no model was called there");
        if (asked == nullptr || (asked->is_string() && asked->get_ref<const std::string&>().empty()))
            return job_.notes.add(record.place, "it has no prompt");
        Prompt prompt{.place = record.place};
        if (!system.empty()) prompt.system = system;
        if (asked->is_array())
            take_messages_asked(*asked, prompt, members.at("assembled_prompt"), job_.notes);
        else
            prompt.json["prompt"] = as_text(*asked);
        const auto [first, is_new] =
            first_places_.try_emplace({specialist, system, as_text(*asked)}, record.place.path);
        if (!is_new)
            return job_.notes.add(record.place, fmt::format("what {} answered to the prompt of {} once more",
                                                            model.empty() ? "the model" : model, first->second));
        take_incumbent(members, model, prompt);
        count_others(record.value);
        SuiteDraft& draft = job_.by_specialist.try_emplace(specialist, specialist).first->second;
        draft.role = specialist;
        prompt.id = std::to_string(++numbers_[specialist]);
        draft.add(std::move(prompt));
    }

    // What stands in every line is told once.
    void finish(const Place& place) {
        for (const auto& [key, lines] : others_)
            job_.notes.add(place / key, fmt::format("has no counterpart in a suite (in {})",
                                                    metrics::counted(lines, "line", "lines")));
    }

private:
    void take_incumbent(Members& members, const std::string& model, Prompt& prompt) {
        OrderedJson incumbent = OrderedJson::object();
        if (!model.empty()) incumbent["model"] = model;
        if (auto text = members.text("response_text")) incumbent["text"] = *std::move(text);
        OrderedJson calls = OrderedJson::array();
        const OrderedJson* list = members.list("tool_calls");
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            Members call((*list)[i], members.at("tool_calls")[i], job_.notes);
            const auto name = call.text("name");
            if (!name || name->empty()) {
                job_.notes.add(call.place(), "a call without a name");
                continue;
            }
            OrderedJson taken = {{"name", *name}};
            if (const auto id = call.text("id")) taken["id"] = *id;
            const OrderedJson* arguments = call.find("args");
            if (arguments == nullptr) arguments = call.find("arguments");
            taken["arguments"] = arguments ? as_text(*arguments) : "{}";
            call.find("type");
            call.finish();
            calls.push_back(std::move(taken));
        }
        if (!calls.empty()) {
            incumbent["tool_calls"] = std::move(calls);
            members.note("tool_calls", "which tools were offered does not stand there: the prompt has none");
        }
        if (const OrderedJson* latency = members.find("latency_ms")) {
            if (latency->is_number() && *latency >= 0)
                incumbent["latency_s"] = latency->get<double>() / 1000;
            else
                members.note("latency_ms", fmt::format("{} is no time", shortly(*latency)));
        }
        if (!incumbent.empty()) prompt.json["incumbent"] = std::move(incumbent);
    }

    void count_others(const OrderedJson& line) {
        static const std::set<std::string, std::less<>> kTaken = {
            "specialist", "model_id", "assembled_prompt", "system_prompt", "response_text", "tool_calls", "latency_ms"};
        for (const auto& [key, value] : line.items())
            if (!kTaken.contains(key) && !value.is_null()) ++others_[key];
    }

    ImportJob& job_;
    std::map<std::tuple<std::string, std::string, std::string>, std::string> first_places_;
    std::map<std::string, int> numbers_;
    std::map<std::string, std::size_t> others_;  // members that say nothing here: in how many lines
};

}  // namespace

bool is_traces(const Document& document) {
    return is_trace(document.first());
}

Result<void> read_traces(ImportJob& job) {
    TracesReader reader(job);
    for (const Document& document : job.documents)
        for (const Record& record : document.records) reader.read(record);
    reader.finish({job.documents.front().file, {}});
    return {};
}

}  // namespace llmc::interop
