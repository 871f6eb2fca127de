// What was judged, in every format and back.
#include <functional>

#include <doctest/doctest.h>

#include "base/utf8.h"
#include "report/report.h"
#include "report/session_file.h"
#include "sample_session.h"

using namespace llmc;
using base::OrderedJson;
using samples::contains;
using samples::kNow;

namespace {

void check_judged(const session::Session& read) {
    const session::Session saved = samples::judged();
    REQUIRE(read.suite);
    CHECK(*read.suite == *saved.suite);
    CHECK(read.casting == saved.casting);
    REQUIRE(read.judges.size() == saved.judges.size());
    for (std::size_t i = 0; i < saved.judges.size(); ++i) {
        CHECK(read.judges[i].name() == saved.judges[i].name());
        CHECK(read.judges[i].server == saved.judges[i].server);
        CHECK(read.judges[i].words == saved.judges[i].words);
        REQUIRE(read.judges[i].verdicts.size() == saved.judges[i].verdicts.size());
        for (std::size_t j = 0; j < saved.judges[i].verdicts.size(); ++j)
            CHECK(*read.judges[i].verdicts[j] == *saved.judges[i].verdicts[j]);
    }
    REQUIRE(read.rounds.size() == saved.rounds.size());
    for (std::size_t i = 0; i < saved.rounds.size(); ++i) {
        CHECK(read.rounds[i]->votes == saved.rounds[i]->votes);
        for (const session::Answer& answer : saved.rounds[i]->answers)
            CHECK(read.rounds[i]->find(answer.candidate)->checks == answer.checks);
    }
}

}  // namespace

TEST_CASE("checks, votes, suite, cast and judges come back from a session file and from a report") {
    const session::Session saved = samples::judged();
    const std::string file = report::to_session_file(saved);
    const auto read = report::read_session(file, "s");
    REQUIRE(read);
    check_judged(*read);
    CHECK((report::to_session_file(*read) == file));

    const std::string text = report::render(report::format_of("json"), saved, kNow);
    const auto from_report = report::read_session(text, "r");
    REQUIRE(from_report);
    check_judged(*from_report);
    CHECK((report::render(report::format_of("json"), *from_report, kNow) == text));
}

TEST_CASE("the JSON report says what every check said, and what the suite came to") {
    const OrderedJson json = report::to_json(samples::judged(), kNow);
    CHECK(json["conversations"]["a"]["answers"][0]["checks"] == OrderedJson::parse(R"([
        {"type": "contains", "passed": true, "detail": null, "at_char": null},
        {"type": "max_words", "passed": false, "detail": "3 words, 2 are allowed", "at_char": 6}])"));
    CHECK(json["conversations"]["a"]["answers"][0]["prompt_id"] == "first");
    const OrderedJson& suite = json["suite"];
    CHECK(suite["name"] == "cities");
    CHECK(suite["role"] == "geographer");
    CHECK(suite["repeat"] == 2);
    CHECK(suite["context"] == "continued");
    CHECK(suite["results"].size() == 3);
    const OrderedJson& first = suite["results"]["a"];
    CHECK(first["passed"] == 1);
    CHECK(first["total"] == 3);
    CHECK(first["pass_rate"].get<double>() == doctest::Approx(1.0 / 3));
    CHECK(first["low"].get<double>() == doctest::Approx(0.0615).epsilon(0.001));
    CHECK(first["high"].get<double>() == doctest::Approx(0.7923).epsilon(0.001));
    CHECK(first["steadiness"] == OrderedJson::parse(R"({"agreement": 1.0, "first_divergence_char": null})"));
    CHECK(json["votes"] == OrderedJson::parse(R"([{"round": 1, "a": "a", "b": "b", "winner": "a"},
                                                  {"round": 1, "a": "b", "b": "a", "winner": "tie"},
                                                  {"round": 2, "a": "a", "b": "Second \"A\"", "winner": "both_bad"}])"));
    CHECK(json["casting"] ==
          OrderedJson::parse(R"([{"role": "geographer", "candidate": "Second \"A\"", "note": "short | and | sure"}])"));
}

TEST_CASE("the JSON report has every verdict of a judge and why it has no licence") {
    const OrderedJson json = report::to_json(samples::judged(), kNow);
    const OrderedJson& judge = json["judges"][0];
    CHECK(judge["model"] == "gemma-27b");
    CHECK(judge["words"] == 1);
    CHECK(judge["licence"] == OrderedJson::parse(R"({"pairs": 0, "agreement": null, "kappa": null, "low": null,
        "high": null, "position_consistency": 1.0, "first_share": 0.6666666666666666,
        "longer_share": 0.0, "abstentions": 1, "licensed": false})"));
    CHECK(judge["verdicts"] == OrderedJson::parse(R"([
        {"round": 1, "a": "a", "b": "b", "winner": "b", "in_order": "b", "swapped": "b", "reason": "b is | shorter"},
        {"round": 1, "a": "a", "b": "Second \"A\"", "winner": "abstains", "in_order": "a", "swapped": null,
         "reason": "unreadable"},
        {"round": 2, "candidate": "a", "verdict": "partly", "reason": "the city is right"}])"));
    CHECK(report::to_json(samples::eventful(), kNow)["judges"].is_null());
}

TEST_CASE("without checks every figure of the suite is null, and nothing is judged that was not") {
    session::Session session = samples::two_candidates();
    session.suite = std::make_shared<const session::SuiteRun>(session::SuiteRun{.name = "s"});
    const OrderedJson json = report::to_json(session, kNow);
    CHECK(json["suite"]["role"].is_null());
    CHECK(json["suite"]["source"].is_null());
    CHECK(json["suite"]["results"]["a"] ==
          OrderedJson::parse(
              R"({"passed": 0, "total": 0, "pass_rate": null, "low": null, "high": null,
            "steadiness": {"agreement": null, "first_divergence_char": null}, "loop": null, "categories": null})"));
    CHECK(json["votes"].is_null());
    CHECK(json["casting"].is_null());
    CHECK_FALSE(contains(report::render(report::format_of("md"), session, kNow), "## Checks"));
    CHECK(report::to_json(samples::eventful(), kNow)["suite"].is_null());
}

TEST_CASE("a suite whose prompts have contexts of their own has no messages, a continued one has") {
    session::Session session = samples::judged();
    CHECK_FALSE(report::to_json(session, kNow)["conversations"]["a"]["messages"].empty());
    session::SuiteRun suite = *session.suite;
    suite.is_fresh = true;
    session.suite = std::make_shared<const session::SuiteRun>(suite);
    const OrderedJson fresh = report::to_json(session, kNow);
    CHECK(fresh["suite"]["context"] == "fresh");
    CHECK(fresh["conversations"]["a"]["messages"] == OrderedJson::array());
    CHECK(fresh["conversations"]["a"]["answers"].size() == 2);
}

TEST_CASE("Markdown and HTML have a section for checks, ratings and the cast where there are any") {
    const std::string markdown = report::render(report::format_of("md"), samples::judged(), kNow);
    CHECK(contains(markdown, "**Suite:** cities (role geographer, 2 repeats, one conversation per repeat)\n"));
    CHECK(contains(markdown, "\n## Checks\n\n| Model | Checks passed | Pass rate | 95 % interval |"));
    CHECK(contains(markdown, "| a | 1 of 3 | 33.3 % | 6.1 to 79.2 % | 0 of 2 | 100.0 % | – |"));
    CHECK(contains(markdown, "| first | 1 of 2 | 2 of 2 | – |"));
    CHECK(contains(markdown, "| a | 1 | first | 1 | max_words | 3 words, 2 are allowed | 6 |"));
    CHECK(contains(markdown, "\n## Ratings\n"));
    CHECK(contains(markdown, "| a | 1 | 0 | 1 | 1 |"));
    CHECK(contains(markdown, "\n## Casting\n"));
    CHECK(contains(markdown, "\n## Judges\n"));
    CHECK(contains(markdown, "| The judge | no, its verdicts count for nothing | 0 | – | – | 100 % |"));
    CHECK(contains(markdown, "| The judge | a | 0 | 1 | 0 | 1 | 0 | 1 | 0 |"));
    CHECK(contains(markdown, "| geographer | Second \"A\" | short &#124; and &#124; sure |"));
    CHECK(markdown.find("## Metrics") < markdown.find("## Checks"));

    const std::string html = report::to_html(samples::judged(), kNow);
    CHECK(contains(html, "<h2>Checks</h2>"));
    CHECK(contains(html, "1 of 2 checks passed"));
    CHECK(contains(html, "max_words: 3 words, 2 are allowed (at character 6)"));
    CHECK(contains(html, "<h2>Ratings</h2>"));
    CHECK(contains(html, "<h2>Judges</h2>"));
    CHECK(contains(html, "<h2>Casting</h2>"));

    for (const std::string& page : {report::render(report::format_of("md"), samples::two_candidates(), kNow),
                                    report::to_html(samples::two_candidates(), kNow)})
        for (const char* title : {"Suite", "Checks", "Ratings", "Judges", "Casting"})
            CHECK_FALSE(contains(page, title));
}

TEST_CASE("votes alone make a section of ratings") {
    session::Session session = samples::two_candidates();
    samples::add_round(session, "Hi", {});
    auto round = std::make_shared<session::Round>(*session.rounds[0]);
    round->votes = {{"c1", "c2", session::Vote::Winner::b}};
    session.rounds.set(0, round);
    const std::string markdown = report::render(report::format_of("md"), session, kNow);
    CHECK(contains(markdown, "## Ratings"));
    CHECK(contains(markdown, "| b | 1 | 0 | 0 | 0 |"));
}

TEST_CASE("the CSV report counts checks and names those that failed") {
    const std::string csv = report::to_csv(samples::judged());
    CHECK(contains(csv, "checks_passed,checks_total,failed_checks,replaced,ended_by,category,severity\r\n"));
    CHECK(contains(csv, ",1,2,\"max_words: 3 words, 2 are allowed (at character 6)\",false,"));
    CHECK(contains(csv, "\"{\"\"country\"\":\"\"Spain\"\"}\",0,1,\"equals: the answer is failed\",false,"));
    CHECK(report::to_csv(samples::saying("x")).ends_with(",,,,false,,,\r\n"));
}

TEST_CASE("what is wrong with what was judged is named with its place") {
    struct {
        bool is_report;
        const char* expected;
        std::function<void(OrderedJson&)> change;
    } const cases[] = {
        {false, "rounds[0].answers[0].checks: must be a list, and is a text",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["checks"] = "passed"; }},
        {false, "rounds[0].answers[0].checks[0]: must be an object, and is a text",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["checks"] = OrderedJson::array({"passed"}); }},
        {false, "rounds[0].answers[0].checks[1].type: missing or empty",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["checks"][1].erase("type"); }},
        {false, "rounds[0].answers[0].checks[1].passed: missing",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["checks"][1].erase("passed"); }},
        {false, "rounds[0].answers[0].checks[1].at_char: -1 is out of range",
         [](OrderedJson& f) { f["rounds"][0]["answers"][0]["checks"][1]["at_char"] = -1; }},
        {false, "rounds[0].votes[1].winner: \"me\" is none of",
         [](OrderedJson& f) { f["rounds"][0]["votes"][1]["winner"] = "me"; }},
        {false, "rounds[0].votes[0].a: there is no \"c7\"",
         [](OrderedJson& f) { f["rounds"][0]["votes"][0]["a"] = "c7"; }},
        {false, "rounds[0].votes[0].b: the same as a", [](OrderedJson& f) { f["rounds"][0]["votes"][0]["b"] = "c1"; }},
        {false, "suite: must be an object, and is a list", [](OrderedJson& f) { f["suite"] = OrderedJson::array(); }},
        {false, "suite.repeat: 0 is out of range", [](OrderedJson& f) { f["suite"]["repeat"] = 0; }},
        {false, "suite.context: \"stale\" is neither", [](OrderedJson& f) { f["suite"]["context"] = "stale"; }},
        {false, "suite.name: missing or empty", [](OrderedJson& f) { f["suite"] = OrderedJson::object(); }},
        {false, "suite.source: must be an object, and is a number", [](OrderedJson& f) { f["suite"]["source"] = 3; }},
        {false, "casting[0].candidate: there is no \"a\"", [](OrderedJson& f) { f["casting"][0]["candidate"] = "a"; }},
        {false, "casting[1].role: \"geographer\" is cast twice",
         [](OrderedJson& f) { f["casting"].push_back(f["casting"][0]); }},
        {false, "judges[1].id: \"j1\" is there twice", [](OrderedJson& f) { f["judges"][1]["id"] = "j1"; }},
        {false, "judges[0].model: missing or empty", [](OrderedJson& f) { f["judges"][0].erase("model"); }},
        {false, "judges[0].verdicts[0].a: there is no \"c9\"",
         [](OrderedJson& f) { f["judges"][0]["verdicts"][0]["a"] = "c9"; }},
        {false, "judges[0].verdicts[0].b: the same as a",
         [](OrderedJson& f) { f["judges"][0]["verdicts"][0]["b"] = "c1"; }},
        {false, "judges[0].verdicts[0].winner: \"pass\" is none of a, b, tie, abstains",
         [](OrderedJson& f) { f["judges"][0]["verdicts"][0]["winner"] = "pass"; }},
        {false, "judges[0].verdicts[2].verdict: \"a\" is none of pass, partly, fail, abstains",
         [](OrderedJson& f) { f["judges"][0]["verdicts"][2]["verdict"] = "a"; }},
        {true, "judges[0].verdicts[0].round: there is no round 9",
         [](OrderedJson& f) { f["judges"][0]["verdicts"][0]["round"] = 9; }},
        {true, "judges[0].verdicts[2].candidate: there is no \"c1\"",
         [](OrderedJson& f) { f["judges"][0]["verdicts"][2]["candidate"] = "c1"; }},
        {true, "votes[0].a: there is no \"c1\"", [](OrderedJson& f) { f["votes"][0]["a"] = "c1"; }},
        {true, "votes[2].round: there is no round 9", [](OrderedJson& f) { f["votes"][2]["round"] = 9; }},
        {true, "casting[0].candidate: there is no \"c3\"", [](OrderedJson& f) { f["casting"][0]["candidate"] = "c3"; }},
        {true, "conversations.a.answers[0].checks[0].passed: must be true or false, and is a text",
         [](OrderedJson& f) { f["conversations"]["a"]["answers"][0]["checks"][0]["passed"] = "yes"; }},
        {true, "suite.role: must be a text, and is a number", [](OrderedJson& f) { f["suite"]["role"] = 1; }},
    };
    for (const auto& [is_report, expected, change] : cases) {
        CAPTURE(expected);
        OrderedJson file = is_report ? report::to_json(samples::judged(), kNow)
                                     : *base::parse_ordered_json(report::to_session_file(samples::judged()), 128);
        change(file);
        const auto read = report::read_session(base::dump_json(file), "f");
        REQUIRE_FALSE(read);
        CHECK_MESSAGE(read.error().message.starts_with(std::string("f: ") + expected), read.error().message);
    }
}

TEST_CASE("what people and models wrote cannot break the sections of what was judged") {
    for (const std::string& hostile : samples::hostile_texts()) {
        CAPTURE(hostile);
        session::Session session = samples::judged();
        session::SuiteRun suite = *session.suite;
        suite.name = suite.role = hostile;
        session.suite = std::make_shared<const session::SuiteRun>(suite);
        session.casting[0].role = session.casting[0].note = hostile;
        session.judges[0].model = session.judges[0].display_name = hostile;
        auto round = std::make_shared<session::Round>(*session.rounds[0]);
        round->prompt_id = hostile;
        round->answers[0].checks[1].detail = round->answers[0].checks[1].type = hostile;
        session.rounds.set(0, round);
        const std::string markdown = report::render(report::format_of("md"), session, kNow);
        CHECK(base::is_valid_utf8(markdown));
        std::size_t headings = 0;
        for (std::size_t at = markdown.find("\n## "); at != std::string::npos; at = markdown.find("\n## ", at + 1))
            ++headings;
        CHECK(headings == 9);  // the system prompt, three models, metrics, checks, ratings, judges, casting
        const std::string html = report::to_html(session, kNow);
        CHECK_FALSE(contains(html, "<script"));
        CHECK_FALSE(contains(html, "<img"));
        for (const std::string& text : {markdown, html, report::to_csv(session)}) CHECK(base::is_valid_utf8(text));
    }
}
