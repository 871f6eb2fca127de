// A disk that takes its time for a sync: fsync() is linked to the one below (tests/CMakeLists.txt).
#include <atomic>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "base/temp_folder.h"
#include "engine/fake_world.h"
#include "engine/journal.h"
#include "journal_feed.h"
#include "journal_writer.h"

namespace {

std::atomic<bool> holds_syncs{false}, has_sync_begun{false};

}  // namespace

extern "C" {
int __real_fsync(int fd);
int __wrap_fsync(int fd) {
    if (holds_syncs) {
        has_sync_begun = true;
        has_sync_begun.notify_all();
        holds_syncs.wait(true);
    }
    return __real_fsync(fd);
}
}

using namespace llmc;
using namespace llmc::test;

TEST_CASE("texts are written while a sync takes its time, and nobody is told that it is done before") {
    const base::TempFolder folder;
    const auto path = folder.path() / "journal_1.llmcj";
    FakeWorld world;
    engine::JournalFeed feed;
    world.begin({server("http://a:1")}, {candidate("one")});
    world.send({"hello"});
    engine::JournalWriter writer(path, [](Error error) { FAIL(error.message); });
    writer.write(feed.update(world.now().session))->wait(*world.jobs.front().control);

    holds_syncs = true;
    std::atomic<bool> is_told{false};
    std::jthread waiting([&, ticket = writer.write({})] {
        ticket->wait(engine::AnswerControl());
        is_told = true;
    });
    has_sync_begun.wait(false);
    (void)world.jobs.front().stream->append_text("meanwhile");
    const auto is_written = [&path] {
        const auto journal = engine::read_journal(path);
        return journal.ok() && journal->session.rounds.at(0)->answers.at(0).text() == "meanwhile";
    };
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!is_written() && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    CHECK(is_written());
    CHECK(!is_told);

    holds_syncs = false;
    holds_syncs.notify_all();
    waiting.join();
    CHECK(is_told);
}
