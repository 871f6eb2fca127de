#include "gui/panels/votes_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace llmc::gui {
namespace {

Winner seen_from_b(Winner winner) {
    if (winner == Winner::a) return Winner::b;
    return winner == Winner::b ? Winner::a : winner;
}

bool has_pair(const session::Round& round) {
    return std::count_if(round.answers.begin(), round.answers.end(),
                         [](const auto& answer) { return session::is_final(answer.state); }) >= 2;
}

std::optional<Winner> winner_in(const session::Vote& vote, const Pair& pair) {
    if (vote.a == pair.a && vote.b == pair.b) return vote.winner;
    if (vote.a == pair.b && vote.b == pair.a) return seen_from_b(vote.winner);
    return std::nullopt;
}

}  // namespace

std::vector<Pair> pairs_of(const session::Round& round) {
    std::vector<Pair> pairs;
    const auto has_ended = [](const session::Answer& answer) { return session::is_final(answer.state); };
    for (auto a = round.answers.begin(); a != round.answers.end(); ++a)
        for (auto b = a; has_ended(*a) && b != round.answers.end(); ++b)
            if (b != a && has_ended(*b)) pairs.push_back({a->candidate, b->candidate});
    return pairs;
}

std::optional<Winner> winner_of(const session::Round& round, const Pair& pair) {
    for (const session::Vote& vote : round.votes)
        if (const auto winner = winner_in(vote, pair)) return winner;
    return std::nullopt;
}

std::string words_of(Winner winner, const std::string& a, const std::string& b) {
    switch (winner) {
        case Winner::a: return fmt::format("{} is better", a);
        case Winner::b: return fmt::format("{} is better", b);
        case Winner::tie: return "Tie";
        case Winner::both_bad: return "Both bad";
    }
    return {};
}

double board_reach(const decide::Board& board) {
    double reach = 1;
    for (const decide::BoardRow& row : board.rows)
        if (row.is_scored()) reach = std::max({reach, std::abs(row.score.low), std::abs(row.score.high)});
    return std::ceil(reach * 2) / 2;
}

std::string verdict_of(const decide::Board& board, const std::string& first, const std::string& second) {
    const auto counts = [&](std::size_t i) { return i < board.rows.size() && board.rows[i].is_scored(); };
    if (!counts(0) || !counts(1)) return "No vote says yet who is better.";
    if (board.first_two_apart) return fmt::format("{} is ahead of {}.", first, second);
    if (!board.votes_needed) return fmt::format("{} and {} are even so far.", first, second);
    return fmt::format("{} and {} cannot be told apart yet: about {} more vote{} between them.", first, second,
                       *board.votes_needed, *board.votes_needed == 1 ? "" : "s");
}

void VotesModel::update(const engine::Snapshot& snapshot, std::uint64_t revision, bool is_blind) {
    if (revision == revision_) return;
    revision_ = revision;
    const session::Session& session = snapshot.session;
    if (session.id != session_id_) {  // another one, or the same behind a mask
        session_id_ = session.id;
        sent_.clear();
        place_.reset();
        is_chosen_ = false;
    }
    labels_.clear();
    for (std::size_t i = 0; i < session.candidates.size() && i < snapshot.labels.size(); ++i)
        labels_.emplace_back(session.candidates[i].id, snapshot.labels[i]);
    rounds_.clear();
    for (const auto& round : session.rounds)
        if (has_pair(*round)) rounds_.push_back(round);
    std::erase_if(sent_, [&](const Sent& sent) {
        const auto round = std::find_if(session.rounds.begin(), session.rounds.end(),
                                        [&](const auto& one) { return one->number == sent.round; });
        return round == session.rounds.end() || winner_of(**round, {sent.vote.a, sent.vote.b}) == sent.vote.winner;
    });
    // What is looked at may have gone, as when its answer is tried again.
    if (place_) {
        const session::Round* now = round();
        const std::vector<Pair> pairs = now ? pairs_of(*now) : std::vector<Pair>{};
        if (std::find(pairs.begin(), pairs.end(), place_->pair) == pairs.end()) place_.reset();
    }
    describe();
    board_.clear();
    if (!is_blind) make_board(snapshot);
}

// Chooses a place where there is none or where nothing is left to be done, and lists the round's pairs.
void VotesModel::describe() {
    if (!place_ || (!is_chosen_ && has_vote())) {
        std::optional<Place> next = next_open(place_ ? place_->round : 0);
        if (!next && !place_ && !rounds_.empty())
            next = Place{rounds_.back()->number, pairs_of(*rounds_.back()).front()};
        if (next) place_ = std::move(next);
        is_chosen_ = false;
    }
    given_ = given_in_round_ = 0;
    pairs_.clear();
    for (const auto& one : rounds_)
        for (const Pair& pair : pairs_of(*one)) {
            const std::optional<Winner> winner = winner_at(one->number, pair);
            if (winner) ++given_;
            if (!place_ || one->number != place_->round) continue;
            if (winner) ++given_in_round_;
            const std::string &a = label(pair.a), &b = label(pair.b);
            pairs_.push_back(
                {pair, fmt::format("{} – {}", a, b), winner, winner ? words_of(*winner, a, b) : "no vote yet"});
        }
    sum_ = fmt::format("{} vote{} given. Reveal shows the board.", given_, given_ == 1 ? "" : "s");
    if (!place_) return;
    words_.round = fmt::format("Round {}", place_->round);
    words_.progress = pairs_.size() != 1 ? fmt::format("{} of {} voted", given_in_round_, pairs_.size())
                      : given_in_round_  ? "voted"
                                         : "no vote yet";
    for (std::size_t i = 0; i < words_.choices.size(); ++i)
        words_.choices[i] = words_of(static_cast<Winner>(i), label(place_->pair.a), label(place_->pair.b));
}

void VotesModel::make_board(const engine::Snapshot& snapshot) {
    const decide::Board board = decide::board_of(snapshot.session);
    for (const decide::BoardRow& row : board.rows) board_.push_back({label(row.candidate), row});
    reach_ = board_reach(board);
    is_board_certain_ = board.first_two_apart;
    const auto name = [&](std::size_t i) { return i < board_.size() ? board_[i].label : std::string(); };
    verdict_ = verdict_of(board, name(0), name(1));
    if (board.verdicts > 0)
        verdict_ += fmt::format(" {} of licensed judges count{} too.",
                                counted(static_cast<std::size_t>(board.verdicts), "verdict", "verdicts"),
                                board.verdicts == 1 ? "s" : "");
}

const session::Round* VotesModel::round() const {
    if (!place_) return nullptr;
    const auto found =
        std::find_if(rounds_.begin(), rounds_.end(), [this](const auto& one) { return one->number == place_->round; });
    return found == rounds_.end() ? nullptr : found->get();
}

const std::string& VotesModel::label(const session::CandidateId& id) const {
    for (const auto& [known, label] : labels_)
        if (known == id) return label;
    return id;
}

std::optional<Winner> VotesModel::winner_at(int round, const Pair& pair) const {
    for (auto sent = sent_.rbegin(); sent != sent_.rend(); ++sent)
        if (sent->round == round)
            if (const auto winner = winner_in(sent->vote, pair)) return winner;
    for (const auto& one : rounds_)
        if (one->number == round) return winner_of(*one, pair);
    return std::nullopt;
}

std::optional<Pair> VotesModel::open_pair(const session::Round& round) const {
    for (Pair& pair : pairs_of(round))
        if (!winner_at(round.number, pair)) return std::move(pair);
    return std::nullopt;
}

// In this round first, then in later ones, then in earlier ones, the nearest first; from 0: the newest first.
std::optional<VotesModel::Place> VotesModel::next_open(int from) const {
    std::optional<Place> earlier;
    for (const auto& one : rounds_) {
        const auto pair = open_pair(*one);
        if (!pair) continue;
        if (from > 0 && one->number >= from) return Place{one->number, *pair};
        earlier = Place{one->number, *pair};
    }
    return earlier;
}

const session::Round* VotesModel::neighbour(bool forward) const {
    if (!place_) return nullptr;
    const session::Round* found = nullptr;
    for (const auto& one : rounds_) {
        if (forward && one->number > place_->round) return one.get();
        if (!forward && one->number < place_->round) found = one.get();
    }
    return found;
}

void VotesModel::on_voted(Winner winner) {
    if (!place_) return;
    std::erase_if(sent_, [this](const Sent& sent) {
        return sent.round == place_->round && winner_in(sent.vote, place_->pair).has_value();
    });
    sent_.push_back({place_->round, {place_->pair.a, place_->pair.b, winner}});
    is_chosen_ = false;
    describe();
}

void VotesModel::choose(const Pair& pair) {
    if (!place_) return;
    place_->pair = pair;
    is_chosen_ = true;
    describe();
}

void VotesModel::step(bool forward) {
    const session::Round* next = neighbour(forward);
    if (!next) return;
    const auto open = open_pair(*next);
    place_ = Place{next->number, open ? *open : pairs_of(*next).front()};
    is_chosen_ = true;
    describe();
}

}  // namespace llmc::gui
