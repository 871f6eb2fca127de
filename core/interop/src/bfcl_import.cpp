// Questions of the Berkeley Function Calling Leaderboard, official and flat, and the answers that stand in another file.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat_parts.h"
#include "expectation.h"
#include "import_formats.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Prompt = SuiteDraft::Prompt;

struct BfclAnswer {
    OrderedJson truth;
    Place place;
    bool is_used = false;
};
using BfclAnswers = std::map<std::string, BfclAnswer>;

bool is_question(const OrderedJson& one) {
    return one.is_object() && one.contains("question") &&
           (one.contains("function") || one.contains("ground_truth") || one.contains("involved_classes"));
}

bool is_answer(const OrderedJson& one) {
    return one.is_object() && one.contains("id") && one.contains("ground_truth") && !one.contains("question");
}

// A schema with the type names of other languages as JSON Schema has them; "any" is no demand.
OrderedJson json_schema(const OrderedJson& schema) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kTypes = {{{"dict", "object"},
                                                                                       {"float", "number"},
                                                                                       {"tuple", "array"},
                                                                                       {"list", "array"},
                                                                                       {"bool", "boolean"},
                                                                                       {"int", "integer"},
                                                                                       {"byte", "integer"},
                                                                                       {"short", "integer"},
                                                                                       {"long", "integer"},
                                                                                       {"Bigint", "integer"},
                                                                                       {"double", "number"},
                                                                                       {"char", "string"},
                                                                                       {"String", "string"},
                                                                                       {"str", "string"},
                                                                                       {"Boolean", "boolean"},
                                                                                       {"ArrayList", "array"},
                                                                                       {"Array", "array"},
                                                                                       {"Queue", "array"},
                                                                                       {"Stack", "array"},
                                                                                       {"HashMap", "object"},
                                                                                       {"Hashtable", "object"},
                                                                                       {"any", ""},
                                                                                       {"Any", ""},
                                                                                       {"Integer", "integer"}}};
    if (schema.is_array()) {
        OrderedJson list = OrderedJson::array();
        for (const OrderedJson& one : schema) list.push_back(json_schema(one));
        return list;
    }
    if (!schema.is_object()) return schema;
    OrderedJson taken = OrderedJson::object();
    for (const auto& [key, value] : schema.items()) {
        if (key == "properties" && value.is_object()) {
            OrderedJson& properties = taken[key] = OrderedJson::object();
            for (const auto& [name, own] : value.items()) properties[name] = json_schema(own);
            continue;
        }
        if (key == "type" && value.is_string()) {
            const auto known = std::ranges::find(kTypes, std::string_view(value.get_ref<const std::string&>()),
                                                 [](const auto& pair) { return pair.first; });
            if (known == kTypes.end()) taken[key] = value;
            if (known != kTypes.end() && !known->second.empty()) taken[key] = known->second;
            continue;
        }
        const bool holds_schemas = key == "items" || key == "additionalProperties" || key == "anyOf" || key == "oneOf";
        taken[key] = holds_schemas ? json_schema(value) : value;
    }
    return taken;
}

// A plain value as BFCL's acceptable one: an object's members become lists of one.
OrderedJson acceptable(const OrderedJson& value) {
    if (value.is_array()) {
        OrderedJson list = OrderedJson::array();
        for (const OrderedJson& one : value) list.push_back(acceptable(one));
        return list;
    }
    if (!value.is_object()) return value;
    OrderedJson object = OrderedJson::object();
    for (const auto& [key, member] : value.items()) object[key] = OrderedJson::array({acceptable(member)});
    return object;
}

class BfclQuestion {
public:
    BfclQuestion(const Record& record, ImportJob& job, BfclAnswers& answers)
        : members_(record.value, record.place, job.notes), job_(job), answers_(answers) {
        prompt_.place = record.place;
    }

    void read() {
        prompt_.id = members_.text("id").value_or("");
        read_metadata();
        read_tools();
        read_question();
        read_truth();
        read_excluded();
        members_.finish();
        job_.draft.add(std::move(prompt_));
    }

private:
    void read_metadata() {
        const std::string id = prompt_.id;
        if (const OrderedJson* metadata = members_.object("metadata")) {
            Members own(*metadata, members_.at("metadata"), job_.notes);
            take_category(own, prompt_);
            own.finish();
        }
        if (prompt_.json.contains("category")) return;
        // "live_simple_3-1-0" is of the category live_simple.
        const auto end = id.find_last_of('_');
        const bool is_numbered = end != std::string::npos && end > 0 && end + 1 < id.size() &&
                                 id.find_first_not_of("0123456789-", end + 1) == std::string::npos;
        if (is_numbered) prompt_.json["category"] = id.substr(0, end);
    }

    void read_tools() {
        const OrderedJson* functions = members_.find("function");
        if (functions == nullptr) return;
        OrderedJson list = functions->is_array() ? *functions : OrderedJson::array({*functions});
        for (OrderedJson& one : list) {
            OrderedJson* own = one.is_object() && one.contains("function") ? &one["function"] : &one;
            if (!own->is_object() || !own->contains("parameters")) continue;
            (*own)["parameters"] = json_schema((*own)["parameters"]);
            if (own->contains("name") && (*own)["name"].is_string()) note_required(*own);
        }
        take_tools(list, prompt_, members_.at("function"), job_.notes);
    }

    // A list of turns of messages, one list of messages, or a text.
    void read_question() {
        const OrderedJson* question = members_.find("question");
        if (question == nullptr) return;
        const Place place = members_.at("question");
        if (!question->is_array()) {
            prompt_.json["prompt"] = as_text(*question);
            return;
        }
        const bool has_turns = !question->empty() && question->front().is_array();
        take_messages_asked(has_turns ? question->front() : *question, prompt_, has_turns ? place[0] : place,
                            job_.notes);
        for (std::size_t turn = 1; has_turns && turn < question->size(); ++turn)
            read_later_turn((*question)[turn], place[turn]);
        if (!follow_ups_.empty()) prompt_.json["follow_ups"] = follow_ups_;
    }

    void read_later_turn(const OrderedJson& turn, const Place& place) {
        const bool is_one_text = turn.is_array() && turn.size() == 1 && turn.front().is_object() &&
                                 turn.front().value("role", "") == "user" && turn.front().contains("content") &&
                                 turn.front()["content"].is_string();
        if (is_one_text && !turn.front()["content"].get_ref<const std::string&>().empty())
            follow_ups_.push_back(turn.front()["content"]);
        else
            job_.notes.add(place, "a later turn that is not one text of the user");
    }

    void read_truth() {
        const OrderedJson* truth = members_.find("ground_truth");
        Place place = members_.at("ground_truth");
        if (const auto found = answers_.find(prompt_.id); found != answers_.end()) {
            found->second.is_used = true;
            if (truth == nullptr) {
                truth = &found->second.truth;
                place = found->second.place;
            } else {
                job_.notes.add(found->second.place, "the question has a ground truth of its own");
            }
        }
        const bool is_irrelevance = prompt_.id.find("irrelevance") != std::string::npos;
        if (truth == nullptr && is_irrelevance) return no_call(members_.at("id"));
        if (truth == nullptr && prompt_.id.find("relevance") != std::string::npos)
            return prompt_.check({{"type", "tool_call"}}, members_.at("id"));
        if (truth == nullptr)
            return job_.notes.add(prompt_.place, "there is no ground truth for it, in no file: it has no check");
        OrderedJson calls = truth->is_object() ? OrderedJson::array({*truth}) : *truth;
        if (!calls.is_array()) return job_.notes.add(place, fmt::format("no ground truth ({})", shortly(*truth)));
        if (calls.empty()) return no_call(place);
        OrderedJson taken = OrderedJson::array();
        for (std::size_t i = 0; i < calls.size(); ++i) {
            OrderedJson call = truth_of(calls[i], place[i]);
            if (call.is_null()) return;
            taken.push_back(std::move(call));
        }
        prompt_.check({{"type", "calls"}, {"value", std::move(taken)}, {"rules", "bfcl"}}, place);
    }

    void no_call(const Place& place) {
        prompt_.check({{"type", "calls"}, {"value", OrderedJson::array()}, {"rules", "bfcl"}}, place);
    }

    // {NAME: {PARAMETER: [acceptable values]}}; null where it is something else, which is noted.
    OrderedJson truth_of(const OrderedJson& call, const Place& place) {
        if (call.is_object() && call.contains("name") && call["name"].is_string()) {
            Members flat(call, place, job_.notes);
            const std::string name = flat.text("name").value_or("");
            const OrderedJson* arguments = flat.object("arguments");
            flat.finish();
            return {{name, acceptable(arguments ? *arguments : OrderedJson::object())}};
        }
        if (call.is_object() && call.size() == 1 && call.begin().value().is_object())
            return {{call.begin().key(), in_lists(call.begin().key(), call.begin().value())}};
        job_.notes.add(place,
                       fmt::format("no call as it is understood here: the prompt has no check ({})", shortly(call)));
        return nullptr;
    }

    // Each parameter with a list; a required one cannot be left out, whatever its list says.
    OrderedJson in_lists(const std::string& name, const OrderedJson& parameters) {
        OrderedJson taken = OrderedJson::object();
        for (const auto& [key, value] : parameters.items()) {
            OrderedJson list = value.is_array() ? value : OrderedJson::array({value});
            if (list.size() > 1 && is_required(name, key)) {
                OrderedJson rest = OrderedJson::array();
                for (OrderedJson& one : list)
                    if (one != "") rest.push_back(std::move(one));
                list = std::move(rest);
            }
            taken[key] = std::move(list);
        }
        return taken;
    }

    bool is_required(const std::string& name, const std::string& parameter) const {
        const auto known = required_.find(name);
        return known != required_.end() && known->second.contains(parameter);
    }

    void note_required(const OrderedJson& function) {
        if (!function["parameters"].is_object()) return;
        const auto [known, is_new] = required_.try_emplace(function.value("name", ""));
        const auto required = function["parameters"].find("required");
        if (!is_new || required == function["parameters"].end() || !required->is_array()) return;
        for (const OrderedJson& one : *required)
            if (one.is_string()) known->second.insert(one.get<std::string>());
    }

    // Tools that must not be called, and values that no argument may have.
    void read_excluded() {
        const OrderedJson* excluded = members_.find("ground_truth_exclude");
        if (excluded == nullptr) return;
        const Place place = members_.at("ground_truth_exclude");
        const OrderedJson list = excluded->is_array() ? *excluded : OrderedJson::array({*excluded});
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (list[i].is_string() && prompt_.offers(list[i].get_ref<const std::string&>())) {
                prompt_.check({{"type", "no_tool_call"}, {"name", list[i]}}, place[i]);
                continue;
            }
            const OrderedJson has_value = {{"not", {{"additionalProperties", {{"not", {{"const", list[i]}}}}}}}};
            prompt_.check({{"type", "tool_call"}, {"count", 0}, {"arguments", has_value}}, place[i]);
        }
    }

    Prompt prompt_;
    Members members_;
    ImportJob& job_;
    BfclAnswers& answers_;
    std::map<std::string, std::set<std::string>> required_;  // parameters of the functions
    OrderedJson follow_ups_ = OrderedJson::array();
};

}  // namespace

bool is_bfcl(const Document& document) {
    return is_question(document.first()) || is_answer(document.first());
}

Result<void> read_bfcl(ImportJob& job) {
    BfclAnswers answers;
    for (const Document& document : job.documents)
        for (const Record& record : document.records) {
            if (!is_answer(record.value)) continue;
            Members members(record.value, record.place, job.notes);
            const std::string id = members.text("id").value_or("");
            const OrderedJson* truth = members.find("ground_truth");
            members.finish();
            const BfclAnswer answer{truth ? *truth : OrderedJson::array(), members.at("ground_truth")};
            if (!answers.emplace(id, answer).second)
                job.notes.add(record.place, fmt::format("another answer to \"{}\" stands before it", id));
        }
    for (const Document& document : job.documents)
        for (const Record& record : document.records)
            if (!is_answer(record.value)) BfclQuestion(record, job, answers).read();
    if (job.draft.is_empty())
        return Error{ErrorKind::parse, fmt::format("{}: only answers are in it; give the file with the questions too",
                                                   job.documents.front().file)};
    for (const auto& [id, answer] : answers)
        if (!answer.is_used) job.notes.add(answer.place, fmt::format("no question has the id \"{}\"", id));
    return {};
}

}  // namespace llmc::interop
