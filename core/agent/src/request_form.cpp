#include "agent/request_form.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "base/white_space.h"
#include "fence.h"

namespace llmc::agent {
namespace {

using base::Json;
using base::OrderedJson;
using openai::Message;
using openai::ToolCall;

constexpr std::array<std::string_view, 4> kNames = {"native", "tool", "schema", "prompt"};
constexpr const char* kToolName = "tool_name";

constexpr std::string_view kOutputWords =
    "Answer with one JSON value and nothing else: no explanation, no code fence. It has to fit this JSON Schema:\n{}";
constexpr std::string_view kToolWords =
    "You can call tools. These are the tools:\n{}\n\nTo call tools, answer with this JSON and nothing else, with one "
    "entry for each call:\n{{\"tool_calls\": [{{\"name\": \"NAME\", \"arguments\": {{}}}}]}}\nThe results are told to "
    "you after that. {}";

bool has_tools(const suite::Task& task) {
    return task.tools->is_array() && !task.tools->empty();
}

// "function" of a tool, or the tool itself where there is none around it.
OrderedJson definition_of(const Json& tool) {
    const Json* function = base::find(tool, "function");
    return OrderedJson(function && function->is_object() ? *function : tool);
}

std::string name_of(const OrderedJson& definition) {
    const auto name = definition.find("name");
    return name != definition.end() && name->is_string() ? name->get<std::string>() : std::string();
}

OrderedJson json_schema_format(const std::string& name, OrderedJson schema) {
    return {{"type", "json_schema"},
            {"json_schema", {{"name", name}, {"strict", true}, {"schema", std::move(schema)}}}};
}

// One of the things that "actions" may be. Errors: why its parameters cannot be part of a larger schema.
Result<OrderedJson> action_schema(const OrderedJson& definition) {
    const auto given = definition.find("parameters");
    const bool has_any = given != definition.end() && given->is_object();
    auto parameters = suite::sent_schema(has_any ? *given : OrderedJson::object());
    if (!parameters) return parameters.error();
    if (parameters->contains("$defs") || base::dump_json(*parameters).find("\"$ref\":\"#\"") != std::string::npos)
        return Error{ErrorKind::usage, "contain themselves"};
    OrderedJson properties{{kToolName, {{"const", name_of(definition)}}}};
    OrderedJson required = OrderedJson::array({kToolName});
    if (const auto own = parameters->find("properties"); own != parameters->end() && own->is_object()) {
        if (own->contains(kToolName)) return Error{ErrorKind::usage, "have one that is called tool_name"};
        for (const auto& [key, value] : own->items()) properties[key] = value;
    }
    if (const auto own = parameters->find("required"); own != parameters->end() && own->is_array())
        for (const OrderedJson& key : *own) required.push_back(key);
    OrderedJson schema{{"type", "object"}};
    if (const auto words = definition.find("description"); words != definition.end()) schema["description"] = *words;
    for (const auto& [key, value] : parameters->items()) schema[key] = value;
    schema["properties"] = std::move(properties);
    schema["required"] = std::move(required);
    schema["additionalProperties"] = false;
    return schema;
}

// The name of the only tool that may be called; empty where any may.
std::string forced_tool(const Json& tool_choice) {
    const Json* function = base::find(tool_choice, "function");
    return function ? base::get_string(*function, "name").value_or("") : std::string();
}

// agents.md C2: {reasoning, actions, final_response}, in this order, so that a model thinks before it acts.
Result<OrderedJson> actions_schema(const suite::Task& task, const Json& tool_choice) {
    const std::string forced = forced_tool(tool_choice);
    OrderedJson one_of = OrderedJson::array();
    for (const Json& tool : *task.tools) {
        const OrderedJson definition = definition_of(tool);
        const std::string name = name_of(definition);
        if (!forced.empty() && name != forced) continue;
        auto action = action_schema(definition);
        if (!action)
            return Error{action.error().kind,
                         fmt::format("the parameters of {} {}", base::for_terminal_line(name), action.error().message)};
        one_of.push_back(*std::move(action));
    }
    OrderedJson actions{{"type", "array"}, {"items", {{"oneOf", std::move(one_of)}}}};
    const bool may_be_empty = task.script->loop && tool_choice != "required" && forced.empty();
    if (!may_be_empty) actions["minItems"] = 1;
    if (task.parallel_tool_calls == false) actions["maxItems"] = 1;
    OrderedJson schema{{"type", "object"},
                       {"properties",
                        {{"reasoning", {{"type", "string"}}},
                         {"actions", std::move(actions)},
                         {"final_response", {{"type", "string"}}}}},
                       {"required", {"reasoning", "actions"}},
                       {"additionalProperties", false}};
    if (base::dump_json(schema).size() > suite::kMaxSentSchema)
        return Error{ErrorKind::limit,
                     fmt::format("its tools as one schema are larger than {} KiB", suite::kMaxSentSchema >> 10)};
    return schema;
}

std::string tool_words(const suite::Task& task, const Json& tool_choice) {
    OrderedJson definitions = OrderedJson::array();
    const std::string forced = forced_tool(tool_choice);
    for (const Json& tool : *task.tools)
        if (OrderedJson one = definition_of(tool); forced.empty() || name_of(one) == forced)
            definitions.push_back(std::move(one));
    const bool has_to = tool_choice == "required" || !forced.empty();
    std::string how = has_to ? "You have to call a tool now." : "Where no tool is needed, answer with text.";
    if (task.parallel_tool_calls == false) how += " Call one tool at a time.";
    return fmt::format(fmt::runtime(kToolWords), base::dump_json(definitions), how);
}

void add_to_system_prompt(const std::string& words, std::vector<Message>& messages) {
    const auto system = std::ranges::find(messages, "system", &Message::role);
    if (system == messages.end())
        messages.insert(messages.begin(), {.role = "system", .content = words});
    else
        system->content += (system->content.empty() ? "" : "\n\n") + words;
}

// --- The history, where calls are no calls

// As the model was told to write them.
std::string written_calls(RequestForm form, const std::vector<ToolCall>& calls) {
    OrderedJson list = OrderedJson::array();
    for (const ToolCall& call : calls) {
        auto arguments = base::parse_ordered_json(call.arguments);
        OrderedJson read = arguments ? *std::move(arguments) : OrderedJson::object();
        if (form == RequestForm::prompt) {
            list.push_back({{"name", call.name}, {"arguments", std::move(read)}});
            continue;
        }
        OrderedJson action{{kToolName, call.name}};
        if (read.is_object()) action.update(read);
        list.push_back(std::move(action));
    }
    if (form == RequestForm::prompt) return base::dump_json(OrderedJson{{"tool_calls", std::move(list)}});
    return base::dump_json(OrderedJson{{"reasoning", ""}, {"actions", std::move(list)}});
}

// An assistant's turn is its text, and what tools said follows as one message of the user.
std::vector<Message> without_calls(RequestForm form, std::vector<Message> messages) {
    std::vector<Message> told;
    std::map<std::string, std::string> names;  // of tools, by the id of their call
    bool is_result = false;                    // the last one of `told`
    for (Message& message : messages) {
        if (message.role == "tool") {
            const std::string& name = names[message.tool_call_id];
            if (!std::exchange(is_result, true)) told.push_back({.role = "user", .content = {}});
            std::string& all = told.back().content;
            all += fmt::format("{}Result of {}: {}", all.empty() ? "" : "\n\n", name.empty() ? "a tool" : name,
                               message.content);
            continue;
        }
        is_result = false;
        for (const ToolCall& call : message.tool_calls) names[call.id] = call.name;
        if (!message.tool_calls.empty() && base::shows_nothing(message.content))
            message.content = form == RequestForm::tool ? message.tool_calls.front().arguments
                                                        : written_calls(form, message.tool_calls);
        message.tool_calls.clear();
        told.push_back(std::move(message));
    }
    return told;
}

// --- What comes back

bool is_json(std::string_view text) {
    return base::parse_ordered_json(text).ok();
}

// JSON that is all of the reasoning, or what it ends with.
std::optional<std::string_view> json_of_reasoning(std::string_view reasoning) {
    const std::string_view whole = without_fence(reasoning);
    if (!whole.empty() && is_json(whole)) return whole;
    for (const std::string_view begin : {"\n{", "\n["}) {
        const auto at = reasoning.rfind(begin);
        if (at == std::string_view::npos) continue;
        std::string_view last = reasoning.substr(at + 1);
        if (const auto fence = last.rfind("\n```"); fence != std::string_view::npos) last = last.substr(0, fence);
        if (is_json(last)) return last;
    }
    return std::nullopt;
}

std::optional<std::vector<ToolCall>> calls_in(RequestForm form, std::string_view text) {
    const auto json = base::parse_ordered_json(without_fence(text));
    if (!json || !json->is_object()) return std::nullopt;
    const bool is_prompt = form == RequestForm::prompt;
    const auto list = json->find(is_prompt ? "tool_calls" : "actions");
    if (list == json->end() || !list->is_array()) return std::nullopt;
    std::vector<ToolCall> calls;
    for (const OrderedJson& one : *list) {
        if (!one.is_object()) continue;
        const auto name = one.find(is_prompt ? "name" : kToolName);
        if (name == one.end() || !name->is_string()) continue;
        OrderedJson arguments = OrderedJson::object();
        if (is_prompt) {
            if (const auto given = one.find("arguments"); given != one.end()) arguments = *given;
        } else {
            arguments = one;
            arguments.erase(kToolName);
        }
        // Some models write the object as a text, as native calls have it.
        calls.push_back(
            {.id = {},
             .name = name->get<std::string>(),
             .arguments = arguments.is_string() ? arguments.get<std::string>() : base::dump_json(arguments)});
    }
    return calls;
}

}  // namespace

std::string_view request_form_name(RequestForm form) {
    return kNames[static_cast<std::size_t>(form)];
}

bool has_demand(const suite::Task& task) {
    return task.output != nullptr || has_tools(task);
}

std::optional<std::string> form_fault(RequestForm form, const suite::Task& task) {
    if (form == RequestForm::native || !has_demand(task)) return std::nullopt;
    if (task.output && has_tools(task)) return "has \"output\" beside tools, which only the form native can ask for";
    if (form != RequestForm::schema || !has_tools(task)) return std::nullopt;
    if (!task.response_format->is_null()) return "has a \"response_format\" of its own, which the form schema needs";
    const auto schema = actions_schema(task, nullptr);
    if (schema) return std::nullopt;
    return fmt::format("cannot be asked in the form schema: {}", schema.error().message);
}

RequestForm request_form_of(const session::AnswerSettings& settings) {
    const auto found = std::ranges::find(kNames, settings.request_form.value_or(std::string(kNames[0])));
    return found == kNames.end() ? RequestForm::native : static_cast<RequestForm>(found - kNames.begin());
}

RequestForm form_of(const session::AnswerSettings& settings, const suite::Task& task) {
    const RequestForm form = request_form_of(settings);
    return !has_demand(task) || form_fault(form, task) ? RequestForm::native : form;
}

void put_demand(RequestForm form, const suite::Task& task, const Json& tool_choice, openai::ChatRequest& request) {
    request.response_format = *task.response_format;
    const bool asks_with_tools = has_tools(task) && (form == RequestForm::native || form == RequestForm::tool);
    if (asks_with_tools || form == RequestForm::native) {
        request.tools = OrderedJson(*task.tools);
        request.tool_choice = tool_choice;
        request.parallel_tool_calls = task.parallel_tool_calls;
    } else {
        request.messages = without_calls(form, std::move(request.messages));
    }
    if (task.output) {
        const suite::Output& output = *task.output;
        if (form == RequestForm::prompt) {
            add_to_system_prompt(fmt::format(fmt::runtime(kOutputWords), base::dump_json(output.schema)),
                                 request.messages);
        } else if (form == RequestForm::tool) {
            request.tools = OrderedJson::array(
                {{{"type", "function"}, {"function", {{"name", output.name}, {"parameters", output.schema}}}}});
            request.tool_choice = "required";
        } else {
            request.response_format = json_schema_format(output.name, output.schema);
        }
    }
    if (!has_tools(task) || asks_with_tools || tool_choice == "none") return;
    if (form == RequestForm::prompt) {
        add_to_system_prompt(tool_words(task, tool_choice), request.messages);
    } else if (auto schema = actions_schema(task, tool_choice)) {
        request.response_format = json_schema_format("actions", *std::move(schema));
    }
}

std::optional<std::string> take_output_call(RequestForm form, const suite::Task& task, std::vector<ToolCall>& calls) {
    if (form != RequestForm::tool || !task.output) return std::nullopt;
    const auto call = std::ranges::find(calls, task.output->name, &ToolCall::name);
    if (call == calls.end() || !is_json(call->arguments)) return std::nullopt;
    std::string arguments = std::move(call->arguments);
    calls.erase(call);
    return arguments;
}

FoundOutput find_output(std::string_view text, std::string_view reasoning) {
    const std::string_view content = without_fence(text);
    const bool is_content_json = !content.empty() && is_json(content);
    if (!is_content_json)
        if (const auto found = json_of_reasoning(reasoning))
            return {.text = std::string(*found), .is_in_reasoning = true};
    return {.text = std::string(is_content_json ? content : text)};
}

std::optional<FoundCalls> find_calls(RequestForm form, const suite::Task& task, std::string_view text,
                                     std::string_view reasoning) {
    const bool is_text = form == RequestForm::schema || form == RequestForm::prompt;
    if (!is_text || !has_tools(task)) return std::nullopt;
    FoundCalls found;
    found.is_in_reasoning = base::shows_nothing(text);
    auto calls = calls_in(form, found.is_in_reasoning ? reasoning : text);
    if (!calls) return FoundCalls();
    found.calls = *std::move(calls);
    return found;
}

}  // namespace llmc::agent
