#include "decide/baseline.h"

#include <doctest/doctest.h>

#include "decide/decision.h"
#include "made_suites.h"

using namespace llmc;
using namespace llmc::decide;
using namespace llmc::decide_test;
using doctest::Approx;

TEST_CASE("per label and prompt: better, worse, the same; the exact test decides") {
    const session::Session before = made_suite({{"a", "11111110"}, {"b", "11110000"}, {"gone", "11111111"}});
    const session::Session now = made_suite({{"a", "00000001"}, {"b", "11100000"}, {"new", "11111111"}});
    const Decision decision = *decision_of(now, before);
    REQUIRE(decision.baseline);
    const Baseline& baseline = *decision.baseline;
    REQUIRE(baseline.labels.size() == 2);
    CHECK(baseline.labels[0].regressions.size() == 7);
    CHECK(baseline.labels[0].improvements == std::vector<PromptName>{{"p8", nullptr}});
    CHECK(baseline.labels[0].test.p == Approx(mcnemar_exact(7, 1)));
    CHECK_FALSE(baseline.labels[0].is_significant_regression());
    CHECK(baseline.labels[1].regressions == std::vector<PromptName>{{"p4", nullptr}});
    CHECK(baseline.only_now == std::vector<std::string>{"new"});
    CHECK(baseline.only_before == std::vector<std::string>{"gone"});
    CHECK_FALSE(baseline.has_significant_regression());

    const auto json = decision_json(decision)["baseline"];
    CHECK(json["labels"]["b"]["regressions"].dump() == R"([{"id":"p4","case":null}])");
    CHECK(json["labels"]["b"]["p"] == 1);
}

TEST_CASE("a significant regression: more worse than better, and p by Holm over the labels") {
    const session::Session before = made_suite({{"a", "11111111"}, {"b", "11111111"}});
    const session::Session now = made_suite({{"a", "00000000"}, {"b", "11111111"}});
    const Baseline baseline = *decision_of(now, before)->baseline;
    CHECK(baseline.labels[0].p_adjusted == Approx(2 * mcnemar_exact(8, 0)));
    CHECK(baseline.has_significant_regression());
    // The other way round everything got better.
    CHECK_FALSE(decision_of(before, now)->baseline->has_significant_regression());
}

TEST_CASE("prompts of severity warning give no regression") {
    const session::Session before = made_suite({{"a", "11111111"}});
    session::Session now = made_suite({{"a", "00000000"}});
    for (std::size_t i = 0; i < 8; ++i)
        change_round(now, i, [](session::Round& round) { round.severity = session::Severity::warning; });
    CHECK(decision_of(now, before)->baseline->labels[0].regressions.empty());
}

TEST_CASE("runs with repeats are compared by their shares") {
    const session::Session before = made_suite({{"a", "111111"}}, 3);
    const session::Session now = made_suite({{"a", "110111"}}, 3);
    const LabelChange change = decision_of(now, before)->baseline->labels[0];
    CHECK(change.regressions == std::vector<PromptName>{{"p1", nullptr}});
    CHECK(change.test.difference == Approx(-1.0 / 6));
}

TEST_CASE("settings that differ are named once, with whose they are") {
    session::Session before = made_suite({{"a", "1"}, {"b", "1"}});
    session::Session now = made_suite({{"a", "1"}, {"b", "1"}});
    before.settings.temperature = 0.7;
    now.settings.temperature = 0;
    now.candidates[1].own.max_tokens = 100;
    now.candidates[0].model_id = "a";
    change_round(now, 0, [](session::Round& round) { round.prompt = "another text"; });
    std::string text;
    for (const SettingChange& change : setting_changes(now, before))
        text += change.what + ": " + change.before.dump() + " -> " + change.now.dump() + "\n";
    CHECK(text ==
          "temperature: 0.7 -> 0.0\n"
          "b: max_tokens: 2048 -> 100\n"
          "prompt p1: \"the prompt p1\" -> \"another text\"\n");
}
