#include "gui/window_state.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/temp_folder.h"

namespace llmc::gui {
namespace {

WindowState changed_everywhere() {
    WindowState state;
    state.place = WindowPlace{-200, 30, 1200, 800, true};
    state.theme = ThemeKind::light;
    state.text_size = 1.25F;
    state.enter_sends = true;
    state.arrangement = Arrangement::grid;
    state.is_arranged_by_hand = true;
    state.open = {Panel::prompt, Panel::answers, Panel::log};
    state.configuration_width = 400;
    state.prompt_height = 220;
    state.is_in_step = true;
    state.draft = "not sent yet\n中文";
    state.sessions = {"/x/kept.llmc.json", "/x/中文.json"};
    state.prompts = {"first\nwith two lines", "second 中文 😀"};
    state.layout = "[Window][A]\nPos=1,2\n";
    return state;
}

LoadedWindowState load_text(const std::string& text) {
    const base::TempFolder folder;
    REQUIRE(base::save_file(folder / "window.json", text));
    return load_window_state(folder / "window.json");
}

TEST_CASE("everything is as it was left") {
    const base::TempFolder folder;
    const auto path = window_state_path(folder.path() / "state");
    const auto state = changed_everywhere();
    REQUIRE(save_window_state(path, state));
    const auto loaded = load_window_state(path);
    CHECK(loaded.note.empty());
    CHECK(loaded.state == state);

    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a first start has defaults, and says nothing") {
    const base::TempFolder folder;
    const auto loaded = load_window_state(folder / "window.json");
    CHECK(loaded.state == WindowState{});
    CHECK(loaded.note.empty());
}

TEST_CASE("a file that is damaged or of another version gives the defaults and a note") {
    for (const char* text : {"", "{\"version\": 1, \"theme\": ", "[1, 2]", "{\"theme\": \"light\"}",
                             "{\"version\": 2, \"theme\": \"light\"}", "{\"version\": \"1\", \"theme\": \"light\"}"}) {
        CAPTURE(text);
        const auto loaded = load_text(text);
        CHECK(loaded.state == WindowState{});
        CHECK(loaded.note.find("window.json") != std::string::npos);
        CHECK(loaded.note.find("not used") != std::string::npos);
    }
}

TEST_CASE("values that make no sense are brought into range, one by one") {
    const auto state =
        load_text(R"({"version": 1, "window": {"x": 1, "y": 2, "width": -5, "height": 1e300}, "theme": "pink",
        "text_size": 99, "enter_sends": 1, "arrangement": "tabs", "panels": {"log": true, "prompt": false, "answers": false},
        "prompt_height": -3, "configuration_width": 1e300, "draft": 5,
        "prompts": ["a", 5, null, "", "b"], "layout": {"version": 2, "text": 7}})")
            .state;
    CHECK(!state.place);
    CHECK(state.theme == ThemeKind::dark);
    CHECK(state.text_size == kMaxTextSize);
    CHECK(!state.enter_sends);
    CHECK(state.arrangement == Arrangement::tabs);
    CHECK(state.open == PanelSet{Panel::configuration, Panel::prompt, Panel::answers, Panel::log});
    CHECK(state.prompts == std::vector<std::string>{"a", "b"});
    CHECK(state.layout.empty());
    CHECK(state.prompt_height == 0);
    CHECK(state.configuration_width == 0);
    CHECK(state.draft.empty());
}

TEST_CASE("where nothing of the user's words is to be remembered, nothing of a file from before that is used") {
    const auto state = load_text(R"({"version": 1, "keeps_history": false, "draft": "not sent",
        "prompts": ["sent"], "sessions": ["/x/kept.llmc.json"]})")
                           .state;
    CHECK(state.draft.empty());
    CHECK(state.prompts.empty());
    CHECK(state.sessions.empty());
}

TEST_CASE("what was arranged under another version of the layout begins anew, everything else stays") {
    for (const char* version : {"1", "999"}) {
        const auto state = load_text(std::string(R"({"version": 1, "theme": "light", "arrangement": "tabs",
            "arranged_by_hand": true, "prompt_height": 300, "layout": {"version": )") +
                                     version + R"(, "text": "[Docking]"}})")
                               .state;
        CHECK(state.layout.empty());
        CHECK(state.arrangement == Arrangement::automatic);
        CHECK_FALSE(state.is_arranged_by_hand);
        CHECK(state.prompt_height == 0);
        CHECK(state.theme == ThemeKind::light);
    }
}

TEST_CASE("the newest prompts are remembered, each once in a row") {
    WindowState state;
    for (std::size_t i = 0; i < kMaxPromptHistory + 10; ++i) {
        state.remember_prompt(std::to_string(i));
        state.remember_prompt(std::to_string(i));
    }
    state.remember_prompt("");
    state.remember_prompt(std::string(kMaxRememberedPrompt + 1, 'x'));
    CHECK(state.prompts.size() == kMaxPromptHistory);
    CHECK(state.prompts.front() == "10");
    CHECK(state.prompts.back() == std::to_string(kMaxPromptHistory + 9));
}

TEST_CASE("prompts that are no valid UTF-8 do not spoil the file") {
    const base::TempFolder folder;
    WindowState state;
    state.remember_prompt("bad \xff byte");
    REQUIRE(save_window_state(folder / "window.json", state));
    const auto loaded = load_window_state(folder / "window.json");
    CHECK(loaded.note.empty());
    CHECK(loaded.state.prompts == std::vector<std::string>{"bad \xef\xbf\xbd byte"});
}

TEST_CASE("the window comes back onto the monitors that are there") {
    const std::vector<WorkArea> two{{0, 30, 1920, 1050}, {1920, 0, 1280, 1024}};
    struct Case {
        const char* what;
        WindowPlace wanted, expected;
    };
    const std::vector<Case> cases{
        {"where it was", {100, 100, 1000, 700, false}, {100, 100, 1000, 700, false}},
        {"on the second one", {2000, 10, 1000, 700, true}, {2000, 10, 1000, 700, true}},
        {"too low and too far right", {2500, 600, 1000, 700, false}, {2200, 324, 1000, 700, false}},
        {"under the panel", {-50, 0, 1000, 700, false}, {0, 30, 1000, 700, false}},
        {"larger than the monitor", {100, 100, 3000, 2000, false}, {0, 30, 1920, 1050, false}},
        {"on a monitor that is gone", {-3000, 0, 1000, 700, false}, {460, 205, 1000, 700, false}},
        {"of no size", {100, 100, 0, -7, false}, {100, 100, kMinWindowWidth, kMinWindowHeight, false}},
        {"of a size without end", {0, 30, 2147483647, 2147483647, false}, {0, 30, 1920, 1050, false}},
    };
    for (const auto& example : cases) {
        CAPTURE(example.what);
        const auto place = clamp_to_monitors(example.wanted, two);
        CHECK(place.x == example.expected.x);
        CHECK(place.y == example.expected.y);
        CHECK(place.width == example.expected.width);
        CHECK(place.height == example.expected.height);
        CHECK(place.is_maximised == example.expected.is_maximised);
    }
    CHECK(clamp_to_monitors({5, 6, 700, 500, false}, {}) == WindowPlace{5, 6, 700, 500, false});
}

TEST_CASE("a first window fits the first monitor and is centred") {
    const std::vector<WorkArea> small{{0, 0, 1280, 800}};
    CHECK(first_place(small, 1) == WindowPlace{64, 40, 1152, 720, false});
    const std::vector<WorkArea> large{{0, 0, 3840, 2160}};
    CHECK(first_place(large, 2) == WindowPlace{320, 180, 3200, 1800, false});
    CHECK(first_place({}, 1) == WindowPlace{});
}

}  // namespace
}  // namespace llmc::gui
