// Compare of two answers of 1 MB each: the time to the result in the window, beside the comparison alone, and the
// longest frame meanwhile (null renderer) and while it is looked through afterwards.
//
//   compare_bench [REPETITIONS]     (5)
//
// One word in a hundred differs, and whole paragraphs are missing here and there. Prints one line of JSON for each kind
// of text: medians, but the longest frame of all; the budget of a frame is 16 ms.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "base/file.h"
#include "gui/panels/compare_model.h"
#include "net/http.h"
#include "report/session_file.h"
#include "window_host.h"
#include "window_texts.h"

namespace {

using namespace llmc;
using namespace llmc::bench;

constexpr std::size_t kBytes = 1'000'000;
constexpr double kFrameBudget_ms = 16;

// The text with other words and without some of its paragraphs.
std::string changed(std::string_view text) {
    std::string out;
    std::size_t words = 0, lines = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size() - 1) + 1;
        const std::string_view word = text.substr(at, end - at);
        at = end;
        lines += static_cast<std::size_t>(std::count(word.begin(), word.end(), '\n'));
        if (lines % 400 == 399) continue;
        if (++words % 100 == 0) out += "otherwise ";
        out += word;
    }
    return out;
}

void write_session(const std::filesystem::path& path, std::string_view a, std::string_view b) {
    session::Session session{.id = "bench", .created_at = base::SystemClock().wall()};
    session::Round round{.number = 1, .prompt = "Tell about heat."};
    for (const std::string_view said : {a, b}) {
        const std::string id = fmt::format("c{}", session.candidates.size() + 1);
        session.candidates.push_back({.id = id, .model_id = id});
        session::Answer answer{.candidate = id, .round = 1, .state = session::AnswerState::complete};
        answer.stream = session::AnswerStream::holding(said, {}).value();
        round.answers.push_back(std::move(answer));
    }
    session.rounds.push_back(std::make_shared<session::Round>(std::move(round)));
    if (const auto written = base::save_file(path, report::to_session_file(session)); !written) {
        fmt::print(stderr, "{}\n", written.error().message);
        std::exit(1);
    }
}

struct Figures {
    double result_ms = 0, longest_ms = 0, stepping_ms = 0;
    std::size_t differences = 0;
};

Figures measure(const std::filesystem::path& path) {
    NullWindow window({}, {path});
    const base::SystemClock clock;
    const auto until = [&](const auto& condition) {
        int quiet = 0;
        window.run({.is_over = [&] { return condition() && quiet >= 10; },
                    .on_frame = [&](const FrameCost& cost) { quiet = cost.is_settled ? quiet + 1 : 0; },
                    .has_input = true},
                   std::chrono::seconds{60});
    };
    until([&] { return !window.app().snapshot().session.rounds.empty() && window.app().is_idle(); });

    Figures figures;
    const base::TimePoint begun = clock.now();
    window.app().run(gui::CompareAnswers{1, {}});
    const auto compared = [&] { return window.app().compare_view().comparison() != nullptr; };
    const auto on_frame = [&](const FrameCost& cost) {
        figures.longest_ms = std::max(figures.longest_ms, cost.cpu_ms);
    };
    if (!window.run({.is_over = compared, .on_frame = on_frame, .has_input = true}, std::chrono::seconds{60})) {
        fmt::print(stderr, "no result\n");
        std::exit(1);
    }
    figures.result_ms = base::seconds(clock.now() - begun) * 1000;
    figures.differences = window.app().compare_view().comparison()->differences.size();
    // Until all is laid out, then from difference to difference.
    int quiet = 0;
    window.run({.is_over = [&] { return quiet >= 10; },
                .on_frame =
                    [&](const FrameCost& cost) {
                        on_frame(cost);
                        quiet = cost.is_settled ? quiet + 1 : 0;
                    },
                .has_input = true},
               std::chrono::seconds{60});
    for (int i = 0; i < 200; ++i) {
        ImGui::GetIO().AddKeyEvent(ImGuiKey_F8, i % 2 == 0);
        figures.stepping_ms = std::max(figures.stepping_ms, window.draw().cpu_ms);
    }
    if (window.app().compare_view().current.value_or(0) < 50) fmt::print(stderr, "the keys do not step\n");
    return figures;
}

}  // namespace

int main(int argc, char** argv) {
    net::ignore_sigpipe();
    const int repetitions = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 5;
    for (const TextKind kind : {TextKind::markdown, TextKind::code}) {
        const std::string a = make_text(kind, kBytes), b = changed(a);
        const TemporaryFolder folder;
        const std::filesystem::path path = folder.path() / "bench.llmc.json";
        write_session(path, a, b);
        std::vector<double> results, alone;
        Figures worst;
        for (int i = 0; i < repetitions; ++i) {
            const base::SystemClock clock;
            const base::TimePoint begun = clock.now();
            const gui::Comparison made =
                gui::compare_texts(std::array<std::string_view, 2>{a, b}, gui::CompareMode::words);
            alone.push_back(base::seconds(clock.now() - begun) * 1000);
            const Figures figures = measure(path);
            results.push_back(figures.result_ms);
            worst.longest_ms = std::max(worst.longest_ms, figures.longest_ms);
            worst.stepping_ms = std::max(worst.stepping_ms, figures.stepping_ms);
            worst.differences = made.differences.size();
        }
        fmt::print(
            R"({{"name":"compare","text":"{}","bytes":[{},{}],"differences":{},"result_ms":{:.1f},"alone_ms":{:.1f},)"
            R"("longest_frame_ms":{:.2f},"frames_of_16_ms":{:.2f},"longest_stepping_frame_ms":{:.2f}}})"
            "\n",
            text_name(kind), a.size(), b.size(), worst.differences, quantile(results, 0.5), quantile(alone, 0.5),
            worst.longest_ms, worst.longest_ms / kFrameBudget_ms, worst.stepping_ms);
        std::fflush(stdout);
    }
}
