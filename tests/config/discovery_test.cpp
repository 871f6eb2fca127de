#include "config/discovery.h"

#include <doctest/doctest.h>

#include "demo/listener.h"

namespace llmc::config {
namespace {

enum class OtherPaths { missing, silent };

// A server that knows one model and no other path.
demo::Listener model_server(const std::string& model, OtherPaths others = OtherPaths::missing) {
    auto listener = demo::Listener::start([model, others](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        const bool is_list = request && request->path == "/v1/models";
        if (!is_list && others == OtherPaths::silent) connection.wait(std::chrono::hours(1));
        const std::string body = is_list ? R"({"object":"list","data":[{"id":")" + model + R"("}]})"
                                         : R"({"error":{"message":"no","code":404}})";
        connection.send(std::string("HTTP/1.1 ") + (is_list ? "200 OK" : "404 Not Found") +
                        "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body);
    });
    REQUIRE(listener);
    return *std::move(listener);
}

}  // namespace

TEST_CASE("the ports to look at are the usual ones, or those of the environment") {
    CHECK(discovery_ports(std::nullopt) == std::vector<int>{1234, 8080, 9931, 11434, 8000});
    CHECK(discovery_ports("").empty());
    CHECK(discovery_ports("18081,18082") == std::vector<int>{18081, 18082});
    CHECK(discovery_ports(" 1 , x, 2y, ,0,65536,-3,65535,1,") == std::vector<int>{1, 65535});
}

TEST_CASE("discovery finds the servers that answer, in the order of the ports, and waits for no other") {
    const auto one = model_server("one");
    const auto two = model_server("two", OtherPaths::silent);
    const auto silent =
        demo::Listener::start([](demo::Connection& connection) { connection.wait(std::chrono::hours(1)); });
    const auto strange =
        demo::Listener::start([](demo::Connection& connection) { connection.send("SSH-2.0-OpenSSH\r\n"); });
    auto closed = demo::Listener::start([](demo::Connection&) {});
    REQUIRE((silent && strange && closed));
    const int closed_port = closed->port();
    closed->stop();

    net::HttpClient client(std::make_shared<base::SystemClock>());
    const auto found = discover(client, {silent->port(), two.port(), strange->port(), closed_port, one.port()});
    REQUIRE(found.size() == 2);
    CHECK(found[0].url.port() == two.port());
    CHECK(found[0].manifest.models.at(0).id == "two");
    CHECK(found[1].url.port() == one.port());
    CHECK(discover(client, {}).empty());
}

}  // namespace llmc::config
