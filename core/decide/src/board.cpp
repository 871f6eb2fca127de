#include "decide/board.h"

#include <algorithm>

#include "decide/licence.h"

namespace llmc::decide {

using session::Vote;

void count_vote(Vote::Winner winner, VoteCounts& a, VoteCounts& b) {
    switch (winner) {
        case Vote::Winner::a:
            ++a.wins;
            ++b.losses;
            break;
        case Vote::Winner::b:
            ++a.losses;
            ++b.wins;
            break;
        case Vote::Winner::tie:
            ++a.ties;
            ++b.ties;
            break;
        case Vote::Winner::both_bad:
            ++a.both_bad;
            ++b.both_bad;
            break;
    }
}

std::optional<Outcome> outcome_of(const Vote& vote, std::size_t a, std::size_t b) {
    switch (vote.winner) {
        case Vote::Winner::a: return Outcome{a, b, 1, 0};
        case Vote::Winner::b: return Outcome{a, b, 0, 1};
        case Vote::Winner::tie: return Outcome{a, b, 0.5, 0.5};
        case Vote::Winner::both_bad: return std::nullopt;
    }
    return std::nullopt;
}

Board board_of(const session::Session& session) {
    Board board;
    std::vector<BoardRow> rows;
    std::vector<Outcome> outcomes;
    const auto find = [&](const session::CandidateId& id) {
        for (std::size_t i = 0; i < session.candidates.size(); ++i)
            if (session.candidates[i].id == id) return i;
        return session.candidates.size();
    };
    for (const session::Candidate& candidate : session.candidates) rows.push_back({.candidate = candidate.id});
    const auto add = [&](const Vote& vote, VoteCounts BoardRow::*counts, std::int64_t& given) {
        const std::size_t a = find(vote.a), b = find(vote.b);
        if (a == b || a >= rows.size() || b >= rows.size()) return;
        ++given;
        board.both_bad += vote.winner == Vote::Winner::both_bad ? 1 : 0;
        count_vote(vote.winner, rows[a].*counts, rows[b].*counts);
        if (const auto outcome = outcome_of(vote, a, b)) outcomes.push_back(*outcome);
    };
    for (const auto& round : session.rounds)
        for (const Vote& vote : round->votes) add(vote, &BoardRow::votes, board.votes);
    for (const auto& [round, votes] : licensed_votes(session))
        for (const Vote& vote : votes) add(vote, &BoardRow::verdicts, board.verdicts);
    // Without votes one has no score, and pulls at nobody else's.
    std::vector<std::size_t> place(rows.size());
    std::vector<std::size_t> players;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].votes.all() + rows[i].verdicts.all() == 0) continue;
        place[i] = players.size();
        players.push_back(i);
    }
    for (Outcome& outcome : outcomes) outcome = {place[outcome.a], place[outcome.b], outcome.wins_a, outcome.wins_b};
    const Ranking ranking = bradley_terry(players.size(), outcomes);
    for (const std::size_t player : ranking.order) {
        rows[players[player]].score = ranking.scores[player];
        board.rows.push_back(rows[players[player]]);
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].votes.all() + rows[i].verdicts.all() == 0 && !session.candidates[i].is_removed)
            board.rows.push_back(rows[i]);
    board.first_two_apart = ranking.first_two_apart;
    board.votes_needed = ranking.votes_needed;
    return board;
}

}  // namespace llmc::decide
