// What a front end reads off a snapshot.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

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
    if (!candidate || candidate->is_removed || !session::is_failure(answer.state)) return false;
    return snapshot.activity == Activity::halted ? answer.round >= snapshot.retries_from
                                                 : snapshot.activity != Activity::stopping;
}

bool can_run_again(const Snapshot& snapshot, const session::Answer& answer) {
    const session::Candidate* candidate = snapshot.session.find_candidate(answer.candidate);
    return candidate && !candidate->is_removed && answer.state == session::AnswerState::complete &&
           snapshot.activity != Activity::stopping;
}

float Progress::fraction() const {
    return answers_total > 0 ? static_cast<float>(answers_done) / static_cast<float>(answers_total) : 0;
}

Progress progress_of(const Snapshot& snapshot) {
    Progress progress{.answers_done = snapshot.answers_done, .answers_total = snapshot.answers_total};
    const std::size_t rounds = snapshot.session.rounds.size() + snapshot.session.queue.size();
    progress.rounds = std::max(static_cast<int>(rounds), 1);
    progress.first_round = progress.last_round = std::max(snapshot.round_now, 1);
    for (const session::Candidate& candidate : snapshot.session.candidates) {
        const session::Answer* answer = answer_now(snapshot, candidate.id);
        const bool runs = answer && !session::is_final(answer->state) &&
                          (answer->state != session::AnswerState::queued || !answer->server.empty());
        if (runs) progress.last_round = std::max(progress.last_round, answer->round);
    }
    return progress;
}

std::string words(const Progress& progress) {
    std::string text = progress.first_round == progress.last_round
                           ? fmt::format("round {}", progress.first_round)
                           : fmt::format("rounds {} to {}", progress.first_round, progress.last_round);
    if (progress.rounds > 1) text += fmt::format(" of {}", progress.rounds);
    if (progress.answers_total > 0)
        text += fmt::format(" · {} of {} answers", progress.answers_done, progress.answers_total);
    return text;
}

std::string refused_retry(const Snapshot& snapshot) {
    if (snapshot.activity != Activity::halted) return {};
    std::vector<std::string> reasons;
    for (const Finding& finding : snapshot.preflight.findings) {
        if (finding.weight != Finding::Weight::error) continue;
        // A model that nobody has is missing because somebody cannot be asked.
        const bool is_hidden = finding.kind == Finding::Kind::missing_model && !finding.others.empty();
        std::string reason = is_hidden ? fmt::format("{}", fmt::join(finding.others, "; ")) : short_words(finding);
        while (reason.ends_with('.')) reason.pop_back();
        if (std::ranges::find(reasons, reason) == reasons.end()) reasons.push_back(std::move(reason));
    }
    return fmt::format("{}", fmt::join(reasons, "; "));
}

std::string why_halted(const Snapshot& snapshot) {
    if (snapshot.activity != Activity::halted) return {};
    const std::string refused = refused_retry(snapshot);
    if (refused.empty()) return snapshot.session.halt_reason;
    return fmt::format("{} The retry did not start: {}.", snapshot.session.halt_reason, refused);
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
