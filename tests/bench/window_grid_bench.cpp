// P2 with a large suite: what a frame costs the window's thread (null renderer) while the grid of 200 prompts by 12
// candidates with 5 repeats is shown, at rest and while it is scrolled; and what it takes
// to make its model, off that thread.
//
//   window_grid_bench [PROMPTS [CANDIDATES [REPEATS]]]     (200, 12, 5)
//
// Prints one line of JSON.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <imgui.h>

#include "base/file.h"
#include "gui/panels/suite_view.h"
#include "net/http.h"
#include "report/session_file.h"
#include "window_host.h"

namespace {

using namespace llmc;
using namespace llmc::bench;

constexpr int kFrames = 500;

session::Session suite_session(int prompts, int candidates, int repeats) {
    session::Session session{.id = "bench", .created_at = base::SystemClock().wall()};
    auto run =
        std::make_shared<session::SuiteRun>(session::SuiteRun{.name = "large", .role = "clerk", .repeat = repeats});
    base::OrderedJson list = base::OrderedJson::array();
    for (int p = 0; p < prompts; ++p)
        list.push_back({{"id", fmt::format("prompt-{}", p + 1)},
                        {"prompt", fmt::format("What is {} and {}?", p, p)},
                        {"checks", {{{"type", "contains"}, {"value", "7"}}}}});
    run->source = {{"format", "llm-compare-suite"}, {"version", 1}, {"name", "large"}, {"prompts", std::move(list)}};
    session.suite = run;
    for (int c = 0; c < candidates; ++c)
        session.candidates.push_back({.id = fmt::format("c{}", c + 1), .model_id = fmt::format("model-{}", c + 1)});
    for (int r = 0; r < repeats; ++r)
        for (int p = 0; p < prompts; ++p) {
            session::Round round{.number = static_cast<int>(session.rounds.size()) + 1,
                                 .prompt = fmt::format("What is {} and {}?", p, p),
                                 .prompt_id = fmt::format("prompt-{}", p + 1),
                                 .repeat = r + 1,
                                 .category = p % 2 == 0 ? "sums" : "more sums"};
            for (int c = 0; c < candidates; ++c) {
                session::Answer answer{.candidate = session.candidates[static_cast<std::size_t>(c)].id,
                                       .round = round.number,
                                       .state = session::AnswerState::complete,
                                       .finish_reason = "stop",
                                       .server = "away"};
                answer.stream = session::AnswerStream::holding("It is 7.", {}).value();
                answer.checks.push_back({.type = "contains", .passed = (p * 7 + c * 3 + r) % 4 != 0});
                if ((p + c) % 9 == 0) {
                    session::Answer further = answer;
                    further.attempt = 2;
                    round.replaced.push_back(std::move(further));
                }
                round.answers.push_back(std::move(answer));
            }
            session.rounds.push_back(std::make_shared<session::Round>(std::move(round)));
        }
    return session;
}

struct Figures {
    std::vector<double> cpu_ms;
    std::uint64_t allocations = 0;

    std::string json() const {
        return fmt::format(R"({{"median_ms":{:.3f},"p99_ms":{:.3f},"allocations_per_frame":{:.2f}}})",
                           quantile(cpu_ms, 0.5), quantile(cpu_ms, 0.99),
                           static_cast<double>(allocations) / static_cast<double>(cpu_ms.size()));
    }
};

void come_to_rest(NullWindow& window) {
    int quiet = 0;
    window.run({.is_over = [&] { return quiet >= 30; },
                .on_frame = [&](const FrameCost& cost) { quiet = cost.is_settled ? quiet + 1 : 0; },
                .has_input = true},
               std::chrono::seconds{30});
}

// The wheel goes down over the middle of the grid and up again.
Figures measure(NullWindow& window, bool scrolls) {
    come_to_rest(window);
    Figures figures;
    ImGuiIO& io = ImGui::GetIO();
    if (scrolls) io.AddMousePosEvent(io.DisplaySize.x * 0.6F, io.DisplaySize.y * 0.5F);
    for (int i = 0; i < kFrames; ++i) {
        if (scrolls) io.AddMouseWheelEvent(0, i < kFrames / 2 ? -1.0F : 1.0F);
        const FrameCost cost = window.draw();
        figures.cpu_ms.push_back(cost.cpu_ms);
        figures.allocations += cost.allocations;
    }
    return figures;
}

}  // namespace

int main(int argc, char** argv) {
    net::ignore_sigpipe();
    const auto number = [&](int at, int usual) { return argc > at ? std::max(std::atoi(argv[at]), 1) : usual; };
    const int prompts = number(1, 200), candidates = number(2, 12), repeats = number(3, 5);
    const session::Session session = suite_session(prompts, candidates, repeats);
    const base::SystemClock clock;
    const base::TimePoint begun = clock.now();
    const gui::GridModel model = gui::make_grid_model(session);
    const double model_ms = base::seconds(clock.now() - begun) * 1e3;

    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "suite.llmc.json";
    if (const auto written = base::save_file(path, report::to_session_file(session)); !written) {
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
        return 1;
    }
    NullWindow window({}, {path});
    window.run({.is_over = [&] { return !window.app().snapshot().session.rounds.empty(); }, .has_input = true},
               std::chrono::seconds{60});
    window.app().run(gui::ShowPanel{gui::Panel::suite});
    const auto& view = window.app().suite_view();
    window.run({.is_over = [&] { return view.grid.model && !view.grid.lines.empty(); }, .has_input = true},
               std::chrono::seconds{60});
    if (view.grid.lines.size() != model.rows.size()) {
        std::fputs("the grid is not shown\n", stderr);
        return 1;
    }
    const Figures rest = measure(window, false), scrolled = measure(window, true);
    fmt::print(R"({{"name":"P2","prompts":{},"candidates":{},"repeats":{},"rest":{},"scrolled":{},"model_ms":{:.1f}}})"
               "\n",
               prompts, candidates, repeats, rest.json(), scrolled.json(), model_ms);
}
