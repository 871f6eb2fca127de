// Further attempts of complete answers, and the attempts of those that are missing.
#include <doctest/doctest.h>

#include "engine/fake_world.h"
#include "engine/journal.h"
#include "engine/memory_journal.h"
#include "report/report.h"
#include "report/session_file.h"
#include "suite/suite.h"

using namespace llmc;
using namespace llmc::test;
using engine::Activity;
using engine::Event;
using session::AnswerState;

namespace {

suite::Suite three_prompts(const std::string& more = "") {
    const auto json = base::parse_ordered_json(R"({"format": "llm-compare-suite", "version": 1, "name": "three",
        "tools": [{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}],
        "tool_results": {"look_up": "42"},)" + more +
                                               R"( "prompts": [
            {"id": "one", "prompt": "First?", "checks": [{"type": "contains", "value": "yes"}]},
            {"id": "two", "prompt": "Second?", "checks": [{"type": "contains", "value": "yes"}]},
            {"id": "three", "prompt": "Third?", "checks": [{"type": "contains", "value": "yes"}]}]})");
    auto made = suite::suite_from_json(json.value());
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    return std::move(made).value();
}

const openai::Manifest kThreeModels = manifest({"m", "n", "o"});

void begin_three(FakeWorld& world, session::Settings settings = {}, const suite::Suite& with = three_prompts()) {
    world.begin({server("http://a:1", 2)}, {candidate("m"), candidate("n")}, settings);
    world.command(engine::RunSuite{with, 1});
    world.answer_manifests(kThreeModels);
}

void end_all(FakeWorld& world, const std::string& text = "yes") {
    while (!world.jobs.empty()) world.complete(0, text);
}

void run_again(FakeWorld& world, std::vector<session::AnswerPlace> places) {
    world.command(engine::RunAgain{std::move(places)});
    world.answer_manifests(kThreeModels);
}

void run_missing(FakeWorld& world, std::vector<session::AnswerPlace> places) {
    world.command(engine::RunMissing{std::move(places)});
    world.answer_manifests(kThreeModels);
}

session::Round round_at(const FakeWorld& world, int number) {
    return *world.now().session.rounds.at(static_cast<std::size_t>(number - 1));
}

std::vector<int> kept_attempts(const FakeWorld& world, int round, const std::string& candidate) {
    std::vector<int> attempts;
    for (const session::Answer& answer : round_at(world, round).replaced)
        if (answer.candidate == candidate) attempts.push_back(answer.attempt);
    return attempts;
}

}  // namespace

TEST_CASE("a further attempt of a complete answer is kept and not counted, however it ends") {
    FakeWorld world;
    begin_three(world);
    end_all(world);
    REQUIRE(world.now().activity == Activity::idle);
    AnswerState state = AnswerState::complete;
    SUBCASE("complete, and wrong") {}
    SUBCASE("cut off") {
        state = AnswerState::cut_off;
    }
    SUBCASE("failed") {
        state = AnswerState::failed;
    }
    SUBCASE("empty") {
        state = AnswerState::empty;
    }
    const std::size_t done = world.count(Event::Kind::done);
    run_again(world, {{1, "c1"}});
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].key == engine::AnswerKey{1, "c1", 2, 1});
    CHECK(world.jobs[0].checks);
    CHECK(world.now().answers_total - world.now().answers_done == 1);
    CHECK(round_at(world, 1).counted("c1")->attempt == 1);
    world.end(0, state, "no");
    CHECK(world.now().activity == Activity::idle);
    CHECK(!world.now().session.is_halted);
    CHECK(world.count(Event::Kind::halt) == 0);
    CHECK(world.count(Event::Kind::done) == done + 1);
    CHECK(world.count(Event::Kind::warning) == (state == AnswerState::complete ? 0 : 1));
    const session::Answer now = world.answer(1, "c1");
    CHECK(now.attempt == 1);
    CHECK(now.state == AnswerState::complete);
    CHECK(now.checks.at(0).passed);
    REQUIRE(kept_attempts(world, 1, "c1") == std::vector<int>{2});
    CHECK(round_at(world, 1).replaced[0].state == state);
    CHECK(!round_at(world, 1).replaced[0].checks.at(0).passed);
    CHECK(round_at(world, 1).counted("c1")->attempt == 1);
    // Another one is the third.
    run_again(world, {{1, "c1"}});
    world.complete(0);
    CHECK(kept_attempts(world, 1, "c1") == std::vector<int>{2, 3});
}

TEST_CASE("a row and a column run again, each answer once, and what failed is left alone") {
    FakeWorld world;
    session::Settings settings;
    settings.on_failure = session::OnFailure::keep_going;
    begin_three(world, settings);
    world.end(0, AnswerState::cut_off, "half");
    end_all(world);
    run_again(world, {{1, "c1"}, {1, "c2"}, {2, "c2"}, {3, "c2"}, {2, "c2"}, {9, "c1"}, {2, "c7"}});
    std::vector<int> rounds;
    while (!world.jobs.empty()) {
        CHECK(world.jobs[0].key.candidate == "c2");
        rounds.push_back(world.jobs[0].key.round);
        world.complete(0);
    }
    CHECK(rounds == std::vector<int>{1, 2, 3});
    CHECK(world.answer(1, "c1").state == AnswerState::cut_off);
    CHECK(world.answer(1, "c1").attempt == 1);
}

TEST_CASE("a further attempt while the suite goes on: it waits for its turn, and the suite ends") {
    FakeWorld world;
    session::Settings settings;
    SUBCASE("round by round") {}
    SUBCASE("model by model") {
        settings.order = session::Order::by_model;
    }
    begin_three(world, settings);
    world.complete(0);
    world.complete(0);
    run_again(world, {{1, "c1"}});
    end_all(world);
    CHECK(world.now().session.rounds.size() == 3);
    CHECK(world.now().activity == Activity::idle);
    CHECK(kept_attempts(world, 1, "c1") == std::vector<int>{2});
    for (int round = 1; round <= 3; ++round)
        for (const char* id : {"c1", "c2"}) CHECK(world.answer(round, id).state == AnswerState::complete);
}

TEST_CASE("in a pause a further attempt waits, and after it comes first") {
    FakeWorld world;
    begin_three(world);
    world.command(engine::Pause{});
    world.complete(0);
    world.complete(0);
    REQUIRE(world.now().activity == Activity::paused);
    run_again(world, {{1, "c2"}});
    CHECK(world.jobs.empty());
    CHECK(world.now().activity == Activity::paused);
    world.command(engine::Continue{});
    world.answer_manifests(kThreeModels);
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].key.attempt == 2);
    end_all(world);
    CHECK(world.now().session.rounds.size() == 3);
}

TEST_CASE("in a halt a further attempt runs alone, and the session is halted as before") {
    FakeWorld world;
    begin_three(world);
    world.complete(0);
    world.complete(0);
    world.end(0, AnswerState::cut_off, "half");
    world.obey_stops();
    REQUIRE(world.now().activity == Activity::halted);
    const std::string reason = world.now().session.halt_reason;
    run_again(world, {{1, "c1"}});
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].key.round == 1);
    SUBCASE("and ends") {
        world.end(0, AnswerState::failed);
        CHECK(world.jobs.empty());
        CHECK(world.now().activity == Activity::halted);
        CHECK(world.now().session.halt_reason == reason);
        CHECK(world.now().session.queue.size() == 1);
        CHECK(world.count(Event::Kind::halt) == 1);
    }
    SUBCASE("and a retry goes on with the rest meanwhile") {
        world.command(engine::Retry{});
        world.answer_manifests(kThreeModels);
        CHECK(!world.now().session.is_halted);
    }
    SUBCASE("and is stopped") {
        world.command(engine::StopNow{});
        world.obey_stops();
        CHECK(world.now().activity == Activity::halted);
        CHECK(world.answer(1, "c1").state == AnswerState::complete);
    }
    SUBCASE("and is paused, then retried") {
        world.command(engine::Pause{});
        world.command(engine::Retry{});
        world.answer_manifests(kThreeModels);
    }
    world.command(engine::Retry{});
    world.answer_manifests(kThreeModels);
    end_all(world);
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.now().session.rounds.size() == 3);
    for (int round = 1; round <= 3; ++round)
        for (const char* id : {"c1", "c2"}) CHECK(world.answer(round, id).state == AnswerState::complete);
    CHECK(round_at(world, 1).replaced.size() == 1);
}

TEST_CASE("a further attempt that waits is forgotten where all is stopped or another failure halts") {
    FakeWorld world;
    begin_three(world);
    world.complete(0);
    world.complete(0);
    run_again(world, {{1, "c1"}});
    // Behind the second round's.
    SUBCASE("stopped") {
        world.command(engine::StopNow{});
    }
    SUBCASE("halted") {
        world.end(0, AnswerState::cut_off, "half");
    }
    SUBCASE("its model taken out") {
        world.command(engine::SkipCandidate{2, "c1"});
    }
    world.obey_stops();
    CHECK(world.answer(1, "c1").state == AnswerState::complete);
    CHECK(world.answer(1, "c1").attempt == 1);
    CHECK(round_at(world, 1).replaced.empty());
}

TEST_CASE("a loop runs again from its first step, also between two steps of another round") {
    FakeWorld world;
    const std::string loop = R"("loop": {"max_steps": 5},)";
    const std::vector<openai::ToolCall> looks{{"x", "look_up", "{}"}};
    world.begin({server("http://a:1")}, {candidate("m")});
    world.command(engine::RunSuite{three_prompts(loop), 1});
    world.answer_manifests(kThreeModels);
    world.call(0, looks);
    world.complete(0, "yes");
    REQUIRE(world.answer(1, "c1").steps.size() == 2);
    REQUIRE(world.jobs.at(0).key.round == 2);
    world.command(engine::Pause{});
    world.call(0, looks);  // round 2 is between its steps
    REQUIRE(world.jobs.empty());
    run_again(world, {{1, "c1"}});
    world.command(engine::Continue{});
    world.answer_manifests(kThreeModels);
    REQUIRE(world.jobs.at(0).key == engine::AnswerKey{2, "c1", 1, 2});
    world.complete(0, "yes");
    REQUIRE(world.jobs.at(0).key == engine::AnswerKey{1, "c1", 2, 1});
    CHECK(world.jobs[0].request.messages.back().role == "user");
    world.call(0, looks);
    CHECK(!world.answer(1, "c1").resumed_at);
    world.end(0, AnswerState::cut_off, "half");
    CHECK(world.answer(1, "c1").steps.size() == 2);
    CHECK(world.answer(1, "c1").attempt == 1);
    CHECK(round_at(world, 1).replaced.at(0).steps.size() == 2);
    end_all(world);
    CHECK(world.now().activity == Activity::idle);
}

TEST_CASE("later turns of a conversation go by the attempt that counts") {
    FakeWorld world;
    world.begin({server("http://a:1")}, {candidate("m")});
    world.send({"one"});
    world.complete(0, "first");
    run_again(world, {{1, "c1"}});
    world.complete(0, "another");
    world.send({"two"});
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].request.messages[world.jobs[0].request.messages.size() - 2].content == "first");
}

TEST_CASE("the missing answers of a suite get their attempt, which counts") {
    FakeWorld world;
    session::Settings settings;
    settings.on_failure = session::OnFailure::keep_going;
    begin_three(world, settings);
    world.end(0, AnswerState::failed, "");
    world.complete(0);
    end_all(world);
    world.command(engine::AddCandidate{candidate("o"), 0});
    world.answer_manifests(kThreeModels);
    REQUIRE(world.now().session.candidates[0].id == "c3");
    run_missing(world, {{1, "c1"}, {1, "c2"}, {1, "c3"}, {2, "c3"}, {3, "c3"}});
    const std::size_t waiting = static_cast<std::size_t>(world.now().answers_total - world.now().answers_done);
    CHECK(waiting == 4);
    end_all(world);
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.now().answers_done == 9);
    CHECK(world.answer(1, "c1").state == AnswerState::complete);
    CHECK(world.answer(1, "c1").attempt == 2);
    CHECK(round_at(world, 1).counted("c1")->attempt == 2);
    CHECK(world.answer(1, "c2").attempt == 1);
    for (int round = 1; round <= 3; ++round) {
        const session::Round now = round_at(world, round);
        REQUIRE(now.answers.size() == 3);
        CHECK(now.answers[0].candidate == "c3");  // in the order of the candidates
        CHECK(now.answers[0].checks.at(0).passed);
    }
}

TEST_CASE("what a check has stopped is an answer, none that is missing") {
    FakeWorld world;
    begin_three(world);
    const engine::AnswerJob job = world.take(0);
    job.control->stop(engine::StopReason::check);
    world.director.handle(engine::AnswerUpdate{.key = job.key, .warning = "stopped by its check contains: no"});
    world.director.handle(engine::AnswerEnd{.key = job.key, .state = AnswerState::stopped});
    end_all(world);
    run_missing(world, {{1, job.key.candidate}});
    run_again(world, {{1, job.key.candidate}});
    CHECK(world.jobs.empty());
    CHECK(world.answer(1, job.key.candidate).state == AnswerState::stopped);
}

TEST_CASE("in a halt the missing are run with what Retry tries, and the suite goes on") {
    FakeWorld world;
    begin_three(world);
    world.end(0, AnswerState::cut_off, "half");
    world.obey_stops();
    REQUIRE(world.now().activity == Activity::halted);
    world.command(engine::AddCandidate{candidate("o"), {}});
    world.answer_manifests(kThreeModels);
    run_missing(world, {{1, "c3"}});
    end_all(world);
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.now().session.rounds.size() == 3);
    CHECK(world.answer(1, "c3").state == AnswerState::complete);
    CHECK(world.answer(1, "c1").state == AnswerState::complete);
}

TEST_CASE("a missing answer that fails halts as any that counts") {
    FakeWorld world;
    begin_three(world);
    end_all(world);
    world.command(engine::AddCandidate{candidate("o"), {}});
    world.answer_manifests(kThreeModels);
    run_missing(world, {{2, "c3"}});
    world.end(0, AnswerState::failed, "");
    CHECK(world.now().activity == Activity::halted);
}

TEST_CASE("a session that was opened runs again, and its file and its report keep every attempt") {
    FakeWorld world;
    begin_three(world);
    end_all(world);
    FakeWorld next;
    next.begin({server("http://a:1")}, {candidate("m"), candidate("n")});
    next.command(engine::Open{.session = world.now().session, .journal = {}});
    run_again(next, {{2, "c1"}});
    next.complete(0, "no");
    for (const bool is_report : {false, true}) {
        CAPTURE(is_report);
        const session::Session now = next.now().session;
        const std::string text = is_report ? base::dump_json(report::to_json(now, {})) : report::to_session_file(now);
        const auto read = report::read_session(text, "file");
        REQUIRE(read.ok());
        const session::Round& round = *read->rounds[1];
        CHECK(round.find("c1")->attempt == 1);
        CHECK(round.counted("c1")->attempt == 1);
        REQUIRE(round.replaced.size() == 1);
        CHECK(round.replaced[0].attempt == 2);
        CHECK(round.replaced[0].text() == "no");
    }
}

TEST_CASE("whenever the program is killed, a further attempt costs no complete answer and halts nothing") {
    FakeWorld world;
    engine::JournalFeed feed;
    MemoryJournal journal;
    const auto killed = [&] {
        journal.take(feed.update(world.now().session));
        auto recovered = engine::read_journal(journal.bytes(), "journal");
        REQUIRE(recovered.ok());
        const session::Answer* counts = recovered->session.rounds[0]->counted("c1");
        CHECK(counts == recovered->session.rounds[0]->find("c1"));
        CHECK(counts->text() == "yes");
        CHECK(counts->state == AnswerState::complete);
        CHECK(!recovered->session.is_halted);
        return recovered->session.rounds[0]->replaced;
    };
    begin_three(world);
    end_all(world);
    killed();
    world.command(engine::RunAgain{{{1, "c1"}}});
    CHECK(killed().empty());
    world.answer_manifests(kThreeModels);
    (void)world.jobs.at(0).stream->append_text("half");
    auto kept = killed();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].text() == "half");
    CHECK(kept[0].state == AnswerState::interrupted);
    CHECK(!kept[0].checks.at(0).passed);
    world.end(0, AnswerState::cut_off, "");
    kept = killed();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].state == AnswerState::cut_off);
    run_again(world, {{1, "c1"}});
    world.complete(0, "third");
    kept = killed();
    REQUIRE(kept.size() == 2);
    CHECK(kept[1].text() == "third");
}

TEST_CASE("looks count before the suite's end only, and are kept") {
    FakeWorld world;
    world.begin({server("http://a:1", 2)}, {candidate("m"), candidate("n")});
    world.command(engine::NoteLook{});
    CHECK(world.now().session.looks == 0);
    world.command(engine::RunSuite{three_prompts(), 1});
    world.answer_manifests(kThreeModels);
    world.command(engine::NoteLook{});
    world.complete(0);
    world.command(engine::NoteLook{});
    CHECK(world.now().session.looks == 2);
    engine::JournalFeed feed;
    MemoryJournal journal;
    journal.take(feed.update(world.now().session));
    CHECK(engine::read_journal(journal.bytes(), "journal")->session.looks == 2);
    end_all(world);
    world.command(engine::NoteLook{});
    run_again(world, {{1, "c1"}});  // more of what has ended
    world.command(engine::NoteLook{});
    world.complete(0);
    CHECK(world.now().session.looks == 2);
    CHECK(report::read_session(report::to_session_file(world.now().session), "file")->looks == 2);
}
