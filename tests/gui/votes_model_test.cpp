#include "gui/panels/votes_model.h"

#include <doctest/doctest.h>

#include "gui/gui_fixture.h"

namespace llmc::gui {
namespace {

using session::AnswerState;

struct Voting {
    engine::Snapshot snapshot;
    VotesModel model;
    std::uint64_t revision = 0;

    explicit Voting(std::vector<std::string> ids = {"c1", "c2", "c3"}) {
        for (const std::string& id : ids) test::add_candidate(snapshot, id, "model " + id);
    }
    session::Round& add(std::vector<std::string> ids, AnswerState last = AnswerState::complete) {
        std::vector<session::Answer> answers;
        for (const std::string& id : ids)
            answers.push_back(test::answer(id, "text", {}, id == ids.back() ? last : AnswerState::complete));
        return test::add_round(snapshot, "prompt", std::move(answers));
    }
    void update(bool is_blind = false) { model.update(snapshot, ++revision, is_blind); }
    // As the engine does: another round takes the place of the old one.
    void give(int round, const session::Vote& vote) {
        const std::size_t index = static_cast<std::size_t>(round) - 1;
        auto changed = std::make_shared<session::Round>(*snapshot.session.rounds[index]);
        std::erase_if(changed->votes, [&](const auto& one) { return one.a == vote.a && one.b == vote.b; });
        changed->votes.push_back(vote);
        snapshot.session.rounds.set(index, std::move(changed));
    }
    VotesModel::Place place() const {
        REQUIRE(model.place().has_value());
        return *model.place();
    }
};

TEST_CASE("each two answers that have ended are a pair, in the order of the candidates") {
    Voting voting({"c1", "c2", "c3"});
    session::Round& round = voting.add({"c1", "c2", "c3"});
    CHECK(pairs_of(round) == std::vector<Pair>{{"c1", "c2"}, {"c1", "c3"}, {"c2", "c3"}});
    round.answers[1].state = AnswerState::streaming;
    CHECK(pairs_of(round) == std::vector<Pair>{{"c1", "c3"}});
    round.answers[0].state = AnswerState::queued;
    CHECK(pairs_of(round).empty());
}

TEST_CASE("a vote is the same from both sides of its pair") {
    session::Round round;
    round.votes = {{"c2", "c1", Winner::a}, {"c1", "c3", Winner::tie}};
    CHECK(winner_of(round, {"c2", "c1"}) == Winner::a);
    CHECK(winner_of(round, {"c1", "c2"}) == Winner::b);
    CHECK(winner_of(round, {"c3", "c1"}) == Winner::tie);
    CHECK_FALSE(winner_of(round, {"c2", "c3"}).has_value());
}

TEST_CASE("votes go through the pairs of the newest round, then on to rounds with open pairs") {
    Voting voting({"c1", "c2"});
    voting.add({"c1", "c2"});
    voting.add({"c1", "c2"});
    voting.add({"c1", "c2"}, AnswerState::streaming);
    voting.update();
    CHECK(voting.place() == VotesModel::Place{2, {"c1", "c2"}});
    voting.model.on_voted(Winner::a);
    CHECK(voting.place() == VotesModel::Place{1, {"c1", "c2"}});
    CHECK(voting.model.given() == 1);
    voting.model.on_voted(Winner::b);  // nothing is left: stays, and shows what was said
    CHECK(voting.place().round == 1);
    CHECK(voting.model.winner() == Winner::b);
    // The last round ends: there is something to do again.
    voting.snapshot.session.rounds.pop_back();
    voting.add({"c1", "c2"});
    voting.update();
    CHECK(voting.place().round == 3);
}

TEST_CASE("a vote counts from the moment it is given, also before the engine has taken it") {
    Voting voting;
    voting.add({"c1", "c2", "c3"});
    voting.update();
    voting.model.on_voted(Winner::a);
    CHECK(voting.place().pair == Pair{"c1", "c3"});
    voting.update();  // something else has changed
    CHECK(voting.place().pair == Pair{"c1", "c3"});
    CHECK(voting.model.given_in_round() == 1);
    voting.give(1, {"c1", "c2", Winner::a});
    voting.update();
    CHECK(voting.model.given_in_round() == 1);
    REQUIRE(voting.model.pairs().size() == 3);
    CHECK(voting.model.pairs()[0].winner == Winner::a);
    CHECK(voting.model.pairs()[0].words == "model c1 – model c2");
}

TEST_CASE("a vote that is changed before the engine has taken it is the later one") {
    Voting voting({"c1", "c2"});
    voting.add({"c1", "c2"});
    voting.update();
    voting.model.on_voted(Winner::a);
    voting.model.choose({"c1", "c2"});
    voting.model.on_voted(Winner::tie);
    CHECK(voting.model.winner() == Winner::tie);
    voting.give(1, {"c1", "c2", Winner::tie});  // both were carried out
    voting.update();
    CHECK(voting.model.winner() == Winner::tie);
    voting.give(1, {"c1", "c2", Winner::both_bad});  // by someone else: nothing old lies above it
    voting.update();
    CHECK(voting.model.winner() == Winner::both_bad);
}

TEST_CASE("what is voted on does not change because another round ends") {
    Voting voting({"c1", "c2"});
    voting.add({"c1", "c2"});
    voting.update();
    voting.add({"c1", "c2"});
    voting.update();
    CHECK(voting.place().round == 1);
    voting.model.on_voted(Winner::a);
    CHECK(voting.place().round == 2);
}

TEST_CASE("a pair that was chosen stays though it has its vote, until it got another") {
    Voting voting;
    voting.add({"c1", "c2", "c3"}).votes = {{"c1", "c2", Winner::a}};
    voting.update();
    CHECK(voting.place().pair == Pair{"c1", "c3"});
    voting.model.choose({"c1", "c2"});
    voting.update();
    CHECK(voting.place().pair == Pair{"c1", "c2"});
    CHECK(voting.model.winner() == Winner::a);
    voting.model.on_voted(Winner::b);
    CHECK(voting.place().pair == Pair{"c1", "c3"});
}

TEST_CASE("the arrows go to the nearest round with something to vote on") {
    Voting voting({"c1", "c2"});
    voting.add({"c1", "c2"}).votes = {{"c1", "c2", Winner::a}};
    voting.add({"c1"});
    voting.add({"c1", "c2"});
    voting.update();
    CHECK(voting.place().round == 3);
    CHECK_FALSE(voting.model.can_step(true));
    voting.model.step(true);
    CHECK(voting.place().round == 3);
    voting.model.step(false);
    CHECK(voting.place().round == 1);
    CHECK_FALSE(voting.model.can_step(false));
    voting.update();
    CHECK(voting.place().round == 1);
}

TEST_CASE("a pair whose answer is tried again is no longer voted on, and another session begins anew") {
    Voting voting({"c1", "c2"});
    voting.add({"c1", "c2"});
    voting.update();
    CHECK(voting.model.place().has_value());
    voting.snapshot.session.rounds.clear();
    voting.add({"c1", "c2"}, AnswerState::processing);
    voting.update();
    CHECK_FALSE(voting.model.place().has_value());
    voting.snapshot.session.rounds.clear();
    voting.add({"c1", "c2"});
    voting.update();
    voting.model.on_voted(Winner::a);
    voting.snapshot.session.id = "other";
    voting.update();
    CHECK(voting.model.given() == 0);
}

TEST_CASE("behind the mask there is no board, and votes are counted all the same") {
    Voting voting({"c1", "c2"});
    voting.add({"c1", "c2"}).votes = {{"c1", "c2", Winner::a}};
    voting.update(true);
    CHECK(voting.model.board().empty());
    CHECK(voting.model.given() == 1);
    voting.update(false);
    REQUIRE(voting.model.board().size() == 2);
    CHECK(voting.model.board()[0].label == "model c1");
}

TEST_CASE("the board's scale holds every interval on both sides of the average") {
    decide::Board board;
    CHECK(board_reach(board) == 1);
    board.rows.push_back({"c1", {.wins = 3}, {.score = 0.4, .low = -0.2, .high = 1.1}});
    CHECK(board_reach(board) == 1.5);
    board.rows.push_back({"c2", {.losses = 3}, {.score = -0.4, .low = -2.6, .high = 0.2}});
    CHECK(board_reach(board) == 3);
    board.rows.push_back({"c3", {.both_bad = 1}, {.score = 0, .low = -9, .high = 9}});  // nothing is known of it
    CHECK(board_reach(board) == 3);
}

TEST_CASE("the board says in words whether the first two can be told apart") {
    decide::Board board;
    CHECK(verdict_of(board, "", "") == "No vote says yet who is better.");
    board.rows = {{"c1", {.wins = 1}, {}}, {"c2", {.losses = 1}, {}}};
    CHECK(verdict_of(board, "X", "Y") == "X and Y are even so far.");
    board.votes_needed = 12;
    CHECK(verdict_of(board, "X", "Y") == "X and Y cannot be told apart yet: about 12 more votes between them.");
    board.votes_needed = 1;
    CHECK(verdict_of(board, "X", "Y") == "X and Y cannot be told apart yet: about 1 more vote between them.");
    board.first_two_apart = true;
    CHECK(verdict_of(board, "X", "Y") == "X is ahead of Y.");
}

}  // namespace
}  // namespace llmc::gui
