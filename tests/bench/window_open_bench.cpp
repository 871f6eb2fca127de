// P6: opening a saved session of 300 000 tokens: from the request to the first full frame (null renderer), and until
// its layout is complete.
//
//   window_open_bench [REPETITIONS]     (5)
//   window_open_bench --write FILE CANDIDATES ROUNDS TOKENS     only writes such a session, TOKENS for each answer
//
// A frame is full when it draws at least nine tenths of the vertices of the one at rest. Prints one line of JSON,
// medians.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "base/file.h"
#include "net/http.h"
#include "report/session_file.h"
#include "window_host.h"
#include "window_texts.h"

namespace {

using namespace llmc;
using namespace llmc::bench;

constexpr int kCandidates = 4, kRounds = 25, kTokens = 3000;
constexpr std::size_t kBytesPerToken = 4;

void write_session(const std::filesystem::path& path, int candidates, int rounds, int tokens) {
    const std::size_t bytes = static_cast<std::size_t>(tokens) * kBytesPerToken;
    const std::string text = make_text(TextKind::markdown, bytes * 4);
    session::Session session{.id = "bench", .created_at = base::SystemClock().wall()};
    session.servers.push_back({.url = net::BaseUrl::parse("http://127.0.0.1:9").value(), .name = "away"});
    for (int c = 0; c < candidates; ++c)
        session.candidates.push_back({.id = fmt::format("c{}", c + 1), .model_id = fmt::format("model-{}", c + 1)});
    for (int r = 0; r < rounds; ++r) {
        session::Round round{.number = r + 1, .prompt = fmt::format("Prompt number {}: tell about heat.", r + 1)};
        for (int c = 0; c < candidates; ++c) {
            std::size_t from =
                text.find('\n', static_cast<std::size_t>(r * candidates + c) * 997 % (text.size() / 2)) + 1;
            session::Answer answer{.candidate = session.candidates[static_cast<std::size_t>(c)].id,
                                   .round = r + 1,
                                   .state = session::AnswerState::complete,
                                   .finish_reason = "stop",
                                   .server = "away"};
            std::string_view said = std::string_view(text).substr(from, bytes);
            while ((static_cast<unsigned char>(text[from + said.size()]) & 0xC0U) == 0x80U) said.remove_suffix(1);
            answer.stream = session::AnswerStream::holding(said, {}).value();
            answer.metrics.output_tokens = tokens;
            answer.metrics.end_to_end_latency_s = 12;
            round.answers.push_back(std::move(answer));
        }
        session.rounds.push_back(std::make_shared<session::Round>(std::move(round)));
    }
    if (const auto written = base::save_file(path, report::to_session_file(session)); !written) {
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
        std::exit(1);
    }
}

struct Opened {
    double usable_s = 0, complete_s = 0, slowest_frame_ms = 0;
};

// Draws until the session is there and nothing moves any more.
Opened watch(NullWindow& window, base::TimePoint begun) {
    std::vector<FrameCost> frames;
    int quiet = 0;
    const auto on_frame = [&](const FrameCost& cost) {
        if (window.app().snapshot().session.rounds.empty()) return;
        frames.push_back(cost);
        quiet = cost.is_settled ? quiet + 1 : 0;
    };
    const auto is_over = [&] { return quiet >= 30; };
    if (!window.run({.is_over = is_over, .on_frame = on_frame, .has_input = true}, std::chrono::seconds{60})) {
        std::fputs("the session does not come to rest\n", stderr);
        std::exit(1);
    }
    Opened opened;
    const int full = frames.back().vertices;
    for (const FrameCost& frame : frames) opened.slowest_frame_ms = std::max(opened.slowest_frame_ms, frame.cpu_ms);
    const auto usable = std::find_if(frames.begin(), frames.end(),
                                     [&](const FrameCost& frame) { return frame.vertices >= full * 9 / 10; });
    const auto moving =
        std::find_if(frames.rbegin(), frames.rend(), [](const FrameCost& frame) { return !frame.is_settled; });
    opened.usable_s = base::seconds(usable->ended - begun);
    opened.complete_s = base::seconds((moving == frames.rend() ? usable->ended : moving->ended) - begun);
    return opened;
}

// In a window that is open, or as the program's argument.
Opened open(const std::filesystem::path& path, bool is_argument) {
    const base::SystemClock clock;
    if (is_argument) {
        const base::TimePoint begun = clock.now();
        NullWindow window({}, {path});
        return watch(window, begun);
    }
    NullWindow window({});
    for (int i = 0; i < 20; ++i) window.draw();
    const base::TimePoint begun = clock.now();
    window.app().on_drop({path});
    return watch(window, begun);
}

template <class Member>
double median(const std::vector<Opened>& all, Member member) {
    std::vector<double> values;
    for (const Opened& one : all) values.push_back(one.*member);
    return quantile(values, 0.5);
}

}  // namespace

int main(int argc, char** argv) {
    net::ignore_sigpipe();
    if (argc == 6 && std::string_view(argv[1]) == "--write") {
        write_session(argv[2], std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5]));
        return 0;
    }
    const int repetitions = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 5;
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "long.llmc.json";
    write_session(path, kCandidates, kRounds, kTokens);
    std::vector<Opened> dropped, started;
    for (int i = 0; i < repetitions; ++i) {
        dropped.push_back(open(path, false));
        started.push_back(open(path, true));
    }
    fmt::print(
        R"({{"name":"P6","file_mb":{:.2f},"usable_s":{:.3f},"complete_s":{:.3f},"slowest_frame_ms":{:.1f},"start_usable_s":{:.3f}}})"
        "\n",
        static_cast<double>(std::filesystem::file_size(path)) / 1e6, median(dropped, &Opened::usable_s),
        median(dropped, &Opened::complete_s), median(dropped, &Opened::slowest_frame_ms),
        median(started, &Opened::usable_s));
}
