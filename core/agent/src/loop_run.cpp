#include "agent/loop_run.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "agent/leaked_call.h"
#include "agent/python_json.h"
#include "base/utf8.h"
#include "base/white_space.h"

namespace llmc::agent {
namespace {

using session::EndedBy;

// Where calls are text, what one step wrote is one message.
suite::LoopHistory history_form(const suite::Script& script, RequestForm form) {
    const bool has_native_calls = form == RequestForm::native || form == RequestForm::tool;
    return script.loop && has_native_calls ? script.loop->history : suite::LoopHistory::openai;
}

CallCycle new_cycle(const suite::Script& script) {
    return CallCycle(script.loop ? script.loop->cycle_repetitions : suite::Loop().cycle_repetitions);
}

// The same for calls that are equal, whatever the order of their keys.
std::string cycle_key(const openai::ToolCall& call, const std::optional<base::Json>& arguments) {
    return call.name + (arguments ? '\n' + python_json(*arguments) : '\0' + call.arguments);
}

// What the suite has a tool say where nothing is played: as session::history() has it.
std::string plain_result(const suite::Script& script, const std::string& tool) {
    const auto found = script.tool_results.find(tool);
    const auto* text = found == script.tool_results.end() ? nullptr : std::get_if<std::string>(&found->second);
    return text != nullptr ? *text : "{}";
}

std::string_view result_of(const session::StepCall& call) {
    return call.result ? std::string_view(*call.result) : std::string_view();
}

// "2 calls beside DONE were dropped: read_file, move_file"
std::string dropped_words(const std::vector<openai::ToolCall>& calls, const openai::ToolCall& done) {
    constexpr std::size_t kNamed = 8, kShown = 64;  // calls; bytes of a name
    std::vector<std::string> names;
    for (const openai::ToolCall& call : calls) {
        if (&call == &done) continue;
        const std::string name = base::to_valid_utf8(call.name);
        if (names.size() == kNamed) names.emplace_back("…");
        if (names.size() > kNamed) break;
        names.push_back(name.substr(0, base::utf8_cut(name, kShown)));
    }
    const bool is_one = calls.size() == 2;
    return fmt::format("{} {} beside {} {} dropped: {}", calls.size() - 1, is_one ? "call" : "calls", done.name,
                       is_one ? "was" : "were", fmt::join(names, ", "));
}

}  // namespace

LoopRun::LoopRun(const suite::Task& task, RequestForm form)
    : script_(task.script),
      tool_choice_(task.tool_choice),
      messages_(history_form(*script_, form), *task.messages),
      results_(script_),
      cycle_(new_cycle(*script_)) {
    if (script_->loop && script_->world) world_.emplace(script_->world->files);
}

base::Json LoopRun::tool_choice() const {
    const bool held_once = script_->loop && step_ > 1 && (tool_choice_.is_object() || tool_choice_ == "required");
    return held_once ? base::Json("auto") : tool_choice_;
}

StepTaken LoopRun::take(const StepBrought& step) {
    return advance(step, nullptr);
}

bool LoopRun::restore(const session::Step& step) {
    std::vector<openai::ToolCall> calls;
    for (const session::StepCall& call : step.calls) calls.push_back(call.call);
    advance({step.text, step.reasoning, calls}, &step.calls);
    return !is_over_;
}

StepTaken LoopRun::advance(const StepBrought& step, const Kept* kept) {
    StepTaken taken;
    if (is_over_) return taken;
    ++steps_of_turn_;
    if (!script_->loop) {
        take_turn(step, kept, taken);
    } else if (const auto done = std::ranges::find(step.calls, script_->loop->done_tool, &openai::ToolCall::name);
               done != step.calls.end()) {
        take_done(step, *done, taken);
    } else if (step.calls.empty()) {
        take_text(step, taken);
    } else {
        take_calls(step, kept, taken);
    }
    ++step_;
    is_over_ = taken.ended_by.has_value();
    return taken;
}

// Without a loop a step is a turn, and its calls are answered as in any conversation.
void LoopRun::take_turn(const StepBrought& step, const Kept* kept, StepTaken& taken) {
    std::vector<SaidCall> said;
    for (std::size_t i = 0; i < step.calls.size(); ++i) {
        const auto arguments = arguments_of(step.calls[i]);
        session::StepCall call{.call = step.calls[i]};
        call.is_valid = is_valid_call(call.call, arguments, script_->tools);
        // Nobody reads what the last turn's calls would get.
        if (has_more_turns())
            call.result = kept != nullptr ? (*kept)[i].result : plain_result(*script_, call.call.name);
        taken.calls.push_back(std::move(call));
        said.push_back({step.calls[i], arguments.has_value()});
    }
    if (step.calls.empty() || !has_more_turns()) return end_turn(step.text, EndedBy::final, taken);
    for (std::size_t i = 0; i < said.size(); ++i) said[i].result = result_of(taken.calls[i]);
    messages_.add_calls(step.text, said);
    next_turn();
}

void LoopRun::take_done(const StepBrought& step, const openai::ToolCall& done, StepTaken& taken) {
    const auto arguments = arguments_of(done);
    taken.calls.push_back({.call = done, .is_valid = is_valid_call(done, arguments, script_->tools)});
    if (arguments) taken.text = base::get_string(*arguments, "response");
    if (step.calls.size() > 1) taken.warnings.push_back(dropped_words(step.calls, done));
    end_turn(taken.text ? std::string_view(*taken.text) : step.text, EndedBy::done, taken);
}

void LoopRun::take_text(const StepBrought& step, StepTaken& taken) {
    if (const auto leaked = find_leaked_call(step.text, step.reasoning, script_->tools)) {
        taken.warnings.push_back(fmt::format("a call of {} stands in the {} ({}), and the server did not see it",
                                             leaked->tool, leaked->is_in_reasoning ? "reasoning" : "text",
                                             leaked->notation));
        taken.ended_by = EndedBy::leaked_call;
        return;
    }
    if (base::shows_nothing(step.text)) taken.warnings.push_back(fmt::format("step {} has no text and no call", step_));
    end_turn(step.text, EndedBy::final, taken);
}

void LoopRun::take_calls(const StepBrought& step, const Kept* kept, StepTaken& taken) {
    World* world = world_ ? &*world_ : nullptr;
    std::vector<SaidCall> said;
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < step.calls.size(); ++i) {
        const openai::ToolCall& call = step.calls[i];
        const auto arguments = arguments_of(call);
        if (kept != nullptr) {
            results_.answer_again((*kept)[i], arguments, world);
            taken.calls.push_back((*kept)[i]);
        } else {
            taken.calls.push_back(results_.answer(call, arguments, world, taken.warnings));
        }
        said.push_back({call, arguments.has_value()});
        keys.push_back(cycle_key(call, arguments));
    }
    for (std::size_t i = 0; i < said.size(); ++i) said[i].result = result_of(taken.calls[i]);
    messages_.add_calls(step.text, said);
    if (cycle_.add_step(keys))
        taken.ended_by = EndedBy::cycle;
    else if (steps_of_turn_ >= script_->loop->max_steps)
        taken.ended_by = EndedBy::max_steps;
}

void LoopRun::end_turn(std::string_view said, EndedBy how, StepTaken& taken) {
    if (!has_more_turns()) {
        taken.ended_by = how;
        return;
    }
    messages_.add_text(said);
    next_turn();
}

bool LoopRun::has_more_turns() const {
    return static_cast<std::size_t>(turn_) <= script_->follow_ups.size();
}

// A circle is one within a turn: what the user says breaks it.
void LoopRun::next_turn() {
    messages_.add_user(script_->follow_ups[static_cast<std::size_t>(turn_) - 1]);
    ++turn_;
    steps_of_turn_ = 0;
    cycle_ = new_cycle(*script_);
}

}  // namespace llmc::agent
