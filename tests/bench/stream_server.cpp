// A server for benchmarks, in a process of its own: streams of numbered tokens, as fast or as slow as asked.
//
//   stream_server SERVERS MODEL…     listens on SERVERS free ports of 127.0.0.1 and prints their addresses, one a line
//
// Models say what is streamed: "one-N": N events of 170 bytes, each an HTTP chunk and a write of its own; "bulk-N": the
// same in large writes; "paced-N-R": N events at R per second. With several servers, server I has the models with "#I"
// appended, too.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/json.h"
#include "demo/listener.h"

namespace {

using namespace llmc;

constexpr std::size_t kEventBytes = 170;

std::string chunk_of(const std::string& event) {
    return fmt::format("{:x}\r\n{}\r\n", event.size(), event);
}

// Event number `index`, padded to 170 bytes.
std::string event_of(long index) {
    std::string head = fmt::format(
        R"(data: {{"id":"chatcmpl-bench","object":"chat.completion.chunk","choices":[{{"index":0,"delta":{{"content":"t{:07} "}},"finish_reason":null}}],"pad":")",
        index);
    const std::string tail = "\"}\n\n";
    head.append(kEventBytes - std::min(kEventBytes, head.size() + tail.size()), 'x');
    return head + tail;
}

long number(std::string_view text) {
    long value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

void stream(demo::Connection& connection, std::string_view model) {
    model = model.substr(0, model.find('#'));
    const std::size_t dash = model.find('-');
    const std::string_view kind = model.substr(0, dash), rest = model.substr(dash + 1);
    const long count = number(rest.substr(0, rest.find('-')));
    const long rate = kind == "paced" ? number(rest.substr(rest.find('-') + 1)) : 0;
    if (!connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: "
                         "chunked\r\nConnection: close\r\n\r\n"))
        return;
    const base::SystemClock clock;
    const base::TimePoint begun = clock.now();
    std::string bulk;
    for (long i = 0; i < count; ++i) {
        if (rate > 0)
            if (const auto due = begun + std::chrono::nanoseconds{i * 1'000'000'000 / rate};
                due > clock.now() && !connection.wait(due - clock.now()))
                return;
        std::string chunk = chunk_of(event_of(i));
        if (kind != "bulk") {
            if (!connection.send(chunk)) return;
            continue;
        }
        bulk += chunk;
        if (bulk.size() < 65536) continue;
        if (!connection.send(bulk)) return;
        bulk.clear();
    }
    const std::string usage =
        fmt::format(R"(data: {{"choices":[],"usage":{{"prompt_tokens":10,"completion_tokens":{},"total_tokens":{}}}}})",
                    count, count + 10);
    connection.send(bulk + chunk_of("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n") +
                    chunk_of(usage + "\n\n") + chunk_of("data: [DONE]\n\n") + "0\r\n\r\n");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fputs("usage: stream_server SERVERS MODEL...\n", stderr);
        return 1;
    }
    std::signal(SIGPIPE, SIG_IGN);
    std::vector<demo::Listener> listeners;
    for (long server = 0; server < number(argv[1]); ++server) {
        base::Json models{{"object", "list"}, {"data", base::Json::array()}};
        for (int i = 2; i < argc; ++i) {
            models["data"].push_back({{"id", argv[i]}, {"object", "model"}});
            models["data"].push_back({{"id", fmt::format("{}#{}", argv[i], server)}, {"object", "model"}});
        }
        const std::string list = base::dump_json(models);
        auto listener = demo::Listener::start([list](demo::Connection& connection) {
            const auto request = demo::read_request(connection);
            if (!request) return;
            if (request->method == "POST") {
                const auto body = base::parse_json(request->body);
                if (body.ok()) stream(connection, base::get_string(*body, "model").value_or("one-0"));
                return;
            }
            const bool is_list = request->path == "/v1/models";
            connection.send(fmt::format(
                "HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                is_list ? "200 OK" : "404 Not Found", is_list ? list.size() : 2, is_list ? list : "{}"));
        });
        if (!listener) {
            std::fputs((listener.error().message + "\n").c_str(), stderr);
            return 1;
        }
        std::puts(listener->url().c_str());
        listeners.push_back(std::move(*listener));
    }
    std::fflush(stdout);
    std::signal(SIGTERM, [](int) { std::_Exit(0); });
    while (std::getchar() != EOF) {  // until its owner closes the pipe
    }
}
