// Which request forms work with a model: asked, shown and kept.
#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/file.h"
#include "probe/store.h"
#include "stories/drawn_text.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;

namespace {

demo::DemoServers forms_demo(World& world, double tokens_per_s = 0) {
    auto servers = demo::DemoServers::start({.tokens_per_s = tokens_per_s, .has_forms = true});
    REQUIRE(servers.ok());
    world.add_server(servers->servers()[1].url, "lab");
    return std::move(*servers);
}

void open_list(Window& window) {
    window.click(window.setting("candidates/Candidates/+ Add"));
    window.frames(3);
}

}  // namespace

TEST_CASE(
    "the models that are chosen are probed from the list of models, and their verdicts are there at the next start") {
    World world;
    auto demo = forms_demo(world);
    world.add_model("forms-good");
    world.add_model("forms-leaks");
    const auto file = world.path("state") / probe::kProbesFile;
    world.start([&](Window& window) {
        window.wait_for_models();
        open_list(window);
        window.click("//$FOCUSED/Probe chosen");
        window.wait_until("it is told", [&] {
            return window.has_toast("Best request forms: forms-good: native works; forms-leaks: schema works.");
        });
        CHECK(window.now().session.rounds.empty());
        CHECK(window.now().session.candidates.size() == 2);
        const auto kept = probe::load_probes(file);
        REQUIRE(kept.ok());
        REQUIRE(kept->size() == 2);
        CHECK((*kept)[1].of(agent::RequestForm::native).verdict() == probe::Verdict::leaked_call);
    });
    world.start([&](Window& window) {
        window.wait_for_models();
        open_list(window);
        window.type("forms-leaks");
        window.frames(3);
        window.hand().MouseMove(window.in("//$FOCUSED", "list", "forms-leaks"));
        window.wait_until("the verdicts are shown", [&] {
            DrawnText drawn;
            window.frames(2);
            return !drawn.find("schema: works").empty() && !drawn.find("the call stands in the text").empty();
        });
    });
}

TEST_CASE("a probe of a server that is not there says so, and keeps nothing") {
    World world;
    auto demo = forms_demo(world);
    demo.stop();
    world.add_model("forms-good");
    world.start([&](Window& window) {
        open_list(window);
        window.click("//$FOCUSED/Probe chosen");
        window.wait_until("it is told", [&] { return window.has_logged("No server has the model \"forms-good\"."); });
        window.wait_until("it can be asked again", [&] { return window.can_use("//$FOCUSED/Probe chosen"); });
    });
    CHECK_FALSE(std::filesystem::exists(world.path("state") / probe::kProbesFile));
}

TEST_CASE("a probe is stopped, and nothing is kept of it") {
    World world;
    auto demo = forms_demo(world, 5);
    world.add_model("forms-good");
    world.start([&](Window& window) {
        window.wait_for_models();
        open_list(window);
        window.click("//$FOCUSED/Probe chosen");
        window.wait_until("it runs", [&] { return window.can_use("//$FOCUSED/Stop probe"); });
        window.click("//$FOCUSED/Stop probe");
        window.wait_until("it is told",
                          [&] { return window.has_toast("The probe was stopped. Nothing is kept of it."); });
        CHECK(window.can_use("//$FOCUSED/Probe chosen"));
    });
    CHECK_FALSE(std::filesystem::exists(world.path("state") / probe::kProbesFile));
}
