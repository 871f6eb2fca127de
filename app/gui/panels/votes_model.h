// What the Votes window knows without drawing: which pair is voted on next, and the board in words.
//
// Thread contract: plain values and pure functions; a VotesModel belongs to its view.
// A vote is on its way to the engine for a moment: until the snapshot has it, the model counts it as given, so that two
// quick key presses vote on two pairs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decide/board.h"
#include "engine/engine.h"

namespace llmc::gui {

using Winner = session::Vote::Winner;

struct Pair {
    session::CandidateId a, b;
    bool operator==(const Pair&) const = default;
};

// Each two answers of the round that have ended, in the order of the candidates.
std::vector<Pair> pairs_of(const session::Round& round);
// What was said of a pair, seen from its `a`.
std::optional<Winner> winner_of(const session::Round& round, const Pair& pair);

// Where a common scale for scores ends on both sides of 0: beyond the widest interval, at least 1.
double board_reach(const decide::Board& board);
// "Qwen 7B Q8 is better", "Tie"
std::string words_of(Winner winner, const std::string& a, const std::string& b);
// "Qwen 7B Q8 is ahead of Mistral 7B.", "… cannot be told apart yet: about 12 more votes between them."
std::string verdict_of(const decide::Board& board, const std::string& first, const std::string& second);

class VotesModel {
public:
    struct Place {
        int round = 0;
        Pair pair;
        bool operator==(const Place&) const = default;
    };
    struct Given {
        Pair pair;
        std::string words;  // "Qwen 7B Q4 – Mistral 7B"
        std::optional<Winner> winner;
        std::string vote;  // "Mistral 7B is better", "no vote yet"
    };
    // In words, for what is voted on.
    struct Words {
        std::string round, progress;         // "Round 3", "1 of 3 voted"
        std::array<std::string, 4> choices;  // in the order of Winner
    };
    struct BoardLine {
        std::string label;
        decide::BoardRow row;
    };

    // Takes in a new snapshot; cheap where the revision is the same.
    void update(const engine::Snapshot& snapshot, std::uint64_t revision, bool is_blind);

    // What is voted on. It changes when it got its vote, when somebody wants another, or when it is no longer there;
    // never under one's hands, as when another round ends.
    const std::optional<Place>& place() const { return place_; }
    bool has_vote() const { return winner_at(place_->round, place_->pair).has_value(); }
    std::optional<Winner> winner() const { return place_ ? winner_at(place_->round, place_->pair) : std::nullopt; }
    // After the engine was asked: goes on to the next pair without a vote, of this round or of another.
    void on_voted(Winner winner);
    void choose(const Pair& pair);
    bool can_step(bool forward) const { return neighbour(forward) != nullptr; }
    void step(bool forward);  // to the next round with something to vote on

    const session::Round* round() const;
    const std::vector<Given>& pairs() const { return pairs_; }  // of the round
    int given_in_round() const { return given_in_round_; }
    int given() const { return given_; }                     // in all rounds
    const std::string& given_words() const { return sum_; }  // "3 votes given. Reveal shows the board."
    const Words& words() const { return words_; }
    const std::string& label(const session::CandidateId& id) const;

    const std::vector<BoardLine>& board() const { return board_; }
    double reach() const { return reach_; }
    const std::string& verdict() const { return verdict_; }
    bool is_board_certain() const { return is_board_certain_; }

private:
    struct Sent {
        int round = 0;
        session::Vote vote;
    };

    std::optional<Winner> winner_at(int round, const Pair& pair) const;
    std::optional<Pair> open_pair(const session::Round& round) const;
    std::optional<Place> next_open(int from) const;
    const session::Round* neighbour(bool forward) const;
    void describe();
    void make_board(const engine::Snapshot& snapshot);

    std::string session_id_;
    std::uint64_t revision_ = ~std::uint64_t{0};
    std::vector<std::shared_ptr<const session::Round>> rounds_;  // with two answers or more that have ended
    std::vector<std::pair<session::CandidateId, std::string>> labels_;
    std::vector<Sent> sent_;
    std::optional<Place> place_;
    bool is_chosen_ = false;  // by somebody, so that it stays though it has its vote
    std::vector<Given> pairs_;
    int given_in_round_ = 0, given_ = 0;
    Words words_;
    std::string sum_;
    std::vector<BoardLine> board_;
    double reach_ = 1;
    std::string verdict_;
    bool is_board_certain_ = false;
};

}  // namespace llmc::gui
