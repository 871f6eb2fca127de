#include "gui/panels/judges_model.h"

#include <doctest/doctest.h>

#include "gui/gui_fixture.h"

namespace llmc::gui {
namespace {

using session::Judge;
using session::Verdict;
using Word = Verdict::Word;

// `rounds` of two answers, the first better by a vote in odd rounds, the second in even ones.
engine::Snapshot voted(int rounds) {
    engine::Snapshot snapshot;
    for (const char* id : {"c1", "c2"}) test::add_candidate(snapshot, id, std::string("model ") + id);
    for (int number = 1; number <= rounds; ++number)
        test::add_round(snapshot, "prompt", {test::answer("c1", "one", {}), test::answer("c2", "two", {})})
            .votes.push_back({"c1", "c2", number % 2 == 1 ? session::Vote::Winner::a : session::Vote::Winner::b});
    return snapshot;
}

// `says` of every round; of a pair it stands for both orders.
template <class Says>
Judge judge(const char* model, int rounds, Says says) {
    Judge made{.id = "j1", .model = model, .server = "lab"};
    for (int number = 1; number <= rounds; ++number) {
        const Word word = says(number);
        made.verdicts.push_back(std::make_shared<const Verdict>(
            Verdict{.round = number, .a = "c1", .b = "c2", .word = word, .in_order = word, .swapped = word}));
    }
    return made;
}

Word right(int number) {
    return number % 2 == 1 ? Word::a : Word::b;
}

}  // namespace

TEST_CASE("a judge that agrees with the votes is licensed, and one that was not asked has no verdicts") {
    engine::Snapshot snapshot = voted(24);
    snapshot.session.judges.push_back(judge("wise", 24, right));
    JudgesModel model;
    model.update(snapshot, 1, {{.model_id = "new"}, {.model_id = "wise", .display_name = "The wise one"}});
    REQUIRE(model.rows().size() == 2);
    CHECK(model.rows()[0].standing == "has not judged");
    CHECK(model.rows()[0].server == "any server");
    CHECK(model.rows()[1].name == "The wise one");
    CHECK(model.rows()[1].server == "wise · lab");
    CHECK(model.rows()[1].is_licensed);
    CHECK(model.rows()[1].missing.empty());
    CHECK(model.lines().empty());
    model.choose(1);
    CHECK(model.lines().size() == 24);
    CHECK(model.sum() == "24 agree · 0 contradict · 0 abstained");
    CHECK(model.lines()[1].known == Known::vote_b);
    CHECK(model.lines()[1].b == "model c2");
}

TEST_CASE("of a judge that always says the first it is told why it is not licensed, and what it contradicts") {
    engine::Snapshot snapshot = voted(24);
    snapshot.session.judges.push_back(
        judge("blunt", 24, [](int number) { return number <= 4 ? Word::abstains : Word::a; }));
    JudgesModel model;
    model.update(snapshot, 1, {});
    REQUIRE(model.chosen());
    CHECK_FALSE(model.chosen()->is_licensed);
    CHECK_FALSE(model.chosen()->is_configured);
    CHECK_FALSE(model.chosen()->missing.empty());
    CHECK(model.sum() == "10 agree · 10 contradict · 4 abstained");
    model.set_filter(VerdictFilter::contradicting);
    REQUIRE(model.lines().size() == 10);
    CHECK(model.lines()[0].verdict->round == 6);
    model.set_filter(VerdictFilter::abstained);
    CHECK(model.lines().size() == 4);
}

}  // namespace llmc::gui
