#include "decide/decision.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "made_suites.h"

using namespace llmc;
using namespace llmc::decide;
using namespace llmc::decide_test;
using doctest::Approx;

namespace {

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

Decision made_decision(const std::vector<std::pair<std::string, std::string>>& runs, int repeats = 1) {
    const session::Session session = made_suite(runs, repeats);
    return *decision_of(session);
}

bool contains(const std::string& text, std::string_view part) {
    CAPTURE(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("six of six differing prompts decide a pair, five do not") {
    const Decision six = made_decision({{"qwen", "111111111"}, {"mistral", "000000111"}});
    REQUIRE(six.pairs.size() == 1);
    CHECK(six.pairs[0].better == PairDecision::Better::a);
    CHECK(six.pairs[0].test.a_better == 6);
    CHECK(six.pairs[0].test.p == Approx(0.03125));
    CHECK(six.pairs[0].test.interval.low > 0);
    CHECK_FALSE(six.pairs[0].more_prompts);
    CHECK(six.groups == std::vector<std::vector<std::size_t>>{{0}, {1}});
    CHECK(six.prompts_that_separate_nobody == 3);
    CHECK(six.verdict ==
          "mistral is worse than qwen: 6 of 6 differing prompts, p 0.031; 3 of 9 prompts separate nobody.");

    const Decision five = made_decision({{"qwen", "111111111"}, {"mistral", "000001111"}});
    CHECK(five.pairs[0].better == PairDecision::Better::cannot_tell);
    CHECK(five.pairs[0].more_prompts == std::max<std::int64_t>(1, *prompts_needed(5.0 / 9, 5.0 / 9, 1) - 9));
    CHECK(five.groups == std::vector<std::vector<std::size_t>>{{0, 1}});
    CHECK(contains(five.verdict, "qwen and mistral cannot be told apart by these 9 prompts (about 3 more would"));
}

TEST_CASE("an interval beside \"cannot tell\" holds 0") {
    // Tango's lies above 0 where the exact test does not decide.
    CHECK(tango_95(5, 0, 9).low > 0);
    const Decision decision = made_decision({{"a", "111111111"}, {"b", "000001111"}});
    CHECK(decision.pairs[0].test.interval.low == 0);
}

TEST_CASE("pairs are corrected for their number") {
    const Decision decision = made_decision({{"a", "11111111"}, {"b", "00000011"}, {"c", "11111111"}});
    REQUIRE(decision.pairs.size() == 3);
    CHECK(decision.pairs[0].test.p == Approx(0.03125));
    CHECK(decision.pairs[0].p_adjusted == Approx(0.09375));
    CHECK(decision.pairs[1].test.p == 1);
    CHECK(decision.groups.size() == 1);
    CHECK(contains(decision_lines(decision)[7], "a and c: cannot tell"));
}

TEST_CASE("groups: the best and all that cannot be told apart from it, then the best of the rest") {
    const Decision decision = made_decision({{"low", repeated("0", 20)},
                                             {"best", repeated("1", 20)},
                                             {"near", repeated("1", 17) + "000"},
                                             {"lower", "1" + repeated("0", 19)}});
    CHECK(decision.groups == std::vector<std::vector<std::size_t>>{{1, 2}, {3, 0}});
    CHECK(contains(decision.verdict, "best and near cannot be told apart"));
    CHECK(contains(decision.verdict, "lower is worse than best: 19 of 19"));
}

TEST_CASE("those that agree on every prompt would need another suite") {
    const Decision decision = made_decision({{"a", "1100"}, {"b", "1100"}});
    CHECK_FALSE(decision.pairs[0].more_prompts);
    CHECK(decision.prompts_that_separate_nobody == 4);
    CHECK_FALSE(decision.is_saturated);
    CHECK(contains(decision.verdict, "they are even"));
}

TEST_CASE("a suite that nobody fails is saturated") {
    const Decision decision = made_decision({{"a", "111"}, {"b", "111"}});
    CHECK(decision.is_saturated);
    CHECK(contains(decision.verdict, "nobody fails this suite"));
}

TEST_CASE("gaps are left out of pairs and said") {
    const Decision decision = made_decision({{"a", "1111111x"}, {"b", "0000001x"}, {"down", "xxxxxxxx"}});
    REQUIRE(decision.pairs.size() == 1);
    CHECK(decision.pairs[0].test.prompts == 7);
    CHECK(decision.infrastructure == std::vector<std::int64_t>{1, 1, 8});
    CHECK(decision.prompts_that_separate_nobody == 1);
    CHECK(contains(decision.verdict, "1 of 7 prompts separates nobody"));
    CHECK(decision.groups == std::vector<std::vector<std::size_t>>{{0}, {1}});
    CHECK(contains(decision.verdict, "10 runs of a, b and down failed by a server and are left out"));
}

TEST_CASE("pass^k and pass@k over the prompts") {
    // The first prompt passes 2 of 3, the second 3 of 3.
    const Decision decision = made_decision({{"a", "110111"}}, 3);
    REQUIRE(decision.pass_k[0].size() == 3);
    CHECK(decision.pass_k[0][0] == Approx(5.0 / 6));
    CHECK(decision.pass_k[0][1] == Approx((1.0 / 3 + 1) / 2));
    CHECK(decision.pass_k[0][2] == Approx(0.5));
    CHECK(decision.pass_at_k[0][0] == Approx(5.0 / 6));
    CHECK(decision.pass_at_k[0][1] == Approx(1));
    CHECK(contains(decision.verdict, "nobody to compare it with"));
}

TEST_CASE("repeats are compared by their shares") {
    const Decision decision = made_decision({{"a", repeated("11111", 8)}, {"b", repeated("11000", 8)}}, 5);
    CHECK(decision.pairs[0].test.prompts == 8);
    CHECK(decision.pairs[0].test.p == Approx(2.0 / 256));
    CHECK(decision.pairs[0].test.difference == Approx(0.6));
    CHECK(decision.pairs[0].better == PairDecision::Better::a);
}

TEST_CASE("warnings are told and decide nothing") {
    session::Session session = made_suite({{"a", "11111111"}, {"b", "00000011"}});
    for (std::size_t i = 0; i < 3; ++i)
        change_round(session, i, [](session::Round& round) { round.severity = session::Severity::warning; });
    const Decision decision = *decision_of(session);
    CHECK(decision.pairs[0].test.prompts == 5);
    CHECK(decision.deciding_prompts() == 5);
    CHECK(decision.prompts.size() == 8);
    CHECK(decision.prompts_that_separate_nobody == 2);
}

TEST_CASE("looks before the end are said where a test is told") {
    session::Session session = made_suite({{"a", "11111111"}, {"b", "00000011"}});
    session.looks = 3;
    CHECK(contains(decision_of(session)->verdict, "looked at 3 times before the end"));
}

TEST_CASE("a session without a suite or without checks has no decision") {
    CHECK_FALSE(decision_of(session::Session{}));
    session::Session session = made_suite({{"a", "1"}});
    session.suite = nullptr;
    CHECK_FALSE(decision_of(session));
}

TEST_CASE("every key of the decision stands in its JSON") {
    const base::OrderedJson json = decision_json(made_decision({{"a", "111111111"}, {"b", "000000111"}}));
    std::string keys;
    for (const auto& item : json.items()) keys += item.key() + " ";
    CHECK(keys ==
          "verdict groups pairs pass_k pass_at_k prompts prompts_that_separate_nobody saturated infrastructure looks "
          "baseline ");
    CHECK(json["groups"].dump() == R"([["a"],["b"]])");
    CHECK(json["pairs"][0]["decision"] == "a");
    CHECK(json["pairs"][0]["more_prompts"].is_null());
    CHECK(json["pass_k"]["a"].dump() == "[1.0]");
    CHECK(json["prompts"][0].dump() == R"({"id":"p1","case":null,"passed":1,"total":2,"separates":1})");
    CHECK(json["infrastructure"].dump() == R"({"a":0,"b":0})");
    CHECK(json["baseline"].is_null());
}

TEST_CASE("many candidates stay one sentence") {
    std::vector<std::pair<std::string, std::string>> runs;
    for (int i = 0; i < 21; ++i) runs.emplace_back(fmt::format("model-{}", i + 1), repeated(i < 12 ? "1" : "0", 15));
    const Decision decision = made_decision(runs);
    CHECK(decision.pairs.size() == 210);
    CHECK(contains(decision.verdict, "model-1, model-2, model-3, model-4 and 8 others cannot be told apart"));
    CHECK(contains(decision.verdict, "model-13, model-14, model-15, model-16 and 5 others are worse than model-1"));
}
