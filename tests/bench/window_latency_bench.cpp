// P4: from a token that is sent to the end of drawing the frame that shows it (null renderer; loopback and decoding are
// in it, and a token counts as shown only by a frame that began when it was there).
//
//   window_latency_bench [SECONDS]     for each case (10)
//
// The loop is the shell's: frames come as its pacer says, 30 a second while text streams, 60 with input. Prints a line
// of JSON for each case; the goal is one frame interval and 5 ms.
#include <algorithm>
#include <atomic>
#include <cstdlib>

#include <fmt/format.h>

#include "net/http.h"
#include "window_host.h"
#include "window_server.h"

namespace {

using namespace llmc;
using namespace llmc::bench;

constexpr std::size_t kTokenBytes = 5;

// When each token of one answer was sent: written by its server's thread, read by the window's.
struct Sent {
    explicit Sent(std::size_t tokens) : at(tokens) {}
    std::vector<std::atomic<std::int64_t>> at;  // steady clock, ns; 0: not yet
};

struct Case {
    const char* name;
    std::size_t windows;
    double tokens_per_s;
    bool has_input;
};

struct Stream {
    std::shared_ptr<Sent> sent;
    std::unique_ptr<SpeechServer> server;
    std::size_t shown = 0;    // tokens
    std::size_t to_show = 0;  // by the frame that is being drawn
};

std::int64_t nanoseconds(base::TimePoint time) {
    return time.time_since_epoch().count();
}

Stream make_stream(double tokens_per_s, std::size_t tokens) {
    Stream stream;
    stream.sent = std::make_shared<Sent>(tokens);
    const auto speech = std::make_shared<Speech>();
    for (std::size_t i = 0; i < tokens; ++i) speech->text += i % 12 == 11 ? "word\n" : "word ";
    speech->tokens_per_s = tokens_per_s;
    speech->before_token = [sent = stream.sent](std::size_t bytes) {
        sent->at[bytes / kTokenBytes - 1] = nanoseconds(base::SystemClock().now());
    };
    stream.server = std::make_unique<SpeechServer>(speech);
    return stream;
}

void measure(const Case& what, double seconds) {
    const auto tokens = static_cast<std::size_t>((seconds + 10) * what.tokens_per_s);
    std::vector<Stream> streams;
    Taking taking;
    for (std::size_t i = 0; i < what.windows; ++i) {
        streams.push_back(make_stream(what.tokens_per_s, tokens));
        taking.urls.push_back(streams.back().server->url());
        taking.models.emplace_back("speaker");
    }
    NullWindow window(taking);
    window.send("go");
    wait_for_answers(
        window, [](const session::Answer& answer) { return answer.text().size() > 10 * kTokenBytes; },
        std::chrono::seconds{30}, "the first tokens");

    std::vector<double> latencies, of_second, p99_of_seconds;
    base::TimePoint second_ends = base::SystemClock().now() + std::chrono::seconds{1};
    int frames = 0;
    // Answers come in the order of candidates, their servers in any: whose a text is says the server's address.
    const auto answer_of = [&](const Stream& stream) -> const session::Answer* {
        for (const session::Answer& answer : window.app().snapshot().session.rounds.back()->answers)
            if (stream.server->url().ends_with(answer.server)) return &answer;
        return nullptr;
    };
    const auto arrived = [&](const Stream& stream) {
        const session::Answer* answer = answer_of(stream);
        return answer ? answer->text().size() / kTokenBytes : 0;
    };
    for (Stream& stream : streams) stream.shown = stream.to_show = arrived(stream);
    const auto before_frame = [&] {
        for (Stream& stream : streams) stream.to_show = arrived(stream);
    };
    const auto on_frame = [&](const FrameCost& cost) {
        ++frames;
        for (Stream& stream : streams)
            for (; stream.shown < stream.to_show; ++stream.shown)
                of_second.push_back(static_cast<double>(nanoseconds(cost.ended) - stream.sent->at[stream.shown]) / 1e6);
        if (cost.ended < second_ends) return;
        second_ends = cost.ended + std::chrono::seconds{1};
        p99_of_seconds.push_back(quantile(of_second, 0.99));
        latencies.insert(latencies.end(), of_second.begin(), of_second.end());
        of_second.clear();
    };
    const base::TimePoint begun = base::SystemClock().now();
    window.run({.is_over = [] { return false; },
                .before_frame = before_frame,
                .on_frame = on_frame,
                .has_input = what.has_input},
               base::from_seconds(seconds));
    const double ran = base::seconds(base::SystemClock().now() - begun);
    const base::Duration interval =
        what.has_input ? gui::FramePacer::kInputInterval : gui::FramePacer::kStreamingInterval;
    fmt::print(
        R"({{"name":"P4","case":"{}","tokens":{},"frames_per_s":{:.1f},"p50_ms":{:.2f},"p99_ms":{:.2f},"p99_of_all_ms":{:.2f},"goal_ms":{:.1f}}})"
        "\n",
        what.name, latencies.size(), frames / ran, quantile(latencies, 0.5), quantile(p99_of_seconds, 0.5),
        quantile(latencies, 0.99), base::seconds(interval) * 1e3 + 5);
    std::fflush(stdout);
    for (Stream& stream : streams) stream.server->finish();
}

}  // namespace

int main(int argc, char** argv) {
    net::ignore_sigpipe();
    const double seconds = argc > 1 ? std::max(std::atof(argv[1]), 2.0) : 10;
    for (const Case& what : {Case{"10 x 200 tokens/s", 10, 200, false}, Case{"1 x 20 tokens/s", 1, 20, false},
                             Case{"10 x 200 tokens/s, in use", 10, 200, true}})
        measure(what, seconds);
}
