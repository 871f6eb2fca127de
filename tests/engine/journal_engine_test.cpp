// When the engine keeps a crash journal.
#include <chrono>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>

#include "base/temp_folder.h"
#include "engine/engine.h"
#include "fake_world.h"
#include "servers/scripts.h"

using namespace llmc;
using namespace llmc::test;

namespace {

struct SleepingFrontEnd final : engine::Waker {
    void wake() override {}
};

// Events are taken until `wanted` holds; false after a minute.
template <class Wanted>
bool until(engine::Engine& engine, std::vector<engine::Event>& events, Wanted wanted) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (!wanted(engine.snapshot())) {
        while (auto event = engine.next_event()) events.push_back(std::move(*event));
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

bool has_answered(const engine::Snapshot& now, const std::string& prompt) {
    return now.activity == engine::Activity::idle && now.rounds_done == 1 && now.session.rounds.size() == 1 &&
           now.session.rounds[0]->prompt == prompt;
}

}  // namespace

TEST_CASE("a journal that fails is said and given up for its session; the next session gets one") {
    const demo::Listener listener = serve([](demo::Connection& connection) {
        const auto request = demo::read_request(connection);
        if (!request) return;
        if (request->method == "POST")
            connection.send(std::string(kChunkedHead) +
                            chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":"
                                  "\"stop\"}]}\n\ndata: [DONE]\n\n") +
                            chunk(""));
        else
            connection.send(request->path == "/v1/models" ? with_length(R"({"object":"list","data":[{"id":"a"}]})",
                                                                        "200 OK", "Content-Type: application/json\r\n")
                                                          : with_length(R"({"error":"no"})", "404 Not Found"));
    });
    const base::TempFolder folder;
    const auto state = folder.path() / "state";
    std::ofstream(state) << "where a folder should be";
    SleepingFrontEnd waker;
    engine::Engine engine(waker);
    engine::Configure configure;
    configure.servers = {server(listener.url())};
    configure.journal_folder = state;
    engine.post({configure, engine::AddCandidate{candidate("a"), {}}, engine::Send{{"one"}}});
    std::vector<engine::Event> events;
    REQUIRE(until(engine, events, [](const auto& now) { return has_answered(now, "one"); }));
    const auto warns = [&](const auto&) {
        return std::ranges::any_of(events,
                                   [](const auto& event) { return event.text.find("journal") != std::string::npos; });
    };
    REQUIRE(until(engine, events, warns));
    CHECK_FALSE(engine.keep_journal());

    std::filesystem::remove(state);
    std::filesystem::create_directories(state);
    engine.post({engine::Clear{}, engine::Send{{"two"}}});
    REQUIRE(until(engine, events, [](const auto& now) { return has_answered(now, "two"); }));
    CHECK(engine::find_journals(state).size() == 1);
    CHECK(engine.keep_journal());
}
