// Going on after a halt, a stop or a refusal, and what becomes of candidates that go.
#include <doctest/doctest.h>

#include "director.h"
#include "fake_world.h"

using namespace llmc;
using namespace llmc::test;
using engine::Activity;
using engine::Event;
using session::AnswerState;

namespace {

// The job's connection is refused, as a worker tells it.
void refuse_connection(FakeWorld& world, std::size_t index) {
    const engine::AnswerJob job = world.take(index);
    engine::AnswerEnd ended{.key = job.key, .state = AnswerState::failed};
    ended.failure = session::Failure{net::Phase::connect, 0, ErrorKind::connection, "refused the connection."};
    ended.never_connected = true;
    world.director.handle(std::move(ended));
}

const Error kGone{ErrorKind::connection, "refuses the connection"};

}  // namespace

TEST_CASE("a retry waits for what the servers say now, not for what they said before the halt") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    refuse_connection(world, 0);
    world.answer_manifests(kGone);
    REQUIRE(world.now().activity == Activity::halted);
    world.command(engine::Retry{});
    CHECK(world.now().activity == Activity::starting);
    CHECK(world.count(Event::Kind::refused) == 0);
    world.answer_manifests(manifest({"a"}));
    REQUIRE(world.jobs.size() == 1);
    world.complete(0);
    CHECK(world.now().activity == Activity::idle);
}

TEST_CASE("a retry that is refused can be continued when the server is back") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    refuse_connection(world, 0);
    world.answer_manifests(kGone);
    world.command(engine::Retry{});
    world.answer_manifests(kGone);
    CHECK(world.count(Event::Kind::refused) == 1);
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.now().rounds_done < world.now().rounds_total);  // what a front end offers to continue by
    world.command(engine::Continue{});
    world.answer_manifests(manifest({"a"}));
    REQUIRE(world.jobs.size() == 1);
    world.complete(0);
    CHECK(world.answer(1, "c1").state == AnswerState::complete);
}

TEST_CASE("an answer that waits for a candidate that was removed holds nobody up") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a"), candidate("b")});
    world.send({"one", "two"});
    REQUIRE(world.jobs.size() == 1);
    const auto now = world.now();
    world.command(engine::Configure{now.session.servers, {now.session.candidates[0]}, now.session.settings, "reports"});
    CHECK(world.answer(1, "c2").state == AnswerState::stopped);
    world.complete(0);
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].key.round == 2);
    world.complete(0);
    CHECK(world.now().activity == Activity::idle);
}

TEST_CASE("a removed candidate's request that found no server is not sent elsewhere and halts nobody") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1"), server("127.0.0.1:2")}, {candidate("a"), candidate("b")});
    world.send({"one"});
    REQUIRE(world.jobs.size() == 2);
    const auto now = world.now();
    world.command(engine::Configure{now.session.servers, {now.session.candidates[0]}, now.session.settings, "reports"});
    const std::size_t removed = world.jobs[0].key.candidate == "c2" ? 0 : 1;
    refuse_connection(world, removed);
    CHECK(world.answer(1, "c2").state == AnswerState::failed);
    CHECK_FALSE(world.now().session.is_halted);
    world.complete(0);
    CHECK(world.now().activity == Activity::idle);
}

TEST_CASE("after a skip a halt is about who failed now") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 3)}, {candidate("a"), candidate("b"), candidate("c")});
    world.send({"one"});
    world.end(1, AnswerState::cut_off, "half");
    world.obey_stops();
    world.command(engine::SkipCandidate{"c2"});
    world.answer_manifests(manifest({"a", "b", "c"}));
    REQUIRE(world.jobs.size() == 2);
    world.clock->advance(std::chrono::seconds{5});
    world.end(1, AnswerState::cut_off, "a part");
    world.obey_stops();
    REQUIRE(world.now().activity == Activity::halted);
    const auto now = world.now();
    REQUIRE(session::first_failure(now.session));
    CHECK(session::first_failure(now.session)->candidate == "c3");
    CHECK(now.session.halt_reason.find("c ") != std::string::npos);
}

TEST_CASE("a retry does not ask again what a check has ended, nor what was stopped before the batch went on") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")});
    world.send({"one", "two", "three"});
    world.director.handle(
        engine::AnswerUpdate{.key = world.jobs[0].key, .state = {}, .warning = "stopped by its check not_contains: x"});
    world.end(0, AnswerState::stopped, "judged");
    world.complete(0);
    world.command(engine::StopNow{});
    world.obey_stops();
    CHECK(world.answer(2, "c1").state == AnswerState::stopped);
    world.command(engine::Continue{});
    REQUIRE(world.jobs.size() == 2);
    CHECK(world.jobs[0].key.round == 3);
    world.end(0, AnswerState::cut_off, "half");
    world.obey_stops();
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"a", "b"}));
    REQUIRE(world.jobs.size() == 2);
    CHECK(world.jobs[0].key.round == 3);
    CHECK(world.jobs[1].key.round == 3);
    CHECK(world.answer(1, "c1").attempt == 1);
}

TEST_CASE("a session that cannot be opened leaves its journal alone") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    session::Session other;
    other.id = "other";
    world.command(engine::Open{.session = other, .journal = {"journal"}});
    CHECK(world.count(Event::Kind::error) == 1);
    CHECK_FALSE(world.director.take_opened_journal());
    world.complete(0);
    world.command(engine::Open{.session = other, .journal = {"journal"}});
    CHECK(world.director.take_opened_journal().value().path == "journal");
    CHECK_FALSE(world.director.take_opened_journal());
}

TEST_CASE("where not all reports can be written, those that can are, and nothing counts as kept") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    world.complete(0);
    world.format_errors[report::format_of("json")] = Error{ErrorKind::io, "no space left"};
    world.command(engine::Export{{report::format_of("md"), report::format_of("json")}, "reports"});
    CHECK(world.count(Event::Kind::error) == 1);
    REQUIRE(world.count(Event::Kind::report) == 1);
    CHECK(world.events.back().kind == Event::Kind::error);  // the last word: who waits for it has heard of the rest
    CHECK(world.now().reports.back().ends_with("md"));
    CHECK_FALSE(world.now().is_kept);
}
