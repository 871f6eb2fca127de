// Raw servers for tests, each a few lines: what they say is what the bytes say.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "demo/listener.h"

namespace llmc::test {

inline demo::Listener serve(demo::Listener::Handler script) {
    auto listener = demo::Listener::start(std::move(script));
    REQUIRE(listener.ok());
    return std::move(*listener);
}

// Reads the request, sends `bytes`, closes.
inline demo::Listener::Handler answers(std::string bytes) {
    return [bytes = std::move(bytes)](demo::Connection& connection) {
        if (demo::read_request(connection)) connection.send(bytes);
    };
}

// Reads the request, sends `bytes`, then says nothing more until the client goes.
inline demo::Listener::Handler answers_and_holds(std::string bytes) {
    return [bytes = std::move(bytes)](demo::Connection& connection) {
        if (demo::read_request(connection) && connection.send(bytes)) connection.wait(std::chrono::hours{1});
    };
}

// Sends `bytes` again and again until the client goes; `first` before.
inline demo::Listener::Handler floods(std::string first, std::string bytes) {
    while (bytes.size() < 65536) bytes += bytes;
    return [first = std::move(first), bytes = std::move(bytes)](demo::Connection& connection) {
        if (!demo::read_request(connection) || !connection.send(first)) return;
        while (connection.send(bytes)) {
        }
    };
}

// Accepts and says nothing.
inline demo::Listener::Handler is_mute() {
    return [](demo::Connection& connection) { connection.wait(std::chrono::hours{1}); };
}

inline std::string with_length(std::string_view body, std::string_view status = "200 OK",
                               std::string_view headers = "") {
    return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string(headers) + "\r\n" + std::string(body);
}

inline std::string chunk(std::string_view data) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string size;
    for (std::size_t left = data.size(); left > 0; left /= 16) size.insert(size.begin(), kDigits[left % 16]);
    return (size.empty() ? "0" : size) + "\r\n" + std::string(data) + "\r\n";
}

inline constexpr std::string_view kChunkedHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

// A port of this machine that neither accepts nor refuses: a listener whose queue is full.
class HangingPort {
public:
    HangingPort() {
        listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(bind(listening_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(listen(listening_, 0) == 0);
        REQUIRE(getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        for (int i = 0; i < 4; ++i) {
            waiting_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            [[maybe_unused]] const int in_progress =
                connect(waiting_.back(), reinterpret_cast<sockaddr*>(&address), size);
        }
    }
    HangingPort(const HangingPort&) = delete;
    HangingPort& operator=(const HangingPort&) = delete;
    ~HangingPort() {
        for (const int fd : waiting_) close(fd);
        close(listening_);
    }
    int port() const { return port_; }

private:
    int listening_ = -1;
    int port_ = 0;
    std::vector<int> waiting_;
};

// A port of this machine where nobody listens.
inline int refusing_port() {
    auto listener = demo::Listener::start([](demo::Connection&) {});
    REQUIRE(listener.ok());
    return listener->port();
}

}  // namespace llmc::test
