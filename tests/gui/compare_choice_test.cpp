#include "gui/panels/compare_choice.h"

#include <doctest/doctest.h>

#include "gui/gui_fixture.h"

namespace llmc::gui {
namespace {

using session::AnswerState;

engine::Snapshot with_rounds(int count, int candidates = 3) {
    engine::Snapshot made;
    made.session.id = "s";
    for (int i = 1; i <= candidates; ++i)
        test::add_candidate(made, "c" + std::to_string(i), "Model " + std::to_string(i));
    for (int round = 0; round < count; ++round) {
        std::vector<session::Answer> answers;
        for (int i = 1; i <= candidates; ++i)
            answers.push_back(test::answer("c" + std::to_string(i), "text " + std::to_string(round)));
        test::add_round(made, "prompt " + std::to_string(round), std::move(answers));
    }
    return made;
}

std::vector<std::string> labels(const CompareChoice& choice) {
    std::vector<std::string> found;
    for (const Choosable& one : choice.chosen()) found.push_back(one.label);
    return found;
}

using Labels = std::vector<std::string>;

TEST_CASE("the newest round with two ended answers is shown, and followed until another one is chosen") {
    engine::Snapshot snapshot = with_rounds(1);
    CompareChoice choice;
    choice.update(snapshot, false);
    CHECK(choice.round() == RoundPlace{0, 1});
    CHECK(labels(choice) == Labels{"Model 1", "Model 2", "Model 3"});

    session::Round& next = test::add_round(snapshot, "next", {});
    for (const char* id : {"c1", "c2", "c3"}) next.answers.push_back(test::answer(id, "…", {}, AnswerState::streaming));
    choice.update(snapshot, false);
    CHECK(choice.round().round == 1);  // nothing to compare yet
    next.answers[0].state = next.answers[2].state = AnswerState::complete;
    choice.update(snapshot, false);
    CHECK(choice.round().round == 2);

    choice.step(-1);
    CHECK(choice.round().round == 1);
    CHECK_FALSE(choice.can_step(-1));
    choice.update(with_rounds(5), false);
    CHECK(choice.round().round == 1);
}

TEST_CASE("another round shows the answers of the same candidates") {
    CompareChoice choice;
    choice.update(with_rounds(3), false);
    choice.toggle({{0, 3}, "c2"});
    CHECK(labels(choice) == Labels{"Model 1", "Model 3"});
    choice.step(-1);
    CHECK(choice.round().round == 2);
    CHECK(labels(choice) == Labels{"Model 1", "Model 3"});
}

TEST_CASE("answers of two rounds are named by their rounds") {
    CompareChoice choice;
    choice.update(with_rounds(2), false);
    for (const char* id : {"c2", "c3"}) choice.toggle({{0, 2}, id});
    choice.toggle({{0, 1}, "c1"});
    CHECK(labels(choice) == Labels{"round 1 · Model 1", "round 2 · Model 1"});
    CHECK(choice.chosen()[0].id != choice.chosen()[1].id);
}

TEST_CASE("six answers can be chosen, not more") {
    CompareChoice choice;
    choice.update(with_rounds(1, 8), false);
    CHECK(choice.chosen().size() == 6);
    CHECK(choice.is_full());
    choice.toggle({{0, 1}, "c8"});
    CHECK(choice.chosen().size() == 6);
    choice.toggle({{0, 1}, "c1"});
    choice.toggle({{0, 1}, "c8"});
    CHECK(labels(choice).back() == "Model 8");
}

TEST_CASE("asked-for answers are shown, also of a round that was not seen yet") {
    CompareChoice choice;
    choice.show(2, {"c3", "c1", "c3"});
    choice.update(with_rounds(3), false);
    CHECK(choice.round().round == 2);
    CHECK(labels(choice) == Labels{"Model 1", "Model 3"});
    CompareChoice all;
    all.show(1, {});
    all.update(with_rounds(3), false);
    CHECK(all.round().round == 1);
    CHECK(all.chosen().size() == 3);
}

TEST_CASE("the answer of another session to the same prompt stands beside those that are there") {
    CompareChoice choice;
    choice.update(with_rounds(2, 2), false);
    choice.add_session("old.llmc.json", with_rounds(3, 2).session);
    REQUIRE(choice.chosen().size() == 3);
    CHECK(labels(choice).back() == "old.llmc.json · round 2 · Model 1");
    CHECK(choice.chosen().back().round->prompt == "prompt 1");
    CHECK(choice.rounds().size() == 5);
    CHECK(choice.round_name({1, 2}) == "old.llmc.json · round 2");
}

TEST_CASE("a session from a file is shown where nothing was said yet") {
    CompareChoice choice;
    choice.update({}, false);
    CHECK(choice.chosen().empty());
    choice.add_session("old.llmc.json", with_rounds(2, 2).session);
    CHECK(choice.chosen().size() == 2);
    CHECK(choice.round() == RoundPlace{1, 2});
    choice.update({}, false);
    CHECK(choice.chosen().size() == 2);
}

// The second candidate failed twice before its answer in the only round.
engine::Snapshot with_attempts() {
    engine::Snapshot made = with_rounds(1);
    auto round = std::make_shared<session::Round>(*made.session.rounds[0]);
    for (int attempt = 1; attempt <= 2; ++attempt) {
        session::Answer earlier = test::answer("c2", "half", {}, AnswerState::cut_off);
        earlier.round = 1;
        earlier.attempt = attempt;
        round->replaced.push_back(std::move(earlier));
    }
    round->find("c2")->attempt = 3;
    made.session.rounds.set(0, std::move(round));
    return made;
}

TEST_CASE("an earlier attempt can be chosen, stands left of the answer that counts, and is chosen once") {
    const engine::Snapshot snapshot = with_attempts();
    CompareChoice choice;
    choice.update(snapshot, false);
    CHECK(labels(choice) == Labels{"Model 1", "Model 2", "Model 3"});
    const std::vector<Choosable> earlier = choice.attempts_of({0, 1});
    REQUIRE(earlier.size() == 2);
    CHECK(earlier[0].label == "Model 2 · attempt 1");
    choice.toggle(earlier[1].pick);
    choice.toggle(earlier[0].pick);
    CHECK(labels(choice) == Labels{"Model 1", "Model 2 · attempt 1", "Model 2 · attempt 2", "Model 2", "Model 3"});
    CHECK(choice.chosen()[1].answer->text() == "half");
    choice.toggle(earlier[1].pick);
    choice.update(snapshot, false);
    CHECK(labels(choice) == Labels{"Model 1", "Model 2 · attempt 1", "Model 2", "Model 3"});
    choice.show_attempt(1, "c2", 2);
    CHECK(labels(choice) == Labels{"Model 2 · attempt 2", "Model 2"});
}

TEST_CASE("what an incumbent answered stands beside the candidates of its prompt's rounds") {
    engine::Snapshot snapshot = with_rounds(0, 2);
    for (const char* id : {"plan", "other"})
        test::add_round(snapshot, id, {test::answer("c1", "one"), test::answer("c2", "two")}).prompt_id = id;
    const auto source = base::OrderedJson::parse(
        R"({"prompts": [{"id": "plan", "prompt": "prompt 0", "incumbent": {"model": "gpt-4", "text": "old",
            "tool_calls": [{"name": "send", "arguments": "{}"}], "latency_s": 2.5}}, {"id": "other", "prompt": "p"}]})");
    snapshot.session.suite =
        std::make_shared<const session::SuiteRun>(session::SuiteRun{.name = "s", .source = source});
    CompareChoice choice;
    choice.update(snapshot, false);
    CHECK(labels(choice) == Labels{"Model 1", "Model 2"});  // the newest round is another prompt's
    choice.show(1, {"c2"});
    CHECK(labels(choice) == Labels{"Model 2", "gpt-4 (incumbent)"});
    const session::Answer& old = *choice.chosen()[1].answer;
    CHECK(old.text() == "old");
    CHECK(old.tool_calls.front().name == "send");
    CHECK(old.metrics.end_to_end_latency_s == 2.5);
    CHECK_FALSE(old.metrics.time_to_first_token_s);
    choice.show_round({0, 1});
    choice.toggle({{0, 1}, suite::kIncumbent});
    CHECK(labels(choice) == Labels{"Model 2"});
    choice.update(snapshot, true);
    for (const Choosable& one : choice.of_round()) CHECK(one.pick.candidate != suite::kIncumbent);
}

TEST_CASE("in blind mode other sessions are not there") {
    CompareChoice choice;
    const engine::Snapshot snapshot = with_rounds(1, 2);
    choice.update(snapshot, false);
    choice.add_session("old.llmc.json", with_rounds(1, 2).session);
    CHECK(choice.chosen().size() == 3);
    engine::Snapshot masked = snapshot;
    masked.session.id += "/blind";
    choice.update(masked, true);
    CHECK(labels(choice) == Labels{"Model 1", "Model 2"});
    CHECK(choice.rounds().size() == 1);
    CHECK_FALSE(choice.has_others());
    choice.update(snapshot, false);
    CHECK(choice.chosen().size() == 3);
}

TEST_CASE("a new session leaves nothing of the old one behind") {
    CompareChoice choice;
    choice.update(with_rounds(3), false);
    choice.step(-1);
    engine::Snapshot next = with_rounds(1, 2);
    next.session.id = "other";
    choice.update(next, false);
    CHECK(choice.round() == RoundPlace{0, 1});
    CHECK(labels(choice) == Labels{"Model 1", "Model 2"});
    engine::Snapshot empty;
    empty.session.id = "empty";
    choice.update(empty, false);
    CHECK(choice.chosen().empty());
    CHECK(choice.rounds().empty());
}

}  // namespace
}  // namespace llmc::gui
