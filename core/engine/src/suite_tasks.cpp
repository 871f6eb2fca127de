#include "suite_tasks.h"

#include <fmt/format.h>

namespace llmc::engine {
namespace {

std::string name_of(const std::string& prompt_id, const base::Json& case_values, int repeat) {
    return fmt::format("{}#{}#{}", repeat, base::dump_json(case_values), prompt_id);
}

}  // namespace

SuiteTasks::SuiteTasks(const suite::Suite& suite, int repeat) : tasks_(suite::tasks(suite, repeat)) {
    for (std::size_t i = 0; i < tasks_.size(); ++i)
        by_name_.emplace(name_of(tasks_[i].prompt_id, tasks_[i].case_values, tasks_[i].repeat), i);
}

std::vector<session::QueuedPrompt> SuiteTasks::queue() const {
    std::vector<session::QueuedPrompt> queue;
    for (const suite::Task& task : tasks_)
        queue.push_back({task.prompt, task.prompt_id, task.case_values, task.repeat});
    return queue;
}

const suite::Task* SuiteTasks::find(const session::Round& round) const {
    return find(round.prompt_id, round.case_values, round.repeat);
}

const suite::Task* SuiteTasks::find(const session::QueuedPrompt& prompt) const {
    return find(prompt.prompt_id, prompt.case_values, prompt.repeat);
}

const suite::Task* SuiteTasks::find(const std::string& prompt_id, const base::Json& case_values, int repeat) const {
    if (prompt_id.empty()) return nullptr;
    const auto found = by_name_.find(name_of(prompt_id, case_values, repeat));
    return found == by_name_.end() ? nullptr : &tasks_[found->second];
}

void judge_unfinished(session::Session& session) {
    if (!session.suite) return;
    const auto suite = suite::suite_from_json(session.suite->source);
    if (!suite) return;  // said where the session is taken up
    const SuiteTasks tasks(*suite, session.suite->repeat);
    for (std::size_t i = 0; i < session.rounds.size(); ++i) {
        const suite::Task* task = tasks.find(*session.rounds[i]);
        if (!task) continue;
        auto judged = std::make_shared<session::Round>(*session.rounds[i]);
        for (auto* answers : {&judged->answers, &judged->replaced})
            for (session::Answer& answer : *answers)
                if (answer.state != session::AnswerState::complete && answer.checks.empty())
                    answer.checks = check::judge_answer(*task->checks, answer);
        session.rounds.set(i, std::move(judged));
    }
}

}  // namespace llmc::engine
