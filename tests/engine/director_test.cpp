#include "director.h"

#include <map>
#include <set>

#include <doctest/doctest.h>

#include "fake_world.h"

using namespace llmc;
using namespace llmc::test;
using engine::Activity;
using engine::Event;
using session::AnswerState;

namespace {

std::vector<std::string> roles(const engine::AnswerJob& job) {
    std::vector<std::string> roles;
    for (const auto& message : job.request.messages) roles.push_back(message.role + ":" + message.content);
    return roles;
}

}  // namespace

TEST_CASE("nothing is sent before every server was asked for its models") {
    FakeWorld world;
    world.set_up({server("127.0.0.1:1"), server("127.0.0.1:2")}, {candidate("a")});
    world.send({"hello"});
    REQUIRE(world.manifest_queries.size() == 2);
    CHECK(world.jobs.empty());
    world.answer_manifest(0, manifest({"a"}));
    CHECK(world.jobs.empty());
    CHECK(world.now().activity == Activity::starting);
    world.answer_manifest(0, Error{ErrorKind::connection, "refused the connection"});
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].server.url.port() == 1);
    CHECK(world.now().preflight.texts(engine::Finding::Weight::warning).size() ==
          1);  // the server that cannot be reached is named
}

TEST_CASE("a model that no server has stops the start with the nearest names, and nothing is sent") {
    FakeWorld world;
    world.set_up({server("127.0.0.1:1")}, {candidate("qwen-7b-q4")});
    world.send({"hello"});
    world.answer_manifests(manifest({"qwen-7b-q8", "other"}));
    CHECK(world.jobs.empty());
    REQUIRE(world.count(Event::Kind::refused) == 1);
    CHECK(world.events.back().text.find("qwen-7b-q4") != std::string::npos);
    CHECK(world.events.back().text.find("qwen-7b-q8") != std::string::npos);
    CHECK(world.queue() == std::vector<std::string>{"hello"});  // kept for another try

    world.command(engine::RemoveCandidate{"c1"});
    world.command(engine::AddCandidate{candidate("other"), {}});
    world.command(engine::Continue{});
    while (!world.manifest_queries.empty()) world.answer_manifests(manifest({"qwen-7b-q8", "other"}));  // asked anew
    CHECK(world.jobs.size() == 1);
}

TEST_CASE("all candidates finish a round before the next one starts, each with its own history") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("m", "A"), candidate("m", "B")});
    world.send({"one", "two"});
    REQUIRE(world.jobs.size() == 2);
    world.complete(0, "from A");
    CHECK(world.jobs.size() == 1);  // B still answers round 1
    world.complete(0, "from B");
    REQUIRE(world.jobs.size() == 2);
    const std::vector<std::string> a{"system:You are a helpful assistant.", "user:one", "assistant:from A", "user:two"};
    const std::vector<std::string> b{"system:You are a helpful assistant.", "user:one", "assistant:from B", "user:two"};
    CHECK(roles(world.jobs[0]) == a);
    CHECK(roles(world.jobs[1]) == b);
    world.complete(0);
    world.complete(0);
    CHECK(world.now().activity == Activity::idle);
    CHECK(world.count(Event::Kind::done) == 1);
    CHECK(world.now().rounds_done == 2);
}

TEST_CASE("a failure stops the others, keeps their text, writes the reports and halts") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 3)}, {candidate("a"), candidate("b"), candidate("c")});
    world.send({"one", "two"});
    REQUIRE(world.jobs.size() == 3);
    world.end(1, AnswerState::cut_off, "half an ans");
    CHECK(world.now().activity == Activity::stopping);
    CHECK(world.written.empty());  // not before the others have ended
    CHECK(world.jobs[0].control->stop_reason() == engine::StopReason::interrupted);
    world.obey_stops();
    const engine::Snapshot now = world.now();
    CHECK(now.activity == Activity::halted);
    CHECK(now.session.is_halted);
    CHECK(now.session.halt_reason.find("b") != std::string::npos);
    CHECK(world.answer(1, "c1").state == AnswerState::interrupted);
    CHECK(world.answer(1, "c1").text() == "part");
    CHECK(world.answer(1, "c2").state == AnswerState::cut_off);
    CHECK(world.answer(1, "c2").text() == "half an ans");
    REQUIRE(world.written.size() == 1);
    CHECK(world.written[0].is_halted);
    CHECK(world.count(Event::Kind::report) == 2);
    CHECK(world.queue() == std::vector<std::string>{"two"});
    CHECK(world.jobs.empty());
}

TEST_CASE(
    "a retry sends what is not complete again, keeps the failed answer in the record, and goes on with the batch") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 3)}, {candidate("a"), candidate("b"), candidate("c")});
    world.send({"one", "two"});
    world.complete(0, "fine");
    world.end(0, AnswerState::cut_off, "half");
    world.obey_stops();
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"a", "b", "c"}));
    REQUIRE(world.jobs.size() == 2);  // b failed, c was interrupted; a is complete
    CHECK_FALSE(world.now().session.is_halted);
    world.complete(0, "whole");
    world.complete(0, "third");
    const auto round = world.now().session.rounds[0];
    CHECK(round->find("c2")->text() == "whole");
    CHECK(round->find("c2")->attempt == 2);
    REQUIRE(round->replaced.size() == 2);
    CHECK(round->replaced[0].text() == "half");
    CHECK(round->replaced[0].state == AnswerState::cut_off);
    CHECK(world.jobs.size() == 3);  // round 2
    CHECK(roles(world.jobs[1]).at(2) == "assistant:whole");
}

TEST_CASE("an answer that fails again and again keeps every attempt with its own warnings") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")});
    world.send({"one"});
    const auto fail = [&](const std::string& text) {
        world.director.handle(engine::AnswerUpdate{.key = world.jobs[1].key, .state = {}, .warning = "about " + text});
        world.end(1, AnswerState::cut_off, text);
        world.obey_stops();
        world.command(engine::Retry{});
        world.answer_manifests(manifest({"a", "b"}));
    };
    fail("first");
    fail("second");
    world.complete(0, "fine");
    world.complete(0, "well");
    const auto round = world.now().session.rounds[0];
    REQUIRE(round->replaced.size() == 4);
    std::vector<std::string> kept;
    for (const session::Answer& one : round->replaced) {
        kept.push_back(one.candidate + " " + std::to_string(one.attempt) + " " + std::string(one.text()));
        CHECK(one.warnings.size() == (one.candidate == "c2" ? 1 : 0));
    }
    CHECK(kept == std::vector<std::string>{"c1 1 part", "c2 1 first", "c1 2 part", "c2 2 second"});
    CHECK(round->find("c2")->attempt == 3);
    CHECK(round->find("c2")->warnings.empty());
}

TEST_CASE("what met the context limit goes on without the older half of its rounds, and so do the rounds after it") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")});
    for (const char* prompt : {"one", "two", "three"}) {
        world.send({prompt});
        world.complete(0, "a");
        world.complete(0, "b");
    }
    const auto overflow = [&] {
        engine::AnswerEnd ended{.key = world.take(1).key, .state = AnswerState::failed};
        ended.failure = session::Failure{net::Phase::waiting, 400, ErrorKind::context_limit, "too long"};
        world.director.handle(std::move(ended));
        world.obey_stops();
    };
    const auto prompts_of = [&](std::size_t job) {
        std::vector<std::string> prompts;
        for (const std::string& one : roles(world.jobs[job]))
            if (one.starts_with("user:")) prompts.push_back(one.substr(5));
        return prompts;
    };
    using Texts = std::vector<std::string>;
    world.send({"four", "five"});
    CHECK(prompts_of(1) == Texts{"one", "two", "three", "four"});
    overflow();
    CHECK(engine::can_forget(world.now(), world.answer(4, "c2")));
    CHECK_FALSE(engine::can_forget(world.now(), world.answer(4, "c1")));
    world.command(engine::ForgetOldest{4, "c2"});
    world.answer_manifests(manifest({"a", "b"}));
    REQUIRE(world.jobs.size() == 2);
    CHECK(prompts_of(0) == Texts{"one", "two", "three", "four"});
    CHECK(prompts_of(1) == Texts{"three", "four"});
    CHECK(world.answer(4, "c2").history_from == 3);
    CHECK(world.answer(4, "c2").warnings == Texts{"rounds 1 to 2 are left out of what this model is sent"});
    CHECK(world.now().session.rounds[3]->replaced.back().history_from == 1);

    overflow();  // once more: nothing of the history is left
    world.command(engine::ForgetOldest{4, "c2"});
    world.answer_manifests(manifest({"a", "b"}));
    CHECK(prompts_of(1) == Texts{"four"});
    overflow();
    CHECK_FALSE(engine::can_forget(world.now(), world.answer(4, "c2")));
    world.command(engine::ForgetOldest{4, "c2"});
    CHECK(world.count(Event::Kind::error) == 1);

    // A file brings it along.
    session::Session kept = world.now().session;
    world.command(engine::Open{kept, {}});
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"a", "b"}));
    CHECK(prompts_of(1) == Texts{"four"});
    world.complete(0, "a");
    world.complete(0, "b");
    CHECK(prompts_of(0) == Texts{"one", "two", "three", "four", "five"});
    CHECK(prompts_of(1) == Texts{"four", "five"});
}

TEST_CASE("a skipped candidate keeps its failed answer and takes no further part") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")});
    world.send({"one", "two"});
    world.end(1, AnswerState::failed, "");
    world.obey_stops();
    world.command(engine::SkipCandidate{1, "c2"});
    world.answer_manifests(manifest({"a", "b"}));
    REQUIRE(world.jobs.size() == 1);
    world.complete(0);
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].key.round == 2);
    world.complete(0);
    CHECK(world.answer(1, "c2").state == AnswerState::failed);
    CHECK(world.now().session.rounds[1]->find("c2") == nullptr);
    CHECK(world.now().activity == Activity::idle);
}

TEST_CASE("with on_failure continue the others go on and the failed turn stays out of the history") {
    FakeWorld world;
    session::Settings settings;
    settings.on_failure = session::OnFailure::keep_going;
    world.begin({server("127.0.0.1:1", 2)}, {candidate("a"), candidate("b")}, settings);
    world.send({"one", "two"});
    world.end(0, AnswerState::cut_off, "half");
    CHECK(world.jobs[0].control->stop_reason() == engine::StopReason::none);
    world.complete(0, "b's");
    REQUIRE(world.jobs.size() == 2);
    CHECK(roles(world.jobs[0]) == std::vector<std::string>{"system:You are a helpful assistant.", "user:two"});
    CHECK(roles(world.jobs[1]).size() == 4);
    CHECK_FALSE(world.now().session.is_halted);
}

TEST_CASE("stopping ends what runs as stopped and keeps the queue") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a"), candidate("b")});
    world.send({"one", "two"});
    world.command(engine::StopNow{});
    CHECK(world.answer(1, "c2").state == AnswerState::stopped);  // waited for the server
    world.obey_stops();
    CHECK(world.answer(1, "c1").state == AnswerState::stopped);
    CHECK(world.answer(1, "c1").text() == "part");
    CHECK(world.now().activity == Activity::paused);
    CHECK(world.queue() == std::vector<std::string>{"two"});
    CHECK(world.count(Event::Kind::done) == 1);
    CHECK_FALSE(world.now().session.is_halted);
}

TEST_CASE("a pause sends nothing new; a stop after the round waits for the round") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a"), candidate("b")});
    world.send({"one", "two", "three"});
    world.command(engine::Pause{});
    world.complete(0);
    CHECK(world.jobs.empty());
    world.command(engine::Continue{});
    REQUIRE(world.jobs.size() == 1);
    world.command(engine::StopAfterRound{});
    world.complete(0);
    CHECK(world.jobs.empty());
    CHECK(world.now().activity == Activity::paused);
    world.command(engine::Continue{});
    CHECK(world.jobs.size() == 1);
    CHECK(world.jobs[0].key.round == 2);
}

TEST_CASE("a server that cannot be connected to is left out; the answer goes to another one that has the model") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1"), server("127.0.0.1:2")}, {candidate("a")});
    world.send({"one"});
    REQUIRE(world.jobs.size() == 1);
    engine::AnswerEnd refused{.key = world.take(0).key, .state = AnswerState::failed};
    refused.never_connected = true;
    refused.failure =
        session::Failure{net::Phase::connect, 0, ErrorKind::connection, "127.0.0.1:1 refused the connection."};
    world.director.handle(refused);
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].server.url.port() == 2);
    world.complete(0);
    CHECK(world.answer(1, "c1").state == AnswerState::complete);
    CHECK(world.answer(1, "c1").warnings.size() == 1);
}

TEST_CASE("where no server is left, the answer fails with what the connection said") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    engine::AnswerEnd refused{.key = world.take(0).key, .state = AnswerState::failed};
    refused.never_connected = true;
    refused.failure =
        session::Failure{net::Phase::connect, 0, ErrorKind::connection, "127.0.0.1:1 refused the connection."};
    world.director.handle(refused);
    CHECK(world.answer(1, "c1").state == AnswerState::failed);
    CHECK(world.answer(1, "c1").failure->message.find("refused") != std::string::npos);
    CHECK(world.now().activity == Activity::halted);
}

TEST_CASE("a model that left with its server fails after fresh manifests, and is served where it came up") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1"), server("127.0.0.1:2")}, {candidate("a")});
    world.send({"one", "two", "three"});
    world.clock->advance(std::chrono::seconds{31});
    world.director.handle(engine::Tick{});
    world.answer_manifest(0, Error{ErrorKind::connection, "refused the connection"});
    world.answer_manifest(0, manifest({"b"}));
    world.complete(0);
    CHECK(world.jobs.empty());
    REQUIRE(world.manifest_queries.size() == 2);  // asked anew
    world.answer_manifest(1, manifest({"a", "b"}));
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].server.url.port() == 2);
    world.answer_manifest(0, Error{ErrorKind::connection, "refused the connection"});

    world.clock->advance(std::chrono::seconds{31});
    world.director.handle(engine::Tick{});
    world.answer_manifests(Error{ErrorKind::connection, "refused the connection"});
    world.complete(0);
    world.answer_manifests(Error{ErrorKind::connection, "refused the connection"});
    const auto& failed = world.answer(3, "c1");
    CHECK(failed.state == AnswerState::failed);
    CHECK(failed.failure->phase == net::Phase::connect);
    CHECK(world.now().activity == Activity::halted);
}

TEST_CASE("a late message of an answer that has ended changes nothing") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    const engine::AnswerKey key = world.jobs[0].key;
    world.complete(0, "first");
    world.director.handle(engine::AnswerEnd{.key = key, .state = AnswerState::failed});
    world.director.handle(engine::AnswerUpdate{key, AnswerState::streaming, {}});
    CHECK(world.answer(1, "c1").state == AnswerState::complete);
    CHECK(world.now().servers[0].in_flight == 0);
}

TEST_CASE("changed settings apply from the next round and are named") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one", "two"});
    session::Settings cooler;
    cooler.temperature = 0.2;
    world.configure({server("127.0.0.1:1")}, cooler);
    world.command(engine::AddCandidate{candidate("a", "another"), {}});
    CHECK(world.jobs[0].request.settings["temperature"] == 0.7);
    world.complete(0);
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].request.settings["temperature"] == 0.2);
    CHECK(world.answer(1, "c1").settings.temperature == 0.7);
    REQUIRE(world.now().session.changes.size() == 2);
    CHECK(world.now().session.changes[0].from_round == 2);
    CHECK(world.now().session.changes[0].what == "temperature 0.7 -> 0.2");
    world.complete(0);
    REQUIRE(world.jobs.size() == 1);
    CHECK(roles(world.jobs[0]).size() == 2);  // the new candidate starts with an empty history
}

TEST_CASE("what is set again and again before the next round is one change, and none where it is as it was") {
    FakeWorld world;
    world.begin({server("127.0.0.1:1")}, {candidate("a")});
    world.send({"one"});
    world.complete(0);
    const auto said = [&] {
        std::vector<std::string> texts;
        for (const auto& change : world.now().session.changes) texts.push_back(change.what);
        return texts;
    };
    using Texts = std::vector<std::string>;
    const auto set = [&](double for_all, double own) {
        session::Settings settings;
        settings.temperature = for_all;
        world.configure({server("127.0.0.1:1")}, settings);
        session::Candidate changed = world.now().session.candidates[0];
        changed.own.temperature = own;
        world.command(engine::ChangeCandidate{changed, {}});
    };
    set(0.9, 0.1);
    set(1.1, 0.2);
    CHECK(said() == Texts{"temperature 0.7 -> 1.1", "a: temperature unset -> 0.2"});
    set(0.7, 0.3);
    CHECK(said() == Texts{"a: temperature unset -> 0.3"});
    world.send({"two"});
    world.complete(0);
    set(0.5, 0.4);
    set(0.7, 0.4);
    CHECK(said() == Texts{"a: temperature unset -> 0.3", "a: temperature 0.3 -> 0.4"});
}

TEST_CASE("by-model lets a server finish all prompts of one model before it swaps") {
    FakeWorld world;
    session::Settings settings;
    settings.order = session::Order::by_model;
    world.begin({server("127.0.0.1:1")}, {candidate("a"), candidate("b")}, settings);
    world.send({"one", "two", "three"});
    std::string served;
    while (!world.jobs.empty()) {
        served += world.jobs[0].request.model + std::to_string(world.jobs[0].key.round) + " ";
        engine::AnswerJob job = world.jobs[0];
        engine::AnswerEnd ended{.key = job.key, .state = AnswerState::complete, .finish_reason = "stop"};
        ended.metrics.chunks = 1;
        world.take(0);
        (void)job.stream->append_text("x");
        world.director.handle(std::move(ended));
    }
    CHECK(served == "a1 a2 a3 b1 b2 b3 ");
    CHECK(world.now().rounds_done == 3);
}

TEST_CASE("a load that is seen is taken off, a model known to be loaded is warm, an unknown one cold") {
    FakeWorld world;
    openai::Manifest manifest;
    manifest.dialect = openai::find_dialect("LM Studio");
    manifest.models.push_back({.id = "a", .state = openai::LoadState::not_loaded});
    world.set_up({server("127.0.0.1:1")}, {candidate("a")});
    world.answer_manifests(manifest);
    world.send({"one"});
    const engine::AnswerJob job = world.jobs[0];
    CHECK(job.control->warmth() == metrics::ModelWarmth::cold);
    world.director.handle(engine::AnswerUpdate{job.key, AnswerState::processing, {}});
    const auto reply = [&](openai::LoadState state) {
        REQUIRE(world.load_queries.size() == 1);
        world.load_queries.clear();
        world.director.handle(engine::LoadStateReply{job.key, 1, "a", state, world.clock->now()});
    };
    reply(openai::LoadState::loading);
    CHECK(world.answer(1, "c1").state == AnswerState::loading);
    for (int second = 1; second <= 3; ++second) {
        world.clock->advance(std::chrono::seconds{1});
        world.director.handle(engine::Tick{});
        reply(second < 3 ? openai::LoadState::loading : openai::LoadState::loaded);
    }
    CHECK(world.answer(1, "c1").state == AnswerState::processing);
    CHECK(job.control->warmth() == metrics::ModelWarmth::loaded);
    REQUIRE(job.control->model_load());
    CHECK(base::seconds(*job.control->model_load()) == doctest::Approx(3));
}

TEST_CASE(
    "in any order of ends every candidate is served once a round, servers are never overloaded, rounds and histories "
    "never mix") {
    std::mt19937 random(11);
    const auto pick = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const session::Order orders[] = {session::Order::swap_aware, session::Order::rotate, session::Order::listed,
                                     session::Order::by_model};
    for (int instance = 0; instance < 300; ++instance) {
        FakeWorld world;
        session::Settings settings;
        settings.order = orders[pick(4)];
        std::vector<session::Server> servers;
        for (std::size_t i = 0, n = 1 + pick(3); i < n; ++i)
            servers.push_back(server("127.0.0.1:" + std::to_string(100 + i), 1 + static_cast<int>(pick(3))));
        std::vector<session::Candidate> candidates;
        for (std::size_t i = 0, n = 1 + pick(5); i < n; ++i) {
            candidates.push_back(candidate(pick(2) ? "same" : "m" + std::to_string(i), "L" + std::to_string(i)));
            if (pick(4) == 0) candidates.back().server = servers[pick(servers.size())].url.host_port();
        }
        const std::size_t rounds = 1 + pick(4);
        world.begin(servers, candidates, settings);
        std::vector<std::string> prompts;
        for (std::size_t i = 0; i < rounds; ++i) prompts.push_back("prompt " + std::to_string(i + 1));
        world.send(prompts);

        std::map<std::pair<std::string, int>, int> served;
        std::map<int, int> in_flight;  // by port
        std::map<std::string, int> last_round;
        std::set<std::pair<std::string, int>> counted;
        std::size_t steps = 0;
        while (!world.jobs.empty()) {
            for (const auto& job : world.jobs) {
                if (!counted.insert({job.key.candidate, job.key.round}).second) continue;
                ++served[{job.key.candidate, job.key.round}];
                const int busy = ++in_flight[job.server.url.port()];
                CHECK(busy <= job.server.max_concurrent);
                CHECK(job.key.round == last_round[job.key.candidate] + 1);
                last_round[job.key.candidate] = job.key.round;
                if (settings.order != session::Order::by_model)
                    for (const auto& other : world.jobs) CHECK(other.key.round == job.key.round);
                // Its own history, whole and in order.
                REQUIRE(job.request.messages.size() == static_cast<std::size_t>(2 * job.key.round));
                for (int round = 1; round < job.key.round; ++round) {
                    CHECK(job.request.messages[static_cast<std::size_t>(2 * round - 1)].content ==
                          "prompt " + std::to_string(round));
                    CHECK(job.request.messages[static_cast<std::size_t>(2 * round)].content ==
                          job.key.candidate + " says " + std::to_string(round));
                }
            }
            const std::size_t index = pick(world.jobs.size());
            --in_flight[world.jobs[index].server.url.port()];
            world.complete(index,
                           world.jobs[index].key.candidate + " says " + std::to_string(world.jobs[index].key.round));
            REQUIRE(++steps < 1000);
        }
        CHECK(served.size() == candidates.size() * rounds);
        for (const auto& [key, times] : served) CHECK(times == 1);
        CHECK(world.now().activity == Activity::idle);
        for (const auto& status : world.now().servers) CHECK(status.in_flight == 0);
    }
}
