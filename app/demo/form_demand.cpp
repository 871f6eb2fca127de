#include "demo/form_demand.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace llmc::demo {
namespace {

using base::Json;

// The words at the end of a system prompt: what they announce is JSON on the next line.
constexpr std::string_view kSchemaFollows = "JSON Schema:\n";
constexpr std::string_view kToolsFollow = "the tools:\n";
constexpr std::string_view kHasToCall = "You have to call a tool now.";
constexpr std::string_view kResult = "Result of ";  // NAME: …
constexpr std::string_view kNextResult = "\n\nResult of ";

const Json* list_in(const Json& object, std::string_view key) {
    const Json* list = base::find(object, key);
    return list && list->is_array() ? list : nullptr;
}

// --- What was said

// Results in a message of the user, as "Result of NAME: …" for each.
void take_told_results(std::string_view text, FormDemand& demand) {
    std::string_view last = text;
    ++demand.results;
    for (auto at = last.find(kNextResult); at != std::string_view::npos; at = last.find(kNextResult)) {
        last.remove_prefix(at + 2);
        ++demand.results;
    }
    const auto colon = last.find(": ");
    demand.result = last.substr(colon == std::string_view::npos ? kResult.size() : colon + 2);
}

// Gives the system prompt.
std::string read_messages(const Json& messages, FormDemand& demand) {
    std::string system, before;
    for (const Json& message : messages) {
        std::string role = base::get_string(message, "role").value_or("");
        std::string text = text_of(message);
        if (role == "system") {
            system += text + '\n';
        } else if (role == "tool") {
            ++demand.results;
            demand.result = std::move(text);
        } else if (role == "user" && before == "assistant" && text.starts_with(kResult)) {
            take_told_results(text, demand);
            role = "tool";
        } else if (role == "user") {
            demand.question = std::move(text);
            if (before != "tool") demand.results = 0;
        }
        before = std::move(role);
    }
    return system;
}

// --- What is demanded

Json parameters_of(const Json& definition) {
    const Json* given = base::find(definition, "parameters");
    return given && given->is_object() ? *given : Json{{"type", "object"}};
}

void read_tools(const Json& request, FormDemand& demand) {
    const Json* tools = list_in(request, "tools");
    if (!tools || tools->empty()) return;
    demand.has_fields = true;
    const auto word = base::get_string(request, "tool_choice");
    if (word == "none") return;
    std::optional<std::string> forced;
    if (const Json* choice = base::find(request, "tool_choice"))
        if (const Json* function = base::find(*choice, "function")) forced = base::get_string(*function, "name");
    demand.must_call = word == "required" || forced.has_value();
    for (const Json& tool : *tools) {
        const Json* function = base::find(tool, "function");
        const auto name = function ? base::get_string(*function, "name") : std::nullopt;
        if (name && (!forced || *name == *forced)) demand.tools.push_back({*name, parameters_of(*function)});
    }
}

// The choices of "actions" in a schema {reasoning, actions, final_response}; nothing of any other schema.
const Json* actions_of(const Json& schema) {
    const Json* properties = base::find(schema, "properties");
    if (!properties || !base::find(*properties, "reasoning") || !base::find(*properties, "final_response"))
        return nullptr;
    const Json* actions = base::find(*properties, "actions");
    const Json* items = actions ? base::find(*actions, "items") : nullptr;
    return items && (list_in(*items, "oneOf") || list_in(*items, "anyOf")) ? actions : nullptr;
}

void read_actions(const Json& actions, FormDemand& demand) {
    demand.calls = FormDemand::Calls::actions;
    demand.must_call = base::get_int(actions, "minItems").value_or(0) > 0;
    const Json& items = actions.at("items");
    const Json* choices = list_in(items, "oneOf");
    for (const Json& one : choices ? *choices : items.at("anyOf")) {
        const Json* properties = base::find(one, "properties");
        const Json* name = properties ? base::find(*properties, "tool_name") : nullptr;
        demand.tools.push_back({name ? base::get_string(*name, "const").value_or("") : "", one});
    }
}

void read_response_format(const Json& request, FormDemand& demand) {
    const Json* format = base::find(request, "response_format");
    const auto type = format ? base::get_string(*format, "type") : std::nullopt;
    if (!type || type == "text") return;
    demand.has_fields = true;
    const Json* inner = base::find(*format, "json_schema");
    const Json* schema = inner ? base::find(*inner, "schema") : nullptr;
    if (const Json* actions = schema ? actions_of(*schema) : nullptr; actions && demand.tools.empty())
        read_actions(*actions, demand);
    else
        demand.schema = schema ? *schema : Json{{"type", "object"}};
}

// The JSON that stands behind the last `words`; nothing where these or it are not there.
std::optional<Json> json_behind(std::string_view words, std::string_view system) {
    const auto at = system.rfind(words);
    if (at == std::string_view::npos) return std::nullopt;
    system.remove_prefix(at + words.size());
    auto json = base::parse_json(system.substr(0, system.find('\n')));
    return json ? std::optional(*std::move(json)) : std::nullopt;
}

void read_words(std::string_view system, FormDemand& demand) {
    if (auto schema = json_behind(kSchemaFollows, system)) {
        demand.has_words = true;
        demand.schema = *std::move(schema);
    }
    const auto definitions = json_behind(kToolsFollow, system);
    if (!definitions || !definitions->is_array() || !demand.tools.empty()) return;
    demand.has_words = true;
    demand.calls = FormDemand::Calls::words;
    demand.must_call = system.find(kHasToCall) != std::string_view::npos;
    for (const Json& one : *definitions)
        if (const auto name = base::get_string(one, "name")) demand.tools.push_back({*name, parameters_of(one)});
}

}  // namespace

FormDemand read_form_demand(const Json& request) {
    FormDemand demand;
    const Json* messages = list_in(request, "messages");
    const std::string system = messages ? read_messages(*messages, demand) : std::string();
    read_tools(request, demand);
    read_response_format(request, demand);
    read_words(system, demand);
    return demand;
}

std::string text_of(const Json& message) {
    if (auto text = base::get_string(message, "content")) return *std::move(text);
    std::string text;
    if (const Json* parts = list_in(message, "content"))
        for (const auto& part : *parts) text += base::get_string(part, "text").value_or("");
    return text;
}

}  // namespace llmc::demo
