// What the director does with whole sessions: saving, clearing, taking up, and the ids of candidates.
#include <doctest/doctest.h>

#include "director.h"
#include "fake_world.h"

using namespace llmc;
using namespace llmc::test;
using engine::Activity;
using engine::Event;

namespace {

std::vector<std::string> ids(const engine::Snapshot& snapshot) {
    std::vector<std::string> made;
    for (const auto& one : snapshot.session.candidates) made.push_back(one.id);
    return made;
}

}  // namespace

TEST_CASE("a session is kept once it is exported or saved, until something more is said") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 4)}, {candidate("a"), candidate("b")});
    CHECK(world.now().is_kept);  // nothing was said
    world.send({"one"});
    CHECK_FALSE(world.now().is_kept);
    world.complete(0);
    world.command(engine::Export{{report::format_of("md")}, "reports"});
    CHECK_FALSE(world.now().is_kept);  // b still speaks
    world.complete(0);
    CHECK_FALSE(world.now().is_kept);
    world.command(engine::Export{{report::format_of("csv")}, "reports"});
    CHECK_FALSE(world.now().is_kept);  // figures only
    world.command(engine::Export{{report::format_of("html")}, "reports"});
    CHECK(world.now().is_kept);
    world.send({"two"});
    CHECK_FALSE(world.now().is_kept);
    world.complete(0);
    world.complete(0);
    world.command(engine::Save{"/x/s.llmc.json"});
    CHECK(world.now().is_kept);
}

TEST_CASE("saving writes the session and says where; where it fails it says why and nothing counts as kept") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    world.complete(0, "text");
    world.save_error = Error{ErrorKind::io, "cannot write /x/s.llmc.json: No space left on device"};
    world.command(engine::Save{"/x/s.llmc.json"});
    CHECK(world.events.back().kind == Event::Kind::unwritten);
    CHECK(world.events.back().text.find("No space left") != std::string::npos);
    CHECK_FALSE(world.now().is_kept);
    CHECK(world.now().reports.empty());

    world.save_error.reset();
    world.command(engine::Save{"/x/s.llmc.json"});
    CHECK(world.events.back().kind == Event::Kind::report);
    CHECK(world.events.back().path == "/x/s.llmc.json");
    REQUIRE(world.written.size() == 1);
    CHECK(world.written[0].rounds.size() == 1);
    CHECK(world.now().reports == std::vector<std::string>{"/x/s.llmc.json"});
}

TEST_CASE("clearing starts a new session with the same candidates, servers and settings") {
    FakeWorld world;
    session::Settings settings;
    settings.temperature = 0.1;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")}, settings);
    world.send({"one", "two"});
    const std::string id = world.now().session.id;
    world.command(engine::Clear{});
    CHECK(world.events.back().kind == Event::Kind::error);  // answers run
    CHECK(world.now().session.rounds.size() == 1);

    world.command(engine::StopNow{});
    world.obey_stops();
    world.command(engine::Clear{});
    const engine::Snapshot now = world.now();
    CHECK(now.session.id != id);
    CHECK(now.session.rounds.empty());
    CHECK(now.session.settings.temperature == 0.1);
    CHECK(now.session.servers.size() == 1);
    CHECK(now.session.queue.empty());
    CHECK(now.activity == Activity::idle);
    CHECK(now.is_kept);
    CHECK(ids(now) == std::vector<std::string>{"c1", "c2"});

    world.send({"fresh"});
    REQUIRE(world.jobs.size() == 2);
    CHECK(world.jobs[0].key.round == 1);
    CHECK(world.jobs[0].request.messages.size() == 2);  // no history
}

TEST_CASE("a halted session can be cleared, and what was removed does not come back") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")});
    world.send({"one"});
    world.end(0, session::AnswerState::failed, "");
    world.obey_stops();
    world.command(engine::RemoveCandidate{"c1"});
    REQUIRE(world.now().session.candidates.size() == 2);  // the removed one keeps its place
    world.command(engine::Clear{});
    CHECK(ids(world.now()) == std::vector<std::string>{"c2"});
    CHECK_FALSE(world.now().session.is_halted);
    CHECK(world.now().activity == Activity::idle);
}

TEST_CASE("that a stop after the round is asked for can be seen until it happens") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one", "two"});
    CHECK_FALSE(world.now().stops_after_round);
    world.command(engine::StopAfterRound{});
    CHECK(world.now().stops_after_round);
    world.complete(0);
    CHECK(world.now().activity == Activity::paused);
    CHECK_FALSE(world.now().stops_after_round);
}

TEST_CASE("a server that was found at another port is still known there after the next configuration") {
    FakeWorld world;
    world.configure({server("studio")});
    REQUIRE(world.manifest_queries.size() == 1);
    engine::ManifestReply reply{.server_key = world.manifest_queries[0].server_key, .manifest = manifest({"a"})};
    reply.hints.url = net::BaseUrl::parse("studio:1234").value();
    world.manifest_queries.clear();
    world.director.handle(reply);
    world.configure({server("studio")});
    CHECK(world.manifest_queries.empty());
    REQUIRE(world.now().servers.size() == 1);
    CHECK(world.now().servers[0].is_reachable());
    CHECK(world.now().servers[0].server.url.port() == 1234);
}
