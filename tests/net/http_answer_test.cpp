// Answers of all shapes, as the receiver gets them.
#include <doctest/doctest.h>

#include "http_fixture.h"
#include "servers/scripts.h"

using namespace llmc;
using namespace llmc::test;
using demo::Connection;
using net::Phase;

TEST_CASE("a body arrives whole in every framing, sent at once and byte by byte") {
    const std::string body = "data: {\"a\":10}\n\ndata: [DONE]\n\n";
    const std::vector<std::pair<std::string, std::string>> framings{
        {"length", with_length(body)},
        {"chunks", std::string(kChunkedHead) + chunk("data: {\"a\"") + chunk(":10}\n\ndata: [DONE]\n\n") + chunk("")},
        {"one-byte chunks with extensions",
         [&] {
             std::string all(kChunkedHead);
             for (const char c : body) all += "1;x=y\r\n" + std::string(1, c) + "\r\n";
             return all + "0\r\n\r\n";
         }()},
        {"close", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + body},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n" + body},
        {"no reason phrase", "HTTP/1.1 200\r\nContent-Length: 30\r\n\r\n" + body},
        {"an interim answer first", "HTTP/1.1 100 Continue\r\n\r\n" + with_length(body)},
        {"interim answers of all kinds first",
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\nHTTP/1.1 199\r\n\r\n" +
             with_length(body)},
        {"interim answers without CR",
         "HTTP/1.0 110 Whatever\nX: y\n\nHTTP/1.1 103 Early Hints\n\n" + with_length(body)},
        {"an interim answer that fills the buffer",
         "HTTP/1.1 103 Early Hints\r\nX: " + std::string(8000, 'x') + "\r\nX: " + std::string(8000, 'x') +
             "\r\nX: " + std::string(336, 'x') + "\r\n\r\n" + with_length(body)},
        {"equal lengths twice", "HTTP/1.1 200 OK\r\nContent-Length: 30\r\nContent-Length: 30\r\n\r\n" + body},
    };
    REQUIRE(body.size() == 30);
    for (const auto& framing : framings) {
        for (const bool is_byte_by_byte : {false, true}) {
            CAPTURE(framing.first);
            CAPTURE(is_byte_by_byte);
            const demo::Listener server = serve([&, &all = framing.second](Connection& connection) {
                demo::read_request(connection);
                for (std::size_t i = 0; is_byte_by_byte && i < all.size(); ++i) connection.send(all.substr(i, 1));
                if (!is_byte_by_byte) connection.send(all);
            });
            Recorder recorder;
            const auto outcome = perform(post(server.url()), recorder).outcome;
            CHECK(outcome.end == End::complete);
            CHECK(outcome.status == 200);
            CHECK(outcome.body_bytes == body.size());
            CHECK(outcome.phase == Phase::streaming);
            CHECK(recorder.body == body);
            CHECK(recorder.heads == 1);
            CHECK(recorder.sendings == 1);
            CHECK(recorder.head.request_started == recorder.request_started);
            CHECK(recorder.phases == std::vector{Phase::connect, Phase::send, Phase::waiting, Phase::streaming});
        }
    }
}

TEST_CASE("a part of the body is passed on as soon as it arrives") {
    std::mutex mutex;
    std::condition_variable changed;
    int seen = 0;
    const demo::Listener server = serve([&](Connection& connection) {
        demo::read_request(connection);
        connection.send(kChunkedHead);
        for (int i = 1; i <= 3; ++i) {
            connection.send(chunk("x"));
            std::unique_lock lock(mutex);
            REQUIRE(changed.wait_for(lock, 20s, [&] { return seen == i; }));
        }
        connection.send(chunk(""));
    });
    Recorder recorder;
    recorder.on_part = [&](std::string_view) {
        const std::lock_guard lock(mutex);
        ++seen;
        changed.notify_all();
    };
    CHECK(perform(get(server.url()), recorder).outcome.end == End::complete);
    CHECK(seen == 3);
}

TEST_CASE("every status is passed on with its headers, with and without a body") {
    struct Case {
        std::string status, headers, body;
        int number;
    };
    const std::vector<Case> cases{
        {"200 OK", "Content-Type: Application/JSON; Charset=UTF-8\r\nServer: llama.cpp\r\n", "{}", 200},
        {"204 No Content", "Server: llama.cpp\r\n", "", 204},
        {"304 Not Modified", "", "", 304},
        {"307 Temporary Redirect", "Location: http://127.0.0.1:1/y\r\n", "moved", 307},
        {"400 Bad Request", "", "", 400},
        {"401 Unauthorized", "WWW-Authenticate: Digest realm=\"x\", nonce=\"y\"\r\n", "no", 401},
        {"429 Too Many Requests", "Retry-After: 20\r\n", "wait", 429},
        {"500 Internal Server Error", "", "{\"error\":1}", 500},
        {"503 Service Unavailable", "retry-after: Wed, 21 Oct 2026 07:28:00 GMT\r\n", "", 503},
        {"999 Odd", "", "", 999},
    };
    for (const Case& expected : cases) {
        CAPTURE(expected.status);
        const demo::Listener server = serve(answers(with_length(expected.body, expected.status, expected.headers)));
        Recorder recorder;
        const auto outcome = perform(post(server.url()), recorder).outcome;
        CHECK(outcome.end == End::complete);
        CHECK(outcome.status == expected.number);
        CHECK(recorder.heads == 1);
        CHECK(recorder.head.status == expected.number);
        CHECK(recorder.body == expected.body);
        CHECK(recorder.head.content_type == (expected.number == 200 ? "application/json; charset=utf-8" : ""));
        CHECK(recorder.head.server == (contains(expected.headers, "llama.cpp") ? "llama.cpp" : ""));
        CHECK(recorder.head.location == (expected.number == 307 ? "http://127.0.0.1:1/y" : ""));
        CHECK(recorder.head.retry_after.empty() == (expected.number != 429 && expected.number != 503));
        CHECK(server.accepted() == 1);
    }
}

TEST_CASE("a redirect is reported and never followed") {
    const demo::Listener target = serve(answers(with_length("stolen")));
    for (const std::string status :
         {"301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"}) {
        const demo::Listener server = serve(answers(with_length("", status, "Location: " + target.url() + "/x\r\n")));
        net::HttpRequest request = post(server.url());
        request.headers.emplace_back("Authorization", "Bearer canary");
        Recorder recorder;
        CHECK(perform(request, recorder).outcome.end == End::complete);
        CHECK(recorder.head.location == target.url() + "/x");
    }
    CHECK(target.accepted() == 0);
}

TEST_CASE("headers of an answer come without control characters, which cpp-httplib decodes from %XX") {
    const demo::Listener server =
        serve(answers(with_length("", "307 X", "Location: /a%0d%0aX: y%1b[31m\r\nServer: \x1b]0;title\x07s\r\n")));
    Recorder recorder;
    perform(get(server.url()), recorder);  // newer versions refuse such an answer
    for (const std::string& text : {recorder.head.location, recorder.head.server}) {
        for (const char c : text) CHECK(static_cast<unsigned char>(c) >= ' ');
    }
}

TEST_CASE("a request is written as it was asked for") {
    std::optional<demo::RawRequest> seen;
    const demo::Listener server = serve([&](Connection& connection) {
        seen = demo::read_request(connection);
        connection.send(with_length(""));
    });
    net::HttpRequest request = post(server.url(), "{\"a\":\"\xC3\xA4\"}");
    request.path = "/openai/v1/chat/completions?x=1";
    request.headers.emplace_back("Authorization", "Bearer key");
    request.headers.emplace_back("accept-encoding", "gzip");
    request.headers.emplace_back("Content-Length", "7");
    Recorder recorder;
    REQUIRE(perform(request, recorder).outcome.end == End::complete);
    REQUIRE(seen.has_value());
    CHECK(seen->method == "POST");
    CHECK(seen->path == request.path);
    CHECK(seen->body == request.body);
    CHECK(seen->header("host") == "127.0.0.1:" + std::to_string(server.port()));
    CHECK(seen->header("accept-encoding") == "identity");
    CHECK(seen->header("connection") == "close");
    CHECK(seen->header("authorization") == "Bearer key");
    CHECK(seen->header("content-type") == "application/json");
    CHECK(seen->header("content-length") == std::to_string(request.body.size()));
    CHECK(seen->header("expect").empty());

    REQUIRE(perform(get(server.url()), recorder).outcome.end == End::complete);
    CHECK(seen->method == "GET");
    CHECK(seen->body.empty());
    CHECK(seen->header("content-length").empty());
    CHECK(seen->header("transfer-encoding").empty());
}

TEST_CASE("a long body arrives whole") {
    const std::string body(std::size_t{5} << 20, 'x');
    std::size_t received = 0;
    const demo::Listener server = serve([&](Connection& connection) {
        if (const auto request = demo::read_request(connection)) received = request->body.size();
        connection.send(with_length("ok"));
    });
    Recorder recorder;
    CHECK(perform(post(server.url(), body), recorder).outcome.end == End::complete);
    CHECK(received == body.size());
    CHECK(recorder.body == "ok");
}

TEST_CASE("what would smuggle something into a request is refused before anything is sent") {
    const demo::Listener server = serve(answers(with_length("")));
    using Change = std::function<void(net::HttpRequest&)>;
    const std::vector<Change> changes{
        [](auto& r) { r.headers.emplace_back("Authorization", "Bearer secret\r\nX: y"); },
        [](auto& r) { r.headers.emplace_back("Authorization", "Bearer secret\n"); },
        [](auto& r) { r.headers.emplace_back("Authorization", std::string("Bearer secret\0", 14)); },
        [](auto& r) { r.headers.emplace_back("X\r\nY", "z"); },
        [](auto& r) { r.headers.emplace_back("X Y", "z"); },
        [](auto& r) { r.headers.emplace_back("", "z"); },
        [](auto& r) { r.path = std::string("/x\r\nY: z"); },
        [](auto& r) { r.path = std::string("/x HTTP/1.1"); },
        [](auto& r) { r.path = std::string("/x\0", 3); },
        [](auto& r) { r.path = std::string("x"); },
        [](auto& r) { r.path = std::string(""); },
        [](auto& r) { r.method = std::string("DELETE"); },
        [](auto& r) { r.method = std::string("GET / HTTP/1.1\r\nX:"); },
    };
    for (const Change& change : changes) {
        net::HttpRequest request = post(server.url());
        change(request);
        Recorder recorder;
        const auto outcome = perform(request, recorder).outcome;
        CHECK(outcome.end == End::failed);
        CHECK(outcome.error.kind == ErrorKind::usage);
        CHECK_FALSE(contains(outcome.error.message, "secret"));
        CHECK(recorder.sendings == 0);
    }
    CHECK(server.accepted() == 0);
}

TEST_CASE("a receiver that has enough ends the request") {
    const demo::Listener server = serve(floods(std::string(kChunkedHead), chunk(std::string(1000, 'x'))));
    Recorder refuses_head;
    refuses_head.refuses_head = true;
    CHECK(perform(get(server.url()), refuses_head).outcome.end == End::refused);
    CHECK(refuses_head.body_parts == 0);

    Recorder refuses_body;
    refuses_body.refuse_at_part = 3;
    const auto outcome = perform(get(server.url()), refuses_body).outcome;
    CHECK(outcome.end == End::refused);
    CHECK(outcome.status == 200);
    CHECK(refuses_body.body_parts == 3);

    const demo::Listener empty = serve(answers("HTTP/1.1 204 No Content\r\n\r\n"));
    CHECK(perform(get(empty.url()), refuses_head).outcome.end == End::refused);
}

TEST_CASE("an early refusal of a long body is worth more than the broken connection") {
    const demo::Listener server = serve([](Connection& connection) {
        connection.receive(100);
        connection.send(with_length("too long", "413 Payload Too Large"));
    });
    Recorder recorder;
    const auto outcome = perform(post(server.url(), std::string(std::size_t{20} << 20, 'x')), recorder).outcome;
    CHECK(outcome.end == End::complete);
    CHECK(outcome.status == 413);
    CHECK(recorder.body == "too long");
}

TEST_CASE("a name is resolved, and its addresses are tried in turn") {
    std::string host;
    const demo::Listener server = serve([&](Connection& connection) {
        if (const auto request = demo::read_request(connection)) host = request->header("host");
        connection.send(with_length("ok"));
    });
    const auto resolver = [](const std::string& name) -> Result<std::vector<std::string>> {
        CHECK(name == "studio.local");
        return std::vector<std::string>{"127.0.0.2", "::1", "127.0.0.1"};  // the server listens on the last only
    };
    Recorder recorder;
    const std::string port = std::to_string(server.port());
    CHECK(perform(get("http://Studio.local:" + port), recorder, generous(), resolver).outcome.end == End::complete);
    CHECK(recorder.body == "ok");
    CHECK(host == "studio.local:" + port);

    Recorder over_localhost;
    CHECK(perform(get("http://localhost:" + port), over_localhost).outcome.end == End::complete);
}

TEST_CASE("a numeric address needs no resolver") {
    const demo::Listener server = serve(answers(with_length("ok")));
    const auto resolver = [](const std::string&) -> Result<std::vector<std::string>> {
        return Error{ErrorKind::resolve, "asked"};
    };
    Recorder recorder;
    CHECK(perform(get(server.url()), recorder, generous(), resolver).outcome.end == End::complete);
    auto ipv6 = demo::Listener::start(answers(with_length("ok")), 0, "::1");
    if (ipv6.ok()) CHECK(perform(get(ipv6->url()), recorder, generous(), resolver).outcome.end == End::complete);
}

TEST_CASE("fetch gives a small body whole") {
    const demo::Listener server = serve(answers(with_length("{\"data\":[]}", "404 Not Found", "Server: x\r\n")));
    const auto body = client().fetch(get(server.url()), generous(), 100, net::Cancellation());
    REQUIRE(body.ok());
    CHECK(body->bytes == "{\"data\":[]}");
    CHECK(body->head.status == 404);
    CHECK(body->head.server == "x");

    const auto too_long = client().fetch(get(server.url()), generous(), 10, net::Cancellation());
    REQUIRE_FALSE(too_long.ok());
    CHECK(too_long.error().kind == ErrorKind::limit);
    CHECK(too_long.error().message == "sent more than 10 bytes");

    const auto refused =
        client().fetch(get("http://127.0.0.1:" + std::to_string(refusing_port())), generous(), 10, net::Cancellation());
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().kind == ErrorKind::connection);

    net::Cancellation cancellation;
    cancellation.cancel();
    const auto cancelled = client().fetch(get(server.url()), generous(), 10, cancellation);
    REQUIRE_FALSE(cancelled.ok());
    CHECK(cancelled.error().kind == ErrorKind::cancelled);
}

TEST_CASE("fetch does not wait for ever for a body that drips") {
    const demo::Listener server = serve([](Connection& connection) {
        demo::read_request(connection);
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        while (connection.send("x") && connection.wait(10ms)) {
        }
    });
    net::Deadlines deadlines = generous();
    deadlines.no_progress = 150ms;
    const auto body = client().fetch(get(server.url()), deadlines, 1 << 20, net::Cancellation());
    REQUIRE_FALSE(body.ok());
    CHECK(body.error().kind == ErrorKind::timeout);
    CHECK(body.error().message == "did not finish its answer within 0.15 s");
}

TEST_CASE("a stream of many small writes arrives whole") {
    constexpr int kWrites = 20000;
    const demo::Listener server = serve([](Connection& connection) {
        demo::read_request(connection);
        connection.send(std::string(kChunkedHead));
        for (int i = 0; i < kWrites; ++i) connection.send(chunk(std::to_string(i % 10)));
        connection.send("0\r\n\r\n");
    });
    Recorder recorder;
    CHECK(perform(post(server.url()), recorder).outcome.end == End::complete);
    REQUIRE(recorder.body.size() == kWrites);
    for (int i = 0; i < kWrites; ++i) REQUIRE(recorder.body[static_cast<std::size_t>(i)] == '0' + i % 10);
}
