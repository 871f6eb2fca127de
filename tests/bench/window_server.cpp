#include "window_server.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/json.h"
#include "window_texts.h"

namespace llmc::bench {
namespace {

constexpr std::size_t kPiece = 4096;  // of what comes at once

std::string event(std::string_view content) {
    const base::Json chunk{
        {"choices", {{{"index", 0}, {"delta", {{"content", content}}}, {"finish_reason", nullptr}}}}};
    return "data: " + base::dump_json(chunk) + "\n\n";
}

std::size_t whole_code_points(std::string_view rest, std::size_t size) {
    size = std::min(size, rest.size());
    while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0U) == 0x80U) ++size;
    return size;
}

void speak(demo::Connection& connection, const Speech& speech, const std::atomic<bool>& is_finished) {
    if (!connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")) return;
    std::string_view rest = speech.text;
    const auto said = [&] { return speech.text.size() - rest.size(); };
    while (said() < speech.at_once) {
        const std::size_t size = whole_code_points(rest, std::min(kPiece, speech.at_once - said()));
        if (!connection.send(event(rest.substr(0, size)))) return;
        rest.remove_prefix(size);
    }
    const base::SystemClock clock;
    const base::TimePoint begun = clock.now();
    for (double token = 1; !rest.empty() && !is_finished; ++token) {
        const base::TimePoint due = begun + base::from_seconds(token / speech.tokens_per_s);
        if (due > clock.now() && !connection.wait(due - clock.now())) return;
        const std::size_t size = token_size(rest);
        if (speech.before_token) speech.before_token(said() + size);
        if (!connection.send(event(rest.substr(0, size)))) return;
        rest.remove_prefix(size);
    }
    connection.send("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
}

}  // namespace

SpeechServer::SpeechServer(std::shared_ptr<const Speech> speech) {
    auto listener =
        demo::Listener::start([speech = std::move(speech), is_finished = is_finished_](demo::Connection& connection) {
            const auto request = demo::read_request(connection);
            if (!request) return;
            if (request->method == "POST") return speak(connection, *speech, *is_finished);
            constexpr std::string_view kModels = R"({"object":"list","data":[{"id":"speaker","object":"model"}]})";
            const bool is_list = request->path == "/v1/models";
            const std::string_view body = is_list ? kModels : "{}";
            connection.send(fmt::format(
                "HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                is_list ? "200 OK" : "404 Not Found", body.size(), body));
        });
    if (!listener) {
        std::fputs((listener.error().message + "\n").c_str(), stderr);
        std::exit(1);
    }
    listener_ = std::make_unique<demo::Listener>(std::move(*listener));
}

}  // namespace llmc::bench
