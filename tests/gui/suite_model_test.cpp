#include "gui/panels/suite_model.h"

#include <memory>

#include "gui/gui_fixture.h"
#include "gui/panels/suite_text.h"
#include "suite/suite.h"

namespace llmc::gui {
namespace {

using base::OrderedJson;
using test::add_candidate;
using test::answer;

OrderedJson source() {
    return *base::parse_ordered_json(R"({
        "format": "llm-compare-suite", "version": 1, "name": "capitals", "role": "planner",
        "cases": [{"city": "Paris", "country": "France"}, {"city": "Rome", "country": "Italy"}],
        "prompts": [
            {"id": "capital", "prompt": "Whose capital is {{city}}?", "checks": [{"type": "contains", "value": "{{country}}"}]},
            {"prompt": "Where is {{city}}?", "checks": [{"type": "max_chars", "value": 20}]},
            {"id": "later", "prompt": "And {{city}} itself?", "checks": [{"type": "json"}]}]})");
}

session::Answer judged(const std::string& candidate, std::vector<bool> passed) {
    session::Answer made = answer(candidate, "text");
    for (const bool one : passed)
        made.checks.push_back({.type = "contains", .passed = one, .detail = one ? "" : "it is not there"});
    return made;
}

void add(engine::Snapshot& now, const std::string& id, const char* city, std::vector<session::Answer> answers) {
    session::Round& round = test::add_round(now, "asked", std::move(answers));
    round.prompt_id = id;
    round.case_values = {{"city", city}, {"country", std::string(city) == "Paris" ? "France" : "Italy"}};
}

engine::Snapshot with_a_suite(bool is_fresh = true) {
    engine::Snapshot now;
    now.session.id = "s1";
    add_candidate(now, "c1", "alpha");
    add_candidate(now, "c2", "beta");
    auto run = std::make_shared<session::SuiteRun>();
    run->name = "capitals";
    run->role = "planner";
    run->is_fresh = is_fresh;
    run->source = source();
    now.session.suite = run;
    return now;
}

std::vector<std::string> ids_of(const OrderedJson& suite) {
    std::vector<std::string> ids;
    for (const OrderedJson& prompt : suite["prompts"]) ids.push_back(prompt["id"]);
    return ids;
}

}  // namespace

TEST_CASE("the table has a row per candidate and a column per prompt, those that were not sent yet included") {
    engine::Snapshot now = with_a_suite();
    add(now, "capital", "Paris", {judged("c1", {true}), judged("c2", {false})});
    add(now, "capital", "Rome", {judged("c1", {true}), judged("c2", {true})});
    add(now, "2", "Paris", {judged("c1", {true, true}), answer("c2", "half", {}, session::AnswerState::streaming)});
    const SuiteModel model = make_suite_model(now.session);
    REQUIRE(model.columns.size() == 3);
    CHECK(model.columns[0].id == "capital");
    CHECK(model.columns[1].id == "2");  // by its place, as the reader calls it
    CHECK(model.columns[2].id == "later");
    CHECK(model.columns[0].rounds == std::vector<std::uint32_t>{0, 1});
    CHECK(model.columns[2].rounds.empty());
    CHECK(model.columns[0].prompt == "Whose capital is {{city}}?");
    REQUIRE(model.rows.size() == 2);
    CHECK(model.rows[0].checks == session::Tally{4, 4});
    CHECK(model.rows[1].checks == session::Tally{1, 2});
    CHECK(model.rows[1].cells[0].checks == session::Tally{1, 2});
    CHECK(model.rows[1].cells[1].checks.total == 0);
    CHECK(model.checks == session::Tally{5, 6});
}

TEST_CASE("only prompts with a failed check of any candidate count as failures") {
    engine::Snapshot now = with_a_suite();
    add(now, "capital", "Paris", {judged("c1", {true}), judged("c2", {true})});
    add(now, "2", "Paris", {judged("c1", {true}), judged("c2", {true, false})});
    CHECK(make_suite_model(now.session).failures == std::vector<std::size_t>{1});
}

TEST_CASE("a candidate that was removed stays in the table only with what it has said") {
    engine::Snapshot now = with_a_suite();
    add_candidate(now, "c3", "gamma");
    now.session.candidates[1].is_removed = now.session.candidates[2].is_removed = true;
    add(now, "capital", "Paris", {judged("c1", {true}), judged("c2", {true})});
    const SuiteModel model = make_suite_model(now.session);
    REQUIRE(model.rows.size() == 2);
    CHECK(model.rows[1].candidate == "c2");
}

TEST_CASE("what is derived is made again when a round begins or an answer ends, not while texts grow") {
    engine::Snapshot now = with_a_suite();
    add(now, "capital", "Paris", {answer("c1", "a", {}, session::AnswerState::streaming)});
    const SuiteStamp before = stamp_of(now.session);
    auto next = std::make_shared<session::Round>(*now.session.rounds[0]);
    next->answers[0] = answer("c1", "a and more", {}, session::AnswerState::streaming);
    now.session.rounds.set(0, next);
    CHECK(stamp_of(now.session) == before);
    next->answers[0].state = session::AnswerState::complete;
    CHECK_FALSE(stamp_of(now.session) == before);
    const SuiteStamp ended = stamp_of(now.session);
    add(now, "capital", "Rome", {});
    CHECK_FALSE(stamp_of(now.session) == ended);
}

TEST_CASE("the failed prompts and cases make a suite of their own that the reader takes") {
    engine::Snapshot now = with_a_suite();
    add(now, "capital", "Paris", {judged("c1", {true})});
    add(now, "capital", "Rome", {judged("c1", {true})});
    add(now, "2", "Paris", {judged("c1", {true})});
    add(now, "2", "Rome", {judged("c1", {false})});
    const auto failed = failed_only(now.session);
    REQUIRE(failed);
    CHECK(ids_of(*failed) == std::vector<std::string>{"2"});
    REQUIRE((*failed)["cases"].size() == 1);
    CHECK((*failed)["cases"][0]["city"] == "Rome");
    CHECK((*failed)["name"] == "capitals, failed only");
    CHECK((*failed)["role"] == "planner");
    const auto read = suite::suite_from_json(*failed);
    REQUIRE(read.ok());
    CHECK(read->prompts.size() == 1);

    SUBCASE("running it again does not call it so twice") {
        auto again = std::make_shared<session::SuiteRun>(*now.session.suite);
        again->name = "capitals, failed only";
        again->source["name"] = again->name;
        now.session.suite = again;
        CHECK((*failed_only(now.session))["name"] == "capitals, failed only");
    }
}

TEST_CASE("where nothing failed there is nothing to run again") {
    engine::Snapshot now = with_a_suite();
    add(now, "capital", "Paris", {judged("c1", {true})});
    CHECK_FALSE(failed_only(now.session));
    now.session.suite = nullptr;
    CHECK_FALSE(failed_only(now.session));
}

TEST_CASE("of one conversation all that comes before a failed prompt is kept") {
    engine::Snapshot now = with_a_suite(false);
    add(now, "capital", "Paris", {judged("c1", {true})});
    add(now, "2", "Paris", {judged("c1", {false})});
    CHECK(ids_of(*failed_only(now.session)) == std::vector<std::string>{"capital", "2", "later"});
    auto run = std::make_shared<session::SuiteRun>(*now.session.suite);
    run->source.erase("cases");
    now.session.suite = run;
    CHECK(ids_of(*failed_only(now.session)) == std::vector<std::string>{"capital", "2"});
}

TEST_CASE("the round to look at first is one that failed") {
    engine::Snapshot now = with_a_suite();
    add(now, "capital", "Paris", {judged("c1", {true}), judged("c2", {false})});
    add(now, "capital", "Rome", {judged("c1", {false}), judged("c2", {true})});
    const SuiteModel model = make_suite_model(now.session);
    CHECK(first_failed_round(now.session, model.columns[0], "c1") == 1U);
    CHECK(first_failed_round(now.session, model.columns[0], "c2") == 0U);
    CHECK(first_failed_round(now.session, model.columns[0], "c9") == 0U);
    CHECK_FALSE(first_failed_round(now.session, model.columns[2], "c1"));
}

TEST_CASE("cases and steadiness are said in words") {
    CHECK(case_words({{"city", "Paris"}, {"rank", 2}}) == "city Paris, rank 2");
    CHECK(case_words(nullptr).empty());
    CHECK(steadiness_words({.agreement = 1.0, .first_divergence_char = std::nullopt}, 3) == "agree 100 %");
    CHECK(steadiness_words({.agreement = 0.5, .first_divergence_char = 12}, 2) == "agree 50 %, part at character 12");
    CHECK(steadiness_words({.agreement = 1.0, .first_divergence_char = std::nullopt}, 1).empty());
}

TEST_CASE("two thousand rounds of twelve candidates are added up") {
    engine::Snapshot now = with_a_suite();
    std::vector<session::Answer> answers;
    for (int i = 3; i <= 12; ++i) add_candidate(now, "c" + std::to_string(i), "model");
    for (int i = 1; i <= 12; ++i) answers.push_back(judged("c" + std::to_string(i), {true, false, true}));
    for (int i = 0; i < 2000; ++i) add(now, "p" + std::to_string(i % 500), i % 2 ? "Paris" : "Rome", answers);
    const SuiteModel model = make_suite_model(now.session);
    CHECK(model.columns.size() == 503);
    CHECK(model.checks.total == 72'000);
}

TEST_CASE("the mark stands on the word at the place, counted in characters") {
    const std::string_view text = "Größe: zehn Äpfel\nund mehr";
    const auto marked = [&](std::int64_t at) {
        const MarkedRange range = marked_range(text, at);
        return text.substr(range.from, range.to - range.from);
    };
    CHECK(marked(0) == "Größe:");
    CHECK(marked(7) == "zehn");
    CHECK(marked(12) == "Äpfel");
    CHECK(marked(11) == " Äpfel");
    CHECK(marked(18) == "und");
    CHECK(marked_range(text, 500) == MarkedRange{text.size(), text.size()});
    CHECK(marked_range("", 0) == MarkedRange{0, 0});
}

TEST_CASE("a marked text is laid out once, and only its tail while it grows") {
    test::FrameParts parts;
    test::Canvas canvas(parts);
    std::string text;
    text.reserve(10'000);
    for (int i = 0; i < 40; ++i) text += "some words of a row that is cut ";
    text += "\nnext line\n";
    MarkedText view;
    const auto draw = [&] {
        canvas.draw([&](const FrameView& frame) { draw_marked_text(frame, view, text, {400, 200}); });
    };
    draw();
    const std::vector<std::size_t> first = view.starts;
    REQUIRE(first.size() > 5);
    CHECK(first.back() == text.size());
    text += "and more of it, in words that need another row of their own to stand in at this width";
    draw();
    CHECK(view.starts.size() > first.size());
    CHECK(std::equal(first.begin(), first.end(), view.starts.begin()));
    const std::vector<std::size_t> grown = view.starts;
    view.seen_data = nullptr;  // as for another text
    draw();
    CHECK(view.starts == grown);
    for (std::size_t i = 1; i < grown.size(); ++i) CHECK(grown[i] > grown[i - 1]);
}

}  // namespace llmc::gui
