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

std::size_t job_of(const FakeWorld& world, const std::string& candidate) {
    return static_cast<std::size_t>(
        std::ranges::find(world.jobs, candidate, [](const auto& job) { return job.key.candidate; }) -
        world.jobs.begin());
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

TEST_CASE("a retry that is refused leaves the session halted and the answer as it was, until the server is back") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    refuse_connection(world, 0);
    world.answer_manifests(kGone);
    world.command(engine::Retry{});
    world.answer_manifests(kGone);
    CHECK(world.count(Event::Kind::refused) == 1);
    CHECK(world.now().activity == Activity::halted);
    CHECK(world.now().session.is_halted);
    CHECK(world.answer(1, "c1").attempt == 1);
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"a"}));
    REQUIRE(world.jobs.size() == 1);
    world.complete(0);
    CHECK(world.answer(1, "c1").state == AnswerState::complete);
}

TEST_CASE("a retry that fails again halts again, says why, and leaves nothing waiting") {
    FakeWorld world;
    const auto models = manifest({"a", "b"});
    world.begin({server("127.0.0.1:1"), server("127.0.0.1:2")},
                {candidate("a"), candidate("b", "", "127.0.0.1:2"), candidate("a", "other a")});
    world.send({"one"});
    REQUIRE(world.jobs.size() == 2);
    world.end(job_of(world, "c2"), AnswerState::cut_off, "half");
    world.obey_stops();
    REQUIRE(world.now().activity == Activity::halted);
    for (int attempt = 2; attempt <= 3; ++attempt) {
        CAPTURE(attempt);
        world.answer_manifests(models);
        world.command(engine::Retry{});
        world.answer_manifests(models);
        REQUIRE(world.jobs.size() == 2);
        CHECK(world.answer(1, "c2").state == AnswerState::queued);
        CHECK(world.answer(1, "c2").server == "127.0.0.1:2");  // it is being connected to
        CHECK(world.answer(1, "c3").server.empty());           // it waits
        refuse_connection(world, job_of(world, "c2"));
        world.obey_stops();
        const auto now = world.now();
        CHECK(now.activity == Activity::halted);
        CHECK_FALSE(engine::has_open_answers(now));
        CHECK(engine::why_halted(now).find("refused the connection") != std::string::npos);
        REQUIRE(session::first_failure(now.session));
        CHECK(session::first_failure(now.session)->candidate == "c2");
        CHECK(engine::can_retry(now, world.answer(1, "c2")));
        CHECK(world.answer(1, "c2").attempt == attempt);
        CHECK(world.answer(1, "c3").state == AnswerState::interrupted);
    }
}

TEST_CASE("a retry that cannot start leaves the session halted with the reason, until it can") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1"), server("127.0.0.1:2")}, {candidate("a"), candidate("b", "", "127.0.0.1:2")});
    world.send({"one"});
    world.end(job_of(world, "c2"), AnswerState::cut_off, "half");
    world.obey_stops();
    world.answer_manifests(manifest({"a", "b"}));
    const std::string failed = engine::why_halted(world.now());
    world.command(engine::RefreshManifests{});
    world.answer_manifest(0, manifest({"a", "b"}));
    world.answer_manifest(0, kGone);
    world.command(engine::Retry{});
    CHECK(engine::refused_retry(world.now()).empty());  // it is being found out
    world.answer_manifest(0, manifest({"a", "b"}));
    world.answer_manifest(0, kGone);
    CHECK(world.now().activity == Activity::halted);
    CHECK(engine::refused_retry(world.now()) == "127.0.0.1:2 refuses the connection");
    CHECK(engine::why_halted(world.now()).find("127.0.0.1:2 refuses the connection") != std::string::npos);
    CHECK(engine::why_halted(world.now()).find(failed) != std::string::npos);
    CHECK(world.answer(1, "c2").attempt == 1);
    CHECK(world.answer(1, "c2").text() == "half");
    CHECK(engine::can_retry(world.now(), world.answer(1, "c2")));
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"a"}));  // back, without the model
    CHECK(engine::refused_retry(world.now()) == "The server \"127.0.0.1:2\" does not have the model \"b\"");
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"a", "b"}));
    CHECK(world.now().activity == Activity::running);
    CHECK(engine::refused_retry(world.now()).empty());
}

TEST_CASE("a start that is refused in a pause leaves what waits waiting in the pause") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a"), candidate("b")});
    world.send({"one"});
    world.command(engine::Pause{});
    world.complete(0);
    REQUIRE(engine::has_open_answers(world.now()));
    world.command(engine::RefreshManifests{});
    world.answer_manifests(kGone);
    world.command(engine::Retry{});
    world.answer_manifests(kGone);
    CHECK(world.count(Event::Kind::refused) == 1);
    CHECK(world.now().activity == Activity::paused);
    world.command(engine::Continue{});
    world.answer_manifests(manifest({"a", "b"}));
    CHECK(world.jobs.size() == 1);
}

TEST_CASE("after a failure its server is asked at once, and no other") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1"), server("127.0.0.1:2")}, {candidate("a"), candidate("b", "", "127.0.0.1:2")});
    world.send({"one"});
    REQUIRE(world.manifest_queries.empty());
    SUBCASE("that broke off") {
        world.end(job_of(world, "c2"), AnswerState::cut_off, "half");
    }
    SUBCASE("that could not connect") {
        refuse_connection(world, job_of(world, "c2"));
    }
    REQUIRE(world.manifest_queries.size() == 1);
    CHECK(world.manifest_queries[0].server.url.port() == 2);
    world.obey_stops();
    world.answer_manifests(kGone);
    CHECK_FALSE(world.now().servers[1].is_reachable());
    CHECK(world.now().servers[0].is_reachable());
}

TEST_CASE("after a refused start a prompt is judged by what the servers say now") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.director.handle(engine::Tick{});
    world.command(engine::AddCandidate{candidate("b"), {}});
    world.send({"one"});
    REQUIRE(world.count(Event::Kind::refused) == 1);
    world.send({"two"});
    CHECK(world.count(Event::Kind::refused) == 1);
    REQUIRE(world.manifest_queries.size() == 1);
    world.answer_manifests(manifest({"a", "b"}));
    CHECK(world.jobs.size() == 1);
    CHECK(world.now().activity == Activity::running);
}

TEST_CASE("a session is announced once, whatever changes while it runs") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one", "two", "three"});
    session::Settings settings;
    for (double temperature : {0.1, 0.2}) {
        settings.temperature = temperature;
        world.configure({server("127.0.0.1:1")}, settings);
        world.complete(0);
    }
    world.complete(0);
    world.send({"four"});
    world.complete(0);
    CHECK(world.count(Event::Kind::session) == 1);
    CHECK(world.count(Event::Kind::done) == 2);
    world.command(engine::Clear{});
    world.send({"anew"});
    CHECK(world.count(Event::Kind::session) == 2);
}

TEST_CASE("a retry or a skip in a pause puts no round in flight twice") {
    for (const bool skips : {false, true}) {
        CAPTURE(skips);
        FakeWorld world;
        world.begin({server("127.0.0.1:1")}, {candidate("a"), candidate("b"), candidate("c")});
        world.send({"one"});
        world.command(engine::Pause{});
        world.complete(0);
        REQUIRE(world.jobs.empty());  // b and c wait
        if (skips)
            world.command(engine::SkipCandidate{1, "c2"});
        else
            world.command(engine::Retry{});
        world.answer_manifests(manifest({"a", "b", "c"}));
        CHECK(world.now().rounds_done == 0);
        while (!world.jobs.empty()) world.complete(0);
        const auto now = world.now();
        CHECK(now.rounds_done == 1);
        CHECK(now.rounds_total == 1);
        CHECK(world.answer(1, "c3").attempt == 1);
        CHECK(world.answer(1, "c2").state == (skips ? AnswerState::stopped : AnswerState::complete));
        CHECK(now.activity == Activity::idle);
    }
}

TEST_CASE("a pause takes back a retry that has not begun, and says that it has ended where nothing waits") {
    for (const bool halts : {false, true}) {
        CAPTURE(halts);
        FakeWorld world;
        world.begin({server("127.0.0.1:1")}, {candidate("a")});
        world.send({"one"});
        if (halts)
            world.end(0, AnswerState::failed, "");
        else
            world.command(engine::StopNow{});
        world.obey_stops();
        world.command(engine::RefreshManifests{});
        world.answer_manifests(manifest({"other"}));
        world.command(engine::Retry{});
        CHECK(world.now().activity == Activity::starting);  // the server may have the model again
        const std::size_t ends = world.count(Event::Kind::done);
        world.command(engine::Pause{});
        world.answer_manifests(manifest({"a"}));
        CHECK(world.jobs.empty());
        CHECK(world.now().activity == (halts ? Activity::halted : Activity::idle));
        CHECK(world.count(Event::Kind::done) == ends + 1);
        world.command(engine::Retry{});
        world.answer_manifests(manifest({"a"}));
        REQUIRE(world.jobs.size() == 1);
        CHECK(world.jobs[0].key.attempt == 2);
    }
}

TEST_CASE("a start that has nothing left to start with says that it has ended") {
    FakeWorld world;
    world.set_up({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    REQUIRE(world.now().activity == Activity::starting);
    world.command(engine::SetQueue{});
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.count(Event::Kind::done) == 1);
}

TEST_CASE("by model the round that failed is named, whatever others have got to") {
    FakeWorld world;
    session::Settings settings;
    settings.order = session::Order::by_model;
    world.begin({server("127.0.0.1:1"), server("127.0.0.1:2")}, {candidate("a"), candidate("b")}, settings);
    world.send({"one", "two", "three", "four", "five"});
    REQUIRE(world.jobs.size() == 2);
    CHECK(world.now().round_now == 1);
    const std::size_t of_a = world.jobs[0].key.candidate == "c1" ? 0 : 1;
    REQUIRE(of_a == 0);
    for (int round = 1; round <= 3; ++round)  // a is far ahead
        for (std::size_t i = 0; i < world.jobs.size(); ++i)
            if (world.jobs[i].key.candidate == "c1") {
                world.complete(i);
                break;
            }
    const engine::Snapshot far_ahead = world.now();
    CHECK(engine::answer_now(far_ahead, "c1")->round == 4);
    CHECK(engine::answer_now(far_ahead, "c2")->round == 1);
    const std::size_t of_b = world.jobs[0].key.candidate == "c2" ? 0 : 1;
    world.end(of_b, AnswerState::cut_off, "half");
    world.end(0, AnswerState::failed, "");  // a fails in round 4 while it is being stopped
    const engine::Snapshot now = world.now();
    REQUIRE(now.activity == Activity::halted);
    CHECK(now.round_now == 1);
    CHECK(now.session.halt_reason.find("Model b") != std::string::npos);
    REQUIRE(session::first_failure(now.session));
    CHECK(session::first_failure(now.session)->round == 1);
    CHECK(engine::can_retry(now, *now.session.rounds[0]->find("c2")));
    CHECK(engine::can_retry(now, *now.session.rounds[3]->find("c1")));
    CHECK_FALSE(engine::can_retry(now, *now.session.rounds[4]->find("c1")));  // never sent
    const auto halt = std::ranges::find(world.events, Event::Kind::halt, &Event::kind);
    REQUIRE(halt != world.events.end());
    CHECK(halt->round == 1);
    CHECK(halt->candidate == "c2");
}

TEST_CASE("where nothing halts, prompts go on also when no server is left for some of them") {
    FakeWorld world;
    session::Settings settings;
    settings.on_failure = session::OnFailure::keep_going;
    world.begin({server("127.0.0.1:1")}, {candidate("a")}, settings);
    world.send({"one", "two"});
    refuse_connection(world, 0);
    while (!world.manifest_queries.empty()) world.answer_manifests(kGone);
    CHECK(world.answer(1, "c1").state == AnswerState::failed);
    REQUIRE(world.now().session.rounds.size() == 2);
    CHECK(world.answer(2, "c1").state == AnswerState::failed);
    CHECK(world.now().activity == Activity::idle);
}

TEST_CASE("an answer that waits for a candidate that was removed holds nobody up") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a"), candidate("b")});
    world.send({"one", "two"});
    REQUIRE(world.jobs.size() == 1);
    world.command(engine::RemoveCandidate{"c2"});
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
    world.command(engine::RemoveCandidate{"c2"});
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
    world.command(engine::SkipCandidate{1, "c2"});
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
    CHECK(world.count(Event::Kind::unwritten) == 1);
    REQUIRE(world.count(Event::Kind::report) == 1);
    CHECK(world.events.back().kind == Event::Kind::unwritten);  // the last word: who waits for it has heard of the rest
    CHECK(world.now().reports.back().ends_with("md"));
    CHECK_FALSE(world.now().is_kept);
}

TEST_CASE("where nothing halts, a failed answer can be tried again while others run, in a pause and after") {
    FakeWorld world;
    session::Settings settings;
    settings.on_failure = session::OnFailure::keep_going;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")}, settings);
    world.send({"one", "two"});
    world.end(1, AnswerState::cut_off, "half");
    REQUIRE(engine::can_retry(world.now(), world.answer(1, "c2")));
    CHECK_FALSE(engine::can_retry(world.now(), world.answer(1, "c1")));
    SUBCASE("while others run") {
        world.command(engine::RetryAnswer{1, "c2"});
        REQUIRE(world.jobs.size() == 2);
        CHECK(world.jobs[1].key.attempt == 2);
        world.complete(1);
        world.complete(0);
        REQUIRE(world.jobs.size() == 2);  // the second round waited for it
        CHECK(world.jobs[1].request.messages.size() == 4);
    }
    SUBCASE("while its candidate is at a later round") {
        world.complete(0);
        REQUIRE(world.jobs.size() == 2);
        world.command(engine::RetryAnswer{1, "c2"});
        REQUIRE(world.jobs.size() == 2);  // it waits for its own candidate
        world.complete(1);
        REQUIRE(world.jobs.size() == 2);
        CHECK(world.jobs[1].key.round == 1);
    }
    SUBCASE("in a pause") {
        world.command(engine::Pause{});
        world.complete(0);
        world.command(engine::RetryAnswer{1, "c2"});
        CHECK(world.now().activity == Activity::paused);
        CHECK(world.answer(1, "c2").state == AnswerState::queued);
        world.command(engine::Continue{});
        REQUIRE(world.jobs.size() == 1);
    }
    SUBCASE("after") {
        world.complete(0);
        while (!world.jobs.empty()) world.complete(0);
        world.answer_manifests(manifest({"a", "b"}));
        REQUIRE(world.now().activity == Activity::idle);
        world.command(engine::RetryAnswer{1, "c2"});
        world.answer_manifests(manifest({"a", "b"}));
        REQUIRE(world.jobs.size() == 1);
        CHECK(world.now().answers_done == 3);
        CHECK(world.now().answers_total == 4);
    }
    while (!world.jobs.empty()) world.complete(0);
    CHECK(world.answer(1, "c2").state == AnswerState::complete);
    CHECK(world.answer(2, "c2").state == AnswerState::complete);
    REQUIRE(world.now().session.rounds[0]->replaced.size() == 1);
    CHECK(world.now().session.rounds[0]->replaced[0].text() == "half");
    CHECK(world.now().answers_done == 4);
    CHECK(world.now().activity == Activity::idle);
}

TEST_CASE("a retry of one answer that cannot start leaves it failed") {
    FakeWorld world;
    session::Settings settings;
    settings.on_failure = session::OnFailure::keep_going;
    world.begin({server("127.0.0.1:1")}, {candidate("a")}, settings);
    world.send({"one"});
    world.end(0, AnswerState::cut_off, "half");
    world.answer_manifests(kGone);
    world.command(engine::RetryAnswer{1, "c1"});
    world.answer_manifests(kGone);
    CHECK(world.count(Event::Kind::refused) == 1);
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.answer(1, "c1").state == AnswerState::cut_off);
    CHECK(world.answer(1, "c1").attempt == 1);
}

TEST_CASE("a skipped candidate is called so until it is brought back, and its failure can then be tried again") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")});
    world.send({"one"});
    world.end(1, AnswerState::cut_off, "half");
    world.obey_stops();
    world.command(engine::SkipCandidate{1, "c2"});
    world.answer_manifests(manifest({"a", "b"}));
    while (!world.jobs.empty()) world.complete(0);
    const auto skipped = world.now();
    CHECK(skipped.session.candidates[1].is_removed);
    CHECK(skipped.session.candidates[1].is_skipped);
    CHECK_FALSE(engine::can_retry(skipped, *skipped.session.rounds[0]->find("c2")));
    world.command(engine::ChangeCandidate{skipped.session.candidates[1], {}});
    const auto back = world.now();
    CHECK_FALSE(back.session.candidates[1].is_removed);
    CHECK_FALSE(back.session.candidates[1].is_skipped);
    REQUIRE(engine::can_retry(back, *back.session.rounds[0]->find("c2")));
    world.command(engine::RetryAnswer{1, "c2"});
    world.answer_manifests(manifest({"a", "b"}));
    REQUIRE(world.jobs.size() == 1);
    world.complete(0);
    CHECK(world.answer(1, "c2").state == AnswerState::complete);
    world.command(engine::RemoveCandidate{"c2"});
    CHECK(world.now().session.candidates[1].is_removed);
    CHECK_FALSE(world.now().session.candidates[1].is_skipped);
}

TEST_CASE("a batch's progress counts answers, and says which rounds run") {
    FakeWorld world;
    session::Settings settings;
    SUBCASE("round by round") {
        world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")}, settings);
        world.send({"one", "two", "three"});
        CHECK(engine::words(engine::progress_of(world.now())) == "round 1 of 3 · 0 of 6 answers");
        world.complete(0);
        CHECK(engine::words(engine::progress_of(world.now())) == "round 1 of 3 · 1 of 6 answers");
        world.end(0, AnswerState::cut_off, "half");
        REQUIRE(world.now().activity == Activity::halted);
        CHECK(engine::words(engine::progress_of(world.now())) == "round 1 of 3 · 1 of 6 answers");
    }
    SUBCASE("by model") {
        settings.order = session::Order::by_model;
        world.begin({server("127.0.0.1:1"), server("127.0.0.1:2")}, {candidate("a"), candidate("b")}, settings);
        world.send({"one", "two", "three"});
        world.complete(0);
        CHECK(engine::words(engine::progress_of(world.now())) == "rounds 1 to 2 of 3 · 1 of 6 answers");
        world.complete(0);
        CHECK(engine::words(engine::progress_of(world.now())) == "round 2 of 3 · 2 of 6 answers");
        CHECK(engine::progress_of(world.now()).fraction() == doctest::Approx(1.0 / 3));
    }
    SUBCASE("of one round") {
        world.begin({server("127.0.0.1:1")}, {candidate("a")}, settings);
        world.send({"one"});
        CHECK(engine::words(engine::progress_of(world.now())) == "round 1 · 0 of 1 answers");
    }
}
