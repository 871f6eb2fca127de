// The recorded streams over real connections: in three framings, written in small pieces, and broken off at random
// places.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "demo/listener.h"
#include "net/http.h"
#include "support.h"

using namespace llmc;
using namespace llmc::openai;
using namespace llmc::openai::test;

namespace {

constexpr const char* kFramings[] = {"close", "chunked", "length"};
constexpr std::size_t kPieces[] = {0, 1, 2, 3, 7};  // bytes; 0: all at once
constexpr std::size_t kNoCut = static_cast<std::size_t>(-1);
constexpr std::size_t kBatch = 16 * 1024;  // bytes per write of chunks, each of one piece

std::string head(const std::string& framing, std::size_t size) {
    std::string text = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    if (framing == "chunked") text += "Transfer-Encoding: chunked\r\n";
    if (framing == "length") text += "Content-Length: " + std::to_string(size) + "\r\n";
    return text + "\r\n";
}

std::string chunk(std::string_view piece) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    return size + std::string(piece) + "\r\n";
}

// Answers "POST /STREAM/FRAMING/PIECE/CUT" with that recorded stream, up to CUT bytes of it.
void answer(demo::Connection& connection) {
    const auto request = demo::read_request(connection);
    if (!request) return;
    std::size_t stream = 0, piece = 0, cut = 0;
    char framing[16] = {};
    if (std::sscanf(request->path.c_str(), "/%zu/%15[a-z]/%zu/%zu", &stream, framing, &piece, &cut) != 4) return;
    const std::string_view whole = recorded_streams().at(stream).bytes;
    const bool is_chunked = std::string_view(framing) == "chunked";
    if (!connection.send(head(framing, whole.size()))) return;
    const std::string_view bytes = whole.substr(0, cut);
    if (piece == 0) piece = std::max<std::size_t>(bytes.size(), 1);
    std::string batch;
    for (std::size_t pos = 0; pos < bytes.size(); pos += piece) {
        const std::string_view part = bytes.substr(pos, piece);
        if (is_chunked) {
            batch += chunk(part);
            if (batch.size() < kBatch) continue;
            if (!connection.send(batch)) return;
            batch.clear();
        } else if (!connection.send(part)) {
            return;
        }
    }
    if (is_chunked && cut >= whole.size()) batch += "0\r\n\r\n";
    if (!batch.empty()) connection.send(batch);
}

// Feeds a decoder as a worker does.
struct Receiver final : net::HttpReceiver {
    Collected got;
    std::unique_ptr<AnswerDecoder> decoder;
    bool on_head(const net::ResponseHead& response) override {
        decoder = std::make_unique<AnswerDecoder>(response.content_type);
        return response.status == 200;
    }
    bool on_body(std::string_view bytes) override { return decoder->feed(bytes, got); }
};

struct Pass {
    std::size_t stream, piece;
    const char* framing;
    std::size_t cut;
};

struct Received {
    net::HttpOutcome outcome;
    Collected got;
    AnswerFacts facts;
};

Received receive(net::HttpClient& client, const net::BaseUrl& url, const Pass& pass) {
    Receiver receiver;
    const net::HttpRequest request{.method = "POST",
                                   .server = url,
                                   .path = "/" + std::to_string(pass.stream) + "/" + pass.framing + "/" +
                                           std::to_string(pass.piece) + "/" + std::to_string(pass.cut),
                                   .headers = {},
                                   .body = "{}",
                                   .ca_file = {}};
    Received received;
    received.outcome = client.perform(request, {}, receiver, {});
    if (!receiver.decoder) return received;
    receiver.decoder->finish(receiver.got);
    received.got = std::move(receiver.got);
    received.facts = receiver.decoder->facts();
    return received;
}

// Runs all passes on a few threads; gives the words of those that went wrong.
template <class Check>
std::vector<std::string> run(const std::vector<Pass>& passes, Check check) {
    recorded_streams();  // before there are threads
    auto listener = demo::Listener::start(answer);
    REQUIRE(listener.ok());
    const auto url = net::BaseUrl::parse(listener->url());
    net::HttpClient client(std::make_shared<base::SystemClock>());
    std::vector<std::string> wrong(passes.size());
    std::atomic<std::size_t> next = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (std::size_t at = next++; at < passes.size(); at = next++)
                    wrong[at] = check(passes[at], receive(client, *url, passes[at]));
            });
    }
    std::erase(wrong, "");
    return wrong;
}

}  // namespace

TEST_CASE("each recorded stream over a socket, in three framings and five piece sizes, gives what its index says") {
    std::vector<Pass> passes;
    for (std::size_t stream = 0; stream < recorded_streams().size(); ++stream)
        for (const char* framing : kFramings)
            for (const std::size_t piece : kPieces) passes.push_back({stream, piece, framing, kNoCut});
    const auto wrong = run(passes, [](const Pass& pass, const Received& received) {
        const Recorded& expected = recorded_streams()[pass.stream];
        std::string report = differences(expected, received.got, received.facts);
        const bool is_over = received.facts.is_done || received.facts.error;
        if (received.outcome.end != net::HttpOutcome::End::complete && !is_over)
            report += received.outcome.error.message;
        return report.empty() ? report
                              : expected.file + " " + pass.framing + " " + std::to_string(pass.piece) + ": " + report;
    });
    for (const std::string& words : wrong) MESSAGE(words);
    MESSAGE(passes.size() << " passes, " << wrong.size() << " differences");
    CHECK(passes.size() == 71 * 5 * 3);
    CHECK(wrong.empty());
}

TEST_CASE(
    "a recorded stream whose connection is cut gives an exact prefix and is complete only after its end arrived") {
    std::mt19937 random(20261122);
    std::vector<Pass> passes;
    for (int i = 0; i < 200; ++i) {
        const std::size_t stream = random() % recorded_streams().size();
        passes.push_back(
            {stream, random() % 1000, kFramings[random() % 3], random() % recorded_streams()[stream].bytes.size()});
    }
    const auto wrong = run(passes, [](const Pass& pass, const Received& received) -> std::string {
        const Recorded& whole = recorded_streams()[pass.stream];
        // The same bytes without a connection in between.
        const Decoded expected = decode(std::string_view(whole.bytes).substr(0, pass.cut));
        const bool is_ok = received.outcome.end == net::HttpOutcome::End::complete;
        const EndVerdict verdict = judge_end(received.facts, is_ok);
        std::string report;
        if (received.got.text != expected.got.text || !whole.text.starts_with(received.got.text))
            report += "text differs\n";
        if (received.got.reasoning != expected.got.reasoning || !whole.reasoning.starts_with(received.got.reasoning))
            report += "reasoning differs\n";
        if (verdict.state != expected.verdict.state) report += "state differs\n";
        if (is_ok && std::string_view(pass.framing) != "close" && !received.facts.is_done)
            report += "the cut was not noticed\n";
        return report.empty() ? report
                              : whole.file + " " + pass.framing + " cut at " + std::to_string(pass.cut) + ": " + report;
    });
    for (const std::string& words : wrong) MESSAGE(words);
    MESSAGE(passes.size() << " cuts, " << wrong.size() << " differences");
    CHECK(wrong.empty());
}
