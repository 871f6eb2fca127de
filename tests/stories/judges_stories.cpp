// A judge is added, judges the answers, and its window says in words that its verdicts do not count, and why.
#include "stories/drawn_text.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;

namespace {

bool is_drawn(Window& window, std::string_view words) {
    DrawnText drawn;
    window.frames(2);
    return !drawn.find(words).empty();
}

void add_judge(Window& window, const char* model) {
    window.press(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_8);
    window.frames(3);
    window.click("//###judges/**/+ Add");
    window.frames(3);
    window.type(model);
    window.press(ImGuiKey_Enter);
    window.wait_until("it can judge", [&] { return window.has("//###judges/**/###judge"); });
}

void with_judge(double tokens_per_s, const std::function<void(Window&)>& play, bool is_pinned = false) {
    World world;
    auto demo = world.demo();
    auto judges = demo::DemoServers::start({.tokens_per_s = tokens_per_s, .has_forms = true});
    REQUIRE(judges.ok());
    world.add_server(judges->servers()[1].url, "judges");
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    if (is_pinned)  // where the judge is not
        for (session::Candidate& candidate : world.config.candidates) candidate.server = demo.servers()[0].url;
    world.start([&](Window& window) {
        window.wait_for_models();
        window.send("Hello");
        window.wait_for_rounds(1);
        add_judge(window, "forms-good");
        play(window);
    });
}

}  // namespace

TEST_CASE("a judge is added from the list of models, judges, and is told why its verdicts do not count") {
    with_judge(0, [](Window& window) {
        CHECK(is_drawn(window, "has not judged"));
        window.click("//###judges/**/###judge");
        window.wait_until("its verdict is there", [&] { return window.now().session.judges.size() == 1; });
        const session::Judge& judge = window.now().session.judges.front();
        CHECK(judge.model == "forms-good");
        REQUIRE(judge.verdicts.size() == 1);
        CHECK(judge.verdicts[0]->round == 1);
        CHECK_FALSE(window.now().is_kept);  // it is not in a file yet
        CHECK(is_drawn(window, "Not licensed: its verdicts count for nothing"));
        CHECK(is_drawn(window, "0 of its verdicts can be compared with votes and checks, 20 are needed."));
        window.in_all_looks([] {});
        window.click("//###judges/**/Contradicting");
        window.frames(2);
        CHECK(is_drawn(window, "None of its verdicts."));
    });
}

TEST_CASE("a judge is stopped, waits while candidates need its server, and goes on when they are done") {
    with_judge(2, [](Window& window) {
        window.click("//###judges/**/###judge");
        window.wait_until("it judges", [&] { return window.can_use("//###judges/**/Stop judging"); });
        window.click("//###judges/**/Stop judging");
        window.wait_until("the stop is told", [&] { return window.has_logged("forms-good was stopped"); });
        window.wait_until("it can judge after the first stop",
                          [&] { return window.can_use("//###judges/**/###judge"); });
        window.click("//###judges/**/###judge");
        window.wait_until("it judges", [&] { return window.can_use("//###judges/**/Stop judging"); });
        window.send("Another one");  // the judges' server has the candidates' models, too
        window.wait_until("making way is told",
                          [&] { return window.has_logged("forms-good made way for the candidates"); });
        window.wait_for_rounds(2);
        CHECK(window.app().judging().is_wanted);
        // It may just be making way once more.
        window.wait_until("it can be stopped", [&] { return window.can_use("//###judges/**/Stop judging"); });
        window.click("//###judges/**/Stop judging");
        window.wait_until("it can judge after the last stop",
                          [&] { return window.can_use("//###judges/**/###judge"); });
    });
}

TEST_CASE("a judge on a server that no candidate needs goes on while they run, and judges what they answer") {
    with_judge(
        10,
        [](Window& window) {
            window.click("//###judges/**/###judge");
            window.wait_until("it judges", [&] { return window.app().judging().is_running; });
            window.send("Another one");  // as many answers as it is judging
            window.wait_for_rounds(2);
            CHECK_FALSE(window.has_logged("forms-good made way"));
            window.wait_until("both rounds are judged", [&] {
                const auto& judges = window.now().session.judges;
                return !judges.empty() && judges[0].verdicts.size() == 2 && !window.app().judging().is_wanted;
            });
            CHECK(window.now().session.judges.size() == 1);
            CHECK(window.now().session.judges[0].verdicts[1]->round == 2);
            // Judging anew takes nothing back that it has not said again.
            window.click("//###judges/**/###judge");
            window.wait_until("it judges", [&] { return window.can_use("//###judges/**/Stop judging"); });
            window.click("//###judges/**/Stop judging");
            window.wait_until("it is stopped", [&] { return !window.app().judging().is_wanted; });
            CHECK(window.now().session.judges[0].verdicts.size() == 2);
        },
        true);
}
