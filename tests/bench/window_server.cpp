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

std::size_t whole_code_points(std::string_view rest, std::size_t size) {
    size = std::min(size, rest.size());
    while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0U) == 0x80U) ++size;
    return size;
}

void speak(demo::Connection& connection, const Speech& speech, const std::atomic<bool>& is_finished) {
    if (!connection.send(kStreamHead)) return;
    std::string_view rest = speech.text;
    const auto said = [&] { return speech.text.size() - rest.size(); };
    while (said() < speech.at_once) {
        const std::size_t size = whole_code_points(rest, std::min(kPiece, speech.at_once - said()));
        if (!connection.send(event({{"content", rest.substr(0, size)}}))) return;
        rest.remove_prefix(size);
    }
    const base::SystemClock clock;
    const base::TimePoint begun = clock.now();
    for (double token = 1; !rest.empty() && !is_finished; ++token) {
        const base::TimePoint due = begun + base::from_seconds(token / speech.tokens_per_s);
        if (due > clock.now() && !connection.wait(due - clock.now())) return;
        const std::size_t size = token_size(rest);
        if (speech.before_token) speech.before_token(said() + size);
        if (!connection.send(event({{"content", rest.substr(0, size)}}))) return;
        rest.remove_prefix(size);
    }
    connection.send(event(base::Json::object(), "stop") + "data: [DONE]\n\n");
}

}  // namespace

const char* const kStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

std::string event(const base::Json& delta, const char* finish_reason) {
    const base::Json reason = finish_reason ? base::Json(finish_reason) : base::Json();
    const base::Json chunk{{"choices", {{{"index", 0}, {"delta", delta}, {"finish_reason", reason}}}}};
    return "data: " + base::dump_json(chunk) + "\n\n";
}

demo::Listener serve(const char* model, std::function<void(demo::Connection&)> answer) {
    auto listener = demo::Listener::start([model, answer = std::move(answer)](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        if (!request) return;
        if (request->method == "POST") return answer(connection);
        const bool is_list = request->path == "/v1/models";
        const std::string list = fmt::format(R"({{"object":"list","data":[{{"id":"{}","object":"model"}}]}})", model);
        const std::string body = is_list ? list : "{}";
        connection.send(fmt::format(
            "HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
            is_list ? "200 OK" : "404 Not Found", body.size(), body));
    });
    if (listener) return std::move(*listener);
    std::fputs((listener.error().message + "\n").c_str(), stderr);
    std::exit(1);
}

SpeechServer::SpeechServer(std::shared_ptr<const Speech> speech)
    : listener_(serve("speaker", [speech = std::move(speech), is_finished = is_finished_](
                                     demo::Connection& connection) { speak(connection, *speech, *is_finished); })) {}

}  // namespace llmc::bench
