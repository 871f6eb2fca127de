#include <doctest/doctest.h>

#include "engine/fake_world.h"
#include "engine/journal.h"
#include "engine/memory_journal.h"
#include "report/session_file.h"
#include "suite/suite.h"

using namespace llmc;
using namespace llmc::test;
using session::AnswerState;
using session::EndedBy;

namespace {

suite::Suite loop_suite(const std::string& more, const std::string& checks = "[]") {
    const auto json = base::parse_ordered_json(R"({"format": "llm-compare-suite", "version": 1, "name": "loops",
        "tools": [{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object",
            "properties": {"q": {"type": "string"}}, "required": ["q"]}}}],
        "tool_results": {"look_up": "42"},)" + more +
                                               R"(
        "prompts": [{"id": "one", "prompt": "First?", "category": "lookups", "checks": )" +
                                               checks + "}]}");
    REQUIRE(json.ok());
    auto made = suite::suite_from_json(json.value());
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    return std::move(made).value();
}

const std::string kLoop = R"("loop": {"max_steps": 5},)";

FakeWorld& begin_loops(FakeWorld& world, const suite::Suite& with) {
    world.begin({server("http://a:1")}, {candidate("m"), candidate("n")});
    world.command(engine::RunSuite{with, 1});
    world.answer_manifests(manifest({"m", "n"}));
    return world;
}

openai::ToolCall look_up(const std::string& q, const std::string& id = "x") {
    return {id, "look_up", R"({"q": ")" + q + R"("})"};
}

std::vector<std::string> roles(const engine::AnswerJob& job) {
    std::vector<std::string> all;
    for (const auto& message : job.request.messages) all.push_back(message.role);
    return all;
}

}  // namespace

TEST_CASE("a loop goes on with what the tools said, and its steps are one answer") {
    FakeWorld world;
    begin_loops(world, loop_suite(kLoop, R"([{"type": "contains", "value": "done"}])"));
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].key.step == 1);
    CHECK(!world.jobs[0].checks);
    CHECK(world.answer(1, "c1").step_now == session::StepNow{.index = 1, .turn = 1, .of_turn = 1, .max_steps = 5});
    world.call(0, {look_up("a", "x1")}, "I look.");
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].request.model == "m");  // the model stays, though another waits
    CHECK(world.jobs[0].key.step == 2);
    CHECK(roles(world.jobs[0]) == std::vector<std::string>{"system", "user", "assistant", "tool"});
    CHECK(world.jobs[0].request.messages.back().content == "42");
    CHECK(world.answer(1, "c1").steps.size() == 1);
    CHECK(world.count(engine::Event::Kind::step) == 1);
    world.complete(0, "done");
    const auto& answer = world.answer(1, "c1");
    CHECK(answer.state == AnswerState::complete);
    CHECK(answer.ended_by == EndedBy::final);
    REQUIRE(answer.steps.size() == 2);
    CHECK(answer.steps[0]->text == "I look.");
    REQUIRE(answer.steps[0]->calls.size() == 1);
    CHECK(answer.steps[0]->calls[0].result == "42");
    CHECK(answer.steps[0]->calls[0].is_valid);
    CHECK(answer.text() == "done");
    CHECK(answer.tool_calls.size() == 1);
    CHECK(answer.metrics.steps == 2);
    REQUIRE(answer.checks.size() == 1);
    CHECK(answer.checks[0].passed);
    CHECK(world.now().session.rounds[0]->category == "lookups");
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].request.model == "n");
}

TEST_CASE("a late word of an earlier step is dropped") {
    FakeWorld world;
    begin_loops(world, loop_suite(kLoop));
    const engine::AnswerKey first = world.jobs[0].key;
    world.call(0, {look_up("a")});
    world.director.handle(engine::AnswerEnd{.key = first, .state = AnswerState::complete});
    CHECK(world.answer(1, "c1").steps.size() == 1);
    CHECK(world.jobs.size() == 1);
}

TEST_CASE("what fails in a loop keeps its steps, and Retry goes on after the whole ones") {
    FakeWorld world;
    begin_loops(world, loop_suite(kLoop));
    world.call(0, {look_up("a")});
    world.call(0, {look_up("b")});
    world.end(0, AnswerState::cut_off, "half");
    CHECK(world.now().activity == engine::Activity::halted);
    const auto failed = world.answer(1, "c1");
    CHECK(!failed.ended_by);
    REQUIRE(failed.steps.size() == 3);
    CHECK(failed.steps[2]->state == AnswerState::cut_off);
    CHECK(failed.steps[2]->text == "half");

    SUBCASE("in the same session") {}
    SUBCASE("in a session that was saved and opened again") {
        auto read = report::read_session(report::to_session_file(world.now().session), "saved");
        REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
        CHECK(*read->rounds[0]->find("c1")->steps[1] == *failed.steps[1]);
        world.command(engine::Open{.session = *std::move(read), .journal = {}});
    }
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"m", "n"}));
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].key.attempt == 2);
    CHECK(world.jobs[0].key.step == 3);
    CHECK(roles(world.jobs[0]) == std::vector<std::string>{"system", "user", "assistant", "tool", "assistant", "tool"});
    world.complete(0, "done");
    const auto again = world.answer(1, "c1");
    CHECK(again.state == AnswerState::complete);
    CHECK(again.resumed_at == 3);
    CHECK(again.steps.size() == 3);
    CHECK(again.tool_calls.size() == 2);
    CHECK(!again.metrics.task_time_s);
    const auto& replaced = world.now().session.rounds[0]->replaced;
    REQUIRE(replaced.size() >= 1);
    CHECK(replaced[0].steps.size() == 3);
}

TEST_CASE("Stop between and in steps keeps what there is") {
    FakeWorld world;
    begin_loops(world, loop_suite(kLoop));
    world.call(0, {look_up("a")});
    world.command(engine::StopNow{});
    world.obey_stops();
    const auto& stopped = world.answer(1, "c1");
    CHECK(stopped.state == AnswerState::stopped);
    CHECK(!stopped.ended_by);
    CHECK(stopped.steps.size() == 2);
    CHECK(world.now().activity != engine::Activity::running);
}

TEST_CASE("a loop ends by its number of steps, and by a cycle, and nothing halts") {
    FakeWorld world;
    begin_loops(world, loop_suite(kLoop));
    for (int step = 0; step < 5; ++step) world.call(0, {look_up(std::to_string(step))});
    CHECK(world.answer(1, "c1").ended_by == EndedBy::max_steps);
    for (int step = 0; step < 3; ++step) world.call(0, {look_up("same")});
    CHECK(world.answer(1, "c2").ended_by == EndedBy::cycle);
    CHECK(world.now().activity == engine::Activity::idle);
}

TEST_CASE("follow-ups are turns of one answer") {
    FakeWorld world;
    begin_loops(world, loop_suite(R"("follow_ups": ["Second?", "Third?"],)"));
    world.complete(0, "one");
    CHECK(world.jobs[0].request.messages.back().content == "Second?");
    CHECK(world.answer(1, "c1").step_now.prompt == "Second?");
    world.complete(0, "two");
    world.complete(0, "three");
    const auto& answer = world.answer(1, "c1");
    CHECK(answer.state == AnswerState::complete);
    REQUIRE(answer.steps.size() == 3);
    CHECK(answer.steps[1]->turn == 2);
    CHECK(answer.steps[1]->prompt == "Second?");
    CHECK(answer.text() == "three");
}

TEST_CASE("a world's changes and the done tool's text are the answer's") {
    FakeWorld world;
    begin_loops(world,
                loop_suite(R"("loop": {"done_tool": "DONE"}, "world": {"files": {"a.txt": "A"}, "tools": true},)",
                           R"([{"type": "contains", "value": "all moved"}])"));
    world.call(0, {{"1", "move_file", R"({"source": "a.txt", "destination": "b/a.txt"})"}});
    world.call(0, {{"2", "DONE", R"({"response": "all moved"})"}}, "so");
    const auto& answer = world.answer(1, "c1");
    CHECK(answer.ended_by == EndedBy::done);
    CHECK(answer.text() == "all moved");
    REQUIRE(answer.world);
    CHECK(answer.world->at("./a.txt") == nullptr);
    CHECK(*answer.world->at("./b/a.txt") == "A");
    CHECK(answer.checks[0].passed);
}

TEST_CASE("a crash at any moment of a loop loses no whole step") {
    FakeWorld world;
    begin_loops(world, loop_suite(kLoop));
    MemoryJournal journal;
    engine::JournalFeed feed;
    const auto recovered = [&] {
        journal.take(feed.update(world.now().session));
        auto read = engine::read_journal(journal.bytes(), "journal");
        REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
        return *read->session.rounds[0]->find("c1");
    };
    (void)recovered();
    for (int step = 1; step <= 3; ++step) {
        world.call(0, {look_up(std::to_string(step))}, "text " + std::to_string(step));
        {
            const session::Answer after = recovered();  // the next one was sent, nothing of it came
            REQUIRE(after.steps.size() >= static_cast<std::size_t>(step));
            CHECK(after.steps[static_cast<std::size_t>(step) - 1]->calls[0].result == "42");
            CHECK(after.state == AnswerState::interrupted);
        }
        (void)world.jobs[0].stream->append_text("half of ");
        const session::Answer after = recovered();
        REQUIRE(after.steps.size() == static_cast<std::size_t>(step) + 1);
        CHECK(after.steps.back()->state == AnswerState::interrupted);
        CHECK(after.steps.back()->text == "half of ");
        CHECK(after.tool_calls.size() == static_cast<std::size_t>(step));
    }
}

TEST_CASE("a step costs the journal the same, however many came before it") {
    FakeWorld world;
    begin_loops(world, loop_suite(R"("loop": {"max_steps": 100},)"));
    MemoryJournal journal;
    engine::JournalFeed feed;
    std::vector<std::size_t> sizes;
    for (int step = 10; step < 70; ++step) {
        world.call(0, {look_up(std::to_string(step))}, "text");
        journal.take(feed.update(world.now().session));
        sizes.push_back(journal.bytes().size());
    }
    CHECK(sizes[59] - sizes[49] <= (sizes[15] - sizes[5]) * 11 / 10);  // numbers have more digits
}

TEST_CASE("a prompt's settings lie over the suite's, and the time of a request too") {
    FakeWorld world;
    const auto json = base::parse_ordered_json(R"({"format": "llm-compare-suite", "version": 1,
        "settings": {"temperature": 0, "seed": 1, "total_timeout_seconds": 60},
        "prompts": [{"prompt": "a", "settings": {"temperature": 0.5, "total_timeout_seconds": 20}}, {"prompt": "b"}]})");
    const auto made = suite::suite_from_json(json.value());
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    world.begin({server("http://a:1")}, {candidate("m")}, suite::with_suite({}, *made));
    world.command(engine::RunSuite{*made, 1});
    world.answer_manifests(manifest({"m"}));
    REQUIRE(world.jobs.size() == 1);
    CHECK(world.jobs[0].request.settings["temperature"] == 0.5);
    CHECK(world.jobs[0].request.settings["seed"] == 1);
    CHECK(world.jobs[0].deadlines.total == base::from_seconds(20));
    world.complete(0);
    CHECK(world.jobs[0].request.settings["temperature"] == 0);
    CHECK(world.jobs[0].deadlines.total == base::from_seconds(60));
}

TEST_CASE("in one conversation the follow-ups of a prompt are part of what is said before the next") {
    FakeWorld world;
    const auto json = base::parse_ordered_json(R"({"format": "llm-compare-suite", "version": 1, "context": "continued",
        "prompts": [{"prompt": "a", "follow_ups": ["b"]}, {"prompt": "c"}]})");
    const auto made = suite::suite_from_json(json.value());
    REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
    world.begin({server("http://a:1")}, {candidate("m")});
    world.command(engine::RunSuite{*made, 1});
    world.answer_manifests(manifest({"m"}));
    world.complete(0, "to a");
    world.complete(0, "to b");
    REQUIRE(world.jobs.size() == 1);
    std::vector<std::string> said;
    for (const auto& message : world.jobs[0].request.messages) said.push_back(message.content);
    CHECK(said == std::vector<std::string>{"You are a helpful assistant.", "a", "to a", "b", "to b", "c"});
}

TEST_CASE("a crash while a resumed loop waits keeps what it begins with") {
    FakeWorld world;
    world.begin({server("http://a:1", 2)}, {candidate("m"), candidate("n")});
    world.command(engine::RunSuite{loop_suite(kLoop), 1});
    world.answer_manifests(manifest({"m", "n"}));
    REQUIRE(world.jobs.size() == 2);
    world.call(0, {look_up("a")});
    world.call(0, {look_up("b")});
    world.end(0, AnswerState::cut_off, "half");
    world.obey_stops();
    world.configure({server("http://a:1", 1)});
    world.command(engine::Retry{});
    world.answer_manifests(manifest({"m", "n"}));
    REQUIRE(world.jobs.size() == 1);
    const std::string waits = world.jobs[0].key.candidate == "c1" ? "c2" : "c1";
    REQUIRE(world.answer(1, waits).state == AnswerState::queued);
    const session::Session before = world.now().session;
    MemoryJournal journal;
    engine::JournalFeed feed;
    journal.take(feed.update(before));
    auto read = engine::read_journal(journal.bytes(), "journal");
    REQUIRE_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
    const session::Answer& kept = *read->session.rounds[0]->find(waits);
    CHECK(kept.attempt == 2);
    REQUIRE(kept.steps.size() == 1);
    CHECK(*kept.steps[0] == *before.rounds[0]->find(waits)->steps[0]);
    CHECK(kept.tool_calls.size() == 1);
}

TEST_CASE("the tokens of a round with follow-ups are no count of a shorter conversation") {
    FakeWorld world;
    const auto json = base::parse_ordered_json(R"({"format": "llm-compare-suite", "version": 1, "context": "continued",
        "prompts": [{"prompt": "a", "follow_ups": ["b"]}, {"prompt": "c"}]})");
    const auto made = suite::suite_from_json(json.value());
    REQUIRE(made.ok());
    world.begin({server("http://a:1")}, {candidate("m")});
    world.command(engine::RunSuite{*made, 1});
    world.answer_manifests(manifest({"m"}));
    for (const int tokens : {100, 120, 140}) {
        const engine::AnswerJob job = world.take(0);
        (void)job.stream->append_text("x");
        engine::AnswerEnd ended{.key = job.key, .state = AnswerState::complete};
        ended.metrics.prompt_tokens = tokens;
        world.director.handle(std::move(ended));
    }
    CHECK(world.answer(1, "c1").metrics.prompt_tokens == 220);
    CHECK(world.answer(2, "c1").warnings.empty());
}
