// Checks of whether, and how, tools were called.
#include <algorithm>

#include <fmt/format.h>

#include "check/json_schema.h"
#include "check_groups.h"
#include "check_members.h"
#include "check_words.h"
#include "made_calls.h"

namespace llmc::check {
namespace {

constexpr Member kTool{
    .key = "name", .kind = MemberKind::text, .label = "Tool", .hint = "any", .words = " ", .read = read_tool};
constexpr Member kCount{.key = "count",
                        .kind = MemberKind::count,
                        .label = "Calls",
                        .hint = "at least one",
                        .words = " × ",
                        .read = read_count};
constexpr Member kArguments{.key = "arguments",
                            .kind = MemberKind::schema,
                            .label = "Arguments",
                            .hint = R"(a schema: {"type": "object", …})",
                            .read = read_schema};

// Why a call is not what a check wants.
Fault call_fault(const Check& check, const openai::ToolCall& call) {
    const auto arguments = base::parse_json(call.arguments);
    if (!arguments) return fmt::format("the arguments of {} are {}", in_quotes(call.name), arguments.error().message);
    if (!check.schema) return std::nullopt;
    const auto misfit = check.schema->misfit(*arguments);
    if (misfit) return fmt::format("the arguments of {} do not fit the schema: {}", in_quotes(call.name), *misfit);
    return std::nullopt;
}

Fault judge_tool_call(const Check& check, const Subject& subject) {
    const auto calls = all_calls(subject);
    const std::string wanted = check.tool.empty() ? "any tool" : in_quotes(check.tool);
    std::int64_t good = 0, named = 0;
    Fault first;
    for (const MadeCall& made : calls) {
        const openai::ToolCall& call = *made.call;
        if (!check.tool.empty() && call.name != check.tool) continue;
        ++named;
        if (auto fault = call_fault(check, call))
            first = first ? first : fault;
        else
            ++good;
    }
    if (check.count ? good == *check.count : good > 0) return std::nullopt;
    if (check.count && named > 0) {
        return fmt::format("{} {} of {} {} what is wanted, and {} should{}", good, good == 1 ? "call" : "calls", wanted,
                           good == 1 ? "is" : "are", *check.count, first ? ": " + *first : "");
    }
    if (first) return first;
    if (calls.empty()) return "no call of " + wanted;
    std::vector<std::string> names;
    for (const MadeCall& made : calls) names.push_back(made.call->name);
    return fmt::format("no call of {}, but of {}", wanted, in_quotes(names));
}

std::vector<std::string> tool_of(const Check& check) {
    if (check.tool.empty()) return {};
    return {check.tool};
}

Fault judge_no_tool_call(const Check& check, const Subject& subject) {
    for (const MadeCall& made : all_calls(subject))
        if (check.tool.empty() || made.call->name == check.tool) return "calls " + in_quotes(made.call->name);
    return std::nullopt;
}

}  // namespace

std::vector<CheckKind> tool_call_checks() {
    return {
        {.name = "tool_call",
         .members = {kTool, kCount, kArguments, kTurn},
         .scope = CheckKind::Scope::answer,
         .judge = judge_tool_call,
         .tools = tool_of},
        {.name = "no_tool_call",
         .members = {kTool, kTurn},
         .scope = CheckKind::Scope::answer,
         .judge = judge_no_tool_call},
    };
}

}  // namespace llmc::check
