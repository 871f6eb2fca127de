// prompt-prix test files: {"test_suite", "prompts": […]}, {"tests": […], "system_prompt"}, or a prompt a line.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/field_reader.h"
#include "chat_parts.h"
#include "check/checks.h"
#include "expectation.h"
#include "import_formats.h"

namespace llmc::interop {
namespace {

using base::OrderedJson;
using Prompt = SuiteDraft::Prompt;

constexpr int kMostSteps = 200;  // a suite's
constexpr std::array kDoneTools = {"DONE"};

// What `expected` says, as checks: every member that is there counts, and one call has to fit all that speak of a call.
class PrixExpected {
public:
    PrixExpected(const OrderedJson& value, const Place& place, Prompt& prompt, Notes& notes)
        : members_(value, place, notes), prompt_(prompt), notes_(notes) {}

    void read() {
        mode_ = members_.text("match_mode").value_or("exact");
        constexpr std::array kModes = {
            "exact",     "contains",         "exclusion",   "exact_with_enum",    "valid_choice",
            "structure", "required_present", "type_strict", "exact_with_pattern", "text_only",
            "parallel",  "first_step"};
        if (std::ranges::find(kModes, std::string_view(mode_)) == kModes.end())
            members_.note("match_mode", fmt::format("\"{}\" is unknown: it counts as exact", mode_));
        read_text();
        if (const OrderedJson* names = members_.find("tool_name_not"))
            check_forbidden(*names, members_.at("tool_name_not"), prompt_, notes_);
        read_parallel();
        const CallDraft call = call_of(members_);
        if (ends_loop(call.name)) {
            prompt_.check({{"type", "tool_call"}, {"name", call.name}}, members_.place());
            if (call.has_arguments())
                notes_.add(members_.place(),
                           "arguments of the call that ends the loop: only that it is made is checked");
        } else if (!call.is_empty()) {
            OrderedJson entries = OrderedJson::array({call.json(prompt_, members_.place(), notes_)});
            prompt_.check(calls_check(std::move(entries), mode_ == "first_step" ? "prefix" : "in_order"),
                          members_.place());
            if (!call.has_arguments() && (call.name.empty() || prompt_.offers(call.name)))
                check_by_schema(prompt_, members_.place());
        }
        members_.finish();
    }

private:
    // `calls` leaves such a call out.
    bool ends_loop(const std::string& tool) const {
        const auto loop = prompt_.json.find("loop");
        return loop != prompt_.json.end() && !tool.empty() && loop->value("done_tool", "") == tool;
    }

    // Of the text, and that no tool is called.
    void read_text() {
        bool forbids = mode_ == "text_only";
        if (const OrderedJson* flag = members_.find("no_tool_call")) forbids |= *flag == true;
        if (const auto type = members_.text("response_type")) {
            forbids |= *type == "text";
            if (*type == "tool_call" || *type == "tool_calls")
                prompt_.check({{"type", "tool_call"}}, members_.at("response_type"));
            else if (*type != "text")
                members_.note("response_type", fmt::format("\"{}\" has no check", *type));
        }
        if (forbids) prompt_.check({{"type", "no_tool_call"}}, members_.at("no_tool_call"));
        contains("response_contains", "contains", "values");
        contains("response_contains_any", "contains", "any");
        contains("response_not_contains", "not_contains", "values");
    }

    void contains(const char* key, const char* type, const char* list_key) {
        if (const OrderedJson* value = members_.find(key))
            check_texts(*value, type, list_key, members_.at(key), prompt_, notes_);
    }

    void read_parallel() {
        const OrderedJson* list = members_.list("tool_calls");
        OrderedJson entries = OrderedJson::array();
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            Members one((*list)[i], members_.at("tool_calls")[i], notes_);
            entries.push_back(call_of(one).json(prompt_, one.place(), notes_));
            one.finish();
        }
        check_calls(std::move(entries), members_, prompt_);
    }

    CallDraft call_of(Members& members) {
        CallDraft call;
        call.name = members.text_of({"tool_name", "name", "function"}).value_or("");
        if (const OrderedJson* any = members.find("tool_name_any")) {
            const auto names = texts_of(*any, members.at("tool_name_any"), notes_);
            if (call.name.empty() && !names.empty()) call.pattern = names_pattern(names);
            if (names.size() == 1 && call.name.empty()) call.name = names.front();
        }
        const bool is_contained = mode_ == "contains";
        for (const char* key : {"params", "arguments"})
            each(members, key, [&](const std::string& name, const OrderedJson& value, const Place&) {
                call.argument(name, is_contained ? contained(value) : literal(value));
            });
        for (const char* key : {"params_enum_valid", "params_any"})
            each(members, key, [&](const std::string& name, const OrderedJson& value, const Place&) {
                call.argument(name, one_of(value));
            });
        each(members, "params_not", [&](const std::string& name, const OrderedJson& value, const Place&) {
            call.argument(name, {{"not", value.is_array() ? none_of(value) : literal(value)}});
        });
        each(members, "params_pattern", [&](const std::string& name, const OrderedJson& value, const Place& place) {
            take_pattern(call, name, value, place);
        });
        each(members, "params_types", [&](const std::string& name, const OrderedJson& value, const Place& place) {
            call.argument(name, typed(value, place));
        });
        each(members, "params_structure", [&](const std::string& name, const OrderedJson& value, const Place& place) {
            call.argument(name, structure(value, place));
        });
        if (const OrderedJson* required = members.find("params_required")) {
            const auto names = texts_of(*required, members.at("params_required"), notes_);
            if (names.size() > kMaxImportMembers)
                members.note("params_required", fmt::format("names more than {} arguments", kMaxImportMembers));
            else
                for (const std::string& name : names) call.argument(name, present());
        }
        return call;
    }

    template <class Take>
    static void each(Members& members, const char* key, const Take& take) {
        const OrderedJson* object = members.object(key);
        if (object == nullptr) return;
        for (const auto& [name, value] : object->items()) take(name, value, members.at(key) / name);
    }

    // As a text in the value's; a number or boolean also as itself.
    static OrderedJson contained(const OrderedJson& value) {
        if (value.is_string()) return {{"contains", value}};
        if (value.is_structured()) return literal(value);
        return {{"any_of", {value, {{"contains", as_text(value)}}}}};
    }

    // None of the list's, nor the list.
    static OrderedJson none_of(const OrderedJson& list) {
        OrderedJson values = one_of(list);
        values["any_of"].push_back(literal(list));
        return values;
    }

    void take_pattern(CallDraft& call, const std::string& name, const OrderedJson& value, const Place& place) {
        const OrderedJson expected = {{"matches", value}};
        const OrderedJson entry = {{"name", "tool"}, {"arguments", {{name, expected}}}};
        const auto parsed = check::parse_check(calls_check(OrderedJson::array({entry}), "in_order"));
        if (parsed) return call.argument(name, expected);
        call.argument(name, present());
        const std::string& why = parsed.error().message;
        const auto colon = why.rfind("arguments");
        notes_.add(place, fmt::format("is no expression of RE2, only that the argument is there is checked: {}",
                                      colon == std::string::npos ? why : why.substr(colon)));
    }

    OrderedJson typed(const OrderedJson& word, const Place& place) {
        if (word.is_array()) {
            OrderedJson types = OrderedJson::array();
            for (const OrderedJson& one : word) types.push_back(typed(one, place));
            return {{"any_of", std::move(types)}};
        }
        OrderedJson type = word.is_string() ? of_type(word.get_ref<const std::string&>()) : OrderedJson();
        if (!type.is_null()) return type;
        notes_.add(place,
                   fmt::format("{} is no type of JSON: only that the member is there is checked", shortly(word)));
        return present();
    }

    OrderedJson structure(const OrderedJson& value, const Place& place) {
        if (value.is_array()) {
            if (!value.empty()) notes_.add(place, "what the elements of the list are");
            return {{"type", "array"}};
        }
        if (!value.is_object()) return typed(value, place);
        if (value.empty()) return {{"type", "object"}};
        OrderedJson object = OrderedJson::object();
        for (const auto& [name, member] : value.items()) object[name] = structure(member, place / name);
        return members_of(std::move(object), place, notes_);
    }

    Members members_;
    Prompt& prompt_;
    Notes& notes_;
    std::string mode_;
};

void take_mocks(const OrderedJson& mocks, const Place& place, Prompt& prompt, Notes& notes) {
    OrderedJson results = OrderedJson::object();
    for (const auto& [tool, result] : mocks.items()) {
        if (!prompt.offers(tool)) {
            notes.add(place / tool, "the prompt offers no such tool");
            continue;
        }
        if (!result.is_object()) {
            results[tool] = as_text(result);
            continue;
        }
        OrderedJson& texts = results[tool] = OrderedJson::object();
        for (const auto& [key, text] : result.items()) texts[key] = as_text(text);
    }
    if (!results.empty()) prompt.json["tool_results"] = std::move(results);
}

void take_loop(Members& members, Prompt& prompt) {
    const auto mode = members.text("mode");
    const OrderedJson* most = members.find("max_iterations");
    const OrderedJson* mocks = members.object("mock_tools");
    if (mode != "react") {
        if (mode && *mode != "single" && !mode->empty())
            members.note("mode", fmt::format("\"{}\" is unknown: one request is made", *mode));
        if (most) members.note("max_iterations", "says nothing without \"mode\": \"react\"");
        if (mocks) members.note("mock_tools", "says nothing without \"mode\": \"react\"");
        return;
    }
    if (!prompt.json.contains("tools"))
        return members.note("mode", "a loop needs tools, and there are none: one request is made");
    OrderedJson loop = {{"max_steps", 15}};
    if (most && most->is_number_integer() && *most >= 1) {
        loop["max_steps"] = *most > kMostSteps ? OrderedJson(kMostSteps) : *most;
        if (*most > kMostSteps) members.note("max_iterations", fmt::format("a loop has {} steps at most", kMostSteps));
    } else if (most) {
        members.note("max_iterations", fmt::format("{} is no number of steps: 15 are", shortly(*most)));
    }
    for (const char* tool : kDoneTools)
        if (prompt.offers(tool)) loop["done_tool"] = tool;
    loop["cycle_repetitions"] = 3;
    loop["history"] = "one_call_per_message";
    prompt.json["loop"] = std::move(loop);
    if (mocks != nullptr) take_mocks(*mocks, members.at("mock_tools"), prompt, members.notes());
}

void take_criteria(Members& members, Prompt& prompt) {
    for (const char* key : {"pass_criteria", "fail_criteria", "expected_response"}) {
        const OrderedJson* value = members.find(key);
        if (value == nullptr) continue;
        std::string text;
        if (value->is_array())
            for (const OrderedJson& line : *value) text += (text.empty() ? "" : "\n") + as_text(line);
        else
            text = as_text(*value);
        prompt.json[key] = std::move(text);
    }
}

// The history, where there is one, and what the user asks.
void take_what_is_asked(Members& members, Prompt& prompt) {
    if (auto system = members.text_of({"system", "system_prompt"})) prompt.system = *std::move(system);
    if (const OrderedJson* messages = members.list("messages"))
        take_messages_asked(*messages, prompt, members.at("messages"), members.notes());
    const OrderedJson* user = nullptr;
    for (const char* key : {"user", "prompt", "input", "question", "user_message", "user_prompt", "query"}) {
        const OrderedJson* found = members.find(key);
        if (found == nullptr) continue;
        if (user == nullptr && !prompt.json.contains("prompt"))
            user = found;
        else
            members.note(key, "stands beside another text of the user");
        if (user == found) prompt.json["prompt"] = as_text(*found);
    }
}

void take_prompt(const Record& record, ImportJob& job) {
    Prompt prompt{.place = record.place};
    Members members(record.value, record.place, job.notes);
    prompt.id = members.text_of({"id", "test_id"}).value_or("");
    take_category(members, prompt);
    if (const OrderedJson* tools = members.find("tools")) take_tools(*tools, prompt, members.at("tools"), job.notes);
    take_what_is_asked(members, prompt);
    if (const OrderedJson* choice = members.find("tool_choice"))
        take_tool_choice(*choice, prompt, members.at("tool_choice"), job.notes);
    if (const OrderedJson* flag = members.find("parallel_tool_calls"); flag && flag->is_boolean())
        prompt.json["parallel_tool_calls"] = *flag;
    if (const OrderedJson* format = members.object("response_format")) prompt.json["response_format"] = *format;
    take_loop(members, prompt);
    take_criteria(members, prompt);
    if (const OrderedJson* expected = members.object("expected"))
        PrixExpected(*expected, members.at("expected"), prompt, job.notes).read();
    members.finish();
    job.draft.add(std::move(prompt));
}

const char* list_key(const OrderedJson& whole) {
    for (const char* key : {"prompts", "tests"})
        if (whole.contains(key) && whole[key].is_array() && !whole[key].empty() && whole[key].front().is_object())
            return key;
    return nullptr;
}

bool is_prix_prompt(const OrderedJson& one) {
    if (!one.is_object()) return false;
    const auto has = [&](const char* key) { return one.contains(key); };
    const bool asks = has("user") || has("messages") || has("prompt");
    return has("test_id") || has("user") ||
           (asks && (has("expected") || has("pass_criteria") || has("mock_tools") || has("match_mode")));
}

}  // namespace

bool is_promptprix(const Document& document) {
    if (const OrderedJson* whole = document.whole()) {
        if (whole->contains("format")) return false;
        const char* key = list_key(*whole);
        if (key != nullptr) return is_prix_prompt((*whole)[key].front()) || whole->contains("test_suite");
    }
    return is_prix_prompt(document.first());
}

Result<void> read_promptprix(ImportJob& job) {
    for (const Document& document : job.documents) {
        const OrderedJson* whole = document.whole();
        const char* key = whole ? list_key(*whole) : nullptr;
        if (key == nullptr) {
            for (const Record& record : document.records) take_prompt(record, job);
            continue;
        }
        Members members(*whole, document.records.front().place, job.notes);
        if (auto name = members.text_of({"test_suite", "name"}); name && !name->empty()) job.draft.name = *name;
        if (auto text = members.text("description")) job.draft.description = *text;
        if (auto system = members.text_of({"system_prompt", "system"})) job.draft.system = *system;
        const OrderedJson& list = *members.list(key);
        for (std::size_t i = 0; i < list.size(); ++i) take_prompt({members.at(key)[i], list[i]}, job);
        members.finish();
    }
    return {};
}

}  // namespace llmc::interop
