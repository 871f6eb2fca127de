#include "demo/role_plays.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"
#include "demo/role_steps_file.h"

namespace llmc::demo {
namespace {

using base::Json;
using base::OrderedJson;

std::optional<PlayedStep> read_step(const OrderedJson& json) {
    if (json.is_string()) return PlayedStep{.text = json.get<std::string>(), .calls = {}};
    if (!json.is_array() || json.empty()) return std::nullopt;
    PlayedStep step;
    for (const OrderedJson& call : json) {
        if (!call.is_object() || call.size() != 1 || !call.begin()->is_object()) return std::nullopt;
        step.calls.push_back({call.begin().key(), base::dump_json(call.begin().value())});
    }
    return step;
}

// The first text among the arguments with its second half before it.
std::string garbled(const std::string& arguments) {
    auto json = base::parse_ordered_json(arguments);
    if (!json || !json->is_object()) return arguments;
    for (auto& [key, value] : json->items()) {
        if (!value.is_string()) continue;
        const auto& text = value.get_ref<const std::string&>();
        const std::size_t half = base::utf8_cut(text, text.size() / 2);
        value = text.substr(half) + "<path>" + text;
        break;
    }
    return base::dump_json(*json);
}

PlayedStep broken(const std::vector<PlayedStep>& steps, std::size_t step) {
    PlayedStep ninth = steps[kRightSteps];
    if (step == kRightSteps) {
        for (PlayedCall& call : ninth.calls) call.arguments = garbled(call.arguments);
        return ninth;
    }
    return {.text = "", .calls = {{ninth.calls.front().name, ""}}};
}

std::string python_call(const PlayedCall& call) {
    std::string arguments;
    if (const auto json = base::parse_ordered_json(call.arguments))
        for (const auto& [key, value] : json->items())
            arguments += fmt::format("{}{}={}", arguments.empty() ? "" : ", ", key, base::dump_json(value));
    return fmt::format("<|tool_call_start|>[{}({})]<|tool_call_end|>", call.name, arguments);
}

std::string as_parameters(std::string_view begin, std::string_view end, const PlayedCall& call) {
    std::string text(begin);
    if (const auto json = base::parse_ordered_json(call.arguments))
        for (const auto& [key, value] : json->items())
            text += fmt::format("<parameter name=\"{}\">{}</parameter>\n", key,
                                value.is_string() ? value.get<std::string>() : base::dump_json(value));
    return text + std::string(end);
}

std::string as_json(const PlayedCall& call) {
    return fmt::format(R"({{"name": "{}", "arguments": {}}})", call.name, call.arguments);
}

// The notations in which models are known to write calls that their servers do not see.
constexpr std::array<std::string (*)(const PlayedCall& call), 8> kNotations = {{
    python_call,
    [](const PlayedCall& call) { return fmt::format("<tool_call>\n{}\n</tool_call>", as_json(call)); },
    [](const PlayedCall& call) { return fmt::format("[TOOL_CALLS]{}[ARGS]{}", call.name, call.arguments); },
    [](const PlayedCall& call) {
        return fmt::format("<|channel|>commentary to=functions.{} <|constrain|>json<|message|>{}", call.name,
                           call.arguments);
    },
    [](const PlayedCall& call) {
        return as_parameters(fmt::format("<invoke name=\"{}\">\n", call.name), "</invoke>", call);
    },
    [](const PlayedCall& call) { return fmt::format("<function={}>{}</function>", call.name, call.arguments); },
    as_json,
    [](const PlayedCall& call) { return fmt::format("```json\n{}\n```", as_json(call)); },
}};

}  // namespace

Result<RolePlays> RolePlays::load() {
    return read({reinterpret_cast<const char*>(kRoleSteps), sizeof kRoleSteps});
}

Result<RolePlays> RolePlays::read(std::string_view json) {
    const auto list = base::parse_ordered_json(json);
    if (!list) return list.error();
    RolePlays plays;
    for (const OrderedJson& entry : *list) {
        Role role{.number = plays.roles_.size(), .steps = {}};
        const auto bad = [&](std::string_view what) {
            return Error{ErrorKind::parse, fmt::format("role {}: {}", role.number + 1, what)};
        };
        if (!entry.is_object() || !entry.contains("prompt") || !entry["prompt"].is_string() ||
            !entry.contains("steps") || !entry["steps"].is_array() || entry["steps"].empty())
            return bad("needs a \"prompt\" and \"steps\"");
        for (const OrderedJson& step : entry["steps"]) {
            auto read = read_step(step);
            if (!read) return bad("a step is a text, or a list of calls {TOOL: {ARGUMENTS}}");
            role.steps.push_back(*std::move(read));
        }
        if (!plays.roles_.emplace(entry["prompt"].get<std::string>(), std::move(role)).second)
            return bad("another has the same prompt");
    }
    return plays;
}

std::optional<PlayedStep> RolePlays::play(Playing how, std::string_view prompt, std::size_t step) const {
    const auto role = roles_.find(prompt);
    if (how == Playing::nothing || role == roles_.end()) return std::nullopt;
    const auto& steps = role->second.steps;
    if (how == Playing::breaks && step >= kRightSteps && steps.size() > kRightSteps &&
        !steps[kRightSteps].calls.empty())
        return broken(steps, step);
    const auto first = std::ranges::find_if(steps, [](const PlayedStep& one) { return !one.calls.empty(); });
    if (how == Playing::cycles && first != steps.end()) return PlayedStep{.text = "", .calls = {first->calls.front()}};
    if (step >= steps.size()) return PlayedStep{.text = "There is nothing more to do.", .calls = {}};
    const PlayedStep& right = steps[step];
    if (how != Playing::leaks || right.calls.empty()) return right;
    return PlayedStep{.text = kNotations[role->second.number % kNotations.size()](right.calls.front()), .calls = {}};
}

}  // namespace llmc::demo
