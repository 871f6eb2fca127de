#include "gui/candidate_state.h"

namespace llmc::gui {

using session::AnswerState;

bool is_nowhere(const engine::Snapshot& snapshot, const session::Candidate& candidate) {
    for (const engine::ServerStatus& server : snapshot.servers) {
        if (!server.is_asked) return false;
        if (engine::can_serve(server, candidate, snapshot.servers.size())) return false;
    }
    return !snapshot.servers.empty();
}

CandidateState state_of(const engine::Snapshot& snapshot, const session::Candidate& candidate) {
    const session::Answer* answer = engine::answer_now(snapshot, candidate.id);
    const bool is_open = answer && !session::is_final(answer->state);
    if (candidate.is_removed && !is_open) return {candidate.is_skipped ? "skipped" : "removed"};
    if (!answer) {
        if (is_nowhere(snapshot, candidate)) return {"not found", Dot::warn, Role::warn};
        return {"ready"};
    }
    // The text may be ahead of the state, which comes by the director.
    const bool has_begun = is_open && !(answer->text().empty() && answer->reasoning().empty());
    const AnswerState state = has_begun ? AnswerState::streaming : answer->state;
    const bool connects = state == AnswerState::queued && !answer->server.empty();
    return {connects ? "connecting" : words_of(state), dot_of(state), role_of(state)};
}

}  // namespace llmc::gui
