// What asking servers again and again leaves behind: nothing, however long a program runs.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>

#include "engine/engine.h"
#include "fake_world.h"
#include "servers/scripts.h"

using namespace llmc;
using namespace llmc::test;

namespace {

struct SleepingFrontEnd final : engine::Waker {
    void wake() override {}
};

std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

}  // namespace

TEST_CASE("servers that are asked again and again leave no descriptor behind") {
    const demo::Listener listener = serve([](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        if (!request) return;
        connection.send(request->path == "/v1/models" ? with_length(R"({"object":"list","data":[{"id":"a"}]})",
                                                                    "200 OK", "Content-Type: application/json\r\n")
                                                      : with_length(R"({"error":"no"})", "404 Not Found"));
    });
    SleepingFrontEnd waker;
    const auto clock = std::make_shared<base::ManualClock>();
    engine::Engine engine(waker, {.clock = clock});
    engine::Configure configure;
    configure.servers = {server(listener.url())};
    engine.post(configure);
    engine.post(engine::AddCandidate{candidate("a"), {}});

    const auto ask_again = [&] {
        const auto refreshed = [&] {
            const auto& servers = engine.snapshot().servers;
            return servers.empty() ? std::optional<base::WallTime>{} : servers[0].refreshed_at;
        };
        const auto before = refreshed();
        clock->advance(std::chrono::milliseconds{5});
        engine.post(engine::RefreshManifests{});
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1};
        while (refreshed() == before) {
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::this_thread::yield();
        }
    };
    for (int i = 0; i < 5; ++i) ask_again();
    const std::ptrdiff_t before = open_descriptors();
    for (int i = 0; i < 100; ++i) ask_again();
    // The last request, and its connection in the server, may still be there.
    CHECK(open_descriptors() <= before + 10);
}
