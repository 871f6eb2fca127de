// P2: what a frame costs the window's thread with ten windows of 1 MB each (null renderer), while 10 x 200 tokens/s
// arrive and at rest.
//
//   window_frame_bench [SECONDS [--where]]     SECONDS of streaming for each text (8); --where: the call stacks of what
//   a
//                                              frame at rest allocates, to stderr
//
// Everything is as users have it: ten servers, the engine, the whole window at 1920 x 1080; the fonts are the
// machine's. Prints a line of JSON for each text.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <imgui_internal.h>

#include "net/http.h"
#include "window_allocations.h"
#include "window_host.h"
#include "window_server.h"
#include "window_texts.h"

namespace {

using namespace llmc;
using namespace llmc::bench;

constexpr std::size_t kWindows = 10, kBytes = 1'000'000;
constexpr int kFramesAtRest = 500;

struct Figures {
    std::vector<double> cpu_ms;
    std::uint64_t frames_that_allocate = 0, allocations = 0;

    void add(const FrameCost& cost) {
        cpu_ms.push_back(cost.cpu_ms);
        frames_that_allocate += cost.allocations > 0;
        allocations += cost.allocations;
    }
    std::string json() const {
        return fmt::format(
            R"({{"frames":{},"median_ms":{:.3f},"p99_ms":{:.3f},"allocations_per_frame":{:.2f}}})", cpu_ms.size(),
            quantile(cpu_ms, 0.5), quantile(cpu_ms, 0.99),
            static_cast<double>(allocations) / static_cast<double>(std::max<std::size_t>(cpu_ms.size(), 1)));
    }
};

bool is_settled(NullWindow& window) {
    bool settled = false;
    int quiet = 0;
    const auto on_frame = [&](const FrameCost& cost) {
        quiet = cost.is_settled ? quiet + 1 : 0;
        settled = quiet >= 10;
    };
    window.run({.is_over = [&] { return settled; }, .on_frame = on_frame, .has_input = true}, std::chrono::seconds{60});
    return settled;
}

// A window behind another one costs nothing: all must be seen.
std::size_t seen_windows(NullWindow& window) {
    const auto& candidates = window.app().snapshot().session.candidates;
    return static_cast<std::size_t>(
        std::count_if(candidates.begin(), candidates.end(), [](const session::Candidate& one) {
            const ImGuiWindow* shown = ImGui::FindWindowByID(ImHashStr(("###candidate:" + one.id).c_str()));
            return shown && shown->DockTabIsVisible && !shown->SkipItems && !shown->Hidden;
        }));
}

void measure(TextKind kind, double seconds, bool shows_where) {
    const auto speech = std::make_shared<Speech>();
    speech->at_once = kBytes;
    speech->text = make_text(kind, kBytes + static_cast<std::size_t>((seconds + 60) * 200 * 6));
    std::vector<std::unique_ptr<SpeechServer>> servers;
    Taking taking;
    for (std::size_t i = 0; i < kWindows; ++i) {
        servers.push_back(std::make_unique<SpeechServer>(speech));
        taking.urls.push_back(servers.back()->url());
        taking.models.emplace_back("speaker");
    }
    NullWindow window(taking);
    window.app().run(gui::Arrange{gui::Arrangement::grid});
    window.send("go");
    wait_for_answers(
        window, [](const session::Answer& answer) { return answer.text().size() >= kBytes; }, std::chrono::seconds{120},
        "1 MB for each window");
    if (!is_settled(window)) fmt::print(stderr, "the layout does not come to rest\n");

    if (const std::size_t seen = seen_windows(window); seen != kWindows) {
        fmt::print(stderr, "{} of {} windows are seen\n", seen, kWindows);
        std::exit(1);
    }

    Figures streaming, rest;
    window.run({.is_over = [] { return false; }, .on_frame = [&](const FrameCost& cost) { streaming.add(cost); }},
               base::from_seconds(seconds));

    for (auto& server : servers) server->finish();
    wait_for_answers(
        window, [](const session::Answer& answer) { return answer.state == session::AnswerState::complete; },
        std::chrono::seconds{30}, "the end of all answers");
    is_settled(window);
    for (int i = 0; i < kFramesAtRest; ++i) {
        const AllocationTrace trace(shows_where && i == kFramesAtRest - 1);
        rest.add(window.draw());
    }
    fmt::print(R"({{"name":"P2","text":"{}","streaming":{},"rest":{}}})"
               "\n",
               text_name(kind), streaming.json(), rest.json());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    net::ignore_sigpipe();
    const double seconds = argc > 1 ? std::max(std::atof(argv[1]), 0.5) : 8;
    const bool shows_where = argc > 2 && std::string_view(argv[2]) == "--where";
    for (const TextKind kind : text_kinds()) measure(kind, seconds, shows_where);
}
