#include "server_board.h"

#include <doctest/doctest.h>

#include "fake_world.h"

using namespace llmc;
using namespace llmc::test;
using engine::ManifestReply;
using engine::ServerBoard;

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
