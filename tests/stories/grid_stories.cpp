// The grid of a suite's results: filters, order, keys, comparing, and running cells again.
#include "base/file.h"
#include "gui/panels/suite_view.h"
#include "report/session_file.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;
using session::AnswerState;

namespace {

// The thinker thinks too long for the second prompt; nobody says what the third wants.
constexpr const char* kGridSuite = R"({
  "format": "llm-compare-suite", "version": 1, "name": "manners", "role": "host",
  "prompts": [
    {"id": "greet", "prompt": "Say hello", "category": "words", "checks": [{"type": "min_chars", "value": 1}]},
    {"id": "quick", "prompt": "Tell a tale", "category": "thoughts", "severity": "warning",
     "checks": [{"type": "max_reasoning_tokens", "value": 0}]},
    {"id": "never", "prompt": "And now?", "category": "words", "checks": [{"type": "contains", "value": "§§§"}]}
  ]
}
)";

void with_a_grid(World& world, const std::function<void(Window&)>& play) {
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.files = {world.write("manners.json", kGridSuite)};
    world.start([&](Window& window) {
        window.wait_for_models();
        window.wait_until("the suite is shown", [&] { return window.has("//###suite/Run"); });
        window.click("//###suite/Run");
        window.wait_for_rounds(3);
        window.wait_until("the grid is there", [&] { return window.has("//###suite/**/run:2:1"); });
        window.frames(3);
        play(window);
    });
}

const gui::GridView& grid_of(Window& window) {
    return window.app().suite_view().grid;
}

std::vector<std::string> shown_rows(Window& window) {
    std::vector<std::string> ids;
    for (const gui::GridLine& line : grid_of(window).lines) ids.push_back(grid_of(window).model->rows[line.row].id);
    return ids;
}

// Those that have ended: while one runs, the attempt that counts stands among the replaced ones.
int further_attempts(Window& window) {
    int count = 0;
    for (const auto& round : window.now().session.rounds)
        count += static_cast<int>(std::ranges::count_if(round->replaced, [](const session::Answer& one) {
            return one.state == AnswerState::complete && one.attempt > 1;
        }));
    return count;
}

void open_menu(Window& window, const char* item, const char* entry) {
    window.click(item, ImGuiMouseButton_Right);
    window.wait_until("the menu is open", [&] { return window.has(("//$FOCUSED/" + std::string(entry)).c_str()); });
    window.click(("//$FOCUSED/" + std::string(entry)).c_str());
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("the grid shows what differs, what failed or one category, and sorts by separation") {
    World world;
    auto demo = world.demo();
    with_a_grid(world, [&](Window& window) {
        CHECK(shown_rows(window) == Rows{"greet", "quick", "never"});
        CHECK(grid_of(window).model->rows[1].separates == 1);
        window.click("//###suite/**/By separation");
        window.frames(2);
        CHECK(shown_rows(window) == Rows{"quick", "greet", "never"});
        window.click("//###suite/**/Differing");
        window.frames(2);
        CHECK(shown_rows(window) == Rows{"quick"});
        window.click("//###suite/**/Failed");
        window.frames(2);
        CHECK(shown_rows(window) == Rows{"quick", "never"});
        window.click("//###suite/**/All");
        window.click("//###suite/##category");
        window.click("//$FOCUSED/words");
        window.frames(2);
        CHECK(shown_rows(window) == Rows{"greet", "never"});
        window.click("//###suite/##category");
        window.click("//$FOCUSED/every category");
        window.click("//###suite/##severity");
        window.click("//$FOCUSED/warning");
        window.frames(2);
        CHECK(shown_rows(window) == Rows{"quick"});
    });
}

TEST_CASE("keys go from cell to cell, open a row, compare its answers and run a cell again") {
    World world;
    auto demo = world.demo();
    with_a_grid(world, [&](Window& window) {
        window.click("//###suite/**/run:0:0");
        window.frames(2);
        window.press(ImGuiKey_DownArrow);
        window.press(ImGuiKey_RightArrow);
        window.frames(2);
        CHECK(grid_of(window).line == 1);
        CHECK(grid_of(window).column == 1);
        window.press(ImGuiKey_RightArrow);  // there is no more
        window.frames(2);
        CHECK(grid_of(window).column == 1);
        window.press(ImGuiKey_Space);
        window.frames(2);
        CHECK(shown_rows(window) == Rows{"greet", "quick", "quick", "never"});
        window.press(ImGuiKey_DownArrow);
        window.frames(2);
        CHECK(grid_of(window).line_shows == gui::GridLine{1, 2});
        window.press(ImGuiKey_R);
        window.wait_until("it has run again", [&] { return further_attempts(window) == 1; });
        window.wait_until("the attempt is a line", [&] { return shown_rows(window).size() == 5; });
        CHECK(window.now().session.rounds[1]->replaced[0].candidate == "c2");
        CHECK(window.answer(2, "c2").attempt == 1);
        window.press(ImGuiKey_Home);
        window.press(ImGuiKey_UpArrow);
        window.frames(2);
        CHECK(grid_of(window).line == 1);
        CHECK(grid_of(window).column == 0);
        window.press(ImGuiKey_Space);
        window.frames(2);
        CHECK(shown_rows(window).size() == 3);
        window.press(ImGuiKey_Enter);
        window.frames(6);
        CHECK(window.is_in_front("###compare"));
    });
}

TEST_CASE("a cell opens its answers by a double click, and its checks from the menu") {
    World world;
    auto demo = world.demo();
    with_a_grid(world, [&](Window& window) {
        open_menu(window, "//###suite/**/run:1:1", "###checks");
        window.wait_until("the checks are shown", [&] { return window.has("//###suite/**/Show in conversation"); });
        REQUIRE(window.app().suite_view().chosen);
        CHECK(window.app().suite_view().chosen->prompt == "quick");
        window.click("//###suite/**/Close");
        window.frames(2);
        window.hand().MouseMove("//###suite/**/run:1:1");
        window.hand().MouseDoubleClick();
        window.frames(6);
        CHECK(window.is_in_front("###compare"));
    });
}

TEST_CASE("a cell becomes a conversation of its own that goes on") {
    World world;
    auto demo = world.demo();
    with_a_grid(world, [&](Window& window) {
        const std::string suite_session = window.now().session.id;
        const std::string said(window.answer(2, "c2").text());
        open_menu(window, "//###suite/**/run:1:1", "###conversation");
        window.wait_until("it asks what becomes of the results", [&] { return window.asks(); });
        window.click("//###question/Discard");
        window.wait_until("the conversation is there", [&] { return window.now().session.id != suite_session; });
        window.wait_until("it has its candidate", [&] { return window.now().session.candidates.size() == 1; });
        CHECK_FALSE(window.now().session.suite);
        CHECK_FALSE(window.now().is_kept);  // no file has it
        REQUIRE(window.now().session.rounds.size() == 1);
        CHECK(window.now().session.rounds[0]->prompt == "Tell a tale");
        const std::string candidate = window.now().session.candidates[0].id;
        CHECK(window.answer(1, candidate.c_str()).text() == said);
        window.wait_for_models();
        window.send("Shorter, please");
        window.wait_for_rounds(2);
        CHECK(session::history(window.now().session, window.now().session.candidates[0], 3).size() >= 4);
    });
}

TEST_CASE("a row and a column run again, and nothing that counts changes") {
    World world;
    auto demo = world.demo();
    with_a_grid(world, [&](Window& window) {
        const int looks = window.now().session.looks;
        open_menu(window, "//###suite/**/row:0", "###again row");
        window.wait_until("the row has run", [&] { return further_attempts(window) == 2; });
        window.wait_for_activity(engine::Activity::idle);
        open_menu(window, "//###suite/**/column:1", "###again column");
        window.wait_until("the column has run", [&] { return further_attempts(window) == 5; });
        window.wait_for_activity(engine::Activity::idle);
        open_menu(window, "//###suite/**/run:2:0", "###again");
        window.wait_until("the cell has run", [&] { return further_attempts(window) == 6; });
        window.wait_for_activity(engine::Activity::idle);
        for (int round = 1; round <= 3; ++round)
            for (const char* id : {"c1", "c2"}) CHECK(window.answer(round, id).attempt == 1);
        window.wait_until("the grid knows", [&] { return grid_of(window).model->rows[0].cells[1].others == 2; });
        CHECK(window.now().session.looks == looks);  // the suite had ended
    });
}

TEST_CASE("what a server failed and what was never asked is run as the missing") {
    World world;
    auto demo = world.demo();
    const auto file = world.path("kept.llmc.json");
    with_a_grid(world, [&](Window& window) {
        window.app().run(gui::SaveSessionAs{file});
        window.wait_until("it is saved", [&] { return window.now().is_kept; });
    });
    session::Session session = *report::load_session(file);
    auto first = std::make_shared<session::Round>(*session.rounds[0]);
    first->answers.pop_back();
    session.rounds.set(0, first);
    auto second = std::make_shared<session::Round>(*session.rounds[1]);
    second->answers[0].state = AnswerState::failed;
    second->answers[0].failure = {net::Phase::connect, 0, ErrorKind::connection, "studio refused the connection."};
    session.rounds.set(1, second);
    REQUIRE(base::save_file(file, report::to_session_file(session)).ok());
    world.files = {file};
    world.config.candidates.clear();
    world.start([&](Window& window) {
        window.wait_until("it is open", [&] { return window.now().session.rounds.size() == 3; });
        window.wait_for_models();
        window.focus("//###suite");
        window.wait_until("the grid is there", [&] { return window.has("//###suite/**/run:0:0"); });
        CHECK(grid_of(window).model->gaps == 2);
        window.in_all_looks([&] { window.frames(2); });
        window.click("//###suite/**/###run missing");
        window.wait_until("what was missing is complete", [&] {
            const session::Answer* added = window.now().session.rounds[0]->find("c2");
            return added && added->state == AnswerState::complete && window.state(2, "c1") == AnswerState::complete;
        });
        window.wait_until("nothing is missing", [&] { return grid_of(window).model->gaps == 0; });
        CHECK(window.answer(2, "c1").attempt == 2);
        CHECK(window.now().session.rounds[1]->replaced.size() == 1);
    });
}

TEST_CASE("the grid is drawn without a flaw in both themes and every size, with many candidates") {
    World world;
    auto demo = world.demo();
    for (int i = 1; i <= 12; ++i)
        world.add_model(i % 3 == 0 ? "demo-thinker" : "demo-fast",
                        "A model with a long name, quantized " + std::to_string(i));
    with_a_grid(world, [&](Window& window) {
        window.click("//###suite/**/run:1:0");
        window.press(ImGuiKey_Space);
        window.press(ImGuiKey_End);
        window.frames(2);
        CHECK(grid_of(window).column == grid_of(window).model->columns.size() - 1);
        window.in_all_looks([&] {
            window.focus("//###suite");
            window.frames(2);
            CHECK(window.is_in_front("###suite"));
        });
        window.click("//###suite/**/run:1:1");
        window.press(ImGuiKey_Home);
        window.frames(2);
        CHECK(grid_of(window).column == 0);
    });
}
