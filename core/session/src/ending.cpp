#include "session/ending.h"

#include <algorithm>

namespace llmc::session {

bool was_stopped_by_check(const Answer& answer) {
    const auto is_verdict = [](const std::string& warning) { return warning.starts_with(kStoppedByCheck); };
    return answer.state == AnswerState::stopped && std::ranges::any_of(answer.warnings, is_verdict);
}

bool was_ended_by_others(const Answer& answer) {
    return answer.state == AnswerState::interrupted ||
           (answer.state == AnswerState::stopped && !was_stopped_by_check(answer));
}

bool has_ended(const Session& session) {
    const auto counts_and_runs = [](const Round& round, const Answer& answer) {
        return !is_final(answer.state) && round.counted(answer.candidate) == &answer;
    };
    return session.queue.empty() && std::ranges::none_of(session.rounds, [&](const auto& round) {
               return std::ranges::any_of(round->answers,
                                          [&](const Answer& answer) { return counts_and_runs(*round, answer); });
           });
}

}  // namespace llmc::session
