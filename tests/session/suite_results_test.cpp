#include "session/suite_results.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace llmc;
using namespace llmc::session;

namespace {

// One answer of a suite: whose, to what, and what the checks said ("+-": passed, failed).
struct Said {
    const char* candidate;
    const char* prompt_id;
    const char* city;
    int repeat;
    const char* text;
    const char* checks;
    AnswerState state = AnswerState::complete;
};

Answer answer_of(const Said& said) {
    Answer answer;
    answer.candidate = said.candidate;
    answer.state = said.state;
    answer.stream = *AnswerStream::holding(said.text, "");
    for (const char* check = said.checks; *check; ++check)
        answer.checks.push_back({.type = check == said.checks ? "contains" : "max_words", .passed = *check == '+'});
    return answer;
}

Session suite_session(std::initializer_list<Said> all) {
    Session session;
    for (const char* id : {"c1", "c2"}) {
        Candidate candidate;
        candidate.id = id;
        candidate.model_id = id;
        session.candidates.push_back(candidate);
    }
    session.suite = std::make_shared<const SuiteRun>(SuiteRun{.name = "s"});
    for (const Said& said : all) {
        std::shared_ptr<Round> round;
        for (std::size_t i = 0; i < session.rounds.size(); ++i) {
            const auto& known = session.rounds[i];
            if (known->prompt_id == said.prompt_id && known->repeat == said.repeat &&
                known->case_values == base::Json{{"city", said.city}} && !known->find(said.candidate)) {
                round = std::make_shared<Round>(*known);
                round->answers.push_back(answer_of(said));
                session.rounds.set(i, round);
                break;
            }
        }
        if (round) continue;
        round = std::make_shared<Round>();
        round->number = static_cast<int>(session.rounds.size()) + 1;
        round->prompt_id = said.prompt_id;
        round->case_values = {{"city", said.city}};
        round->repeat = said.repeat;
        round->answers.push_back(answer_of(said));
        session.rounds.push_back(round);
    }
    return session;
}

std::string text_of(const Tally& tally) {
    return fmt::format("{}/{}", tally.passed, tally.total);
}

}  // namespace

TEST_CASE("checks are counted per candidate, per prompt and per check") {
    const SuiteResults results = suite_results(suite_session({{"c1", "p", "Paris", 1, "a", "++"},
                                                              {"c2", "p", "Paris", 1, "a", "+-"},
                                                              {"c1", "p", "Rome", 1, "a", "--"},
                                                              {"c1", "q", "Paris", 1, "a", "+"}}));
    CHECK(results.prompt_ids == std::vector<std::string>{"p", "q"});
    CHECK(text_of(results.checks) == "4/7");
    REQUIRE(results.candidates.size() == 2);
    const CandidateResults& first = *results.find("c1");
    CHECK(text_of(first.checks) == "3/5");
    CHECK(text_of(first.answers) == "2/3");
    REQUIRE(first.prompts.size() == 2);
    CHECK(text_of(first.prompts[0].checks) == "2/4");
    CHECK(text_of(first.prompts[0].answers) == "1/2");
    REQUIRE(first.prompts[0].by_check.size() == 2);
    CHECK(first.prompts[0].by_check[0].type == "contains");
    CHECK(text_of(first.prompts[0].by_check[0].tally) == "1/2");
    CHECK(first.prompts[0].by_check[1].type == "max_words");
    const CandidateResults& second = *results.find("c2");
    CHECK(text_of(second.checks) == "1/2");
    CHECK(text_of(second.answers) == "0/1");
    CHECK(text_of(second.prompts[1].checks) == "0/0");
    CHECK(second.prompts[1].checks.rate() == std::nullopt);
    CHECK(second.prompts[1].checks.interval() == std::nullopt);
    CHECK(*first.checks.rate() == doctest::Approx(0.6));
    CHECK(first.checks.interval() == metrics::wilson_95(3, 5));
    CHECK(results.find("c9") == nullptr);
}

TEST_CASE("an answer that is not complete counts by its checks, and says nothing about steadiness") {
    const SuiteResults results =
        suite_results(suite_session({{"c1", "p", "Paris", 1, "Paris", "+"},
                                     {"c1", "p", "Paris", 2, "Par", "-", AnswerState::cut_off},
                                     {"c2", "p", "Paris", 1, "Pa", "-", AnswerState::failed}}));
    CHECK(text_of(results.find("c1")->checks) == "1/2");
    CHECK(results.find("c1")->steadiness == Steadiness{1.0, std::nullopt});
    CHECK(results.find("c2")->steadiness == Steadiness{std::nullopt, std::nullopt});
}

TEST_CASE(
    "steadiness is the share of the commonest answer per prompt and case, averaged, and where repeats part first") {
    const Session session = suite_session({{"c1", "p", "Paris", 1, "The Seine.", "+"},
                                           {"c1", "p", "Paris", 2, "The Seine.", "+"},
                                           {"c1", "p", "Paris", 3, "The Loire.", "+"},
                                           {"c1", "p", "Rome", 1, "Tiber", "+"},
                                           {"c1", "p", "Rome", 2, "Tiber", "+"},
                                           {"c1", "p", "Rome", 3, "Tiber", "+"},
                                           {"c1", "q", "Paris", 1, "ü1", "+"},
                                           {"c1", "q", "Paris", 2, "ü2", "+"},
                                           {"c1", "q", "Paris", 3, "ü3", "+"}});
    const CandidateResults results = *suite_results(session).find("c1");
    CHECK(*results.steadiness.agreement == doctest::Approx((2.0 / 3 + 1 + 1.0 / 3) / 3));
    CHECK(results.steadiness.first_divergence_char == 1);
    CHECK(*results.prompts[0].steadiness.agreement == doctest::Approx((2.0 / 3 + 1) / 2));
    CHECK(results.prompts[0].steadiness.first_divergence_char == 4);
    CHECK(results.prompts[1].steadiness.first_divergence_char == 1);
}

TEST_CASE("without repeats there is nothing to part") {
    const CandidateResults results = *suite_results(suite_session({{"c1", "p", "Paris", 1, "a", "+"}})).find("c1");
    CHECK(results.steadiness == Steadiness{1.0, std::nullopt});
}

TEST_CASE("answers with other tool calls are not equal, and ids of calls do not matter") {
    Session session = suite_session({{"c1", "p", "Paris", 1, "é", ""}, {"c1", "p", "Paris", 2, "é", ""}});
    const auto with_call = [&](std::size_t round, const char* id, const char* arguments) {
        auto changed = std::make_shared<Round>(*session.rounds[round]);
        changed->answers[0].tool_calls = {{id, "look_up", arguments}};
        session.rounds.set(round, changed);
    };
    with_call(0, "id1", "{}");
    with_call(1, "id2", "{}");
    CHECK(suite_results(session).find("c1")->steadiness == Steadiness{1.0, std::nullopt});
    with_call(1, "id2", "{\"a\": 1}");
    CHECK(suite_results(session).find("c1")->steadiness == Steadiness{0.5, 1});
}

TEST_CASE("rounds that come from no suite are not among the results") {
    Session session = suite_session({{"c1", "p", "Paris", 1, "a", "+"}});
    auto typed = std::make_shared<Round>();
    typed->number = 2;
    typed->prompt = "And now?";
    typed->answers.push_back(answer_of({"c1", "", "", 1, "b", ""}));
    session.rounds.push_back(typed);
    CHECK(suite_results(session).prompt_ids == std::vector<std::string>{"p"});
}

TEST_CASE("texts part at a code point, wherever the bytes do") {
    struct {
        const char *a, *b;
        std::optional<std::int64_t> place;
    } const cases[] = {{"", "", std::nullopt},
                       {"same", "same", std::nullopt},
                       {"", "x", 0},
                       {"ab", "abc", 2},
                       {"aéb", "aèb", 1},
                       {"日本", "日曜", 1},
                       {"é", "e", 0},
                       {"😀x", "😀y", 1},
                       {"x\xE2\x82\xAC", "x\xE2\x82\xAD", 1},
                       {"ab\xF0\x9F\x98\x80", "ab", 2}};
    for (const auto& [a, b, place] : cases) {
        CAPTURE(a);
        CAPTURE(b);
        CHECK(first_difference(a, b) == place);
        CHECK(first_difference(b, a) == place);
    }
}
