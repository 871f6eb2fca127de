#include "session/loop_results.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "metrics/recorder.h"

namespace llmc::session {
namespace {

class Decay {
public:
    void add(const Answer& run) {
        for (const auto& step : run.steps) {
            if (step->state != AnswerState::complete) continue;
            const auto index = static_cast<std::size_t>(step->index);
            if (steps_.size() < index) {
                steps_.resize(index);
                tokens_.resize(index);
            }
            DecayStep& sum = steps_[index - 1];
            ++sum.reached;
            sum.valid += is_valid(*step) ? 1 : 0;
            if (step->metrics.prompt_tokens)
                tokens_[index - 1].push_back(static_cast<double>(*step->metrics.prompt_tokens));
        }
    }
    std::vector<DecayStep> take() {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            steps_[i].step = static_cast<int>(i) + 1;
            steps_[i].context_tokens = metrics::quantile(std::move(tokens_[i]), 0.5);
        }
        return std::move(steps_);
    }

private:
    std::vector<DecayStep> steps_;
    std::vector<std::vector<double>> tokens_;
};

std::optional<int> first_invalid(const Answer& run) {
    for (const auto& step : run.steps)
        if (step->state == AnswerState::complete && !is_valid(*step)) return step->index;
    return std::nullopt;
}

}  // namespace

std::vector<std::string> loop_prompts(const Session& session) {
    std::vector<std::string> ids;
    if (!session.suite || !session.suite->source.is_object()) return ids;
    const base::OrderedJson& source = session.suite->source;
    const auto prompts = source.find("prompts");
    if (prompts == source.end() || !prompts->is_array()) return ids;
    for (std::size_t i = 0; i < prompts->size(); ++i) {
        const base::OrderedJson& prompt = (*prompts)[i];
        if (!prompt.is_object() || !(prompt.contains("loop") || source.contains("loop"))) continue;
        const auto id = prompt.find("id");
        ids.push_back(id != prompt.end() && id->is_string() ? id->get<std::string>() : fmt::format("{}", i + 1));
    }
    return ids;
}

std::optional<LoopResults> loop_results(const Session& session, const CandidateId& candidate) {
    const std::vector<std::string> ids = loop_prompts(session);
    if (ids.empty()) return std::nullopt;
    const std::set<std::string> is_loop(ids.begin(), ids.end());
    LoopResults results;
    Decay all;
    std::map<std::string, Decay> by_prompt;
    std::vector<std::string> order;
    std::vector<double> steps, times;
    for (const auto& round : session.rounds) {
        const Answer* run = is_loop.contains(round->prompt_id) ? round->counted(candidate) : nullptr;
        if (!run) continue;
        all.add(*run);
        if (!by_prompt.contains(round->prompt_id)) order.push_back(round->prompt_id);
        by_prompt[round->prompt_id].add(*run);
        results.first_invalid_step.push_back(first_invalid(*run));
        if (run->state != AnswerState::complete || !run->ended_by) continue;
        ++results.ended_by[*run->ended_by];
        steps.push_back(static_cast<double>(run->steps.size()));
        if (run->metrics.task_time_s) times.push_back(*run->metrics.task_time_s);
    }
    results.decay = all.take();
    for (const std::string& id : order) results.decay_by_prompt.emplace_back(id, by_prompt[id].take());
    results.steps_median = metrics::quantile(std::move(steps), 0.5);
    results.task_time_s_median = metrics::quantile(std::move(times), 0.5);
    return results;
}

}  // namespace llmc::session
