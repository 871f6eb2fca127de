// The director's part about requests: what is sent, and whether the server read all of it.
#include <algorithm>
#include <iterator>

#include "agent/request_form.h"
#include "base/white_space.h"
#include "director.h"
#include "history_check.h"

namespace llmc::engine {

using session::AnswerState;

// A prompt may have settings of its own; a candidate's beat them.
session::AnswerSettings Director::settings_for(const session::Round& round, const session::Candidate& who) const {
    const suite::Task* task = suite_tasks_.find(round);
    return session::in_force(task ? suite::laid_over(session_.settings, *task->settings) : session_.settings, who.own);
}

// What a request has of its suite beside the prompt.
void Director::add_task(const session::Answer& answer, const Lane& lane, AnswerJob& job) const {
    const suite::Task* task = suite_tasks_.find(round(answer.round));
    if (!task) return;
    const base::Json tool_choice = lane.steps ? lane.steps->run.tool_choice() : task->tool_choice;
    agent::put_demand(agent::form_of(answer.settings, *task), *task, tool_choice, job.request);
    if (lane.steps) return;  // checks judge steps that have ended
    job.checks = task->checks;
    // Where the JSON stands is known at the end.
    if (task->output) {
        auto watched = *task->checks;
        std::erase_if(watched, [](const check::Check& one) { return one.kind->judges_output; });
        job.checks = std::make_shared<const std::vector<check::Check>>(std::move(watched));
    }
}

// Calls and JSON that the model wrote as text, and text that it wrote as a call.
void Director::read_demand(session::Answer& answer, AnswerEnd& end) {
    const suite::Task* task = suite_tasks_.find(round(answer.round));
    if (!task) return;
    const agent::RequestForm form = agent::form_of(answer.settings, *task);
    if (auto found = agent::find_calls(form, *task, answer.text(), answer.reasoning())) {
        if (found->is_in_reasoning) warn(answer, std::string(agent::kAnswerInReasoning));
        std::ranges::move(found->calls, std::back_inserter(end.tool_calls));
    }
    if (!base::shows_nothing(answer.text())) return;
    if (const auto json = agent::take_output_call(form, *task, end.tool_calls))
        if (auto whole = session::AnswerStream::holding(*json, answer.reasoning())) answer.stream = std::move(*whole);
}

void Director::read_output(session::Answer& answer) {
    const suite::Task* task = suite_tasks_.find(round(answer.round));
    if (!task || !task->output || (answer.text().empty() && answer.reasoning().empty())) return;
    agent::FoundOutput found = agent::find_output(answer.text(), answer.reasoning());
    if (found.is_in_reasoning) warn(answer, std::string(agent::kAnswerInReasoning));
    answer.output = std::move(found.text);
}

// What of the prompts that wait cannot be asked for in the form that a candidate has: of each candidate the first.
void Director::look_at_forms(const std::vector<session::Candidate>& candidates, Preflight& found) const {
    for (const session::Candidate& who : candidates) {
        const std::string* seen = nullptr;
        for (const auto& waiting : session_.queue) {
            const suite::Task* task = suite_tasks_.find(*waiting);
            if (!task || (seen && *seen == task->prompt_id)) continue;  // another case or repeat
            seen = &task->prompt_id;
            const auto settings = session::in_force(suite::laid_over(session_.settings, *task->settings), who.own);
            const auto fault = agent::form_fault(agent::request_form_of(settings), *task);
            if (!fault) continue;
            found.findings.push_back({.kind = Finding::Kind::form_fault,
                                      .model = who.name(),
                                      .cause = *fault,
                                      .names = {*settings.request_form, task->prompt_id}});
            break;
        }
    }
}

AnswerJob Director::make_job(const Lane& lane, const session::Round& round, const session::Answer& answer,
                             const ServerStatus& status) const {
    const session::Candidate& candidate = *lane.pending.front().who;
    AnswerJob job;
    job.key = {round.number, candidate.id, answer.attempt, lane.steps ? lane.steps->run.step() : 1};
    job.is_step = lane.steps.has_value();
    job.server = status.server;
    if (status.manifest->list == openai::Manifest::List::none) job.other_places = status.server.url.places();
    job.stream = answer.stream;
    job.begins_in_thought = lane.begins_in_thought;
    job.control = std::make_shared<AnswerControl>();
    job.redactor = redactor_;
    job.queue_wait = clock_->now() - lane.pending.front().since;
    if (board_.knows_loaded(status.key, candidate.model_id)) job.control->set_warmth(metrics::ModelWarmth::warm);

    job.request.model = candidate.model_id;
    job.request.messages = request_messages(lane, answer);
    job.request.settings = session::request_fields(answer.settings);
    job.request.extra_body = answer.settings.extra_body;
    add_task(answer, lane, job);
    job.deadlines.connect = base::from_seconds(session_.settings.connect_timeout_s);
    job.deadlines.no_progress = base::from_seconds(answer.settings.timeout_s);
    const suite::Task* task = suite_tasks_.find(round);
    if (const auto total = task && task->total_timeout_s ? task->total_timeout_s : session_.settings.total_timeout_s)
        job.deadlines.total = base::from_seconds(*total);
    return job;
}

std::vector<openai::Message> Director::conversation_for(session::Candidate candidate,
                                                        const session::Answer& answer) const {
    candidate.own.system_prompt = answer.settings.system_prompt;
    std::vector<openai::Message> messages = session::history(session_, candidate, answer.round, answer.history_from);
    const session::Round& asked = round(answer.round);
    if (const suite::Task* task = suite_tasks_.find(asked)) {
        // A prepared history stands behind the system prompt; one in it replaces that.
        const auto& prepared = *task->messages;
        const auto is_system = [](const openai::Message& one) { return one.role == "system"; };
        if (std::ranges::any_of(prepared, is_system)) std::erase_if(messages, is_system);
        const auto front = std::ranges::find_if_not(messages, is_system);
        messages.insert(front, prepared.begin(), prepared.end());
        if (asked.prompt.empty() && !prepared.empty()) return messages;
    }
    messages.push_back({.role = "user", .content = asked.prompt});
    return messages;
}

// With what was said in the answer itself.
std::vector<openai::Message> Director::request_messages(const Lane& lane, const session::Answer& answer) const {
    std::vector<openai::Message> messages = conversation_for(*lane.pending.front().who, answer);
    if (lane.steps)
        messages.insert(messages.end(), lane.steps->run.messages().begin(), lane.steps->run.messages().end());
    return messages;
}

// `answer` has the figures of the request that has ended.
std::optional<std::string> Director::history_warning(Lane& lane, const session::Answer& answer) const {
    const session::Candidate& candidate = *lane.pending.front().who;
    const auto is_counted = [](const session::Answer& one) {
        return one.metrics.prompt_tokens && !one.metrics.prompt_tokens_estimated;
    };
    if (!is_counted(answer)) return std::nullopt;
    std::optional<PromptCount> earlier;
    if (lane.steps) {
        const std::vector<openai::Message> sent = request_messages(lane, answer);
        if (!answer.steps.empty() && lane.steps->messages_before > 0 && answer.steps.back()->metrics.prompt_tokens &&
            !answer.steps.back()->metrics.prompt_tokens_estimated)
            earlier = PromptCount{*answer.steps.back()->metrics.prompt_tokens, lane.steps->messages_before};
        lane.steps->messages_before = sent.size();
        return dropped_history(sent, *answer.metrics.prompt_tokens, earlier);
    }
    const bool has_history = !session::has_own_context(session_, round(answer.round));
    for (int number = answer.round - 1; has_history && number >= 1 && !earlier; --number) {
        const session::Answer* before = round(number).find(candidate.id);
        if (before && before->state == AnswerState::complete && before->history_from == answer.history_from &&
            before->steps.empty() && is_counted(*before))
            earlier = PromptCount{*before->metrics.prompt_tokens, conversation_for(candidate, *before).size()};
    }
    return dropped_history(conversation_for(candidate, answer), *answer.metrics.prompt_tokens, earlier);
}

}  // namespace llmc::engine
