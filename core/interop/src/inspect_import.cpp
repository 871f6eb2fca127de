// Inspect samples: {"name", "samples": […]}, a list of samples, or one a line.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "chat_parts.h"
#include "check/checks.h"
#include "expectation.h"
#include "import_formats.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Prompt = SuiteDraft::Prompt;

// What a target says, as checks.
class InspectTarget {
public:
    InspectTarget(const Place& place, Prompt& prompt, Notes& notes) : place_(place), prompt_(prompt), notes_(notes) {}

    void read(const OrderedJson& target) {
        if (!target.is_object()) return check_texts(target, "contains", "any", place_, prompt_, notes_);
        Members members(target, place_, notes_);
        read_calls(members);
        read_any(members);
        if (const OrderedJson* names = members.find("tool_calls_exclude"))
            check_forbidden(*names, members.at("tool_calls_exclude"), prompt_, notes_);
        if (const OrderedJson* first = members.find("tool_calls_first"))
            prompt_.check(calls_check(entries(as_list(*first), members.at("tool_calls_first")), "prefix"),
                          members.at("tool_calls_first"));
        if (const OrderedJson* texts = members.find("response_contains"))
            check_texts(*texts, "contains", "values", members.at("response_contains"), prompt_, notes_);
        if (any_without_arguments_) check_by_schema(prompt_, place_);
        members.finish();
    }

private:
    static OrderedJson as_list(const OrderedJson& value) {
        return value.is_array() ? value : OrderedJson::array({value});
    }

    void read_calls(Members& members) {
        const OrderedJson* calls = members.list("tool_calls");
        if (calls && calls->empty() && !members.find("tool_calls_count"))
            prompt_.check({{"type", "no_tool_call"}}, members.at("tool_calls"));
        check_calls(calls ? entries(*calls, members.at("tool_calls")) : OrderedJson::array(), members, prompt_);
    }

    // One of several tools; several calls with arguments of their own cannot be told apart in one check.
    void read_any(Members& members) {
        const OrderedJson* any = members.list("tool_calls_any");
        if (any == nullptr || any->empty()) return;
        const Place place = members.at("tool_calls_any");
        if (any->size() == 1) return prompt_.check(calls_check(entries(*any, place), "in_order"), place);
        std::vector<std::string> names;
        for (std::size_t i = 0; i < any->size(); ++i) {
            const OrderedJson& one = (*any)[i];
            const bool is_object = one.is_object();
            const OrderedJson name = is_object ? one.value("function", one.value("name", OrderedJson())) : one;
            if (name.is_string()) names.push_back(name.get<std::string>());
            if (is_object && one.contains("arguments") && !one["arguments"].empty())
                notes_.add(place[i] / "arguments", "arguments of one of several calls: only the tool is checked");
        }
        if (names.empty()) return notes_.add(place, "names no tool");
        CallDraft call;
        call.pattern = names_pattern(names);
        any_without_arguments_ = true;
        prompt_.check(calls_check(OrderedJson::array({call.json(prompt_, place, notes_)}), "in_order"), place);
    }

    // The JSON that a text holds, as OpenAI's calls have their arguments.
    static OrderedJson read_if_text(const OrderedJson* value) {
        if (value == nullptr || !value->is_string()) return value ? *value : OrderedJson();
        return json_in(value->get_ref<const std::string&>()).value_or(*value);
    }

    OrderedJson entries(const OrderedJson& calls, const Place& place) {
        OrderedJson list = OrderedJson::array();
        for (std::size_t i = 0; i < calls.size(); ++i) {
            CallDraft call;
            if (calls[i].is_string()) {
                call.name = calls[i].get<std::string>();
                list.push_back(call.json(prompt_, place[i], notes_));
                any_without_arguments_ |= prompt_.offers(call.name);
                continue;
            }
            Members members(calls[i], place[i], notes_);
            call.name = members.text_of({"function", "name", "tool_name"}).value_or("");
            const OrderedJson given = read_if_text(members.find("arguments"));
            const OrderedJson* arguments = given.is_null() ? nullptr : &given;
            if (arguments && !arguments->is_object()) {
                members.note("arguments", fmt::format("is no object ({})", shortly(given)));
                arguments = nullptr;
            }
            if (arguments != nullptr)
                for (const auto& [key, value] : arguments->items())
                    call.argument(key, expected(value, members.at("arguments") / key));
            list.push_back(call.json(prompt_, members.place(), notes_));
            any_without_arguments_ |= !call.has_arguments() && prompt_.offers(call.name);
            members.finish();
        }
        return list;
    }

    static bool is_by_words(const OrderedJson& value) {
        constexpr std::array kWords = {"enum", "not", "pattern", "type", "min_length", "value", "contains"};
        const auto& items = value.items();
        return value.is_object() && !value.empty() && std::all_of(items.begin(), items.end(), [&](const auto& item) {
                   return std::ranges::find(kWords, std::string_view(item.key())) != kWords.end();
               });
    }

    // At any depth.
    static bool has_words(const OrderedJson& value) {
        return is_by_words(value) || (value.is_structured() && std::ranges::any_of(value, has_words));
    }

    // {"enum": […]}, {"not": v}, {"pattern": re}, {"type": t}, {"min_length": n}, {"value": v}, also together.
    OrderedJson expected(const OrderedJson& value, const Place& place) {
        if (value.is_array()) {
            if (!has_words(value)) return literal(value);
            OrderedJson list = OrderedJson::array();
            for (std::size_t i = 0; i < value.size(); ++i) list.push_back(expected(value[i], place[i]));
            return list;
        }
        if (!value.is_object()) return value;
        if (!is_by_words(value)) {
            OrderedJson object = OrderedJson::object();
            for (const auto& [key, member] : value.items()) object[key] = expected(member, place / key);
            return object.empty() ? literal(object) : members_of(std::move(object), place, notes_);
        }
        std::vector<OrderedJson> parts;
        for (const auto& [word, operand] : value.items())
            if (OrderedJson part = by_word(word, operand, place / word); !part.is_null())
                parts.push_back(std::move(part));
        return parts.empty() ? present() : all_of(std::move(parts));
    }

    OrderedJson by_word(const std::string& word, const OrderedJson& operand, const Place& place) {
        if (word == "enum") return one_of(operand);
        if (word == "not") return {{"not", expected(operand, place)}};
        if (word == "value") return {{"equals", operand}};
        if (word == "contains") return {{"contains", literal(operand)}};
        if (word == "min_length") return {{"min_length", operand}};
        if (word == "type") {
            OrderedJson type = operand.is_string() ? of_type(operand.get_ref<const std::string&>()) : OrderedJson();
            if (type.is_null()) notes_.add(place, fmt::format("{} is no type of JSON", shortly(operand)));
            return type;
        }
        const OrderedJson matches = {{"matches", operand}};
        const OrderedJson entry = {{"name", "tool"}, {"arguments", {{"a", matches}}}};
        if (check::parse_check(calls_check(OrderedJson::array({entry}), "in_order"))) return matches;
        notes_.add(place, fmt::format("{} is no expression of RE2", shortly(operand)));
        return nullptr;
    }

    Place place_;
    Prompt& prompt_;
    Notes& notes_;
    bool any_without_arguments_ = false;
};

void take_input(Members& members, Prompt& prompt) {
    const OrderedJson* input = members.find("input");
    if (input == nullptr) return;
    if (input->is_array())
        take_messages_asked(*input, prompt, members.at("input"), members.notes());
    else
        prompt.json["prompt"] = as_text(*input);
}

void take_metadata(Members& members, Prompt& prompt, Notes& notes) {
    const OrderedJson* metadata = members.object("metadata");
    if (metadata == nullptr) return;
    Members own(*metadata, members.at("metadata"), notes);
    if (auto system = own.text("system_prompt"); system && !prompt.system) prompt.system = *std::move(system);
    take_category(own, prompt);
    for (const char* key : {"pass_criteria", "fail_criteria", "expected_response"})
        if (auto text = own.text(key)) prompt.json[key] = *std::move(text);
    own.finish();
}

void take_sample(const Record& record, ImportJob& job) {
    Prompt prompt{.place = record.place};
    Members members(record.value, record.place, job.notes);
    prompt.id = members.text("id").value_or("");
    take_metadata(members, prompt, job.notes);
    take_input(members, prompt);
    if (const OrderedJson* tools = members.find("tools")) take_tools(*tools, prompt, members.at("tools"), job.notes);
    if (const OrderedJson* choice = members.find("tool_choice"))
        take_tool_choice(*choice, prompt, members.at("tool_choice"), job.notes);
    if (const OrderedJson* target = members.find("target"))
        InspectTarget(members.at("target"), prompt, job.notes).read(*target);
    members.finish();
    job.draft.add(std::move(prompt));
}

bool is_sample(const OrderedJson& one) {
    return one.is_object() && one.contains("input") &&
           (one.contains("target") || one.contains("metadata") || one.contains("choices"));
}

bool has_samples(const OrderedJson* whole) {
    return whole && whole->contains("samples") && (*whole)["samples"].is_array() && !(*whole)["samples"].empty();
}

}  // namespace

bool is_inspect(const Document& document) {
    const OrderedJson* whole = document.whole();
    return has_samples(whole) ? is_sample((*whole)["samples"].front()) : is_sample(document.first());
}

Result<void> read_inspect(ImportJob& job) {
    for (const Document& document : job.documents) {
        const OrderedJson* whole = document.whole();
        if (!has_samples(whole)) {
            for (const Record& record : document.records) take_sample(record, job);
            continue;
        }
        Members members(*whole, document.records.front().place, job.notes);
        if (auto name = members.text("name"); name && !name->empty()) job.draft.name = *name;
        if (auto text = members.text("description")) job.draft.description = *text;
        if (auto system = members.text("system_prompt")) job.draft.system = *system;
        const OrderedJson& list = *members.list("samples");
        for (std::size_t i = 0; i < list.size(); ++i) take_sample({members.at("samples")[i], list[i]}, job);
        members.finish();
    }
    return {};
}

}  // namespace llmc::interop
