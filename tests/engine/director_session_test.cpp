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

session::Candidate with_id(session::Candidate made, const std::string& id) {
    made.id = id;
    return made;
}

engine::Configure configure(std::vector<session::Candidate> candidates) {
    return {{server("127.0.0.1:1", 4)}, std::move(candidates), {}, "reports"};
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
    CHECK(world.events.back().kind == Event::Kind::error);
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
    CHECK(now.queue.empty());
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
    world.command(configure({with_id(candidate("b"), "c2")}));
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

TEST_CASE("ids that the front end gives are kept, and the next ones come after them") {
    struct Case {
        const char* name;
        std::vector<std::string> given, expected;
    };
    const Case cases[] = {
        {"none", {"", ""}, {"c1", "c2"}},
        {"all", {"c7", "c3"}, {"c7", "c3"}},
        {"a new one beside them comes after the highest", {"", "c7"}, {"c8", "c7"}},
        {"one id twice names one candidate only", {"c2", "c2"}, {"c2", "c3"}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        FakeWorld world;
        std::vector<session::Candidate> candidates;
        for (const std::string& id : one.given) candidates.push_back(with_id(candidate("a"), id));
        world.command(configure(candidates));
        CHECK(ids(world.now()) == one.expected);
    }
}

TEST_CASE("an id is never given again, also after its candidate was removed") {
    FakeWorld world;
    world.command(configure({with_id(candidate("a"), "c5")}));
    world.command(configure({}));
    world.command(configure({candidate("b")}));
    CHECK(ids(world.now()) == std::vector<std::string>{"c6"});
}

TEST_CASE("a session that is taken up keeps its candidates' ids through a configuration with them") {
    FakeWorld world;
    session::Session opened;
    opened.candidates = {with_id(candidate("a"), "c4"), with_id(candidate("b"), "c9")};
    auto round = std::make_shared<session::Round>();
    round->number = 1;
    round->answers.push_back({.candidate = "c4", .round = 1, .state = session::AnswerState::complete});
    round->answers.push_back({.candidate = "c9", .round = 1, .state = session::AnswerState::complete});
    opened.rounds.push_back(round);
    world.command(engine::Open{opened});
    CHECK(world.now().is_kept);  // it is in the file it came from
    world.command(configure({with_id(candidate("b"), "c9"), with_id(candidate("a"), "c4"), candidate("new")}));
    CHECK(ids(world.now()) == std::vector<std::string>{"c9", "c4", "c10"});
    CHECK(world.now().session.rounds[0]->find("c4") != nullptr);
}

TEST_CASE("a server that was found at another port is still known there after the next configuration") {
    FakeWorld world;
    const engine::Configure same{{server("studio")}, {candidate("a")}, {}, "reports"};
    world.command(same);
    REQUIRE(world.manifest_queries.size() == 1);
    engine::ManifestReply reply{.server_key = world.manifest_queries[0].server_key, .manifest = manifest({"a"})};
    reply.hints.url = net::BaseUrl::parse("studio:1234").value();
    world.manifest_queries.clear();
    world.director.handle(reply);
    world.command(same);
    CHECK(world.manifest_queries.empty());
    REQUIRE(world.now().servers.size() == 1);
    CHECK(world.now().servers[0].is_reachable());
    CHECK(world.now().servers[0].server.url.port() == 1234);
}
