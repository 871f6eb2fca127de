#include "demo/listener.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "net/http_fixture.h"
#include "servers/scripts.h"

using namespace llmc;
using namespace llmc::test;
using demo::Connection;
using demo::Listener;

namespace {

// A raw client.
class Client {
public:
    explicit Client(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        const timeval limit{20, 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { leave(); }

    void send(std::string_view bytes) {
        REQUIRE(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    }
    void leave() {
        if (fd_ >= 0) close(fd_);
        fd_ = -1;
    }
    char receive_one() {
        char byte = 0;
        CHECK(recv(fd_, &byte, 1, 0) == 1);
        return byte;
    }
    // All until the end; errno is 0 there, or says what broke the connection.
    std::string receive_all() {
        std::string all;
        char buffer[4096];
        errno = 0;
        for (;;) {
            const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
            if (count <= 0) return all;
            all.append(buffer, static_cast<std::size_t>(count));
        }
    }

private:
    int fd_;
};

}  // namespace

TEST_CASE("a listener serves connections at once, each on its own thread") {
    std::mutex mutex;
    std::condition_variable changed;
    int present = 0;
    const Listener server = serve([&](Connection& connection) {
        {
            std::unique_lock lock(mutex);
            ++present;
            changed.notify_all();
            changed.wait_for(lock, 20s, [&] { return present == 3; });
        }
        connection.send("all here");
    });
    CHECK(server.url() == "http://127.0.0.1:" + std::to_string(server.port()));
    Client first(server.port());
    Client second(server.port());
    Client third(server.port());
    for (Client* client : {&first, &second, &third}) CHECK(client->receive_all() == "all here");
    CHECK(server.accepted() == 3);
}

TEST_CASE("stopping a listener ends what its handlers wait for") {
    std::atomic<int> ended{0};
    std::atomic<int> started{0};
    Listener server = serve([&](Connection& connection) {
        switch (started++) {
            case 0: CHECK(connection.receive(10).empty()); break;
            case 1: CHECK_FALSE(connection.wait(1h)); break;
            default:
                while (connection.send(std::string(65536, 'x'))) {
                }
        }
        ++ended;
    });
    Client first(server.port());
    Client second(server.port());
    Client third(server.port());
    while (started < 3) std::this_thread::yield();
    server.stop();
    CHECK(ended == 3);
    server.stop();
    Listener moved = std::move(server);
    moved.stop();
}

TEST_CASE("a connection tells when its peer has gone, with bytes still unread") {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_done = false;
    const Listener server = serve([&](Connection& connection) {
        CHECK(connection.receive(1) == "a");
        CHECK_FALSE(connection.is_peer_gone());
        CHECK(connection.wait(1ms));
        connection.send("!");
        CHECK(connection.receive(1) == "b");
        CHECK_FALSE(connection.wait(1h));
        CHECK(connection.is_peer_gone());
        CHECK(connection.receive(10) == "cd");
        CHECK(connection.receive(10).empty());
        const std::lock_guard lock(mutex);
        is_done = true;
        changed.notify_all();
    });
    Client client(server.port());
    client.send("a");
    CHECK(client.receive_one() == '!');
    client.send("bcd");
    client.leave();
    std::unique_lock lock(mutex);
    CHECK(changed.wait_for(lock, 20s, [&] { return is_done; }));
}

TEST_CASE("a connection ends as its script says") {
    std::promise<std::string> half_received;
    const Listener server = serve([&](Connection& connection) {
        const std::string wish = connection.receive(10);
        connection.send("bytes");
        if (wish == "reset") {
            connection.reset();
            CHECK_FALSE(connection.send("x"));
            CHECK(connection.receive(1).empty());
            CHECK_FALSE(connection.wait(1h));
            CHECK(connection.is_peer_gone());
            connection.reset();
            connection.shut_down_sending();
        } else if (wish == "half") {
            connection.shut_down_sending();
            half_received.set_value(connection.receive(10));
        } else if (wish == "throw") {
            throw 1;
        }
    });
    Client closed(server.port());
    closed.send("close");
    CHECK(closed.receive_all() == "bytes");
    CHECK(errno == 0);

    Client reset(server.port());
    reset.send("reset");
    reset.receive_all();
    CHECK(errno == ECONNRESET);

    Client half(server.port());
    half.send("half");
    CHECK(half.receive_all() == "bytes");
    half.send("more");
    auto received = half_received.get_future();
    REQUIRE(received.wait_for(20s) == std::future_status::ready);
    CHECK(received.get() == "more");

    Client thrown(server.port());
    thrown.send("throw");
    CHECK(thrown.receive_all() == "bytes");
}

TEST_CASE("a long answer arrives whole also where the request was not read") {
    const std::string answer(std::size_t{4} << 20, 'x');
    const Listener server = serve([&](Connection& connection) {
        connection.receive(1);
        connection.send(answer);
    });
    Client client(server.port());
    client.send(std::string(1000, 'x'));
    CHECK(client.receive_all() == answer);
    CHECK(errno == 0);
}

TEST_CASE("a port that is taken, and an address that is none, are errors in words") {
    const Listener server = serve([](Connection&) {});
    const auto taken = Listener::start([](Connection&) {}, server.port());
    REQUIRE_FALSE(taken.ok());
    CHECK(taken.error().kind == ErrorKind::io);
    CHECK(contains(taken.error().message,
                   "cannot listen on 127.0.0.1 port " + std::to_string(server.port()) + ": Address already in use"));

    const auto nonsense = Listener::start([](Connection&) {}, 0, "nonsense");
    REQUIRE_FALSE(nonsense.ok());
    CHECK(nonsense.error().kind == ErrorKind::io);

    const auto ipv6 = Listener::start([](Connection&) {}, 0, "::1");
    if (ipv6.ok()) CHECK(ipv6->url() == "http://[::1]:" + std::to_string(ipv6->port()));
}

TEST_CASE("requests are read, however they are cut") {
    struct Case {
        std::string bytes;
        std::optional<std::string> summary;
    };
    const std::vector<Case> cases{
        {"GET /x?y=1 HTTP/1.1\r\nHost:  h \r\nX-A: b:c\r\n\r\n", "GET /x?y=1 h b:c "},
        {"POST / HTTP/1.1\r\nCONTENT-LENGTH: 5\r\n\r\nhello", "POST /   hello"},
        {"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhell", std::nullopt},
        {"GET / HTTP/1.1\r\nHost: h\r\n", std::nullopt},
        {"GET / HTTP/1.1\r\nnonsense\r\n\r\n", std::nullopt},
        {"GET /\r\n\r\n", std::nullopt},
        {"nonsense\r\n\r\n", std::nullopt},
        {"", std::nullopt},
        {"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", std::nullopt},
        {std::string(3 << 20, 'x'), std::nullopt},
    };
    for (const Case& expected : cases) {
        const std::size_t step = expected.bytes.size() > 1000 ? 65536 : 1;
        std::optional<std::string> summary;
        {
            Listener server = serve([&](Connection& connection) {
                if (const auto request = demo::read_request(connection)) {
                    summary = request->method + " " + request->path + " " + request->header("host") + " " +
                              request->header("x-a") + " " + request->body;
                }
                connection.send("seen");
            });
            Client client(server.port());
            for (std::size_t pos = 0; pos < expected.bytes.size() && step == 1; pos += step)
                client.send(expected.bytes.substr(pos, step));
            if (step != 1) client.send(expected.bytes);
            if (!expected.summary) client.leave();
            if (expected.summary) CHECK(client.receive_all() == "seen");
            if (!expected.summary) {
                while (server.accepted() == 0) std::this_thread::yield();
            }
        }
        CHECK(summary == expected.summary);
    }
}
