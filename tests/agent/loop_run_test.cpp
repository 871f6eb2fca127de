#include "agent/loop_run.h"

#include <functional>
#include <map>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "check/json_schema.h"

using namespace llmc;
using namespace llmc::agent;
using session::EndedBy;

namespace {

using Calls = std::vector<openai::ToolCall>;

suite::Task task_of(const std::function<void(suite::Script&)>& change = {}) {
    auto script = std::make_shared<suite::Script>();
    script->loop.emplace();
    script->loop->done_tool = "DONE";
    for (const char* name : {"get_time", "read_file", "write_file", "DONE"}) script->tools[name] = nullptr;
    script->tool_results["get_time"] = std::string("12:00");
    script->world.emplace();
    script->world->files["./a"] = std::make_shared<const std::string>("A");
    if (change) change(*script);
    suite::Task task;
    task.messages = std::make_shared<const std::vector<openai::Message>>();
    task.script = std::move(script);
    return task;
}

StepTaken take(LoopRun& run, std::string_view text, const Calls& calls = {}, std::string_view reasoning = {}) {
    return run.take({text, reasoning, calls});
}

// "assistant(a b): text [id name arguments]; tool(id): text"
std::string said(const LoopRun& run) {
    std::string text;
    for (const openai::Message& message : run.messages()) {
        text += message.role + ":" + message.content;
        for (const auto& call : message.tool_calls)
            text += fmt::format(" [{} {} {}]", call.id, call.name, call.arguments);
        if (!message.tool_call_id.empty()) text += " (" + message.tool_call_id + ")";
        text += " | ";
    }
    return text;
}

session::Step step_of(std::string_view text, const StepTaken& taken) {
    session::Step step;
    step.text = text;
    step.calls = taken.calls;
    return step;
}

std::map<std::string, std::string> files_of(const World& world) {
    std::map<std::string, std::string> files;
    for (const auto& [path, text] : world.files()) files[path] = text ? *text : "";
    return files;
}

openai::ToolCall reading(const std::string& path, const std::string& id = "") {
    return {id, "read_file", base::dump_json(base::Json{{"path", path}})};
}

}  // namespace

TEST_CASE("a loop goes on with what its tools said until a step has no call") {
    LoopRun run(task_of());
    CHECK(run.step() == 1);
    CHECK(said(run).empty());
    auto taken = take(run, "let me see", {{"x1", "get_time", "{}"}, reading("a", "x2")}, "a thought");
    CHECK(!taken.ended_by);
    REQUIRE(taken.calls.size() == 2);
    CHECK(taken.calls[0].result == "12:00");
    CHECK(taken.calls[1].result == "A");
    CHECK(run.step() == 2);
    CHECK(said(run) ==
          "assistant:let me see [x1 get_time {}] [x2 read_file {\"path\":\"a\"}] | tool:12:00 (x1) | tool:A (x2) | ");
    taken = take(run, "It is noon.");
    CHECK(taken.ended_by == EndedBy::final);
    CHECK(taken.warnings.empty());
    // Nothing happens after the end.
    CHECK(take(run, "", {{"", "get_time", ""}}).calls.empty());
}

TEST_CASE("a step without text and calls ends the loop with a warning") {
    LoopRun run(task_of());
    take(run, "", {{"", "get_time", ""}});
    const auto taken = take(run, " ");
    CHECK(taken.ended_by == EndedBy::final);
    CHECK(taken.warnings == std::vector<std::string>{"step 2 has no text and no call"});
}

TEST_CASE("the done tool ends it, drops what stands beside it, and may say the answer") {
    LoopRun run(task_of());
    auto taken = take(run, "text", {reading("a"), {"d", "DONE", R"({"response": "sorted"})"}, reading("b")});
    CHECK(taken.ended_by == EndedBy::done);
    REQUIRE(taken.calls.size() == 1);
    CHECK(taken.calls[0].call.id == "d");
    CHECK(!taken.calls[0].result);
    CHECK(taken.calls[0].is_valid);
    CHECK(taken.text == "sorted");
    CHECK(taken.warnings == std::vector<std::string>{"2 calls beside DONE were dropped: read_file, read_file"});
    for (const char* arguments : {"", "{}", R"({"response": 5})", "nonsense", R"(["response"])"}) {
        LoopRun other(task_of());
        taken = take(other, "text", {{"", "DONE", arguments}});
        CHECK(taken.ended_by == EndedBy::done);
        CHECK(!taken.text);
        CHECK(taken.warnings.empty());
    }
    // A name like any other where the suite does not give it a meaning.
    LoopRun plain(task_of([](suite::Script& script) { script.loop->done_tool.reset(); }));
    CHECK(!take(plain, "", {{"", "DONE", "{}"}}).ended_by);
}

TEST_CASE("the last step that is allowed is carried out") {
    LoopRun run(task_of([](suite::Script& script) { script.loop->max_steps = 2; }));
    CHECK(!take(run, "", {reading("a")}).ended_by);
    const auto taken = take(run, "", {{"", "write_file", R"({"path": "b", "content": "B"})"}});
    CHECK(taken.ended_by == EndedBy::max_steps);
    CHECK(*run.world()->changes().at("./b") == "B");
    // Other ends go before it.
    LoopRun final_run(task_of([](suite::Script& script) { script.loop->max_steps = 1; }));
    CHECK(take(final_run, "x").ended_by == EndedBy::final);
    LoopRun done_run(task_of([](suite::Script& script) { script.loop->max_steps = 1; }));
    CHECK(take(done_run, "x", {{"", "DONE", ""}}).ended_by == EndedBy::done);
}

TEST_CASE("calls that go round end it, whatever the order of their keys, also at the last step") {
    const Calls one = {{"1", "write_file", R"({"path":"x","content":"y"})"}};
    const Calls same = {{"2", "write_file", R"({ "content": "y", "path": "x" })"}};
    for (const int max_steps : {3, 10}) {
        LoopRun run(task_of([&](suite::Script& script) { script.loop->max_steps = max_steps; }));
        CHECK(!take(run, "", one).ended_by);
        CHECK(!take(run, "", same).ended_by);
        const auto taken = take(run, "", one);
        CHECK(taken.ended_by == EndedBy::cycle);
        CHECK(taken.calls.front().result == "Successfully wrote to x");
    }
    // Equal calls of one step count once; other arguments are another call, also broken ones.
    LoopRun run(task_of());
    CHECK(!take(run, "", {reading("a"), reading("a"), reading("a")}).ended_by);
    CHECK(!take(run, "", {{"", "read_file", "{\"pa"}}).ended_by);
    CHECK(!take(run, "", {{"", "read_file", "{\"pa"}}).ended_by);
    CHECK(take(run, "", {{"", "read_file", "{\"pa"}}).ended_by == EndedBy::cycle);
    LoopRun pairs(task_of([](suite::Script& script) { script.loop->cycle_repetitions = 2; }));
    CHECK(!take(pairs, "", {reading("a")}).ended_by);
    CHECK(!take(pairs, "", {reading("b")}).ended_by);
    CHECK(take(pairs, "", {reading("a"), reading("b")}).ended_by == EndedBy::cycle);
}

TEST_CASE("a call that leaked into the text ends it") {
    LoopRun run(task_of());
    const auto taken = take(run, "<tool_call>{\"name\": \"read_file\", \"arguments\": {}}</tool_call>");
    CHECK(taken.ended_by == EndedBy::leaked_call);
    CHECK(taken.warnings == std::vector<std::string>{
                                "a call of read_file stands in the text (<tool_call>), and the server did not see it"});
    LoopRun thinking(task_of());
    CHECK(take(thinking, "", {}, "<function=read_file>").ended_by == EndedBy::leaked_call);
    // With a real call beside it, it is a text.
    LoopRun both(task_of());
    CHECK(!take(both, "<function=read_file>", {reading("a")}).ended_by);
}

TEST_CASE("ids are the model's; missing and repeated ones are replaced") {
    auto task = task_of();
    task.messages = std::make_shared<const std::vector<openai::Message>>(std::vector<openai::Message>{
        {.role = "assistant", .tool_calls = {{"old", "get_time", "{}"}}}, {.role = "tool", .tool_call_id = "old"}});
    LoopRun run(task);
    const auto taken = take(
        run, "", {{"", "get_time", ""}, {"x", "get_time", "{}"}, {"x", "get_time", "{}"}, {"old", "get_time", "{}"}});
    CHECK(taken.calls[0].call.id.empty());  // kept as it arrived
    take(run, "", {{"call_4", "get_time", "{\"n\":1}"}, {"x", "get_time", "{\"n\":2}"}});
    CHECK(said(run) ==
          "assistant: [call_1 get_time {}] [x get_time {}] [call_2 get_time {}] [call_3 get_time {}] | tool:12:00 "
          "(call_1) | tool:12:00 (x) | tool:12:00 (call_2) | tool:12:00 (call_3) | assistant: [call_4 get_time "
          "{\"n\":1}] [call_5 get_time {\"n\":2}] | tool:12:00 (call_4) | tool:12:00 (call_5) | ");
}

TEST_CASE("arguments that are no JSON object stand as {} in the history, and as they came in the record") {
    for (const char* arguments : {"", "{\"a\": 1", "null", "[]", "\"x\"", "nonsense", "{\"a\": 1e999}"}) {
        LoopRun run(task_of());
        const auto taken = take(run, "", {{"i", "get_time", arguments}});
        CAPTURE(arguments);
        CHECK(taken.calls.front().call.arguments == arguments);
        CHECK(said(run).starts_with("assistant: [i get_time {}] | "));
    }
    LoopRun run(task_of());
    take(run, "", {{"i", "get_time", R"({"a":"\ud83d"})"}});
    CHECK(said(run).starts_with("assistant: [i get_time {\"a\":\"\xEF\xBF\xBD\"}] | "));
}

TEST_CASE("a history may have a message for each call") {
    LoopRun run(
        task_of([](suite::Script& script) { script.loop->history = suite::LoopHistory::one_call_per_message; }));
    take(run, "thought", {{"", "get_time", ""}, reading("a")});
    CHECK(said(run) ==
          "assistant:thought [call_1 get_time {}] | tool:12:00 (call_1) | assistant: [call_2 read_file "
          "{\"path\":\"a\"}] | tool:A (call_2) | ");
}

TEST_CASE("64 calls in one step all get their result") {
    LoopRun run(task_of());
    Calls calls;
    for (int i = 0; i < 64; ++i)
        calls.push_back({"same", "write_file", fmt::format(R"({{"path":"f{}","content":"{}"}})", i, i)});
    const auto taken = take(run, "", calls);
    CHECK(taken.calls.size() == 64);
    CHECK(run.messages().size() == 65);
    CHECK(run.world()->changes().size() == 64);
    CHECK(run.messages().back().tool_call_id == "call_63");
}

TEST_CASE("follow-ups are further turns, each with its steps") {
    auto task = task_of([](suite::Script& script) {
        script.loop->max_steps = 2;
        script.follow_ups = {"And now?", "And then?"};
    });
    task.tool_choice = "required";
    LoopRun run(task);
    CHECK(run.tool_choice() == "required");
    CHECK(!take(run, "", {reading("a", "1")}).ended_by);
    CHECK(run.tool_choice() == "auto");
    CHECK(run.turn() == 1);
    CHECK(!take(run, "first").ended_by);
    CHECK(run.turn() == 2);
    CHECK(run.step() == 3);
    CHECK(!take(run, "", {{"2", "DONE", R"({"response":"second"})"}}).ended_by);
    CHECK(run.turn() == 3);
    CHECK(said(run) ==
          "assistant: [1 read_file {\"path\":\"a\"}] | tool:A (1) | assistant:first | user:And now? | "
          "assistant:second | user:And then? | ");
    // The same call in each turn is no circle, and each turn has its own steps.
    CHECK(!take(run, "", {reading("a")}).ended_by);
    CHECK(take(run, "", {reading("a")}).ended_by == EndedBy::max_steps);
    CHECK(run.tool_choice() == "auto");
    // A leaked call leaves the turns that would come.
    LoopRun leaking(task);
    CHECK(take(leaking, "<function=read_file>").ended_by == EndedBy::leaked_call);
}

TEST_CASE("a tool choice holds for the first step only where it forces a call") {
    for (const base::Json& choice : {base::Json(), base::Json("auto"), base::Json("none")}) {
        auto task = task_of();
        task.tool_choice = choice;
        LoopRun run(task);
        take(run, "", {reading("a")});
        CHECK(run.tool_choice() == choice);
    }
    auto task = task_of();
    task.tool_choice = {{"type", "function"}, {"function", {{"name", "read_file"}}}};
    LoopRun run(task);
    CHECK(run.tool_choice() == task.tool_choice);
    take(run, "", {reading("a")});
    CHECK(run.tool_choice() == "auto");
}

TEST_CASE("follow-ups without a loop: a step is a turn, and nothing is played") {
    auto task = task_of([](suite::Script& script) {
        script.loop.reset();
        script.follow_ups = {"two", "three"};
    });
    task.tool_choice = "required";
    LoopRun run(task);
    const auto taken = take(run, "one", {{"", "get_time", "{\"a"}, {"", "read_file", R"({"path":"a"})"}});
    CHECK(!taken.ended_by);
    CHECK(taken.calls[0].result == "12:00");
    CHECK(!taken.calls[0].is_valid);
    CHECK(taken.calls[1].result == "{}");
    CHECK(run.tool_choice() == "required");
    CHECK(!take(run, "<function=read_file>").ended_by);
    CHECK(said(run) ==
          "assistant:one [call_1 get_time {}] [call_2 read_file {\"path\":\"a\"}] | tool:12:00 (call_1) | tool:{} "
          "(call_2) | user:two | assistant:<function=read_file> | user:three | ");
    const auto last = take(run, "", {{"", "get_time", "{}"}});
    CHECK(last.ended_by == EndedBy::final);
    CHECK(!last.calls[0].result);
    CHECK(run.world() == nullptr);
}

TEST_CASE("a run that is rebuilt from its steps goes on as if nothing had been") {
    std::mt19937 random(3);
    const auto pick = [&](std::size_t size) { return random() % size; };
    int resumed = 0;
    for (int round = 0; round < 400; ++round) {
        const auto task = task_of([&](suite::Script& script) {
            if (pick(6) == 0) script.loop.reset();
            if (script.loop && pick(2)) script.loop->history = suite::LoopHistory::one_call_per_message;
            if (script.loop) script.loop->max_steps = 6;
            if (!script.loop || pick(2)) script.follow_ups = {"more", "still more", "and more", "the last"};
            script.tool_results["read_file"] =
                std::vector<suite::ResultRule>{{.when = nullptr, .nth = 3, .text = "busy", .is_error = true}};
        });
        struct Brought {
            std::string text;
            Calls calls;
        };
        std::vector<Brought> brought;
        for (int i = 0; i < 30; ++i) {
            Brought step{.text = pick(3) ? "" : "text"};
            for (std::size_t k = pick(4); k > 0; --k) {
                const std::string path(1, static_cast<char>('a' + pick(3)));
                const Calls all = {
                    reading(path, pick(2) ? "id" : ""),
                    {"", "write_file",
                     base::dump_json(base::Json{{"path", path}, {"content", std::string(pick(3), 'x')}})},
                    {"", "get_time", pick(2) ? "" : "{\"cut"},
                    {"", "unknown", "{}"},
                    {"d", pick(4) ? "get_time" : "DONE", R"({"response":"r"})"}};
                step.calls.push_back(all[pick(all.size())]);
            }
            brought.push_back(std::move(step));
        }
        LoopRun whole(task);
        std::vector<session::Step> steps;
        std::vector<std::string> at_step;
        std::vector<StepTaken> all;
        for (const Brought& step : brought) {
            at_step.push_back(said(whole));
            all.push_back(take(whole, step.text, step.calls));
            steps.push_back(step_of(step.text, all.back()));
            if (all.back().ended_by) break;
        }
        for (std::size_t cut = 0; cut <= all.size(); ++cut) {
            LoopRun again(task);
            bool goes_on = true;
            for (std::size_t i = 0; i < cut; ++i) goes_on = again.restore(steps[i]);
            REQUIRE(goes_on == (cut < all.size() || !all.back().ended_by));
            if (!goes_on) continue;
            ++resumed;
            REQUIRE(again.step() == static_cast<int>(cut) + 1);
            REQUIRE(said(again) == (cut < at_step.size() ? at_step[cut] : said(whole)));
            for (std::size_t i = cut; i < all.size(); ++i) {
                const auto taken = take(again, brought[i].text, brought[i].calls);
                REQUIRE(taken.calls == all[i].calls);
                REQUIRE(taken.ended_by == all[i].ended_by);
                REQUIRE(taken.text == all[i].text);
            }
            REQUIRE(said(again) == said(whole));
            if (whole.world()) REQUIRE(files_of(*again.world()) == files_of(*whole.world()));
        }
    }
    CHECK(resumed > 1'000);
}
