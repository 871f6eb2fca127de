#include "gui/panels/casting_model.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "gui/gui_fixture.h"

namespace llmc::gui {
namespace {

// A session that has run a suite of one round: each candidate passed some of ten checks.
session::Session ran(const std::string& role, std::vector<std::pair<std::string, int>> passed) {
    engine::Snapshot snapshot;
    session::Session& session = snapshot.session;
    session.id = role;
    session::SuiteRun suite;
    suite.name = role + "-basics";
    suite.role = role;
    session.suite = std::make_shared<const session::SuiteRun>(suite);
    std::vector<session::Answer> answers;
    for (const auto& [label, count] : passed) {
        const std::string id = "c" + std::to_string(answers.size() + 1);
        test::add_candidate(snapshot, id, label);
        answers.push_back(test::answer(id, "text of " + label));
        for (int i = 0; i < 10; ++i) answers.back().checks.push_back({.type = "contains", .passed = i < count});
    }
    test::add_round(snapshot, "prompt", std::move(answers));
    return session;
}

CastingSource source(std::string name, session::Session session) {
    return {std::move(name), std::make_shared<const session::Session>(std::move(session))};
}

TEST_CASE("the head of the sheet counts roles, candidates, suites and answers") {
    const std::vector<CastingSource> sources{source("a.json", ran("planner", {{"x", 9}, {"y", 2}})),
                                             source("b.json", ran("critic", {{"x", 5}})),
                                             source("c.json", session::Session{})};
    CHECK(head_line(sheet_of(sources, {}), sources) == "2 roles, 2 candidates, 2 suites, 3 answers");
    const std::vector<CastingSource> one{source("b.json", ran("critic", {{"x", 5}}))};
    CHECK(head_line(sheet_of(one, {}), one) == "1 role, 1 candidate, 1 suite, 1 answer");
}

TEST_CASE("a session is evidence when it has a suite's rounds, a rating or a vote") {
    session::Session session;
    CHECK_FALSE(is_evidence(session));
    engine::Snapshot chat;
    session::Round& round = test::add_round(chat, "p", {test::answer("c1", "a"), test::answer("c2", "b")});
    CHECK_FALSE(is_evidence(chat.session));
    round.answers[0].rating.note = "good";
    CHECK(is_evidence(chat.session));
    round.answers[0].rating = {};
    round.votes.push_back({"c1", "c2", session::Vote::Winner::a});
    CHECK(is_evidence(chat.session));
    CHECK(is_evidence(ran("planner", {{"x", 1}})));
}

TEST_CASE("what was picked here beats the picks of the sources, and there is no warning of these any more") {
    session::Session first = ran("planner", {{"x", 9}, {"y", 8}}), second = first;
    second.id = "other";
    first.casting.push_back({"planner", "c1", "by the first"});
    second.casting.push_back({"planner", "c2", "by the second"});
    const std::vector<CastingSource> sources{source("a.json", first), source("b.json", second)};
    CHECK(sheet_of(sources, {}).warnings.size() == 1);
    CHECK_FALSE(sheet_of(sources, {}).roles[0].picked.has_value());

    const decide::CastSheet picked = sheet_of(sources, {{"planner", {"y", "mine"}}});
    CHECK(picked.warnings.empty());
    REQUIRE(picked.roles[0].picked.has_value());
    CHECK(picked.roles[0].contenders[*picked.roles[0].picked].label == "y");
    CHECK(picked.roles[0].note == "mine");

    // Back to the proposal, though a file has a pick.
    const std::vector<CastingSource> one{source("a.json", first)};
    CHECK(sheet_of(one, {}).roles[0].picked.has_value());
    const decide::CastSheet open = sheet_of(one, {{"planner", {}}});
    CHECK_FALSE(open.roles[0].picked.has_value());
    CHECK(open.roles[0].note.empty());
    // And for a candidate that is not there any more.
    CHECK_FALSE(sheet_of(one, {{"planner", {"gone", ""}}}).roles[0].picked.has_value());
}

TEST_CASE("the reason is said in a few words") {
    const auto role = [](std::vector<std::pair<std::string, int>> passed) {
        const std::vector<CastingSource> sources{source("a.json", ran("planner", std::move(passed)))};
        return sheet_of(sources, {}).roles.at(0);
    };
    CHECK(short_reason(role({{"x", 9}})) == "proposal: the only candidate");
    CHECK(short_reason(role({{"x", 9}, {"y", 8}})) == "proposal: x and y are equal within the intervals");
    decide::CastRole clear = role({{"x", 10}, {"y", 0}});
    clear.is_close = false;  // as many prompts would make it
    CHECK(short_reason(clear) == "proposal: passed 100 %, the next one 0 %");
    clear.picked = 0;
    CHECK(short_reason(clear) == "picked by you, as proposed");
    clear.picked = 1;
    CHECK(short_reason(clear) == "picked by you; proposal: x");
}

TEST_CASE("all evidence of a contender is listed in words, and what is not known is left out") {
    decide::Contender contender{.label = "x", .model = "x-7b", .server = "rack"};
    contender.evidence.answers = 1;
    contender.settings.temperature = 0.7;
    std::vector<std::string> lines = evidence_lines(contender);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "no checks");
    CHECK(lines[1] == "1 answer");
    CHECK(lines[2].starts_with("x-7b · rack · temperature 0.7"));
    decide::Evidence& evidence = contender.evidence;
    evidence.checks = {9, 10};
    evidence.time_to_first_token_s = 0.31;
    evidence.end_to_end_latency_s = 2.25;
    evidence.decode_tokens_per_s = 31.5;
    evidence.reasoning_share = 0.34;
    evidence.votes = {.wins = 3, .losses = 1, .ties = 0, .both_bad = 2};
    evidence.vote_score = decide::Score{.score = 0.5, .low = -0.25, .high = 1.25};
    evidence.ratings = {.thumbs_up = 2, .thumbs_down = 1, .starred = 2, .stars = 9};
    contender.notes = {"clear order"};
    lines = evidence_lines(contender);
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] == "9 of 10 checks passed: 90 %, interval 60 to 98 %");
    CHECK(lines[1] == "1 answer · TTFT 0.31 s · end to end 2.25 s · 31.5 tok/s · reasoning 34 %");
    CHECK(lines[2] == "votes: 3 won, 1 lost, 0 tied, 2 both bad · score +0.50, interval -0.25 to +1.25");
    CHECK(lines[3] == "4.5 of 5 stars (2 rated) · thumbs 2 up, 1 down");
    CHECK(lines[4] == "\"clear order\"");
}

TEST_CASE("the sheet is made anew when rounds, labels or picks have changed, not when a server has") {
    engine::Snapshot snapshot;
    snapshot.session = ran("planner", {{"x", 9}});
    snapshot.labels = {"x"};
    EvidenceWatch watch;
    CHECK(watch.take(snapshot));
    CHECK_FALSE(watch.take(snapshot));
    snapshot.servers.emplace_back();
    CHECK_FALSE(watch.take(snapshot));
    snapshot.labels = {"renamed"};
    CHECK(watch.take(snapshot));
    snapshot.session.casting.push_back({"planner", "c1", ""});
    CHECK(watch.take(snapshot));
    test::add_round(snapshot, "again", {test::answer("c1", "more")});
    CHECK(watch.take(snapshot));
    CHECK_FALSE(watch.take(snapshot));
}

}  // namespace
}  // namespace llmc::gui
