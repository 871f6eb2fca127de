#include "decide/licence.h"

#include <doctest/doctest.h>

#include "decide/board.h"
#include "decide/cast.h"
#include "made_suites.h"

using namespace llmc;
using namespace llmc::decide;
using namespace llmc::decide_test;
using doctest::Approx;
using session::Verdict;
using session::Vote;
using Word = Verdict::Word;

namespace {

std::shared_ptr<const Verdict> verdict(int round, Word word) {
    return std::make_shared<const Verdict>(Verdict{round, "c1", "c2", word, word, word, ""});
}

// Its verdicts on c1 and c2, a letter for each round: a, b, t (a tie), - (two orders that contradict each other, the
// first place won both), ? (cannot be read).
session::Judge judge_who_says(std::string_view words) {
    session::Judge judge{.id = "j1", .model = "judge"};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const int round = static_cast<int>(i) + 1;
        if (words[i] == '-')
            judge.verdicts.push_back(std::make_shared<const Verdict>(
                Verdict{round, "c1", "c2", Word::abstains, Word::a, Word::b, "contradicts"}));
        else if (words[i] == '?')
            judge.verdicts.push_back(
                std::make_shared<const Verdict>(Verdict{round, "c1", "c2", Word::abstains, {}, {}, "unreadable"}));
        else
            judge.verdicts.push_back(verdict(round, words[i] == 'a' ? Word::a : words[i] == 'b' ? Word::b : Word::tie));
    }
    return judge;
}

std::string times(std::size_t count, std::string_view text) {
    std::string all;
    while (count-- > 0) all += text;
    return all;
}

}  // namespace

// Source: statsmodels 0.15.0, stats.inter_rater.cohens_kappa(table): kappa, std_kappa, kappa_low, kappa_upp (the last
// cut at 1).
TEST_CASE("kappa and its standard error are those of statsmodels") {
    struct {
        Agreements counts;
        double kappa, standard_error, low, high;
    } const cases[] = {
        {{{{20, 5}, {10, 15}}}, 0.3999999999999999, 0.12699606293110033, 0.151092290476661, 0.6489077095233389},
        {{{{14, 2}, {3, 11}}}, 0.6636771300448431, 0.1369125473895652, 0.3953334681296618, 0.9320207919600243},
        {{{{9, 6}, {7, 8}}}, 0.1333333333333333, 0.1805414809329107, -0.22052146701069664, 0.48718813367736324},
        {{{{5, 1}, {4, 12}}}, 0.5045045045045045, 0.18426081617368337, 0.1433599410421295, 0.8656490679668793},
        {{{{40, 9}, {6, 45}}}, 0.6995192307692307, 0.07139360269998822, 0.5595903407506923, 0.8394481207877692},
        {{{{22, 0}, {0, 8}}}, 1, 0, 1, 1},
    };
    for (const auto& [counts, value, standard_error, low, high] : cases) {
        const auto kappa = cohens_kappa(counts);
        REQUIRE(kappa);
        CHECK(kappa->kappa == Approx(value).epsilon(1e-9));
        CHECK(kappa->standard_error == Approx(standard_error).epsilon(1e-9));
        CHECK(kappa->low == Approx(low).epsilon(1e-9));
        CHECK(kappa->high == Approx(high).epsilon(1e-9));
    }
    CHECK_FALSE(cohens_kappa(Agreements{}));
    CHECK_FALSE(cohens_kappa(Agreements{{{12, 0}, {0, 0}}}));
}

TEST_CASE("a judge that says what the checks say earns its licence with twenty pairs") {
    session::Session session =
        made_suite({{"a", times(10, "1") + times(10, "0")}, {"b", times(10, "0") + times(10, "1")}});
    const Licence right = licence_of(session, judge_who_says(times(10, "a") + times(10, "b")));
    CHECK(right.is_licensed());
    CHECK(right.pairs() == 20);
    CHECK(right.agreement == 1);
    CHECK(right.kappa->kappa == 1);
    CHECK(right.position_consistency == 1);
    CHECK(right.first_share == 0.5);
    CHECK(licence_words(right) ==
          "licensed: 20 of 20 pairs as votes and checks say, κ 1.00 (1.00 to 1.00); chosen alike in both orders 1.00, "
          "first place won 0.50, longer answer won –; 0 of 20 pairs abstained from.");

    const Licence short_of_one = licence_of(session, judge_who_says(times(10, "a") + times(9, "b") + "t"));
    CHECK_FALSE(short_of_one.is_licensed());
    CHECK(short_of_one.missing() ==
          std::vector<std::string>{"19 of its verdicts can be compared with votes and checks, 20 are needed"});

    const Licence at_random = licence_of(session, judge_who_says(times(10, "ab")));
    CHECK(at_random.kappa->kappa == Approx(0));
    CHECK(at_random.missing().size() == 2);
    CHECK(at_random.missing()[0] == "κ 0.00 is below 0.4: it agrees little more than chance would");
    CHECK(at_random.missing()[1].starts_with("the 95 % interval of κ begins at -0.4"));
}

TEST_CASE("both outcomes have to be there five times: who always names one candidate is no judge") {
    const session::Session session =
        made_suite({{"a", times(26, "1") + times(4, "0")}, {"b", times(26, "0") + times(4, "1")}});
    const Licence licence = licence_of(session, judge_who_says(times(26, "a") + times(4, "b")));
    CHECK(licence.kappa->kappa == 1);
    CHECK(licence.missing() == std::vector<std::string>{"one of the two outcomes came 4 times, 5 are needed"});
    const Licence one_sided = licence_of(session, judge_who_says(times(30, "a")));
    CHECK(one_sided.agreement == Approx(26.0 / 30));
    CHECK_FALSE(one_sided.is_licensed());
    CHECK_FALSE(licence_of(session, {}).is_licensed());
    CHECK_FALSE(licence_of({}, judge_who_says("ab")).is_licensed());
}

TEST_CASE("the user's last vote is what is true; ties, both bad and equal checks say nothing") {
    session::Session session = made_suite({{"a", "111101x"}, {"b", "000101-"}});
    change_round(session, 0, [](session::Round& round) { round.votes = {{"c2", "c1", Vote::Winner::a}}; });
    change_round(session, 1, [](session::Round& round) { round.votes = {{"c1", "c2", Vote::Winner::tie}}; });
    change_round(session, 2, [](session::Round& round) {
        round.votes = {
            {"c1", "c2", Vote::Winner::both_bad}, {"c2", "c1", Vote::Winner::b}, {"c1", "c3", Vote::Winner::b}};
    });
    const auto better = [&](std::size_t round) { return better_of(*session.rounds[round], "c1", "c2"); };
    CHECK(better(0) == -1);
    CHECK(better_of(*session.rounds[0], "c2", "c1") == 1);
    CHECK(better(1) == 0);
    CHECK(better(2) == 1);
    CHECK(better(3) == 0);
    CHECK(better(4) == 0);
    CHECK(better(6) == 0);
    const Licence licence = licence_of(session, judge_who_says("bbaabab"));
    CHECK(licence.counts == Agreements{{{1, 0}, {0, 1}}});
}

TEST_CASE("shares tell of a judge that looks at the place or the length") {
    session::Session session = made_suite({{"a", times(20, "10")}, {"b", times(20, "01")}});
    for (std::size_t i = 0; i < session.rounds.size(); ++i)
        change_round(session, i, [i](session::Round& round) {
            round.answers[0].stream = *session::AnswerStream::holding(i % 4 < 2 ? "äöü" : "four", "");
            round.answers[1].stream = *session::AnswerStream::holding(i % 4 < 2 ? "äöü1" : "one", "");
        });
    const Licence first = licence_of(session, judge_who_says(times(40, "-")));
    CHECK(first.first_share == 1);
    CHECK(first.position_consistency == 0);
    CHECK(first.flips == 40);
    CHECK(first.abstentions == 40);
    CHECK(first.pairs() == 0);
    CHECK_FALSE(first.is_licensed());

    const Licence longer = licence_of(session, judge_who_says(times(10, "bbaa")));
    CHECK(longer.longer_share == 1);
    CHECK(longer.first_share == 0.5);
    CHECK(longer.agreement == 0.5);
    CHECK_FALSE(longer.is_licensed());

    const Licence unreadable = licence_of(session, judge_who_says(times(40, "?")));
    CHECK_FALSE(unreadable.position_consistency);
    CHECK(unreadable.abstentions == 40);
    CHECK(unreadable.flips == 0);
    CHECK(licence_words(unreadable).starts_with("not licensed, its verdicts count for nothing: 0 of its verdicts"));
}

TEST_CASE("a licensed judge's verdicts count in boards and casts where the user did not vote, another's nowhere") {
    // What the checks tell apart earns the licence; the last four rounds only the judge has a word on.
    session::Session session =
        made_suite({{"a", times(10, "1") + times(10, "0") + "1111"}, {"b", times(10, "0") + times(10, "1") + "1111"}});
    const std::string right = times(10, "a") + times(10, "b");
    change_round(session, 20, [](session::Round& round) { round.votes = {{"c2", "c1", Vote::Winner::a}}; });
    session.judges = {judge_who_says(right + "att-")};
    session.judges[0].display_name = "Referee";
    REQUIRE(is_licensed(session, session.judges[0]));

    const VotesByRound votes = licensed_votes(session);
    CHECK(votes.size() == 22);
    CHECK_FALSE(votes.contains(21));  // the user voted
    CHECK(votes.at(22).front().winner == Vote::Winner::tie);
    CHECK(votes.at(23).front().winner == Vote::Winner::tie);
    CHECK_FALSE(votes.contains(24));  // an abstention
    const Board board = board_of(session);
    CHECK(board.votes == 1);
    CHECK(board.verdicts == 22);
    REQUIRE(board.rows.size() == 2);
    const BoardRow& a = board.rows[0].candidate == "c1" ? board.rows[0] : board.rows[1];
    CHECK(a.votes == VoteCounts{.losses = 1});
    CHECK(a.verdicts == VoteCounts{.wins = 10, .losses = 10, .ties = 2});
    CHECK(a.is_scored());

    session.suite = std::make_shared<const session::SuiteRun>(session::SuiteRun{.name = "s", .role = "planner"});
    const CastSource source{"one", &session};
    const CastSheet sheet = cast_sheet({&source, 1});
    REQUIRE(sheet.find("planner"));
    const Contender& first = sheet.find("planner")->contenders.front();
    CHECK(first.label == "b");  // the checks say nothing: 10 to 10; the user voted for it, and a vote is a vote
    CHECK(first.evidence.votes == VoteCounts{.wins = 1});
    CHECK(first.evidence.verdicts == VoteCounts{.wins = 10, .losses = 10, .ties = 2});
    CHECK(evidence_words(first.evidence).find("1 won, 0 lost, 0 tied, by licensed judges 10 won, 10 lost, 2 tied") !=
          std::string::npos);
    const base::OrderedJson json = cast_to_json(sheet, {});
    CHECK(json["roles"]["planner"]["evidence"]["votes"]["of_judges"]["wins"] == 10);

    session.judges = {judge_who_says(times(10, "ab") + "aaaa")};  // by chance
    session.judges[0].display_name = "Referee";
    CHECK(licensed_votes(session).empty());
    CHECK(board_of(session).verdicts == 0);
    const CastSheet without = cast_sheet({&source, 1});
    CHECK(without.find("planner")->contenders.front().evidence.verdicts.all() == 0);
    const auto& unused = without.find("planner")->not_used;
    CHECK(std::find(unused.begin(), unused.end(), "judge Referee: not licensed") != unused.end());
}
