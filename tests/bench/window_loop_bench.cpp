// P13: eight candidates of 200 steps each in the window (null renderer), over a world of 10 000 files: what a frame
// costs the window's thread while the steps come and at rest, and our own time between the last byte of a step and the
// first of the next request.
//
//   window_loop_bench [STEPS [TOKENS]]     (200, 40 tokens at 200 tokens/s for each step)
//
// Each step moves a file and says a little. Prints one line of JSON.
#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <string_view>

#include <fmt/format.h>
#include <sys/resource.h>

#include "net/http.h"
#include "suite/suite.h"
#include "window_host.h"
#include "window_server.h"
#include "window_texts.h"

namespace {

using namespace llmc;
using namespace llmc::bench;

constexpr int kCandidates = 8, kFiles = 10'000, kFramesAtRest = 500;
constexpr double kTokensPerS = 200;

// A model that moves one file after the other, and how long it waited for what came next.
class FilesServer {
public:
    FilesServer(int steps, int tokens)
        : steps_(steps),
          tokens_(tokens),
          listener_(serve("mover", [this](demo::Connection& connection) { take_step(connection); })) {}
    std::string url() const { return listener_.url(); }
    void finish() { listener_.stop(); }
    const std::vector<double>& waits_ms() const { return waits_ms_; }  // after finish()

private:
    void take_step(demo::Connection& connection) {
        int step = 0;
        {
            const std::lock_guard lock(mutex_);
            if (step_ > 0) waits_ms_.push_back(base::seconds(clock_.now() - ended_) * 1e3);
            step = ++step_;
        }
        if (!connection.send(kStreamHead)) return;
        const std::string text =
            make_text(TextKind::markdown, static_cast<std::size_t>(tokens_) * 5 + static_cast<std::size_t>(step));
        std::string_view rest = text;
        const base::TimePoint begun = clock_.now();
        for (int token = 1; token <= tokens_ && !rest.empty(); ++token) {
            const base::TimePoint due = begun + base::from_seconds(token / kTokensPerS);
            if (due > clock_.now() && !connection.wait(due - clock_.now())) return;
            const std::size_t size = token_size(rest);
            if (!connection.send(event({{"content", rest.substr(0, size)}}))) return;
            rest.remove_prefix(size);
        }
        const bool is_last = step >= steps_;
        if (!is_last) connection.send(event({{"tool_calls", {call(step)}}}));
        connection.send(event(base::Json::object(), is_last ? "stop" : "tool_calls") + "data: [DONE]\n\n");
        const std::lock_guard lock(mutex_);
        ended_ = clock_.now();
    }

    static base::Json call(int step) {
        const base::Json arguments{{"source", fmt::format("./inbox/{}.txt", step)},
                                   {"destination", fmt::format("./done/{}.txt", step)}};
        return {{"index", 0},
                {"id", fmt::format("call-{}", step)},
                {"type", "function"},
                {"function", {{"name", "move_file"}, {"arguments", base::dump_json(arguments)}}}};
    }

    const int steps_, tokens_;
    const base::SystemClock clock_;
    std::mutex mutex_;
    int step_ = 0;
    base::TimePoint ended_;
    std::vector<double> waits_ms_;
    demo::Listener listener_;  // last: its threads end before what they use
};

suite::Suite mover_suite(int steps) {
    base::OrderedJson files = base::OrderedJson::object();
    for (int i = 1; i <= kFiles; ++i) files[fmt::format("./inbox/{}.txt", i)] = fmt::format("Invoice number {}.", i);
    const base::OrderedJson source{
        {"format", "llm-compare-suite"},
        {"version", 1},
        {"name", "mover"},
        {"loop", {{"max_steps", steps}}},
        {"world", {{"files", files}, {"tools", true}}},
        {"prompts", base::OrderedJson::array({{{"id", "move"},
                                               {"prompt", "Move all files of ./inbox to ./done."},
                                               {"checks", {{{"type", "arguments_valid"}}, {{"type", "finishes"}}}}}})},
    };
    auto suite = suite::suite_from_json(source);
    if (!suite) {
        std::fprintf(stderr, "%s\n", suite.error().message.c_str());
        std::exit(1);
    }
    return std::move(*suite);
}

struct Figures {
    std::vector<double> cpu_ms;
    std::uint64_t allocations = 0;

    void add(const FrameCost& cost) {
        cpu_ms.push_back(cost.cpu_ms);
        allocations += cost.allocations;
    }
    std::string json() const {
        return fmt::format(
            R"({{"frames":{},"median_ms":{:.3f},"p99_ms":{:.3f},"longest_ms":{:.2f},"allocations_per_frame":{:.2f}}})",
            cpu_ms.size(), quantile(cpu_ms, 0.5), quantile(cpu_ms, 0.99), quantile(cpu_ms, 1),
            static_cast<double>(allocations) / static_cast<double>(std::max<std::size_t>(cpu_ms.size(), 1)));
    }
};

double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
    net::ignore_sigpipe();
    const int steps = argc > 1 ? std::clamp(std::atoi(argv[1]), 2, 200) : 200;
    const int tokens = argc > 2 ? std::max(std::atoi(argv[2]), 1) : 40;
    std::vector<std::unique_ptr<FilesServer>> servers;
    Taking taking;
    for (int i = 0; i < kCandidates; ++i) {
        servers.push_back(std::make_unique<FilesServer>(steps, tokens));
        taking.urls.push_back(servers.back()->url());
        taking.models.emplace_back("mover");
    }
    NullWindow window(taking);
    window.app().run(gui::Arrange{gui::Arrangement::grid});
    window.app().run(gui::StartSuite{std::make_shared<suite::Suite>(mover_suite(steps)), 1});

    const double before_mib = peak_mib();
    Figures streaming, rest;
    const auto have_all = [&](const auto& is_so) {
        const auto& rounds = window.app().snapshot().session.rounds;
        return !rounds.empty() && rounds.back()->answers.size() == kCandidates &&
               std::ranges::all_of(rounds.back()->answers, is_so);
    };
    const auto is_over = [&] {
        return have_all([](const session::Answer& one) { return session::is_final(one.state); });
    };
    const bool is_done =
        window.run({.is_over = is_over, .on_frame = [&](const FrameCost& cost) { streaming.add(cost); }},
                   base::from_seconds(60 + steps * (tokens / kTokensPerS + 0.2)));
    const bool are_whole =
        is_done && have_all([&](const session::Answer& one) {
            return one.state == session::AnswerState::complete && one.steps.size() == static_cast<std::size_t>(steps);
        });
    if (!are_whole) {
        std::fputs("the loops did not come to their end\n", stderr);
        for (const gui::LogEntry& line : window.app().log()) std::fprintf(stderr, "  %s\n", line.text.c_str());
        return 1;
    }
    int quiet = 0;
    window.run({.is_over = [&] { return quiet >= 30; },
                .on_frame = [&](const FrameCost& cost) { quiet = cost.is_settled ? quiet + 1 : 0; },
                .has_input = true},
               std::chrono::seconds{30});
    for (int i = 0; i < kFramesAtRest; ++i) rest.add(window.draw());

    std::vector<double> waits_ms;
    for (const auto& server : servers) {
        server->finish();
        waits_ms.insert(waits_ms.end(), server->waits_ms().begin(), server->waits_ms().end());
    }
    fmt::print(
        R"({{"name":"P13","candidates":{},"steps":{},"streaming":{},"rest":{},"between_steps":{{"count":{},"median_ms":{:.2f},"p99_ms":{:.2f},"longest_ms":{:.2f}}},"peak_mib":{:.0f},"before_mib":{:.0f}}})"
        "\n",
        kCandidates, steps, streaming.json(), rest.json(), waits_ms.size(), quantile(waits_ms, 0.5),
        quantile(waits_ms, 0.99), quantile(waits_ms, 1), peak_mib(), before_mib);
}
