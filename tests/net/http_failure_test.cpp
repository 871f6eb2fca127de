// Everything that goes wrong between two computers, and what it is called.
#include <doctest/doctest.h>

#include "http_fixture.h"
#include "servers/scripts.h"

using namespace llmc;
using namespace llmc::test;
using demo::Connection;
using net::Phase;

namespace {

void check_failure(const net::HttpOutcome& outcome, ErrorKind kind, Phase phase, const std::string& said) {
    CHECK(outcome.end == End::failed);
    CHECK(outcome.error.kind == kind);
    CHECK(outcome.phase == phase);
    CHECK_MESSAGE(contains(outcome.error.message, said), outcome.error.message);
}

}  // namespace

TEST_CASE("a port where nobody listens refuses the connection") {
    Recorder recorder;
    const auto outcome = perform(get("http://127.0.0.1:" + std::to_string(refusing_port())), recorder).outcome;
    check_failure(outcome, ErrorKind::connection, Phase::connect, "refused the connection");
    CHECK(recorder.sendings == 0);
    CHECK(outcome.status == 0);
}

TEST_CASE("a name without an address is named") {
    Recorder recorder;
    const auto unknown = perform(get("http://no-such-host.invalid"), recorder).outcome;
    check_failure(unknown, ErrorKind::resolve, Phase::resolve, "no-such-host.invalid");

    const auto resolver = [](const std::string&) -> Result<std::vector<std::string>> {
        return Error{ErrorKind::resolve, "has no address"};
    };
    check_failure(perform(get("http://h"), recorder, generous(), resolver).outcome, ErrorKind::resolve, Phase::resolve,
                  "has no address");

    const auto nothing = [](const std::string&) -> Result<std::vector<std::string>> {
        return std::vector<std::string>{};
    };
    check_failure(perform(get("http://h"), recorder, generous(), nothing).outcome, ErrorKind::resolve, Phase::resolve,
                  "without one");

    const auto nonsense = [](const std::string&) -> Result<std::vector<std::string>> {
        return std::vector<std::string>{"nonsense"};
    };
    check_failure(perform(get("http://h"), recorder, generous(), nonsense).outcome, ErrorKind::resolve, Phase::connect,
                  "\"nonsense\"");

    const auto throwing = [](const std::string&) -> Result<std::vector<std::string>> { throw std::runtime_error("x"); };
    check_failure(perform(get("http://h"), recorder, generous(), throwing).outcome, ErrorKind::resolve, Phase::resolve,
                  "failed");
}

TEST_CASE("a refusal tells more than an address that this machine cannot reach") {
    const auto resolver = [](const std::string&) -> Result<std::vector<std::string>> {
        return std::vector<std::string>{"127.0.0.1", "nonsense"};
    };
    Recorder recorder;
    const auto request = get("http://h:" + std::to_string(refusing_port()));
    check_failure(perform(request, recorder, generous(), resolver).outcome, ErrorKind::connection, Phase::connect,
                  "refused the connection");
}

TEST_CASE("a server that leaves is noticed in every phase") {
    struct Case {
        std::string why, sent, said;
        Phase phase;
        int heads;
    };
    const std::string head(kChunkedHead);
    const std::vector<Case> cases{
        {"before an answer", "", "closed the connection", Phase::waiting, 0},
        {"in the status line", "HTTP/1.1 2", "closed the connection", Phase::waiting, 0},
        {"in a header", "HTTP/1.1 200 OK\r\nServ", "closed the connection", Phase::waiting, 0},
        {"before the blank line", "HTTP/1.1 200 OK\r\nServer: x\r\n", "closed the connection", Phase::waiting, 0},
        {"after the head", head, "closed the connection", Phase::streaming, 1},
        {"in a chunk size", head + "1", "closed the connection", Phase::streaming, 1},
        {"in a chunk", head + "a\r\nxyz", "closed the connection", Phase::streaming, 1},
        {"between two chunks", head + chunk("x"), "closed the connection", Phase::streaming, 1},
        {"before the length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nxyz", "closed the connection",
         Phase::streaming, 1},
    };
    for (const Case& expected : cases) {
        for (const bool is_reset : {false, true}) {
            CAPTURE(expected.why);
            CAPTURE(is_reset);
            const demo::Listener server = serve([&](Connection& connection) {
                demo::read_request(connection);
                connection.send(expected.sent);
                if (is_reset) connection.reset();
            });
            Recorder recorder;
            const auto outcome = perform(post(server.url()), recorder).outcome;
            CHECK(outcome.end == End::failed);
            CHECK(outcome.error.kind == ErrorKind::connection);
            CHECK(contains(outcome.error.message, expected.said));
            if (!is_reset) {  // a reset may overtake what was sent before it
                CHECK(outcome.phase == expected.phase);
                CHECK(recorder.heads == expected.heads);
            }
        }
    }
}

TEST_CASE("a reset without reading the request is an error, not the end of the program") {
    const demo::Listener server = serve([](Connection& connection) {
        connection.receive(1);
        connection.reset();
    });
    for (const std::size_t size : {std::size_t{1}, std::size_t{1} << 20, std::size_t{20} << 20}) {
        CAPTURE(size);
        Recorder recorder;
        const auto outcome = perform(post(server.url(), std::string(size, 'x')), recorder).outcome;
        CHECK(outcome.end == End::failed);
        CHECK(outcome.error.kind == ErrorKind::connection);
        CHECK(contains(outcome.error.message, "closed the connection"));
        if (size > (std::size_t{10} << 20)) CHECK(outcome.phase == Phase::send);
    }
}

TEST_CASE("an answer that is not HTTP, or not what was asked for, is refused in words") {
    struct Case {
        std::string sent, said;
        int heads = 0;
    };
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    const std::vector<Case> cases{
        {"SSH-2.0-OpenSSH_9.2\r\n", "not HTTP/1.1"},
        {"HTTP/2 200 OK\r\n\r\n", "not HTTP/1.1"},
        {"\r\n\r\n", "not HTTP/1.1"},
        {std::string("\x15\x03\x01\x00\x02\x02\x46", 7), "https://"},
        {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "another protocol (status 101)"},
        {ok + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
         "Content-Encoding \"gzip\" although identity was asked for"},
        {ok + "content-encoding: BR\r\n\r\nabc", "\"br\""},
        {ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding \"gzip, chunked\""},
        {ok + "Content-Length: ten\r\n\r\n0123456789", "Content-Length"},
        {ok + "Content-Length: -5\r\n\r\n0123456789", "Content-Length"},
        {ok + "Content-Length: 99999999999999999999\r\n\r\nx", "Content-Length"},
        {ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy", ""},
        {std::string(kChunkedHead) + "xyz\r\n", "framing", 1},
        {std::string(kChunkedHead) + "-1\r\nabc", "framing", 1},
        {std::string(kChunkedHead) + "ffffffffffffffffffffffff\r\nabc", "framing", 1},
    };
    for (const Case& expected : cases) {
        CAPTURE(expected.sent);
        const demo::Listener server = serve(answers_and_holds(expected.sent));
        Recorder recorder;
        const auto outcome = perform(post(server.url()), recorder).outcome;
        CHECK(outcome.end == End::failed);
        CHECK(outcome.error.kind == ErrorKind::protocol);
        CHECK_MESSAGE(contains(outcome.error.message, expected.said), outcome.error.message);
        CHECK(recorder.heads == expected.heads);
        CHECK(recorder.body.empty());
    }
    const demo::Listener identity = serve(answers(with_length("x", "200 OK", "Content-Encoding: identity\r\n")));
    Recorder recorder;
    CHECK(perform(get(identity.url()), recorder).outcome.end == End::complete);
}

TEST_CASE("chunk sizes of any kind do no harm") {
    for (const std::string size : {"-2", "0x10", "7fffffffffffffff", "fffffffffffffffe", "ffffffffffffffffffffffffff",
                                   "+5", " 5", "5 ", "", "z"}) {
        CAPTURE(size);
        const demo::Listener server = serve(answers(std::string(kChunkedHead) + size + "\r\nabcde\r\n0\r\n\r\n"));
        Recorder recorder;
        const auto outcome = perform(get(server.url()), recorder).outcome;
        CHECK((outcome.end == End::complete || outcome.end == End::failed));
        CHECK(recorder.body.size() < 100);
    }
}
