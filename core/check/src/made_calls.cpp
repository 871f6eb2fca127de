#include "made_calls.h"

#include <fmt/format.h>

#include "check_groups.h"
#include "check_words.h"

namespace llmc::check {
namespace {

constexpr std::size_t kMaxArguments = 120;  // bytes that are shown

std::vector<MadeCall> calls_of(const Subject& subject, bool with_done) {
    std::vector<MadeCall> calls;
    const auto add = [&](const openai::ToolCall& call, int step, std::optional<bool> is_valid) {
        calls.push_back({.call = &call,
                         .number = calls.size() + 1,
                         .step = step,
                         .object = arguments_of(call),
                         .is_valid = is_valid});
    };
    if (subject.answer.steps.empty())
        for (const openai::ToolCall& call : subject.answer.tool_calls) add(call, 0, std::nullopt);
    for (const session::Step* step : subject.steps)
        for (const session::StepCall& call : step->calls)
            if (with_done || !is_done_call(*step, call)) add(call.call, step->index, call.is_valid);
    return calls;
}

}  // namespace

std::optional<base::Json> arguments_of(const openai::ToolCall& call) {
    if (call.arguments.empty()) return base::Json::object();
    auto value = base::parse_json(call.arguments);
    if (!value || !value->is_object()) return std::nullopt;
    return *std::move(value);
}

std::string call_words(const openai::ToolCall& call) {
    return fmt::format("{}({})", in_quotes(call.name), shortened(call.arguments, kMaxArguments));
}

bool is_done_call(const session::Step& step, const session::StepCall& call) {
    return step.state == session::AnswerState::complete && !call.result;
}

std::string MadeCall::words() const {
    if (step == 0) return fmt::format("call {}, {}", number, call_words(*call));
    return fmt::format("call {} (step {}), {}", number, step, call_words(*call));
}

std::vector<MadeCall> all_calls(const Subject& subject) {
    return calls_of(subject, true);
}

std::vector<MadeCall> made_calls(const Subject& subject) {
    return calls_of(subject, false);
}

std::string names_in_words(const std::vector<MadeCall>& calls) {
    if (calls.empty()) return "no call was made";
    std::vector<std::string> names;
    for (const MadeCall& call : calls) names.push_back(call.call->name);
    return "made were " + in_quotes(names);
}

}  // namespace llmc::check
