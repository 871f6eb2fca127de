// Whether a judge's verdicts count: only after they were compared with what the user's votes and the checks say
// (agents.md section 6).
//
// Thread contract: pure functions.
// Decisions: what a pair truly is, its user's last vote says, else its checks: two counted complete answers of one round
// of which exactly one passes all. Ties and "both bad" say nothing, and a judge's ties and abstentions are not compared.
// Shares by place and by length are of single questions that chose an answer, whatever became of the pair.
// Sources: J. Cohen, 1960; the standard error away from zero: Fleiss, Cohen and Everitt, 1969, equation 13.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "session/session.h"

namespace llmc::decide {

inline constexpr std::int64_t kLicencePairs = 20;
inline constexpr std::int64_t kLicenceOfEach = 5;  // of either outcome
inline constexpr double kLicenceKappa = 0.4;

// How often one said a or b where the other said a or b: [truth][judge].
using Agreements = std::array<std::array<std::int64_t, 2>, 2>;

struct Kappa {
    double kappa = 0, standard_error = 0;
    double low = 0, high = 0;  // 95 %
};
// Nothing where agreement by chance is certain, or nothing was compared.
std::optional<Kappa> cohens_kappa(const Agreements& counts);

struct Licence {
    Agreements counts{};
    std::optional<double> agreement;  // 0…1
    std::optional<Kappa> kappa;
    std::int64_t verdicts = 0, abstentions = 0, flips = 0;  // of pairs; flips are abstentions
    std::optional<double> position_consistency;             // of pairs that could be read in both orders: chosen alike
    std::optional<double> first_share;                      // 0.5 where the place does not matter
    std::optional<double> longer_share;

    std::int64_t pairs() const;
    bool is_licensed() const { return missing().empty(); }
    std::vector<std::string> missing() const;  // sentences; empty: nothing
};

// What is truly better of two answers of a round, as far as it is known: -1 b, 1 a, 0 nothing is known.
int better_of(const session::Round& round, const session::CandidateId& a, const session::CandidateId& b);

Licence licence_of(const session::Session& session, const session::Judge& judge);

// Whether it is, without the shares, for which texts are counted.
bool is_licensed(const session::Session& session, const session::Judge& judge);

// What the verdicts of the session's licensed judges say of pairs that the user did not vote on, as votes, by round
// number: they count beside the user's in boards and casts.
using VotesByRound = std::map<int, std::vector<session::Vote>>;
VotesByRound licensed_votes(const session::Session& session);

// "licensed: …" or "not licensed: …", one sentence after the other.
std::string licence_words(const Licence& licence);

base::OrderedJson licence_json(const Licence& licence);  // every key of `judges[].licence` in a report

}  // namespace llmc::decide
