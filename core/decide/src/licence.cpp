#include "decide/licence.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.h"
#include "decide/runs.h"
#include "metrics/wilson.h"
#include "metrics/words.h"

namespace llmc::decide {
namespace {

using base::OrderedJson;
using session::Answer;
using session::CandidateId;
using session::Round;
using session::Verdict;
using session::Vote;
using Word = Verdict::Word;

struct Share {
    std::int64_t won = 0, all = 0;
    void add(bool is_won) {
        won += is_won ? 1 : 0;
        ++all;
    }
    std::optional<double> value() const {
        return all > 0 ? std::optional(static_cast<double>(won) / static_cast<double>(all)) : std::nullopt;
    }
};

// What the last vote on the two says: 1 a, -1 b, 0 neither; nothing where there is none.
std::optional<int> voted(const Round& round, const CandidateId& a, const CandidateId& b) {
    const auto is_of = [&](const Vote& vote) { return (vote.a == a && vote.b == b) || (vote.a == b && vote.b == a); };
    const auto vote = std::find_if(round.votes.rbegin(), round.votes.rend(), is_of);
    if (vote == round.votes.rend()) return std::nullopt;
    if (vote->winner != Vote::Winner::a && vote->winner != Vote::Winner::b) return 0;
    return (vote->winner == Vote::Winner::a) == (vote->a == a) ? 1 : -1;
}

// 1 all its checks passed, 0 not all; nothing for what is not complete or was not checked.
std::optional<int> passed(const Round& round, const CandidateId& candidate) {
    const Run run = run_of(round, candidate, {});
    if (!run.answer || run.answer->state != session::AnswerState::complete || run.answer->checks.empty())
        return std::nullopt;
    return run.outcome == RunOutcome::passed ? 1 : 0;
}

bool is_choice(const std::optional<Word>& word) {
    return word == Word::a || word == Word::b;
}

// Which of the two has the longer text: 1 a, -1 b, 0 neither.
int longer_of(const Round& round, const Verdict& verdict) {
    const Answer* a = round.counted(verdict.a);
    const Answer* b = round.counted(verdict.b);
    if (!a || !b) return 0;
    const std::size_t one = base::count_code_points(a->text()), other = base::count_code_points(b->text());
    return one > other ? 1 : one < other ? -1 : 0;
}

void count_questions(const Round& round, const Verdict& verdict, Share& first, Share& longer) {
    const int long_one = longer_of(round, verdict);
    const auto count = [&](const std::optional<Word>& word, Word first_one) {
        if (!is_choice(word)) return;
        first.add(*word == first_one);
        if (long_one != 0) longer.add(*word == (long_one > 0 ? Word::a : Word::b));
    };
    count(verdict.in_order, Word::a);
    count(verdict.swapped, Word::b);
}

// The round of a pair's verdict; nullptr for one of an answer alone, or of a round that is not there.
const Round* round_of(const session::Session& session, const Verdict& verdict) {
    const auto number = static_cast<std::size_t>(std::max(verdict.round, 1));
    return verdict.b.empty() || number > session.rounds.size() ? nullptr : session.rounds[number - 1].get();
}

std::optional<Vote::Winner> winner_of(Word word) {
    switch (word) {
        case Word::a: return Vote::Winner::a;
        case Word::b: return Vote::Winner::b;
        case Word::tie: return Vote::Winner::tie;
        default: return std::nullopt;
    }
}

std::int64_t outcomes(const Agreements& counts, std::size_t truth) {
    return counts[truth][0] + counts[truth][1];
}

// Beside what is truly better, as far as it is known.
Agreements agreements_of(const session::Session& session, const session::Judge& judge) {
    Agreements counts{};
    for (const auto& verdict : judge.verdicts) {
        const Round* round = is_choice(verdict->word) ? round_of(session, *verdict) : nullptr;
        const int truth = round ? better_of(*round, verdict->a, verdict->b) : 0;
        if (truth != 0) ++counts[truth > 0 ? 0 : 1][verdict->word == Word::a ? 0 : 1];
    }
    return counts;
}

std::string number(std::optional<double> value) {
    return value ? fmt::format("{:.2f}", *value) : std::string(metrics::kNoFigure);
}

}  // namespace

// With p_ij the shares of the table, p_i. and p_.i its margins:
// var = (sum p_ii (1 - (p_i. + p_.i)(1 - k))^2 + (1 - k)^2 sum_{i != j} p_ij (p_.i + p_j.)^2 - (k - pe (1 - k))^2)
//       / (n (1 - pe)^2)
std::optional<Kappa> cohens_kappa(const Agreements& counts) {
    const auto n = static_cast<double>(outcomes(counts, 0) + outcomes(counts, 1));
    if (n == 0) return std::nullopt;
    std::array<std::array<double, 2>, 2> p{};
    std::array<double, 2> row{}, column{};
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 2; ++j) {
            p[i][j] = static_cast<double>(counts[i][j]) / n;
            row[i] += p[i][j];
            column[j] += p[i][j];
        }
    const double agreed = p[0][0] + p[1][1], chance = row[0] * column[0] + row[1] * column[1];
    if (chance >= 1) return std::nullopt;
    Kappa kappa{.kappa = (agreed - chance) / (1 - chance)};
    const double rest = 1 - kappa.kappa;
    double sum = -std::pow(kappa.kappa - chance * rest, 2);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 2; ++j)
            sum += i == j ? p[i][i] * std::pow(1 - (row[i] + column[i]) * rest, 2)
                          : rest * rest * p[i][j] * std::pow(column[i] + row[j], 2);
    kappa.standard_error = std::sqrt(std::max(0.0, sum) / n) / (1 - chance);
    kappa.low = std::max(-1.0, kappa.kappa - metrics::kZ95 * kappa.standard_error);
    kappa.high = std::min(1.0, kappa.kappa + metrics::kZ95 * kappa.standard_error);
    return kappa;
}

int better_of(const Round& round, const CandidateId& a, const CandidateId& b) {
    if (const auto vote = voted(round, a, b)) return *vote;
    const auto one = passed(round, a), other = passed(round, b);
    return one && other ? *one - *other : 0;
}

std::int64_t Licence::pairs() const {
    return outcomes(counts, 0) + outcomes(counts, 1);
}

std::vector<std::string> Licence::missing() const {
    std::vector<std::string> why;
    if (pairs() < kLicencePairs)
        why.push_back(fmt::format("{} of its verdicts can be compared with votes and checks, {} are needed", pairs(),
                                  kLicencePairs));
    if (const std::int64_t rarer = std::min(outcomes(counts, 0), outcomes(counts, 1)); rarer < kLicenceOfEach)
        why.push_back(fmt::format("one of the two outcomes came {} times, {} are needed", rarer, kLicenceOfEach));
    if (!kappa)
        why.emplace_back("κ cannot be told");
    else if (kappa->kappa < kLicenceKappa)
        why.push_back(
            fmt::format("κ {:.2f} is below {}: it agrees little more than chance would", kappa->kappa, kLicenceKappa));
    if (kappa && kappa->low <= 0)
        why.push_back(fmt::format("the 95 % interval of κ begins at {:.2f}, not above 0", kappa->low));
    return why;
}

Licence licence_of(const session::Session& session, const session::Judge& judge) {
    Licence licence{.counts = agreements_of(session, judge)};
    Share consistent, first, longer;
    for (const auto& verdict : judge.verdicts) {
        const Round* round = round_of(session, *verdict);
        if (!round) continue;
        ++licence.verdicts;
        licence.abstentions += verdict->word == Word::abstains ? 1 : 0;
        if (verdict->in_order && verdict->swapped) {
            consistent.add(*verdict->in_order == *verdict->swapped);
            licence.flips += *verdict->in_order == *verdict->swapped ? 0 : 1;
        }
        count_questions(*round, *verdict, first, longer);
    }
    if (const auto pairs = static_cast<double>(licence.pairs()); pairs > 0)
        licence.agreement = static_cast<double>(licence.counts[0][0] + licence.counts[1][1]) / pairs;
    licence.kappa = cohens_kappa(licence.counts);
    licence.position_consistency = consistent.value();
    licence.first_share = first.value();
    licence.longer_share = longer.value();
    return licence;
}

bool is_licensed(const session::Session& session, const session::Judge& judge) {
    Licence licence{.counts = agreements_of(session, judge)};
    licence.kappa = cohens_kappa(licence.counts);
    return licence.is_licensed();
}

VotesByRound licensed_votes(const session::Session& session) {
    VotesByRound votes;
    for (const session::Judge& judge : session.judges) {
        if (!is_licensed(session, judge)) continue;
        for (const auto& verdict : judge.verdicts) {
            const auto winner = winner_of(verdict->word);
            const Round* round = round_of(session, *verdict);
            if (winner && round && !voted(*round, verdict->a, verdict->b))
                votes[round->number].push_back({verdict->a, verdict->b, *winner});
        }
    }
    return votes;
}

std::string licence_words(const Licence& licence) {
    const std::string shares =
        fmt::format("chosen alike in both orders {}, first place won {}, longer answer won {}",
                    number(licence.position_consistency), number(licence.first_share), number(licence.longer_share));
    const std::string figures = licence.kappa
                                    ? fmt::format("{} of {} pairs as votes and checks say, κ {:.2f} ({:.2f} to {:.2f})",
                                                  licence.counts[0][0] + licence.counts[1][1], licence.pairs(),
                                                  licence.kappa->kappa, licence.kappa->low, licence.kappa->high)
                                    : fmt::format("{} of {} pairs as votes and checks say",
                                                  licence.counts[0][0] + licence.counts[1][1], licence.pairs());
    const std::string abstained = fmt::format("{} of {} pairs abstained from", licence.abstentions, licence.verdicts);
    if (licence.is_licensed()) return fmt::format("licensed: {}; {}; {}.", figures, shares, abstained);
    return fmt::format("not licensed, its verdicts count for nothing: {}. {}; {}; {}.",
                       fmt::join(licence.missing(), "; "), figures, shares, abstained);
}

OrderedJson licence_json(const Licence& licence) {
    const auto value = [](const std::optional<double>& one) { return one ? OrderedJson(*one) : OrderedJson(); };
    const auto of_kappa = [&](double Kappa::*member) {
        return licence.kappa ? OrderedJson((*licence.kappa).*member) : OrderedJson();
    };
    return {{"pairs", licence.pairs()},
            {"agreement", value(licence.agreement)},
            {"kappa", of_kappa(&Kappa::kappa)},
            {"low", of_kappa(&Kappa::low)},
            {"high", of_kappa(&Kappa::high)},
            {"position_consistency", value(licence.position_consistency)},
            {"first_share", value(licence.first_share)},
            {"longer_share", value(licence.longer_share)},
            {"abstentions", licence.abstentions},
            {"licensed", licence.is_licensed()}};
}

}  // namespace llmc::decide
