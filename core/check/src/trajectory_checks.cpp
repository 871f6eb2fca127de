// Checks of the way that an answer of several steps took. Those that judge the steps so far find nothing that a later
// step could mend.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "check/json_schema.h"
#include "check_groups.h"
#include "check_members.h"
#include "check_words.h"
#include "expected_call.h"
#include "made_calls.h"

namespace llmc::check {
namespace {

using session::EndedBy;

void read_allowed(const MemberPlace& place, Check& check) {
    check.texts = read_names(place.file, place.fields, place.key);
}

void read_forbidden(const MemberPlace& place, Check& check) {
    read_allowed(place, check);
    if (check.texts.empty()) place.fields.fail(place.key, "must not be empty");
}

void read_most_steps(const MemberPlace& place, Check& check) {
    check.limit = static_cast<double>(
        place.fields.integer_within(place.key, 1, std::numeric_limits<std::int64_t>::max()).value_or(1));
}

constexpr Member tools_member(void (*read)(const MemberPlace& place, Check& check)) {
    return {.key = "values",
            .kind = MemberKind::names,
            .is_required = true,
            .label = "Tools",
            .hint = R"(["read_file", …])",
            .example = R"(["tool"])",
            .words = " ",
            .read = read};
}

constexpr Member kForbidden = tools_member(read_forbidden);
constexpr Member kAllowed = tools_member(read_allowed);
constexpr Member kMostSteps{.key = "value",
                            .kind = MemberKind::count,
                            .is_required = true,
                            .label = "Value",
                            .example = "10",
                            .words = " ",
                            .read = read_most_steps};

bool is_listed(const Check& check, const MadeCall& call) {
    return std::ranges::find(check.texts, call.call->name) != check.texts.end();
}

std::vector<std::string> tools_of(const Check& check) {
    return check.texts;
}

// Also of the done tool, and of what was dropped beside it: the model wanted it.
Fault judge_forbidden_tools(const Check& check, const Subject& subject) {
    for (const MadeCall& call : all_calls(subject))
        if (is_listed(check, call)) return call.words() + ", is of a forbidden tool";
    return std::nullopt;
}

Fault judge_allowed_tools(const Check& check, const Subject& subject) {
    for (const MadeCall& call : made_calls(subject))
        if (!is_listed(check, call))
            return fmt::format("{}, is of a tool that is not allowed; allowed are {}", call.words(),
                               check.texts.empty() ? "none" : in_quotes(check.texts));
    return std::nullopt;
}

// Why a call is not valid; nothing where it is. What the run has found counts; without steps it is the tools, where they
// are known.
Fault invalidity(const Check& check, const MadeCall& call) {
    if (call.is_valid == true) return std::nullopt;
    if (!call.object) return "its arguments are no JSON object";
    if (check.tools) {
        const auto tool = check.tools->find(call.call->name);
        if (tool == check.tools->end()) return "no such tool was offered";
        if (tool->second)
            if (auto misfit = tool->second->misfit(*call.object))
                return "its arguments do not fit the tool's parameters: " + *misfit;
    }
    if (call.is_valid == false) return "no such tool was offered, or its arguments do not fit the tool's parameters";
    if (!check.tools) return "whether its arguments fit is not known, for the tools' parameters are not";
    return std::nullopt;
}

// Also of the done tool.
Fault judge_arguments_valid(const Check& check, const Subject& subject) {
    for (const MadeCall& call : all_calls(subject))
        if (auto fault = invalidity(check, call)) return fmt::format("{}: {}", call.words(), *fault);
    return std::nullopt;
}

Fault judge_no_cycle(const Check&, const Subject& subject) {
    const session::Answer& answer = subject.answer;
    if (answer.ended_by != EndedBy::cycle) return std::nullopt;
    const auto made = made_calls(subject);
    return fmt::format("the same calls came again and again until step {}{}", answer.steps.size(),
                       made.empty() ? "" : ", last " + call_words(*made.back().call));
}

Fault judge_max_steps(const Check& check, const Subject& subject) {
    const std::size_t steps = subject.answer.steps.empty() ? 1 : subject.steps.size();
    if (static_cast<double>(steps) <= check.limit) return std::nullopt;
    return fmt::format("takes {} steps, and at most {} are allowed", steps, check.limit);
}

Fault judge_max_total(const Check& check, const Subject& subject) {
    const metrics::AnswerMetrics& metrics = subject.answer.metrics;
    const auto total_s = metrics.model_time_s ? metrics.model_time_s : metrics.end_to_end_latency_s;
    if (!total_s) return "how long it took is not known";
    if (*total_s <= check.limit) return std::nullopt;
    return fmt::format("took {:.3f} s of the model's time, and at most {} s are allowed", *total_s, check.limit);
}

Fault judge_finishes(const Check&, const Subject& subject) {
    const auto& ended_by = subject.answer.ended_by;
    if (ended_by == EndedBy::final || ended_by == EndedBy::done) return std::nullopt;
    if (!ended_by) return "how it ended is not known: the answer has no steps";
    return fmt::format("ended by {} after step {}, and not by an answer of its own", session::ended_by_name(*ended_by),
                       subject.answer.steps.size());
}

// A good result in any later step than the last error's is later than all errors.
Fault judge_recovers(const Check&, const Subject& subject) {
    const session::StepCall* error = nullptr;
    int error_step = 0, good_step = 0;
    for (const session::Step* step : subject.steps) {
        for (const session::StepCall& call : step->calls) {
            if (is_done_call(*step, call)) continue;
            if (call.is_error) {
                error = &call;
                error_step = step->index;
            } else if (call.result) {
                good_step = step->index;
            }
        }
    }
    if (!error || good_step > error_step) return std::nullopt;
    return fmt::format("after the error of {} in step {} ({}) no later step has a call that works",
                       call_words(error->call), error_step, in_quotes(error->result.value_or("")));
}

}  // namespace

std::vector<CheckKind> trajectory_checks() {
    constexpr auto kAll = CheckKind::Scope::answer;
    return {
        {.name = "forbidden_tools",
         .members = {kForbidden, kTurn},
         .scope = kAll,
         .judge = judge_forbidden_tools,
         .tools = tools_of,
         .judges_steps_so_far = true},
        {.name = "allowed_tools",
         .members = {kAllowed, kTurn},
         .scope = kAll,
         .judge = judge_allowed_tools,
         .tools = tools_of,
         .judges_steps_so_far = true},
        {.name = "arguments_valid",
         .members = {kTurn},
         .scope = kAll,
         .judge = judge_arguments_valid,
         .judges_steps_so_far = true},
        {.name = "no_cycle", .scope = kAll, .judge = judge_no_cycle, .judges_steps_so_far = true},
        {.name = "max_steps",
         .members = {kMostSteps, kTurn},
         .scope = kAll,
         .judge = judge_max_steps,
         .judges_steps_so_far = true},
        {.name = "max_total_s", .members = {kFigureLimit}, .scope = kAll, .judge = judge_max_total},
        {.name = "finishes", .scope = kAll, .judge = judge_finishes},
        {.name = "recovers", .members = {kTurn}, .scope = kAll, .judge = judge_recovers},
    };
}

}  // namespace llmc::check
