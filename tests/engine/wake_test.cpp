// When the front end is woken: for what it can show, and for nothing else.
#include <atomic>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "engine/engine.h"
#include "fake_world.h"
#include "servers/scripts.h"
#include "snapshot_diff.h"

using namespace llmc;
using namespace llmc::test;

namespace {

class CountingWaker final : public engine::Waker {
public:
    void wake() override { ++count_; }
    int take() { return count_.exchange(0); }

private:
    std::atomic<int> count_{0};
};

// Looks until `wanted` holds; false after a minute.
template <class Wanted>
bool until(engine::Engine& engine, Wanted wanted) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!wanted(engine.snapshot())) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace

TEST_CASE("a manifest that says the same again wakes nobody, one that says something else does") {
    std::atomic<bool> has_changed{false};
    const demo::Listener listener = serve([&](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        if (!request) return;
        const std::string ids = has_changed ? R"([{"id":"a"},{"id":"b"}])" : R"([{"id":"a"}])";
        connection.send(request->path == "/v1/models" ? with_length("{\"object\":\"list\",\"data\":" + ids + "}",
                                                                    "200 OK", "Content-Type: application/json\r\n")
                                                      : with_length("{\"error\":\"no\"}", "404 Not Found"));
    });
    CountingWaker waker;
    const auto clock = std::make_shared<base::ManualClock>();
    engine::Engine engine(waker, {.clock = clock});
    engine::Configure configure;
    configure.servers = {server(listener.url())};
    engine.post({configure, engine::AddCandidate{candidate("a"), {}}});
    REQUIRE(until(engine, [](const auto& now) { return !now.servers.empty() && now.servers[0].is_asked; }));

    const auto ask_again = [&] {
        const auto before = engine.snapshot().servers[0].refreshed_at;
        clock->advance(std::chrono::milliseconds{5});
        engine.post(engine::RefreshManifests{});
        return until(engine, [&](const auto& now) { return now.servers[0].refreshed_at != before; });
    };
    REQUIRE(ask_again());  // what Configure brought is behind us
    engine.look();
    waker.take();
    // Looked at after each: a wake too many may come late, not 20 times.
    int wakes = 0;
    for (int i = 0; i < 20; ++i) {
        REQUIRE(ask_again());
        wakes += waker.take();
        engine.look();
    }
    CHECK(wakes == 0);
    has_changed = true;
    REQUIRE(ask_again());
    REQUIRE(until(engine, [&](const auto&) { return waker.take() > 0; }));
    CHECK(engine.snapshot().servers[0].manifest->models.size() == 2);
}

TEST_CASE("snapshots that differ in anything a person can see do not look the same") {
    using engine::Snapshot;
    const auto made = [] {
        Snapshot snapshot;
        snapshot.servers.push_back({.key = 1, .server = server("127.0.0.1:1")});
        snapshot.session.candidates.push_back(candidate("a"));
        return snapshot;
    };
    struct Case {
        const char* name;
        void (*change)(Snapshot&);
    };
    const Case cases[] = {
        {"activity", [](Snapshot& s) { s.activity = engine::Activity::paused; }},
        {"queue", [](Snapshot& s) { s.session.queue = session::queue_of({{.prompt = "x"}}); }},
        {"rounds", [](Snapshot& s) { s.session.rounds.push_back(std::make_shared<session::Round>()); }},
        {"rounds of the batch", [](Snapshot& s) { s.rounds_total = 4; }},
        {"answers of the batch", [](Snapshot& s) { s.answers_done = 1; }},
        {"reports", [](Snapshot& s) { s.reports.push_back("x"); }},
        {"kept", [](Snapshot& s) { s.is_kept = false; }},
        {"stop after the round", [](Snapshot& s) { s.stops_after_round = true; }},
        {"a warning",
         [](Snapshot& s) { s.preflight.findings.push_back({.kind = engine::Finding::Kind::without_list}); }},
        {"a manifest", [](Snapshot& s) { s.servers[0].manifest = std::make_shared<openai::Manifest>(); }},
        {"a server's error", [](Snapshot& s) { s.servers[0].error = "refused"; }},
        {"requests in flight", [](Snapshot& s) { s.servers[0].in_flight = 1; }},
        {"a load", [](Snapshot& s) { s.servers[0].busy_with = "loading a"; }},
        {"a server's name", [](Snapshot& s) { s.servers[0].server.name = "n"; }},
        {"a label", [](Snapshot& s) { s.session.candidates[0].display_name = "A"; }},
        {"a setting", [](Snapshot& s) { s.session.settings.temperature = 1; }},
        {"a halt", [](Snapshot& s) { s.session.is_halted = true; }},
    };
    CHECK(engine::looks_same(made(), made()));
    for (const Case& one : cases) {
        CAPTURE(one.name);
        Snapshot changed = made();
        one.change(changed);
        CHECK_FALSE(engine::looks_same(made(), changed));
    }
    Snapshot asked_again = made();
    asked_again.servers[0].refreshed_at = base::WallTime{std::chrono::milliseconds{5}};
    CHECK(engine::looks_same(made(), asked_again));
}
