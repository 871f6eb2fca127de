// P9, the window: 64 candidates on 64 servers of another process at 200 tokens/s each: what a frame takes (null
// renderer), what the whole process takes, and whether anything is lost.
//
//   window_many_bench TOKENS RATE URL...     servers as stream_server has them, with the models "paced-TOKENS-RATE#I"
//
// Prints one line of JSON.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/resource.h>

#include "net/http.h"
#include "window_host.h"

namespace {

using namespace llmc;
using namespace llmc::bench;

double process_cpu_s() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

std::string expected_text(int tokens) {
    std::string text;
    for (int i = 0; i < tokens; ++i) text += fmt::format("t{:07} ", i);
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    net::ignore_sigpipe();
    if (argc < 4) {
        std::fputs("usage: window_many_bench TOKENS RATE URL...\n", stderr);
        return 1;
    }
    const int tokens = std::atoi(argv[1]);
    Taking taking;
    for (int i = 3; i < argc; ++i) {
        taking.urls.emplace_back(argv[i]);
        taking.models.push_back(fmt::format("paced-{}-{}#{}", tokens, argv[2], i - 3));
    }
    NullWindow window(taking);
    for (int i = 0; i < 20; ++i) window.draw();
    window.send("go");
    wait_for_answers(
        window, [](const session::Answer& answer) { return !answer.text().empty(); }, std::chrono::seconds{60},
        "the first tokens");

    std::vector<double> cpu_ms, wall_ms;
    const base::SystemClock clock;
    const base::TimePoint begun = clock.now();
    const double cpu = process_cpu_s();
    const auto are_all_final = [&] {
        const auto& answers = window.app().snapshot().session.rounds.back()->answers;
        return std::all_of(answers.begin(), answers.end(),
                           [](const session::Answer& answer) { return session::is_final(answer.state); });
    };
    const auto on_frame = [&](const FrameCost& cost) {
        cpu_ms.push_back(cost.cpu_ms);
        wall_ms.push_back(base::seconds(cost.ended - cost.begun) * 1e3);
    };
    if (!window.run({.is_over = are_all_final, .on_frame = on_frame}, std::chrono::minutes{5})) {
        std::fputs("the answers do not end\n", stderr);
        return 1;
    }
    const double ran = base::seconds(clock.now() - begun), used = process_cpu_s() - cpu;
    const std::string expected = expected_text(tokens);
    const auto& answers = window.app().snapshot().session.rounds.back()->answers;
    const auto lost = std::count_if(answers.begin(), answers.end(), [&](const session::Answer& answer) {
        return answer.state != session::AnswerState::complete || answer.text() != expected;
    });
    fmt::print(
        R"({{"name":"P9","candidates":{},"lost":{},"cores":{:.3f},"frames_per_s":{:.1f},"frame_cpu_median_ms":{:.2f},)"
        R"("frame_cpu_p99_ms":{:.2f},"frame_wall_p99_ms":{:.2f}}})"
        "\n",
        answers.size(), lost, used / ran, static_cast<double>(cpu_ms.size()) / ran, quantile(cpu_ms, 0.5),
        quantile(cpu_ms, 0.99), quantile(wall_ms, 0.99));
}
