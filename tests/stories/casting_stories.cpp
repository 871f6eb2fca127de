// From two suites to a cast: evidence added, a candidate picked, the sheet exported.
#include <fmt/format.h>

#include "base/json.h"
#include "decide/cast.h"
#include "gui/panels/casting_panel.h"
#include "report/session_file.h"
#include "stories/world.h"
#include "suite/suite.h"

using namespace llmc;
using namespace llmc::stories;

namespace {

std::shared_ptr<const suite::Suite> suite_of(const std::string& role) {
    const auto json = base::parse_ordered_json(fmt::format(
        R"({{"format": "llm-compare-suite", "version": 1, "name": "{0}-basics", "role": "{0}", "prompts": [
             {{"id": "one", "prompt": "Say something", "checks": [{{"type": "min_words", "value": 2}},
                                                                {{"type": "contains", "value": "nowhere"}}]}},
             {{"id": "two", "prompt": "Say more", "checks": [{{"type": "max_words", "value": 100000}}]}}]}})",
        role));
    REQUIRE(json.ok());
    auto made = suite::suite_from_json(*json);
    REQUIRE(made.ok());
    return std::make_shared<const suite::Suite>(std::move(made).value());
}

std::vector<std::filesystem::path> casts(const World& world, std::string_view extension) {
    std::vector<std::filesystem::path> found;
    for (const auto& path : world.reports(extension))
        if (path.filename().string().starts_with("llm_compare_cast_")) found.push_back(path);
    return found;
}

// Without the time, which nobody can know.
std::string without_time(base::OrderedJson cast) {
    cast.erase("generated_at");
    return cast.dump(1);
}

}  // namespace

TEST_CASE("a cast comes from two sessions, holds the user's pick, and says what the sheet says") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    const auto file = world.path("first.llmc.json");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().run(gui::StartSuite{suite_of("planner"), 1});
        window.wait_for_rounds(2);
        window.app().run(gui::SaveSessionAs{file});
        window.wait_until("it is saved", [&] { return std::filesystem::exists(file) && window.now().is_kept; });
        window.app().run(gui::StartSuite{suite_of("critic"), 1});
        window.wait_until("another session is there",
                          [&] { return window.now().session.suite && window.now().session.suite->role == "critic"; });
        window.wait_for_rounds(2);

        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_9);
        window.wait_until("there is a role", [&] { return window.has("//###casting/critic/**/demo-thinker"); });
        CHECK_FALSE(window.has("//###casting/planner/**/demo-thinker"));
        window.app().run(gui::OpenFile{file, gui::FileKind::evidence});
        window.wait_until("there are two", [&] { return window.has("//###casting/planner/**/demo-thinker"); });

        // Of this session: the engine is told, too. Another click goes back to the proposal.
        const auto picks = [&] { return window.now().session.casting; };
        window.click("//###casting/critic/**/demo-thinker");
        window.wait_until("it is picked", [&] { return picks().size() == 1 && picks()[0].role == "critic"; });
        CHECK(picks()[0].candidate == "c2");
        window.click("//###casting/critic/**/demo-thinker");
        window.wait_until("it is not", [&] { return window.now().session.casting.empty(); });
        window.click("//###casting/critic/**/demo-thinker");
        window.wait_until("it is again", [&] { return window.now().session.casting.size() == 1; });
        window.fill("//###casting/critic/##note/##field", "thinks first", true);
        window.wait_until("the note is kept", [&] {
            return !window.now().session.casting.empty() && window.now().session.casting[0].note == "thinks first";
        });
        window.click("//###casting/planner/Evidence");
        window.frames(3);
        window.wait_until("the sheet is made", [&] { return window.can_use("//###casting/Export cast…"); });
        window.click("//###casting/Export cast…");
        window.wait_until("it is written", [&] { return window.has_toast("Cast written"); });
        REQUIRE(casts(world, ".json").size() == 1);
        REQUIRE(casts(world, ".yaml").size() == 1);

        const auto first = report::read_session(base::content_of(file), "first");
        REQUIRE(first.ok());
        const session::Session second = window.now().session;
        const decide::CastSource sources[] = {{"first.llmc.json", &*first}, {"this session", &second}};
        const decide::CastSheet sheet = decide::cast_sheet(sources);
        const auto written = base::parse_ordered_json(base::content_of(casts(world, ".json")[0]));
        REQUIRE(written.ok());
        CHECK(without_time(*written) == without_time(decide::cast_to_json(sheet, {})));
        CHECK((*written)["roles"]["critic"]["picked_by"] == "user");
        CHECK((*written)["roles"]["critic"]["note"] == "thinks first");
        CHECK((*written)["roles"]["planner"]["picked_by"] == "proposal");
        window.click(fmt::format("//##toast{}/Open folder", window.app().toasts().size() - 1).c_str());
        window.frames(2);
        CHECK(world.opened_folders.size() == 1);

        // By keys: a notice may lie above it.
        window.hand().NavMoveTo("//###casting/**/Remove");
        window.hand().NavActivate();
        window.wait_until("one is left", [&] { return !window.has("//###casting/planner/**/demo-thinker"); });
        CHECK(window.has("//###casting/critic/**/demo-thinker"));
    });
}

TEST_CASE("a cast is put into another program's settings, after its difference was looked at") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    const auto settings = world.write("user_settings.yaml",
                                      "# mine\nllm_providers:\n  x: {type: local, api_identifier: m}\n"
                                      "specialist_model_bindings:\n  router_specialist: x  # keep\n"
                                      "default_llm_config: x\n");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().run(gui::StartSuite{suite_of("router_specialist"), 1});
        window.wait_for_rounds(2);
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_9);
        window.wait_until("there is a role", [&] { return window.has("//###casting/router_specialist/**/demo-fast"); });
        window.click("//###casting/##program/langgraph-agentic-scaffold");
        window.wait_until("a new file can be written", [&] { return window.can_use("//###casting/Write"); });
        window.app().run(gui::OpenFile{settings, gui::FileKind::cast_target});
        const auto& shown = window.app().casting_view().other_program;
        window.wait_until("the difference is there", [&] {
            return !shown.is_making && shown.preview && !shown.preview->lines.empty() &&
                   shown.preview->lines[0].ends_with("user_settings.yaml");
        });
        CHECK(std::count(shown.preview->lines.begin(), shown.preview->lines.end(), "-  router_specialist: x  # keep") ==
              1);
        window.in_all_looks([&] { window.focus("//###casting"); });
        window.click("//###casting/Write");
        window.wait_until("it is written", [&] { return window.has_toast("user_settings.yaml.bak"); });
        const std::string text = base::content_of(settings);
        CHECK(text.starts_with("# mine\nllm_providers:\n  x: {type: local, api_identifier: m}\n  cast_"));
        CHECK(text.find("  router_specialist: \"cast_demo_") != std::string::npos);
        CHECK(text.find("\"  # keep\ndefault_llm_config: x\n") != std::string::npos);
        window.wait_until("nothing is left to write", [&] {
            return !shown.is_making && shown.preview && shown.preview->error.empty() && shown.preview->lines.empty();
        });
        CHECK_FALSE(window.is_enabled("//###casting/Write"));

        world.write("user_settings.yaml", "llm_providers: {}\n");
        window.fill("//###casting/##into/##field", "");
        window.fill("//###casting/##into/##field", settings.string().c_str());
        window.wait_until("it says why not", [&] {
            return !shown.is_making && shown.preview && shown.preview->error.find("in braces") != std::string::npos;
        });
        CHECK_FALSE(window.is_enabled("//###casting/Write"));
    });
}

TEST_CASE("where the cast cannot be written, the window says so") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.config.report_folder = world.write("in the way", "a file");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().run(gui::StartSuite{suite_of("planner"), 1});
        window.wait_for_rounds(2);
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_9);
        window.wait_until("there is a role", [&] { return window.has("//###casting/planner/**/demo-fast"); });
        window.wait_until("the sheet is made", [&] { return window.can_use("//###casting/Export cast…"); });
        window.click("//###casting/Export cast…");
        window.wait_until("it says why", [&] { return window.has_toast("in the way"); });
        window.wait_until("it can be tried again", [&] { return window.can_use("//###casting/Export cast…"); });
    });
}

TEST_CASE("the casting sheet is drawn without a flaw in both themes and every size of text, and hidden when blind") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.start([&](Window& window) {
        window.wait_for_models();
        window.app().run(gui::StartSuite{suite_of("planner"), 1});
        window.wait_for_rounds(2);
        window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_9);
        window.wait_until("there is a role", [&] { return window.has("//###casting/planner/**/demo-fast"); });
        window.click("//###casting/planner/Evidence");
        window.click("//###casting/planner/**/demo-fast");
        window.in_all_looks([&] {
            window.focus("//###casting");
            CHECK(window.is_in_front("###casting"));
        });
        window.app().run(gui::SetBlind{true});
        window.frames(4);
        window.app().run(gui::ShowPanel{gui::Panel::casting});
        window.frames(4);
        CHECK_FALSE(window.has("//###casting/planner/**/demo-fast"));
    });
}
