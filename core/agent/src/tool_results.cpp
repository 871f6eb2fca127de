#include "agent/tool_results.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "agent/python_json.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "check/json_schema.h"

namespace llmc::agent {
namespace {

using base::Json;

bool holds(const suite::ResultRule& rule, const Json& arguments, int nth) {
    if (rule.nth && *rule.nth != nth) return false;
    if (!rule.when.is_object()) return true;
    return std::ranges::all_of(rule.when.items(), [&](const auto& wanted) {
        const Json* given = base::find(arguments, wanted.key());
        return given != nullptr && *given == wanted.value();
    });
}

std::string text_of_argument(const base::OrderedJson& value) {
    return value.is_string() ? value.get<std::string>() : python_json(Json(value));
}

// The text for these arguments: as a whole, else for one of them in the order in which they were written, else for all.
const std::string* text_for(const std::map<std::string, std::string>& texts, const openai::ToolCall& call,
                            const Json& arguments) {
    const auto text = [&](const std::string& key) {
        const auto found = texts.find(key);
        return found == texts.end() ? nullptr : &found->second;
    };
    if (const auto* found = text(python_json(arguments))) return found;
    if (const auto ordered = base::parse_ordered_json(call.arguments); ordered && ordered->is_object())
        for (const auto& [key, value] : ordered->items())
            if (const auto* found = text(text_of_argument(value))) return found;
    return text("_default");
}

}  // namespace

std::optional<Json> arguments_of(const openai::ToolCall& call) {
    if (base::trim(call.arguments).empty()) return Json::object();
    auto arguments = base::parse_json(call.arguments);
    if (!arguments || !arguments->is_object()) return std::nullopt;
    return *std::move(arguments);
}

bool is_valid_call(const openai::ToolCall& call, const std::optional<Json>& arguments,
                   const suite::OfferedTools& tools) {
    const auto tool = tools.find(call.name);
    return tool != tools.end() && arguments && (!tool->second || !tool->second->misfit(*arguments));
}

ToolResults::ToolResults(std::shared_ptr<const suite::Script> script) : script_(std::move(script)) {}

session::StepCall ToolResults::answer(const openai::ToolCall& call, const std::optional<Json>& arguments, World* world,
                                      std::vector<std::string>& warnings) {
    ToolSays says = say(call, arguments, world);
    says.text = base::to_valid_utf8(says.text);
    cut(call.name, says.text, warnings);
    bytes_ += says.text.size();
    return {call, std::move(says.text), says.is_error, is_valid_call(call, arguments, script_->tools)};
}

void ToolResults::answer_again(const session::StepCall& call, const std::optional<Json>& arguments, World* world) {
    say(call.call, arguments, world);
    bytes_ += call.result ? call.result->size() : 0;
}

ToolSays ToolResults::say(const openai::ToolCall& call, const std::optional<Json>& arguments, World* world) {
    if (!script_->tools.contains(call.name)) return {fmt::format("Error: Unknown tool {}", call.name), true};
    const int nth = ++calls_[call.name];
    if (!arguments) return {fmt::format("Error: Could not parse tool arguments: {}", call.arguments), true};
    if (const auto result = script_->tool_results.find(call.name); result != script_->tool_results.end())
        if (auto says = scripted(result->second, call, *arguments, nth)) return *std::move(says);
    if (world != nullptr && script_->world && World::has_tool(call.name)) return world->call(call.name, *arguments);
    // With the words by which a suite would give it a result.
    return {fmt::format("Error: No mock response for {}({})", call.name, python_json(*arguments)), true};
}

std::optional<ToolSays> ToolResults::scripted(const suite::ToolResult& result, const openai::ToolCall& call,
                                              const Json& arguments, int nth) const {
    if (const auto* text = std::get_if<std::string>(&result)) return ToolSays{*text};
    if (const auto* texts = std::get_if<std::map<std::string, std::string>>(&result)) {
        const std::string* text = text_for(*texts, call, arguments);
        return text != nullptr ? std::optional(ToolSays{*text}) : std::nullopt;
    }
    for (const suite::ResultRule& rule : std::get<std::vector<suite::ResultRule>>(result))
        if (holds(rule, arguments, nth)) return ToolSays{(rule.is_error ? "Error: " : "") + rule.text, rule.is_error};
    return std::nullopt;
}

void ToolResults::cut(const std::string& tool, std::string& text, std::vector<std::string>& warnings) {
    const std::size_t room = kMaxResultsBytes - std::min(bytes_, kMaxResultsBytes);
    const std::size_t most = std::min(kMaxResultBytes, room);
    if (text.size() <= most) return;
    if (room >= kMaxResultBytes)
        warnings.push_back(fmt::format("a result of {} was cut off: a result is at most 1 MiB", tool));
    else if (!std::exchange(is_full_, true))
        warnings.push_back(
            fmt::format("from a result of {} on they are cut off: all results of an answer are at most 16 MiB", tool));
    text.resize(base::utf8_cut(text, most));
}

}  // namespace llmc::agent
