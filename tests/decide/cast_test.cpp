#include "played.h"

using namespace llmc;
using namespace llmc::decide_test;
using base::OrderedJson;

TEST_CASE("the best group is proposed from, and what is equal within the intervals is said to be") {
    Played played("s");
    for (int i = 0; i < 30; ++i)
        played.ask(fmt::format("prompt {}", i))
            .answer("Q8", i < 28 ? "+" : "-", 31.5)
            .answer("Q4", i < 27 ? "+" : "-", 47.2)
            .answer("7B", i < 8 ? "+" : "-", 90);
    const CastSheet sheet = sheet_of({played});
    CHECK(order(sheet) == "planner: Q8 Q4 7B");
    const CastRole& role = sheet.roles[0];
    CHECK(role.is_close);
    CHECK(contains(role.reason, "Q8: 28 of 30 checks passed (93 %, interval 79 to 98 %)"));
    CHECK(contains(role.reason, "Q8 and Q4 are equal within the intervals of their difference"));
    CHECK(contains(role.reason, "Q8 passed more of the checks, and nothing else tells them apart"));
    CHECK(contains(role.verdict, "7B is worse than Q8: 20 of 20 differing prompts"));
    CHECK(role.contenders[1].evidence.group == 1);
    CHECK(role.contenders[2].evidence.group == 2);
    CHECK(role.not_used[0] == "votes: nobody voted");
    CHECK_FALSE(contains(role.reason, "7B"));
    CHECK(role.cast() == 0);
    CHECK_FALSE(role.picked);
    CHECK(role.contenders[0].model == "model-Q8");
    CHECK(role.contenders[0].server == "rack");
}

TEST_CASE(
    "candidates of one group are decided by votes, then ratings, then speed, then the first token, and the reason says "
    "by "
    "what") {
    using Change = std::function<void(session::Answer&)>;
    const auto stars = [](int count) -> Change {
        return [count](session::Answer& answer) { answer.rating.stars = count; };
    };
    struct {
        Played played;
        const char *order, *reason;
    } const cases[] = {
        {Played("s").answer("a", "+", 50).answer("b", "+", 10).vote("a", "b", Vote::Winner::b), "planner: b a",
         "the votes are for b (1 won, 0 lost, 0 tied; a: 0 won"},
        {Played("s").answer("a", "+", 50, 0, stars(2)).answer("b", "+", 10, 0, stars(5)), "planner: b a",
         "b is rated higher (5.0 stars; a: 2.0 stars)"},
        {Played("s").answer("a", "+", 50, 0, took(2)).answer("b", "+", 10, 0, took(1.5)), "planner: b a",
         "b answers sooner (1.50 s from end to end; a: 2.00 s)"},
        {Played("s").answer("a", "+", 90, 0.9).answer("b", "+", 50, 0.3), "planner: b a",
         "b starts sooner (0.30 s; a: 0.90 s)"},
        {Played("s").answer("b", "+").answer("a", "+"), "planner: a b", "nothing else tells a and b apart"},
        {Played("s").answer("b", "+"), "planner: b", "b is the only candidate: 1 of 1 checks passed"},
        {Played("s").answer("a", "", 1).answer("b", "", 2), "planner: a b", "nothing else tells a and b apart"},
        {Played("s").answer("a", "", 9).answer("b", "", 0, 0, took(60)), "planner: b a",
         "No checks were run; b answers sooner (60.0 s from end to end; a: unknown)"},
        {Played("s").answer("a", "+-").answer("b", "++"), "planner: b a", "b passed more of the checks"},
        {Played("s").answer("a", "+-").answer("b", "++").vote("a", "b", Vote::Winner::a), "planner: a b",
         "a and b are equal within the intervals of their difference (a: 1 of 2 checks passed"},
    };
    for (const auto& [played, expected, reason] : cases) {
        CAPTURE(expected);
        const CastSheet sheet = sheet_of({played});
        CHECK(order(sheet) == expected);
        CHECK_MESSAGE(contains(sheet.roles[0].reason, reason), sheet.roles[0].reason);
    }
}

TEST_CASE("what is beyond chance beats votes, ratings and speed") {
    Played played("s");
    for (int i = 0; i < 8; ++i)
        played.ask(fmt::format("prompt {}", i)).answer("a", "+", 0, 0, took(9)).answer("b", "-", 0, 0, took(1));
    played.vote("a", "b", Vote::Winner::b);
    const CastSheet sheet = sheet_of({played});
    CHECK(order(sheet) == "planner: a b");
    CHECK_FALSE(sheet.roles[0].is_close);
    CHECK(contains(sheet.roles[0].reason, "the difference is beyond chance"));
}

TEST_CASE("for a role with a loop, who passes more often in a row goes before votes; elsewhere it decides nothing") {
    // a passes both prompts half of the time, b one of them always: pass^2 of b is 0.5, of a 0.
    Played played("s");
    for (const char* prompt : {"1", "2"})
        for (const char* outcome : {"+", "-"})
            played.ask(prompt).answer("a", outcome).answer("b", std::string_view(prompt) == "1" ? "+" : "-");
    played.vote("a", "b", Vote::Winner::a);
    CHECK(order(sheet_of({played})) == "planner: a b");
    session::SuiteRun run = *played.session().suite;
    run.source = {{"loop", base::OrderedJson::object()},
                  {"prompts", {{{"id", "p"}, {"prompt", "1"}, {"loop", base::OrderedJson::object()}}}}};
    played.session().suite = std::make_shared<const session::SuiteRun>(run);
    const CastSheet sheet = sheet_of({played});
    CHECK(order(sheet) == "planner: b a");
    CHECK(contains(sheet.roles[0].reason, "b passes 2 times in a row more often (50 %; a: 0 %)"));
}

TEST_CASE("latency is compared over the prompts that both completed, without cold answers") {
    const auto cold = metrics::ModelWarmth::cold;
    const auto failed = [](session::Answer& answer) {
        took(0.1)(answer);
        answer.state = AnswerState::failed;
    };
    struct {
        const char* name;
        Played played;
        const char* order;
        std::vector<std::optional<double>> latencies;  // in that order
    } const cases[] = {
        {"a cold answer is none",
         Played("s")
             .ask("1")
             .answer("a", "+", 0, 0, took(9, cold))
             .answer("b", "+", 0, 0, took(2))
             .ask("2")
             .answer("a", "+", 0, 0, took(1))
             .answer("b", "+", 0, 0, took(2)),
         "planner: a b",
         {1.0, 2.0}},
        {"a prompt that one of them did not complete counts for none",
         Played("s")
             .ask("1")
             .answer("a", "+", 0, 0, took(60))
             .answer("b", "+", 0, 0, failed)
             .ask("2")
             .answer("a", "+", 0, 0, took(1))
             .answer("b", "+", 0, 0, took(2)),
         "planner: a b",
         {1.0, 2.0}},
        {"repeats of a prompt are one",
         Played("s")
             .ask("1")
             .answer("a", "+", 0, 0, took(3))
             .answer("a", "+", 0, 0, took(5))
             .answer("a", "+", 0, 0, took(4))
             .answer("b", "+", 0, 0, took(5))
             .answer("b", "+", 0, 0, took(5))
             .answer("b", "+", 0, 0, took(5)),
         "planner: a b",
         {4.0, 5.0}},
        {"all cold: not known, which never wins",
         Played("s").ask("1").answer("a", "+", 0, 0, took(1, cold)).answer("b", "+", 0, 0, took(70)),
         "planner: b a",
         {70.0, std::nullopt}},
        {"no prompt in common: nobody is faster",
         Played("s").ask("1").answer("b", "+", 0, 0, took(1)).ask("2").answer("a", "+", 0, 0, took(5)),
         "planner: a b",
         {5.0, 1.0}},
        {"three: each two over what both completed",
         Played("s")
             .ask("1")
             .answer("a", "+", 0, 0, took(3))
             .answer("b", "+", 0, 0, took(2))
             .answer("c", "+", 0, 0, failed)
             .ask("2")
             .answer("a", "+", 0, 0, took(3))
             .answer("b", "+", 0, 0, took(2))
             .answer("c", "+", 0, 0, failed)
             .ask("3")
             .answer("a", "+", 0, 0, took(1))
             .answer("b", "+", 0, 0, took(4))
             .answer("c", "+", 0, 0, took(5)),
         "planner: b a c",
         {2.0, 3.0, 5.0}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const CastSheet sheet = sheet_of({one.played});
        CHECK(order(sheet) == one.order);
        const auto& contenders = sheet.roles[0].contenders;
        REQUIRE(contenders.size() == one.latencies.size());
        for (std::size_t i = 0; i < contenders.size(); ++i)
            CHECK(contenders[i].evidence.end_to_end_latency_s == one.latencies[i]);
    }
}

TEST_CASE("evidence of one role adds up by label, and the order of the sources does not matter") {
    std::vector<Played> all{Played("s1").answer("a", "++-", 10, 0.5).answer("b", "+", 30),
                            Played("s2").answer("b", "--", 40).answer("a", "+", 20, 0.7),
                            Played("s3", "", "critic-suite").answer("a", "+"),
                            Played("s4", "", "").answer("a", "", 99)};
    std::vector<CastSource> sources;
    for (std::size_t i = 0; i < all.size(); ++i) sources.push_back({fmt::format("{}.json", i), &all[i].session()});
    const std::string first = base::dump_json(decide::cast_to_json(decide::cast_sheet(sources), kNow));
    do {
        CHECK((base::dump_json(decide::cast_to_json(decide::cast_sheet(sources), kNow)) == first));
    } while (std::next_permutation(sources.begin(), sources.end(), [](const CastSource& one, const CastSource& other) {
        return one.name < other.name;
    }));
    const CastSheet sheet = decide::cast_sheet(sources);
    CHECK(order(sheet) == "critic-suite: a; planner: a b");
    const decide::Evidence& evidence = sheet.find("planner")->contenders[0].evidence;
    CHECK(evidence.checks == session::Tally{3, 4});
    CHECK(evidence.answers == 2);
    CHECK(evidence.decode_tokens_per_s == 15);
    CHECK(*evidence.time_to_first_token_s == doctest::Approx(0.6));
    CHECK(sheet.without_role == std::vector<std::string>{"3.json"});
    CHECK(sheet.find("critic") == nullptr);
}

TEST_CASE("an answer that stands in two files of one session counts once, the latest of it") {
    const auto failed = [](session::Answer& answer) { answer.state = AnswerState::failed; };
    const auto tried_again = [](session::Answer& answer) { answer.attempt = 2; };
    const auto liked = [](session::Answer& answer) { answer.rating.thumbs = 1; };
    Played halted = Played("s1").answer("a", "+").answer("a", "-", 0, 0, failed).vote("a", "b", Vote::Winner::a);
    Played finished = Played("s1")
                          .answer("a", "+", 0, 0, liked)
                          .answer("a", "+", 0, 0, tried_again)
                          .vote("a", "b", Vote::Winner::a)
                          .vote("a", "b", Vote::Winner::tie)
                          .answer("b", "+");
    for (const auto& files : {std::vector<Played>{halted, finished}, {finished, halted}}) {
        const CastSheet sheet = sheet_of(files);
        const decide::Evidence& evidence = sheet.roles[0].contenders[0].evidence;
        CHECK(sheet.roles[0].contenders[0].label == "a");
        CHECK(evidence.checks == session::Tally{2, 2});
        CHECK(evidence.ratings.thumbs_up == 1);
        CHECK(evidence.votes == decide::VoteCounts{1, 0, 1, 0});
    }
    // Another session is other evidence, also where it said the same.
    CHECK(sheet_of({Played("s1").answer("a", "+"), Played("s2").answer("a", "+")})
              .roles[0]
              .contenders[0]
              .evidence.checks == session::Tally{2, 2});
    // Files without an id cannot be known to be one session.
    CHECK(sheet_of({Played("").answer("a", "+"), Played("").answer("a", "+")}).roles[0].contenders[0].evidence.checks ==
          session::Tally{2, 2});
}

TEST_CASE("evidence says how cold, how thoughtful and how liked the answers were") {
    const auto thinking = [](session::Answer& answer) {
        answer.metrics.reasoning_tokens = 30;
        answer.metrics.output_tokens = 100;
        answer.rating = {.thumbs = -1, .stars = 4, .note = "too long"};
    };
    const auto cold = [](session::Answer& answer) {
        answer.metrics.output_tokens = 50;
        answer.metrics.model_warmth = metrics::ModelWarmth::cold;
        answer.rating = {.stars = 1, .note = "too long"};
    };
    const auto broken = [](session::Answer& answer) {
        answer.state = AnswerState::cut_off;
        answer.metrics.output_tokens = 1000;
    };
    const CastSheet sheet = sheet_of({Played("s")
                                          .answer("a", "+", 20, 0.4, thinking)
                                          .answer("a", "+", 20, 9, cold)
                                          .answer("a", "-", 99, 99, broken)});
    const decide::Contender& a = sheet.roles[0].contenders[0];
    CHECK(a.evidence.answers == 2);
    CHECK(a.evidence.cold_answers == 1);
    CHECK(a.evidence.time_to_first_token_s == 0.4);
    CHECK(*a.evidence.reasoning_share == doctest::Approx(0.2));
    CHECK(a.evidence.checks == session::Tally{2, 3});
    CHECK(*a.evidence.ratings.mean_stars() == doctest::Approx(2.5));
    CHECK(a.notes == std::vector<std::string>{"too long"});
    // Where all answers were cold, that is what is known.
    CHECK(sheet_of({Played("s").answer("a", "+", 20, 9, cold)}).roles[0].contenders[0].evidence.time_to_first_token_s ==
          9);
}

TEST_CASE("the user's pick beats the proposal, which comes first among the runners-up") {
    CastSheet sheet = sheet_of({Played("s").answer("a", "+").answer("b", "-").answer("c", "--")});
    REQUIRE(decide::pick(sheet, "planner", "c"));
    const OrderedJson json = decide::cast_to_json(sheet, kNow);
    const OrderedJson& role = json["roles"]["planner"];
    CHECK(role["candidate"] == "c");
    CHECK(role["picked_by"] == "user");
    CHECK(role["proposal"]["candidate"] == "a");
    CHECK(role["evidence"]["total"] == 2);
    REQUIRE(role["runners_up"].size() == 2);
    CHECK(role["runners_up"][0]["candidate"] == "a");
    CHECK(role["runners_up"][0]["evidence"]["pass_rate"] == 1.0);
    CHECK(role["runners_up"][1]["candidate"] == "b");
}

TEST_CASE("a pick may have equals signs in its role and its label, and an unknown one says what there is") {
    CastSheet sheet =
        sheet_of({Played("s", "a=b").answer("x=1", "+").answer("x", "-"), Played("t", "z").answer("y", "+")});
    REQUIRE(decide::pick(sheet, "a=b=x=1"));
    CHECK(sheet.find("a=b")->picked == 0);
    REQUIRE(decide::pick(sheet, "a=b=x"));
    CHECK(sheet.find("a=b")->picked == 1);
    CHECK(decide::pick(sheet, "nobody=x").error().message == "there is no role \"nobody\"; there are: a=b and z");
    CHECK(decide::pick(sheet, "z=x").error().message == "the role \"z\" has no candidate \"x\"; it has: y");
    CHECK(decide::pick(sheet, "a=b=q").error().message == "the role \"a=b\" has no candidate \"q\"; it has: x=1 and x");
    CHECK(decide::pick(sheet, "z").error().message == "\"z\" is no ROLE=LABEL");
    CHECK(decide::pick(sheet, "z").error().kind == ErrorKind::usage);
}

TEST_CASE("picks that sessions hold are taken over with their note, and contradictions leave the proposal") {
    CastSheet sheet = sheet_of({Played("s").answer("a", "+").answer("b", "-").pick("planner", "b", "more careful"),
                                Played("", "", "").pick("planner", "b").pick("other", "b")});
    CHECK(sheet.roles[0].picked == 1);
    CHECK(sheet.roles[0].note == "more careful");
    CHECK(sheet.warnings.empty());
    sheet = sheet_of({Played("s").answer("a", "+").answer("b", "-").pick("planner", "b"),
                      Played("t").answer("a", "+").pick("planner", "a")});
    CHECK_FALSE(sheet.roles[0].picked);
    CHECK(sheet.warnings == std::vector<std::string>{"planner: the files pick a and b; the proposal stands."});
}

TEST_CASE("a label that stands for two models is told, and a role without answers is none") {
    Played other("t");
    other.answer("a", "+").session().candidates[0].model_id = "another";
    Played empty("u", "critic");
    const CastSheet sheet = sheet_of({Played("s").answer("a", "+"), other, empty});
    CHECK(sheet.warnings ==
          std::vector<std::string>{"critic: there are no answers.",
                                   "planner: the label a stands for several models: another and model-a."});
    CHECK(order(sheet) == "planner: a");
}
