#include <map>

#include <fmt/format.h>

#include "decide/licence.h"
#include "judging_tables.h"
#include "metrics/words.h"

namespace llmc::report {
namespace {

using session::Verdict;
using Word = Verdict::Word;

struct VerdictCounts {
    std::size_t preferred = 0, other = 0, ties = 0, abstentions = 0;  // of pairs
    std::size_t passed = 0, partly = 0, failed = 0;                   // by criteria
};

std::string share_text(const std::optional<double>& share) {
    return share ? metrics::percent_text(*share) : std::string(metrics::kNoFigure);
}

std::vector<std::string> licence_row(const session::Session& session, const session::Judge& judge) {
    const decide::Licence licence = decide::licence_of(session, judge);
    return {judge.name(),
            licence.is_licensed() ? "yes" : "no, its verdicts count for nothing",
            fmt::format("{}", licence.pairs()),
            share_text(licence.agreement),
            licence.kappa ? fmt::format("{:.2f} ({:.2f} to {:.2f})", licence.kappa->kappa, licence.kappa->low,
                                        licence.kappa->high)
                          : std::string(metrics::kNoFigure),
            share_text(licence.position_consistency),
            share_text(licence.first_share),
            share_text(licence.longer_share),
            fmt::format("{} of {}", licence.abstentions, licence.verdicts)};
}

std::map<session::CandidateId, VerdictCounts> counts_of(const session::Judge& judge) {
    std::map<session::CandidateId, VerdictCounts> counts;
    for (const auto& verdict : judge.verdicts) {
        VerdictCounts& a = counts[verdict->a];
        if (verdict->b.empty()) {
            a.passed += verdict->word == Word::pass ? 1 : 0;
            a.partly += verdict->word == Word::partly ? 1 : 0;
            a.failed += verdict->word == Word::fail ? 1 : 0;
            continue;
        }
        VerdictCounts& b = counts[verdict->b];
        for (VerdictCounts* one : {&a, &b}) {
            one->ties += verdict->word == Word::tie ? 1 : 0;
            one->abstentions += verdict->word == Word::abstains ? 1 : 0;
        }
        if (verdict->word != Word::a && verdict->word != Word::b) continue;
        ++(verdict->word == Word::a ? a : b).preferred;
        ++(verdict->word == Word::a ? b : a).other;
    }
    return counts;
}

}  // namespace

std::vector<TextTable> judges_tables(const session::Session& session, const Outline& outline) {
    if (session.judges.empty()) return {};
    TextTable licences{.titles = {"Judge", "Licensed", "Pairs compared", "Agreement", "κ (95 % interval)",
                                  "Alike in both orders", "First place won", "Longer won", "Abstained"}};
    TextTable verdicts{.titles = {"Judge", "Model", "Preferred", "The other preferred", "Ties", "Abstained",
                                  "Pass by criteria", "Partly", "Fail"}};
    for (const session::Judge& judge : session.judges) {
        licences.rows.push_back(licence_row(session, judge));
        const auto counts = counts_of(judge);
        for (const Column& column : outline.columns) {
            const auto found = counts.find(column.candidate->id);
            if (found == counts.end()) continue;
            const VerdictCounts& one = found->second;
            std::vector<std::string> cells{judge.name(), column.label};
            for (const std::size_t count :
                 {one.preferred, one.other, one.ties, one.abstentions, one.passed, one.partly, one.failed})
                cells.push_back(fmt::format("{}", count));
            verdicts.rows.push_back(std::move(cells));
        }
    }
    if (verdicts.rows.empty()) return {std::move(licences)};
    return {std::move(licences), std::move(verdicts)};
}

}  // namespace llmc::report
