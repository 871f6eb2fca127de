// What a suite's results can carry: the verdict above them, the page of groups and pairs, a baseline.
#include "gui/panels/suite_view.h"
#include "report/session_file.h"
#include "stories/drawn_text.h"
#include "stories/world.h"

using namespace llmc;
using namespace llmc::stories;

namespace {

// The thinker thinks too long in all seven.
std::string seven_prompts() {
    std::string prompts;
    for (int i = 1; i <= 7; ++i)
        prompts += (i > 1 ? "," : "") + std::string(R"({"id": "p)") + std::to_string(i) +
                   R"(", "prompt": "Tell tale )" + std::to_string(i) +
                   R"(", "checks": [{"type": "max_reasoning_tokens", "value": 0}]})";
    return R"({"format": "llm-compare-suite", "version": 1, "name": "brief", "role": "host", "prompts": [)" + prompts +
           "]}";
}

const gui::SuiteDecision& decision_of(Window& window) {
    return window.app().suite_view().decision;
}

}  // namespace

TEST_CASE("results begin with a verdict, and a page says who is better and what a baseline said") {
    World world;
    auto demo = world.demo();
    world.add_model("demo-fast");
    world.add_model("demo-thinker");
    world.files = {world.write("brief.json", seven_prompts())};
    world.start([&](Window& window) {
        window.wait_for_models();
        window.wait_until("the suite is shown", [&] { return window.has("//###suite/Run"); });
        window.click("//###suite/Run");
        window.wait_for_rounds(7);
        window.wait_until("all is decided", [&] {
            const auto& made = decision_of(window).made;
            return made && made->prompts.size() == 7 && !made->pairs.empty() && made->pairs[0].test.prompts == 7;
        });
        CHECK(decision_of(window).made->groups.size() == 2);
        CHECK(decision_of(window).made->verdict.find("is worse than") != std::string::npos);
        window.click("//###suite/**/Decision");
        window.wait_until("the page is there", [&] { return window.has("//###suite/**/Compare with a baseline…"); });

        // The same results as a baseline: nothing changed.
        const auto before = world.write("before.llmc.json", report::to_session_file(window.now().session));
        window.app().run(gui::OpenFile{before, gui::FileKind::baseline});
        window.wait_until("it is compared", [&] {
            const auto& made = decision_of(window).made;
            return made && made->baseline.has_value();
        });
        CHECK_FALSE(decision_of(window).made->baseline->has_significant_regression());
        DrawnText drawn;
        window.frames(2);
        CHECK_FALSE(drawn.find("0 worse, 0 better").empty());
        CHECK(decision_of(window).made->baseline->labels.size() == 2);
        window.click("//###suite/**/Without baseline");
        window.wait_until("it is gone", [&] { return !decision_of(window).made->baseline.has_value(); });
    });
}
