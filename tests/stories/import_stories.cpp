// Other programs' files become suites: by the menu, and dropped. What is not taken over is told; a bad file changes
// nothing.
#include <fmt/format.h>

#include "gui/panels/suite_view.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;

namespace {

constexpr const char* kWhole = R"({"prompts": [
  {"id": "add", "category": "sums", "system": "Be short.", "user": "What is 1 + 2?", "expected": {"response_contains": "3"}},
  {"id": "say", "category": "words", "system": "Be short.", "user": "Say yes", "expected": {"response_contains": "yes"}}
]})";

constexpr const char* kPromptfoo = R"(description: Greetings
prompts: ["Say {{what}} in {{language}}"]
providers: [openai:gpt-4o]
tests:
  - vars: {what: hello, language: English}
    assert: [{type: contains, value: Hello}, {type: javascript, value: output.length < 9}]
  - vars: {what: goodbye, language: French}
    assert: [{type: similar, value: Au revoir}]
)";

const gui::SuiteView& suites(Window& window) {
    return window.app().suite_view();
}

void wait_for_suite(Window& window, std::size_t prompts) {
    window.wait_until("the suite is shown", [&] {
        return suites(window).suite && suites(window).suite->prompts.size() == prompts && window.has("//###suite/Run");
    });
    CHECK(window.is_in_front("###suite"));
    CHECK(suites(window).path.empty());  // in no file yet
    CHECK(window.now().session.rounds.empty());
}

}  // namespace

TEST_CASE("a file of another program is imported by the menu, shown as a suite in no file yet, and saved as one") {
    World world;
    const auto file = world.write("sums.json", kWhole), saved = world.path("saved.json");
    world.start([&](Window& window) {
        window.choose("File/Import…");
        window.give_path(file);
        wait_for_suite(window, 2);
        CHECK(suites(window).suite->prompts[0].checks.size() == 1);
        CHECK(window.has_toast("Imported 2 prompts from sums.json."));
        CHECK_FALSE(window.has("//###suite/###not_taken"));
        window.click("//###suite/Save as…");
        window.give_path(saved);
        window.wait_until("it is written", [&] { return suites(window).path == saved; });
        CHECK(suite::load_suite(saved).ok());
    });
}

TEST_CASE("what a suite cannot say is told in a notice, in the Log and in the Suites window") {
    World world;
    const auto file = world.write("greetings.yaml", kPromptfoo);
    world.start([&](Window& window) {
        window.app().on_drop({file});
        wait_for_suite(window, 2);
        const auto& notes = suites(window).imported->notes;
        REQUIRE(notes.size() >= 2);
        CHECK(window.has_toast(
            fmt::format("Imported 2 prompts from greetings.yaml; {} things were not taken over. The Log has the list.",
                        notes.size())));
        for (const auto& note : notes) CHECK(window.has_logged(interop::words(note)));
        window.click("//###suite/###not_taken");
        window.in_all_looks([&] { window.focus("//###suite"); });
        window.click("//###suite/###not_taken");
        CHECK_FALSE(suites(window).lists_not_taken);
        // Another suite has nothing to do with it.
        window.choose("Judge/Example suites/Critic");
        window.wait_until("it is another", [&] { return suites(window).suite->name == "critic"; });
        CHECK_FALSE(window.has("//###suite/###not_taken"));
    });
}

TEST_CASE("files that are dropped together are joined, and prompts beside them stay prompts") {
    World world;
    const auto questions = world.write(
        "questions.jsonl",
        R"({"id": "simple_0", "question": [[{"role": "user", "content": "Add 1 and 2"}]], "function": [{"name": "add", "description": "adds", "parameters": {"type": "dict", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]}}]}
)");
    const auto answers =
        world.write("answers.jsonl", R"({"id": "simple_0", "ground_truth": [{"add": {"a": [1], "b": [2]}}]}
)");
    const auto prompts = world.write("prompts.jsonl", "{\"prompt\": \"One\"}\n");
    world.start([&](Window& window) {
        window.app().on_drop({questions, prompts, answers});
        wait_for_suite(window, 1);
        CHECK(suites(window).suite->prompts[0].checks.size() == 1);
        window.wait_until("prompts are listed", [&] { return window.app().prompt_view().batch.size() == 1; });
    });
}

TEST_CASE("traces give a suite for each specialist, of which one is chosen") {
    World world;
    const auto file = world.write(
        "llm_traces.jsonl",
        R"({"specialist": "router", "model_id": "m", "system_prompt": "Route.", "assembled_prompt": "Where to?", "response": "There."}
{"specialist": "planner", "model_id": "m", "system_prompt": "Plan.", "assembled_prompt": "What first?", "response": "This."}
)");
    world.start([&](Window& window) {
        window.app().on_drop({file});
        wait_for_suite(window, 1);
        REQUIRE(suites(window).imported->suites.size() == 2);
        const std::string first = suites(window).suite->prompts[0].prompt;
        window.click("//###suite/imported/###1");
        window.frames(3);
        CHECK(suites(window).suite->prompts[0].prompt != first);
        CHECK(window.has("//###suite/imported/###0"));
    });
}

TEST_CASE("a file that cannot be imported says why and changes nothing") {
    World world;
    const auto unknown = world.write("config.json", R"({"servers": []})");
    const auto broken =
        world.write("broken.jsonl", "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n{\"messages\": \n");
    const auto good = world.write("sums.json", kWhole);
    world.start([&](Window& window) {
        window.app().run(gui::OpenFile{good, gui::FileKind::to_import});
        wait_for_suite(window, 2);
        const auto before = suites(window).suite;
        window.app().run(gui::OpenFile{unknown, gui::FileKind::to_import});
        window.wait_until("it is told",
                          [&] { return window.has_toast("config.json: is of no known kind; known are traces, BFCL"); });
        window.app().on_drop({broken});
        window.wait_until("it is told", [&] { return window.has_toast("broken.jsonl:2: "); });
        window.app().on_drop(
            {good, world.write("chat.jsonl", "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n")});
        window.wait_until("it is told", [&] { return window.has_toast("import them one by one"); });
        CHECK(suites(window).suite == before);
    });
}
