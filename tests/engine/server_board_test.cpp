#include "server_board.h"

#include <doctest/doctest.h>

#include "fake_world.h"

using namespace llmc;
using namespace llmc::test;
using engine::ManifestReply;
using engine::ServerBoard;
using namespace std::chrono_literals;

namespace {

ManifestReply reply(int key, const Result<openai::Manifest>& manifest) {
    return {.server_key = key, .manifest = manifest};
}

// A board of one server, which has said what it has.
ServerBoard board_with(const openai::Manifest& manifest) {
    ServerBoard board;
    board.configure({server("127.0.0.1:1", 2)});
    (void)board.due({}, true, {});
    (void)board.take(reply(board.statuses()[0].key, manifest), {}, {});
    return board;
}

openai::Manifest many(const std::string& name, int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) ids.push_back(name + std::to_string(i));
    return manifest(ids);
}

}  // namespace

TEST_CASE("what came and went is named, of many models the first ten") {
    ServerBoard board = board_with(manifest({"a", "b"}));
    const int key = board.statuses()[0].key;
    CHECK(board.take(reply(key, manifest({"b", "c"})), {}, {}) == "127.0.0.1:1 has c, no longer has a");
    CHECK(board.take(reply(key, manifest({"c", "b"})), {}, {}).empty());
    const std::string change = board.take(reply(key, many("m", 30)), {}, {});
    CHECK(change.find("has m9 and 20 more, no longer has c") != std::string::npos);
}

TEST_CASE("two manifests of a hundred thousand other models are compared at once") {
    ServerBoard board = board_with(many("old", 100'000));
    CHECK(board.take(reply(board.statuses()[0].key, many("new", 100'000)), {}, {}).size() < 500);
}

TEST_CASE("a server that answers us and has no time for questions keeps its models") {
    ServerBoard board = board_with(manifest({"a"}));
    const int key = board.statuses()[0].key;
    const Error timeout{ErrorKind::timeout, "did not answer in time"};
    board.began(key);
    CHECK(board.take(reply(key, timeout), {}, {}).empty());
    CHECK(board.statuses()[0].is_reachable());
    (void)board.take(reply(key, Error{ErrorKind::connection, "refuses the connection"}), {}, {});
    CHECK_FALSE(board.statuses()[0].is_reachable());
    (void)board.take(reply(key, manifest({"a"})), {}, {});
    board.ended(key, "a", true);
    (void)board.take(reply(key, timeout), {}, {});
    CHECK_FALSE(board.statuses()[0].is_reachable());
}

TEST_CASE("a server with another API key is asked anew, and what it is answering counts") {
    ServerBoard board = board_with(manifest({"a"}));
    const int key = board.statuses()[0].key;
    board.began(key);
    session::Server changed = server("127.0.0.1:1", 2);
    changed.api_key = "another";
    board.configure({changed});
    REQUIRE(board.statuses().size() == 1);
    CHECK(board.statuses()[0].key == key);
    CHECK(board.statuses()[0].in_flight == 1);
    CHECK_FALSE(board.all_asked());
    CHECK(board.due({}, false, {}).size() == 1);
    board.configure({changed});
    CHECK(board.due({}, false, {}).empty());
}

TEST_CASE("a manifest that was on its way with the old key is not that of the new one") {
    ServerBoard board;
    board.configure({server("127.0.0.1:1")});
    REQUIRE(board.due({}, false, {}).size() == 1);
    session::Server changed = server("127.0.0.1:1");
    changed.api_key = "another";
    board.configure({changed});
    const int key = board.statuses()[0].key;
    CHECK(board.due({}, true, {}).empty());  // not twice at a time
    CHECK(board.take(reply(key, manifest({"old"})), {}, {}).empty());
    CHECK_FALSE(board.all_asked());
    CHECK_FALSE(board.statuses()[0].is_reachable());
    const auto queries = board.due({}, false, {});
    REQUIRE(queries.size() == 1);
    CHECK(queries[0].server.api_key == "another");
    (void)board.take(reply(key, manifest({"new"})), {}, {});
    CHECK(board.all_asked());
    CHECK(board.statuses()[0].manifest->find("new"));
}

TEST_CASE("a server that is not ready is asked every second, and for no longer than the patience") {
    for (const Result<openai::Manifest>& not_ready :
         {Result<openai::Manifest>(openai::Manifest{.list = openai::Manifest::List::loading}),
          Result<openai::Manifest>(Error{ErrorKind::own_limit, "cannot be asked"})}) {
        const engine::Patience patience{.connect = 1s, .start = 20s};
        ServerBoard board;
        board.configure({server("127.0.0.1:1")});
        const int key = board.statuses()[0].key;
        base::TimePoint now{};
        for (int second = 0; second < 20; ++second, now += 1s) {
            REQUIRE(board.due(now, false, patience).size() == 1);
            const std::string change = board.take(reply(key, not_ready), now, {});
            CHECK(change.empty() == (second > 0));
            CHECK_FALSE(board.all_asked());
            CHECK(board.next_due() == now + 1s);
        }
        REQUIRE(board.due(now, false, patience).size() == 1);
        CHECK(board.take(reply(key, not_ready), now, {}).find("after 20 s, which is timeout_seconds") !=
              std::string::npos);
        CHECK(board.all_asked());
        CHECK(board.next_due() == now + ServerBoard::kRefreshEvery);
        (void)board.take(reply(key, manifest({"a"})), now, {});
        CHECK(board.statuses()[0].is_reachable());
        // What is known of it stays: its answers wait for themselves.
        CHECK(board.take(reply(key, not_ready), now, {}).empty());
        CHECK(board.statuses()[0].is_reachable());
        CHECK(board.all_asked());
    }
}

TEST_CASE("a server without a list has the model loaded that answered last") {
    ServerBoard board = board_with({.list = openai::Manifest::List::none});
    const int key = board.statuses()[0].key;
    CHECK_FALSE(board.knows_loaded(key, "a"));
    board.began(key);
    board.ended(key, "a", true);
    CHECK(board.knows_loaded(key, "a"));
    CHECK_FALSE(board.knows_loaded(key, "b"));
    CHECK(board.free_servers().at(0).loaded == std::vector<std::string>{"a"});
}
