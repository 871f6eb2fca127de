// What a front end reads off a snapshot.
#include <algorithm>

#include "engine/engine.h"

namespace llmc::engine {

bool is_busy(Activity activity) {
    return activity == Activity::starting || activity == Activity::running || activity == Activity::stopping;
}

std::string_view activity_name(Activity activity) {
    switch (activity) {
        case Activity::idle: return "idle";
        case Activity::starting: return "starting";
        case Activity::running: return "running";
        case Activity::paused: return "paused";
        case Activity::stopping: return "stopping";
        case Activity::halted: return "halted";
    }
    return "";
}

const session::Answer* answer_now(const Snapshot& snapshot, const session::CandidateId& candidate) {
    const auto& candidates = snapshot.session.candidates;
    const auto& rounds = snapshot.session.rounds;
    for (std::size_t i = 0; i < candidates.size() && i < snapshot.rounds_of.size(); ++i) {
        const auto round = static_cast<std::size_t>(snapshot.rounds_of[i]);
        if (candidates[i].id == candidate && round >= 1 && round <= rounds.size())
            return rounds[round - 1]->find(candidate);
    }
    return nullptr;
}

bool can_retry(const Snapshot& snapshot, const session::Answer& answer) {
    const session::Candidate* candidate = snapshot.session.find_candidate(answer.candidate);
    return snapshot.activity == Activity::halted && session::is_failure(answer.state) &&
           answer.round >= snapshot.retries_from && candidate && !candidate->is_removed;
}

bool can_forget(const Snapshot& snapshot, const session::Answer& answer) {
    return can_retry(snapshot, answer) && answer.failure && answer.failure->kind == ErrorKind::context_limit &&
           !session::rounds_of_history(snapshot.session, answer.candidate, answer.round, answer.history_from).empty();
}

bool has_open_answers(const Snapshot& snapshot) {
    return snapshot.rounds_done + static_cast<int>(snapshot.session.queue.size()) < snapshot.rounds_total;
}

const std::string& label_of(const Snapshot& snapshot, const session::CandidateId& id) {
    const auto& candidates = snapshot.session.candidates;
    for (std::size_t i = 0; i < candidates.size() && i < snapshot.labels.size(); ++i)
        if (candidates[i].id == id) return snapshot.labels[i];
    return id;
}

}  // namespace llmc::engine
