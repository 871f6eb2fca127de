// Who takes part: ids, changes, removals, and what comes back.
#include <doctest/doctest.h>

#include "fake_world.h"

using namespace llmc;
using namespace llmc::test;
using engine::Activity;
using engine::Event;
using session::AnswerState;

namespace {

session::Candidate with_id(session::Candidate made, const std::string& id) {
    made.id = id;
    return made;
}

// Those who take part, in their order.
std::vector<std::string> active(const engine::Snapshot& snapshot) {
    std::vector<std::string> made;
    for (const session::Candidate& one : snapshot.session.candidates)
        if (!one.is_removed) made.push_back(one.id);
    return made;
}

// A session of one round in which these have answered.
session::Session session_of(std::vector<session::Candidate> candidates, const std::vector<std::string>& answered) {
    session::Session made;
    made.candidates = std::move(candidates);
    auto round = std::make_shared<session::Round>();
    round->number = 1;
    round->prompt = "first";
    for (const std::string& id : answered) {
        session::Answer answer{.candidate = id, .round = 1, .state = AnswerState::complete};
        answer.stream = session::AnswerStream::holding("the words of " + id, "").value();
        round->answers.push_back(std::move(answer));
    }
    made.rounds.push_back(round);
    return made;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("the engine gives the ids, whatever a front end calls its candidates, and none a second time") {
    FakeWorld world;
    world.command(engine::AddCandidate{with_id(candidate("a"), "c9"), {}});
    world.command(engine::AddCandidate{candidate("a"), {}});
    CHECK(active(world.now()) == Ids{"c1", "c2"});
    world.command(engine::RemoveCandidate{"c2"});
    world.command(engine::RemoveCandidate{"c2"});
    world.command(engine::AddCandidate{candidate("b"), {}});
    CHECK(active(world.now()) == Ids{"c1", "c3"});
    CHECK(world.now().session.candidates.size() == 2);  // one that never took part leaves nothing behind
}

TEST_CASE("a new candidate of an opened session has nothing of one that was removed from it") {
    session::Candidate removed = with_id(candidate("b"), "c2");
    removed.is_removed = true;
    struct Case {
        const char* name;
        std::vector<session::Candidate> candidates;
        std::vector<std::string> answered;
    };
    const Case cases[] = {
        {"the last one was removed", {with_id(candidate("a"), "c1"), removed}, {"c1", "c2"}},
        {"the last one is known by its answer only", {with_id(candidate("a"), "c1")}, {"c1", "c2"}},
        {"one id twice", {with_id(candidate("a"), "c1"), with_id(candidate("b"), "c1")}, {"c1"}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        FakeWorld world;
        world.configure({server("127.0.0.1:1", 4)});
        world.command(engine::Open{.session = session_of(one.candidates, one.answered), .journal = {}});
        world.command(engine::AddCandidate{candidate("c"), {}});
        world.send({"second"});
        world.answer_manifests(manifest({"a", "b", "c"}));
        const engine::AnswerJob* of_new = nullptr;
        for (const auto& job : world.jobs)
            if (job.request.model == "c") of_new = &job;
        REQUIRE(of_new);
        CHECK(of_new->key.candidate == "c3");
        CHECK(of_new->request.messages.size() == 2);  // the system prompt and the question
    }
}

TEST_CASE("a session that is taken up keeps its candidates' ids; the next ones come after them") {
    FakeWorld world;
    world.command(engine::Open{
        .session = session_of({with_id(candidate("a"), "c4"), with_id(candidate("b"), "c9")}, {"c4", "c9"}),
        .journal = {}});
    CHECK(world.now().is_kept);  // it is in the file it came from
    world.command(engine::AddCandidate{candidate("new"), {}});
    world.command(engine::Clear{});
    world.command(engine::AddCandidate{candidate("newer"), {}});
    CHECK(active(world.now()) == Ids{"c4", "c9", "c10", "c11"});
}

TEST_CASE("candidates have the places they are put at, those who are out of it aside") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 4)}, {candidate("a"), candidate("b"), candidate("c")});
    world.send({"one"});
    for (int i = 0; i < 3; ++i) world.complete(0);
    world.command(engine::RemoveCandidate{"c1"});
    world.command(engine::AddCandidate{candidate("d"), 1});
    CHECK(active(world.now()) == Ids{"c2", "c4", "c3"});
    world.command(engine::ChangeCandidate{with_id(candidate("c"), "c3"), 0});
    CHECK(active(world.now()) == Ids{"c3", "c2", "c4"});
    world.command(engine::ChangeCandidate{with_id(candidate("c"), "c3"), 7});
    CHECK(active(world.now()) == Ids{"c2", "c4", "c3"});
    CHECK(world.now().labels.size() == 4);
}

TEST_CASE("one that was skipped stays out whatever is set, until it is brought back") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")});
    world.send({"one", "two"});
    world.end(1, AnswerState::failed, "");
    world.obey_stops();
    world.command(engine::SkipCandidate{1, "c2"});
    world.answer_manifests(manifest({"a", "b"}));
    session::Settings warmer;
    warmer.temperature = 1;
    world.configure({server("127.0.0.1:1", 2)}, warmer);
    world.command(engine::AddCandidate{candidate("c"), {}});
    CHECK(active(world.now()) == Ids{"c1", "c3"});
    world.complete(0);
    CHECK(world.jobs.empty());  // c's model is not there: what was begun came to its end, the next round waits
    CHECK(world.queue() == std::vector<std::string>{"two"});
    world.command(engine::ChangeCandidate{with_id(candidate("b"), "c2"), {}});
    CHECK(active(world.now()) == Ids{"c1", "c2", "c3"});
    std::vector<std::string> said;
    for (const auto& change : world.now().session.changes) said.push_back(change.what);
    CHECK(said == Ids{"b skipped", "temperature 0.7 -> 1", "c added", "b brought back"});
}

TEST_CASE("a change while answers stream is for the next round: what runs can be stopped, what waits goes as it was") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a"), candidate("b")});
    world.send({"one", "two"});
    REQUIRE(world.jobs.size() == 1);
    world.command(engine::ChangeCandidate{with_id(candidate("nobody has it"), "c2"), {}});
    CHECK(world.now().activity == Activity::running);
    world.complete(0);
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].request.model == "b");
    CHECK(world.count(Event::Kind::refused) == 0);
    world.complete(0);
    CHECK(world.jobs.empty());
    CHECK(world.count(Event::Kind::refused) == 1);  // said when nothing runs any more
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.queue() == Ids{"two"});
    world.command(engine::ChangeCandidate{with_id(candidate("b"), "c2"), {}});
    world.command(engine::Continue{});
    CHECK(world.jobs.size() == 1);
}

TEST_CASE("without a candidate nothing starts, and it is said") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.command(engine::RemoveCandidate{"c1"});
    world.send({"one"});
    CHECK(world.count(Event::Kind::refused) == 1);
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.now().session.rounds.empty());
}

TEST_CASE("a change of a candidate that is not there is refused and adds nobody") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.command(engine::ChangeCandidate{with_id(candidate("b"), "c7"), {}});
    CHECK(active(world.now()) == Ids{"c1"});
    CHECK(world.count(Event::Kind::error) == 1);
}
