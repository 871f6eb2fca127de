#include <doctest/doctest.h>

#include "engine/fake_world.h"
#include "suite/suite.h"

using namespace llmc;
using namespace llmc::test;
using session::AnswerState;

namespace {

suite::Suite suite_of(const std::string& context = "fresh") {
    const auto json = base::parse_ordered_json(R"({"format": "llm-compare-suite", "version": 1, "name": "capitals",
        "role": "planner", "context": ")" + context +
                                               R"(", "repeat": 2,
        "tools": [{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}],
        "tool_results": {"look_up": "42"},
        "prompts": [{"id": "one", "prompt": "First?", "checks": [{"type": "contains", "value": "yes"}]},
                    {"id": "two", "prompt": "Second?", "checks": [{"type": "max_chars", "value": 3}]}]})");
    auto made = suite::suite_from_json(json.value());
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    return std::move(made).value();
}

FakeWorld& begin(FakeWorld& world, const suite::Suite& with, session::Settings settings = {}) {
    world.begin({server("http://a:1")}, {candidate("m"), candidate("n")}, settings);
    world.command(engine::RunSuite{with, 2});
    world.answer_manifests(manifest({"m", "n"}));
    return world;
}

std::vector<std::string> contents(const engine::AnswerJob& job) {
    std::vector<std::string> texts;
    for (const auto& message : job.request.messages) texts.push_back(message.content);
    return texts;
}

}  // namespace

TEST_CASE("a suite becomes rounds: every prompt and repeat, each in a context of its own, with its tools and checks") {
    FakeWorld world;
    session::Settings settings;
    settings.system_prompt = "S";
    settings.order = session::Order::by_model;
    begin(world, suite_of(), settings);
    CHECK(world.now().rounds_total == 4);
    REQUIRE(world.jobs.size() == 1);
    CHECK(contents(world.jobs[0]) == std::vector<std::string>{"S", "First?"});
    CHECK(world.jobs[0].request.tools.is_array());
    REQUIRE(world.jobs[0].checks);
    CHECK(world.jobs[0].checks->size() == 1);
    world.complete(0, "yes, it is");
    REQUIRE(world.jobs.size() == 1);
    // The server goes on with the same model.
    CHECK(world.jobs[0].request.model == "m");
    CHECK(contents(world.jobs[0]).size() == 2);
    const auto& first = world.answer(1, "c1");
    REQUIRE(first.checks.size() == 1);
    CHECK(first.checks[0].passed);
    CHECK(world.now().session.rounds[0]->prompt_id == "one");
    CHECK(world.now().session.suite->name == "capitals");
    while (!world.jobs.empty()) world.complete(0, "no long");
    CHECK(world.now().activity == engine::Activity::idle);
    CHECK(world.now().session.rounds.size() == 4);
    CHECK(session::conversation(world.now().session, "c1").empty());
}

TEST_CASE("with a continued context a repeat is one conversation, and the next repeat begins anew") {
    FakeWorld world;
    begin(world, suite_of("continued"));
    std::vector<std::size_t> lengths;
    while (!world.jobs.empty()) {
        if (world.jobs[0].request.model == "m") lengths.push_back(world.jobs[0].request.messages.size());
        world.complete(0, "yes");
    }
    CHECK(lengths == std::vector<std::size_t>{2, 4, 2, 4});
}

TEST_CASE("a failed answer fails its checks, and the session goes on after a retry") {
    FakeWorld world;
    begin(world, suite_of());
    world.end(0, AnswerState::cut_off, "yes");
    world.obey_stops();
    CHECK(world.now().activity == engine::Activity::halted);
    const auto& cut = world.answer(1, "c1");
    REQUIRE(cut.checks.size() == 1);
    CHECK(!cut.checks[0].passed);
    CHECK(cut.checks[0].detail.find("cut") != std::string::npos);
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"m", "n"}));
    REQUIRE(!world.jobs.empty());
    CHECK(world.jobs[0].checks);
    while (!world.jobs.empty()) world.complete(0, "yes");
    CHECK(world.answer(1, "c1").checks[0].passed);
    CHECK(world.now().session.rounds.size() == 4);
}

TEST_CASE("a suite's session that was opened again has its checks") {
    FakeWorld world;
    begin(world, suite_of());
    world.complete(0, "yes");
    world.command(engine::StopNow{});
    world.obey_stops();
    const session::Session left = world.now().session;
    REQUIRE(!left.queue.empty());

    FakeWorld next;
    next.begin({server("http://a:1")}, {candidate("m"), candidate("n")});
    next.command(engine::Open{.session = left, .journal = {}});
    next.command(engine::Retry{});
    next.answer_manifests(manifest({"m", "n"}));
    REQUIRE(!next.jobs.empty());
    CHECK(next.jobs[0].checks);
    while (!next.jobs.empty()) next.complete(0, "yes");
    CHECK(next.now().session.rounds.size() == 4);
    CHECK(next.answer(4, "c2").checks.size() == 1);
}

TEST_CASE("a suite's prompt that waits stays one when the queue is edited, one that is rewritten does not") {
    FakeWorld world;
    begin(world, suite_of());
    REQUIRE(world.queue().size() == 3);
    world.command(engine::SetQueue{{world.queue()[2], "Rewritten?", world.queue()[0]}});
    while (!world.jobs.empty()) world.complete(0, "yes");
    const auto& rounds = world.now().session.rounds;
    REQUIRE(rounds.size() == 4);
    CHECK(rounds[1]->prompt_id == "two");
    CHECK(rounds[2]->prompt_id.empty());
    CHECK(world.answer(3, "c1").checks.empty());
    CHECK(rounds[3]->prompt_id == "one");
    CHECK(world.answer(4, "c1").checks.size() == 1);
}

TEST_CASE("a suite is refused while answers run, and then changes nothing") {
    FakeWorld world;
    world.begin({server("http://a:1")}, {candidate("m")});
    world.send({"hello"});
    world.command(engine::RunSuite{suite_of(), 1});
    CHECK(!world.now().session.suite);
    CHECK(world.now().session.rounds.size() == 1);
    CHECK(world.count(engine::Event::Kind::error) == 1);
}

TEST_CASE("ratings, votes and picks are the newest ones") {
    FakeWorld world;
    world.begin({server("http://a:1", 2)}, {candidate("m"), candidate("n")});
    world.send({"hello"});
    world.complete(0);
    world.complete(0);
    world.command(engine::Rate{1, "c1", {.stars = 4}});
    world.command(engine::Rate{1, "c1", {.thumbs = 1, .note = "good"}});
    world.command(engine::Rate{7, "c1", {.stars = 1}});
    CHECK(world.answer(1, "c1").rating == session::Rating{.thumbs = 1, .note = "good"});
    using Winner = session::Vote::Winner;
    world.command(engine::GiveVote{1, {"c1", "c2", Winner::a}});
    world.command(engine::GiveVote{1, {"c2", "c1", Winner::tie}});
    world.command(engine::GiveVote{1, {"c1", "c1", Winner::a}});
    world.command(engine::GiveVote{1, {"c1", "c9", Winner::a}});
    const auto votes = world.now().session.rounds[0]->votes;
    REQUIRE(votes.size() == 1);
    CHECK(votes[0] == session::Vote{"c2", "c1", Winner::tie});
    world.command(engine::PickForRole{{"planner", "c1", "fast"}});
    world.command(engine::PickForRole{{"planner", "c2", ""}});
    REQUIRE(world.now().session.casting.size() == 1);
    CHECK(world.now().session.casting[0].candidate == "c2");
    world.command(engine::PickForRole{{"planner", "", ""}});
    CHECK(world.now().session.casting.empty());
    CHECK(!world.now().is_kept);
    // What is in a report stays kept until somebody picks otherwise.
    world.command(engine::Save{"x.llmc.json"});
    CHECK(world.now().is_kept);
    world.command(engine::PickForRole{{"planner", "c1", ""}});
    CHECK(!world.now().is_kept);
    world.command(engine::Save{"x.llmc.json"});
    CHECK(world.now().is_kept);
    world.command(engine::Rate{1, "c2", {.stars = 2}});
    CHECK(!world.now().is_kept);
    // One that was opened is looked at, and a cast is made of it: nothing of that has to be saved with it.
    world.command(engine::Open{.session = world.now().session, .journal = {}});
    world.command(engine::PickForRole{{"writer", "c1", ""}});
    CHECK(world.now().is_kept);
    world.command(engine::Rate{1, "c2", {.stars = 3}});
    CHECK(!world.now().is_kept);
}

TEST_CASE("what a judge said takes the place of what it said before, and wants to be kept") {
    FakeWorld world;
    begin(world, suite_of());
    using session::Verdict;
    const auto say = [&](Verdict::Word word, int round = 1) {
        session::Judge judge{.id = "", .model = "j", .display_name = "", .server = "rack", .words = 1, .verdicts = {}};
        judge.verdicts.push_back(std::make_shared<const Verdict>(Verdict{round, "c1", "c2", word, word, word, ""}));
        world.command(engine::KeepJudge{world.now().session.id, std::move(judge)});
    };
    const auto judges = [&world] { return world.now().session.judges; };
    say(Verdict::Word::a);
    say(Verdict::Word::b);
    REQUIRE(judges().size() == 1);
    CHECK(judges()[0].id == "j1");
    CHECK(judges()[0].verdicts[0]->word == Verdict::Word::b);
    say(Verdict::Word::a, 99);  // of a round that is not there
    CHECK(judges()[0].verdicts[0]->word == Verdict::Word::b);
    world.command(engine::KeepJudge{"another session", {.id = "", .model = "k"}});
    CHECK(judges().size() == 1);
}

namespace {

// One answer whose first token may take 2 s, for the first of two prompts; `check` is what else the check says.
void begin_waiting(FakeWorld& world, const std::string& check, openai::LoadState state = openai::LoadState::unknown) {
    const auto json = base::parse_ordered_json(R"({"format": "llm-compare-suite", "version": 1, "name": "s",
        "prompts": [{"id": "one", "prompt": "First?", "checks": [{"type": "max_chars", "value": 3},
                                                                 {"type": "max_ttft_s", "value": 2)" +
                                               check + R"(}]}, {"id": "two", "prompt": "Second?"}]})");
    openai::Manifest models = manifest({"m"});
    models.models[0].state = state;
    world.clock->advance(std::chrono::seconds{1});  // zero is no moment
    world.set_up({server("http://a:1")}, {candidate("m")});
    world.answer_manifests(models);
    world.command(engine::RunSuite{suite::suite_from_json(json.value()).value(), 1});
    world.answer_manifests(models);
    REQUIRE(world.jobs.size() == 1);
    world.jobs[0].control->set_sent(world.clock->now());
    world.director.handle(engine::AnswerUpdate{.key = world.jobs[0].key, .state = AnswerState::processing});
}

// As the engine does.
void wait(FakeWorld& world, base::Duration time) {
    const base::TimePoint until = world.clock->now() + time;
    while (const auto tick = world.director.next_tick()) {
        if (*tick > until) break;
        world.clock->advance(*tick - world.clock->now());
        world.director.handle(engine::Tick{});
    }
    world.clock->advance(until - world.clock->now());
}

engine::StopReason stop_reason(const FakeWorld& world) {
    return world.jobs.at(0).control->stop_reason();
}

}  // namespace

using namespace std::chrono_literals;

TEST_CASE(
    "an answer that is still waited for when its first token may come no more is stopped, and the suite goes on") {
    FakeWorld world;
    begin_waiting(world, R"(, "stop_on_break": true)");
    wait(world, 2s);
    CHECK(stop_reason(world) == engine::StopReason::none);
    CHECK(world.answer(1, "c1").checks.empty());
    wait(world, 10ms);
    CHECK(stop_reason(world) == engine::StopReason::check);
    const session::Answer waiting = world.answer(1, "c1");
    REQUIRE(waiting.checks.size() == 1);
    CHECK(waiting.checks[0].detail == "no token came in 2.001 s, and at most 2 s are allowed");
    REQUIRE(waiting.warnings.size() == 1);
    CHECK(waiting.warnings[0].starts_with("stopped by its check max_ttft_s: no token came"));
    world.obey_stops();
    CHECK(world.answer(1, "c1").state == AnswerState::stopped);
    CHECK(world.answer(1, "c1").checks.size() == 2);
    CHECK(world.now().activity == engine::Activity::running);
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].key.round == 2);
}

TEST_CASE("a wait for the first token that breaks its check is marked, and stops nothing that does not say so") {
    FakeWorld world;
    begin_waiting(world, "");
    wait(world, 3s);
    CHECK(world.answer(1, "c1").checks.size() == 1);
    CHECK(stop_reason(world) == engine::StopReason::none);
    // What the text breaks is told beside it.
    world.director.handle(engine::AnswerUpdate{.key = world.jobs[0].key, .broken_checks = {{.type = "max_chars"}}});
    CHECK(world.answer(1, "c1").checks.size() == 2);
}

TEST_CASE("a first token that came in time breaks no wait, also where word of it comes late") {
    FakeWorld world;
    begin_waiting(world, R"(, "stop_on_break": true)");
    world.clock->advance(2s);
    world.jobs[0].control->set_first_token(world.clock->now());
    wait(world, 5s);
    world.director.handle(engine::AnswerUpdate{.key = world.jobs[0].key, .state = AnswerState::streaming});
    CHECK(stop_reason(world) == engine::StopReason::none);
    CHECK(world.answer(1, "c1").checks.empty());
}

TEST_CASE("while a model may be loading no wait for the first token is over; the load is taken off") {
    const auto reply = [](FakeWorld& world, openai::LoadState state) {
        REQUIRE(world.load_queries.size() == 1);
        const engine::LoadStateQuery query = world.load_queries[0];
        world.load_queries.clear();
        world.director.handle(
            engine::LoadStateReply{query.key, query.server_key, query.model, state, world.clock->now()});
    };
    FakeWorld world;
    begin_waiting(world, R"(, "stop_on_break": true)", openai::LoadState::not_loaded);
    wait(world, 3s);
    reply(world, openai::LoadState::loading);
    wait(world, 4s);
    CHECK(stop_reason(world) == engine::StopReason::none);
    reply(world, openai::LoadState::loaded);  // after 7 s
    wait(world, 2s);
    CHECK(stop_reason(world) == engine::StopReason::none);
    wait(world, 10ms);
    CHECK(stop_reason(world) == engine::StopReason::check);
}

TEST_CASE("a first token that came late stops the answer once it is known that no load is to be taken off") {
    FakeWorld world;
    begin_waiting(world, R"(, "stop_on_break": true)", openai::LoadState::not_loaded);
    world.clock->advance(3s);
    world.jobs[0].control->set_first_token(world.clock->now());
    world.director.handle(engine::Tick{});
    CHECK(stop_reason(world) == engine::StopReason::none);
    world.director.handle(engine::AnswerUpdate{.key = world.jobs[0].key, .state = AnswerState::streaming});
    CHECK(stop_reason(world) == engine::StopReason::check);
    CHECK(world.answer(1, "c1").warnings.at(0).find("the first token came after 3.000 s") != std::string::npos);
    world.complete(0);  // the whole of it was on its way already
    CHECK(world.answer(1, "c1").state == AnswerState::stopped);
}
