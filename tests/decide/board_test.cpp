#include "decide/board.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace llmc;
using session::Vote;

namespace {

session::Session with_votes(std::vector<std::vector<Vote>> rounds) {
    session::Session session;
    for (const char* id : {"c1", "c2", "c3"}) {
        session::Candidate candidate;
        candidate.id = candidate.model_id = id;
        session.candidates.push_back(candidate);
    }
    for (auto& votes : rounds) {
        auto round = std::make_shared<session::Round>();
        round->number = static_cast<int>(session.rounds.size()) + 1;
        round->votes = std::move(votes);
        session.rounds.push_back(round);
    }
    return session;
}

// "c1 wins/losses/ties/both bad"
std::string row(const decide::BoardRow& row) {
    return fmt::format("{} {}/{}/{}/{}", row.candidate, row.votes.wins, row.votes.losses, row.votes.ties,
                       row.votes.both_bad);
}

}  // namespace

TEST_CASE("the board counts wins, losses, ties and both bad over all rounds, best first") {
    const decide::Board board =
        decide::board_of(with_votes({{{"c1", "c2", Vote::Winner::b}, {"c1", "c2", Vote::Winner::b}},
                                     {{"c2", "c1", Vote::Winner::tie}},
                                     {{"c1", "c2", Vote::Winner::both_bad}}}));
    REQUIRE(board.rows.size() == 3);
    CHECK(row(board.rows[0]) == "c2 2/0/1/1");
    CHECK(row(board.rows[1]) == "c1 0/2/1/1");
    CHECK(row(board.rows[2]) == "c3 0/0/0/0");
    CHECK(board.votes == 4);
    CHECK(board.both_bad == 1);
    CHECK(board.rows[0].score.score > board.rows[1].score.score);
    CHECK(board.rows[2].score == decide::Score{});
    CHECK_FALSE(board.first_two_apart);
    CHECK(board.votes_needed > 0);
}

TEST_CASE("both bad changes nobody's score") {
    const auto scores = [](std::vector<Vote> votes) {
        const decide::Board board = decide::board_of(with_votes({std::move(votes)}));
        return fmt::format("{} {:.6f} {:.6f}", board.rows[0].candidate, board.rows[0].score.score,
                           board.rows[0].score.low);
    };
    const Vote win{"c1", "c2", Vote::Winner::a}, bad{"c1", "c2", Vote::Winner::both_bad};
    CHECK(scores({win}) == scores({win, bad, bad}));
}

TEST_CASE("a removed candidate keeps its row only where it has votes, and votes for strangers are left out") {
    session::Session session = with_votes({{{"c1", "c2", Vote::Winner::a}, {"c1", "c9", Vote::Winner::b}}});
    session.candidates[1].is_removed = session.candidates[2].is_removed = true;
    const decide::Board board = decide::board_of(session);
    REQUIRE(board.rows.size() == 2);
    CHECK(board.votes == 1);
    CHECK(row(board.rows[1]) == "c2 0/1/0/0");
}

TEST_CASE("without votes there is no first and nothing needed") {
    const decide::Board board = decide::board_of(with_votes({}));
    CHECK(board.rows.size() == 3);
    CHECK(board.votes_needed == std::nullopt);
    CHECK_FALSE(board.first_two_apart);
}
