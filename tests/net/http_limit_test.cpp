// Servers that never stop: what they send beside the body is bounded, and the limit is named.
#include <fstream>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "http_fixture.h"
#include "servers/scripts.h"

using namespace llmc;
using namespace llmc::test;
using demo::Connection;

namespace {

std::size_t resident_kib() {
    std::ifstream status("/proc/self/status");
    std::string word;
    std::size_t value = 0;
    while (status >> word) {
        if (word == "VmRSS:") status >> value;
    }
    return value;
}

}  // namespace

TEST_CASE("endless heads and framing end at a limit that is named, in little memory") {
    struct Case {
        std::string why, first, repeated, said;
    };
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::vector<Case> cases{
        {"a status line", "HTTP/1.1 200 ", "x", "header line longer than 8 KiB"},
        {"NUL bytes", "H", std::string(1, '\0'), "header line longer than 8 KiB"},
        {"a status line after an interim answer", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ", "x",
         "header line longer than 8 KiB"},
        {"a header line", ok + "X: ", "x", "header line longer than 8 KiB"},
        {"a header name", ok, "x", "header line longer than 8 KiB"},
        {"headers", ok, "X-Some-Header: some value of some length\r\n", "headers of more than 1 MiB"},
        {"headers without CR", ok, "X: y\n", "headers of more than 1 MiB"},
        {"empty lines without CR", ok, "\n", "headers of more than 1 MiB"},
        {"interim answers", "", "HTTP/1.1 100 Continue\r\n\r\n", "headers of more than 1 MiB"},
        {"a chunk size", std::string(kChunkedHead), "0", "chunk framing or trailers of more than 1 MiB"},
        {"a chunk extension", std::string(kChunkedHead) + "1;", "x", "chunk framing or trailers of more than 1 MiB"},
        {"a chunk extension later", std::string(kChunkedHead) + chunk("x") + "1;", "x",
         "chunk framing or trailers of more than 1 MiB"},
    };
    const std::size_t before = resident_kib();
    for (const Case& expected : cases) {
        CAPTURE(expected.why);
        const demo::Listener server = serve(floods(expected.first, expected.repeated));
        Recorder recorder;
        const auto outcome = perform(post(server.url()), recorder).outcome;
        CHECK(outcome.end == End::failed);
        // Versions of cpp-httplib with limits of their own refuse some of these earlier, without a word.
        if (outcome.error.kind != ErrorKind::protocol) {
            CHECK(outcome.error.kind == ErrorKind::limit);
            CHECK_MESSAGE(contains(outcome.error.message, expected.said), outcome.error.message);
        }
        CHECK(recorder.body.size() <= 1);
    }
    CHECK(resident_kib() < before + 128 * 1024);  // sanitizers keep freed memory for a while
}

TEST_CASE("a header line of an interim answer has the limit of all header lines, however it arrives") {
    const demo::Listener server =
        serve(answers("HTTP/1.1 103 Early Hints\r\nX: " + std::string(9000, 'x') + "\r\n\r\n" + with_length("later")));
    Recorder recorder;
    const auto outcome = perform(get(server.url()), recorder).outcome;
    CHECK(outcome.error.kind == ErrorKind::limit);
    CHECK_MESSAGE(contains(outcome.error.message, "header line longer than 8 KiB"), outcome.error.message);
}

TEST_CASE("endless trailers end") {
    const demo::Listener server = serve(floods(std::string(kChunkedHead) + "0\r\n", "X-Trailer: x\r\n"));
    Recorder recorder;
    const auto outcome = perform(post(server.url()), recorder).outcome;
    // cpp-httplib 0.11 takes no trailers at all; newer versions read them, up to the limit.
    CHECK(outcome.end == End::failed);
    CHECK((outcome.error.kind == ErrorKind::limit || outcome.error.kind == ErrorKind::protocol));
}

TEST_CASE("100 000 headers of 4 KB each are not read to their end") {
    const demo::Listener server = serve([](Connection& connection) {
        demo::read_request(connection);
        connection.send("HTTP/1.1 200 OK\r\n");
        const std::string line = "X: " + std::string(4000, 'x') + "\r\n";
        for (int i = 0; i < 100'000 && connection.send(line); ++i) {
        }
    });
    Recorder recorder;
    const auto outcome = perform(get(server.url()), recorder).outcome;
    CHECK((outcome.error.kind == ErrorKind::limit || outcome.error.kind == ErrorKind::protocol));
}

TEST_CASE("the limit of headers is the caller's") {
    const demo::Listener server =
        serve(answers("HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x') + "\r\n\r\n" + std::string(50'000, 'x')));
    Recorder recorder;
    net::HttpLimits limits;
    limits.header_bytes = 1024;
    const auto small = perform(get(server.url()), recorder, generous(), net::system_resolver, limits).outcome;
    CHECK(small.error.kind == ErrorKind::limit);
    CHECK(contains(small.error.message, "1 KiB"));
    limits.header_bytes = 3000;
    CHECK(perform(get(server.url()), recorder, generous(), net::system_resolver, limits).outcome.end == End::complete);
}

TEST_CASE("a head that comes in one burst with a long body is within the limit") {
    const std::string body(std::size_t{4} << 20, 'x');
    std::string in_chunks(kChunkedHead);
    for (std::size_t pos = 0; pos < body.size(); pos += 1000)
        in_chunks += chunk(std::string_view(body).substr(pos, 1000));
    for (const std::string& answer : {with_length(body), in_chunks + chunk(""), "HTTP/1.1 200 OK\r\n\r\n" + body}) {
        const demo::Listener server = serve(answers(answer));
        Recorder recorder;
        CHECK(perform(get(server.url()), recorder).outcome.end == End::complete);
        CHECK(recorder.body == body);
    }
}

TEST_CASE("a stream whose framing outweighs its body goes on for ever") {
    std::string tokens(kChunkedHead);
    for (int i = 0; i < 300'000; ++i) tokens += "1\r\nx\r\n";  // 1.5 MiB of framing
    const demo::Listener server = serve(answers(tokens + chunk("")));
    Recorder recorder;
    const auto outcome = perform(get(server.url()), recorder).outcome;
    CHECK(outcome.end == End::complete);
    CHECK(outcome.body_bytes == 300'000);
}

TEST_CASE("more than 1024 descriptors are no obstacle, and no descriptor left is a limit that is named") {
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    const auto set_limit = [&](rlim_t limit) {
        const rlimit changed{limit, before.rlim_max};
        return setrlimit(RLIMIT_NOFILE, &changed) == 0;
    };
    const demo::Listener server = serve(answers(with_length("ok")));
    std::vector<int> taken;
    if (before.rlim_max >= 2000 && set_limit(2000)) {
        while (taken.empty() || taken.back() < 1100) taken.push_back(dup(0));
        Recorder recorder;
        CHECK(perform(get(server.url()), recorder).outcome.end == End::complete);
        for (const int fd : taken) close(fd);
    }

    const int next = dup(0);
    close(next);
    const net::HttpRequest refused = get("http://localhost:" + std::to_string(refusing_port()));
    bool was_limited = false;
    for (int free = 0; free < 8; ++free) {
        REQUIRE(set_limit(static_cast<rlim_t>(next + free)));
        Recorder recorder;
        const auto outcome = perform(refused, recorder).outcome;
        REQUIRE(set_limit(before.rlim_cur));
        CHECK(outcome.end == End::failed);
        was_limited |= outcome.error.kind == ErrorKind::own_limit;
        if (free == 0) CHECK(outcome.error.kind == ErrorKind::own_limit);
        if (free == 7) CHECK(outcome.error.kind == ErrorKind::connection);
    }
    CHECK(was_limited);
}
