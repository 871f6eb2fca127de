// The votes of a session as a table: wins, ties, both bad, score.
//
// Thread contract: pure functions.
// "Both bad" counts for nobody's score; it is shown. What licensed judges say (licence.h) of pairs that the user did not
// vote on counts for the score too, and is counted apart.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "decide/bradley_terry.h"
#include "session/session.h"

namespace llmc::decide {

struct VoteCounts {
    std::int64_t wins = 0, losses = 0, ties = 0, both_bad = 0;
    std::int64_t all() const { return wins + losses + ties + both_bad; }
    bool operator==(const VoteCounts&) const = default;
};

struct BoardRow {
    session::CandidateId candidate;
    VoteCounts votes;
    Score score;          // of the votes and the verdicts
    VoteCounts verdicts;  // of licensed judges
    bool is_scored() const { return votes.all() + verdicts.all() > votes.both_bad; }
};

struct Board {
    std::vector<BoardRow> rows;  // best first; candidates without a vote come last
    std::int64_t votes = 0;      // the user's, both bad included
    std::int64_t verdicts = 0;   // of licensed judges
    std::int64_t both_bad = 0;
    bool first_two_apart = false;
    std::optional<std::int64_t> votes_needed;  // as Ranking's; nothing with fewer than two rows that have votes
};

// What a vote says of players `a` and `b`; nothing for "both bad".
std::optional<Outcome> outcome_of(const session::Vote& vote, std::size_t a, std::size_t b);
void count_vote(session::Vote::Winner winner, VoteCounts& a, VoteCounts& b);

// Of all rounds. Removed candidates have a row when they have a vote.
Board board_of(const session::Session& session);

}  // namespace llmc::decide
