// TLS: who is trusted, and why somebody is not.
#include <cstdlib>

#include <doctest/doctest.h>

#include "http_fixture.h"
#include "servers/certificates.h"
#include "servers/scripts.h"
#include "servers/tls_connection.h"

using namespace llmc;
using namespace llmc::test;
using demo::Connection;
using net::Phase;

namespace {

std::string https(const demo::Listener& server, const std::string& host = "127.0.0.1") {
    return "https://" + host + ":" + std::to_string(server.port());
}

net::HttpRequest trusting(const std::string& server, const PemFile& trusted) {
    net::HttpRequest request = get(server);
    request.ca_file = trusted.path();
    return request;
}

}  // namespace

TEST_CASE("a certificate of a trusted authority is accepted, by name and by address") {
    const Certificate authority =
        make_certificate({.common_name = "Test CA", .alternative_names = "", .is_authority = true});
    const Certificate certificate = make_certificate({.issuer = &authority});
    const PemFile trusted(authority);
    std::string host;
    const demo::Listener server = serve(over_tls(certificate, [&](Connection& connection) {
        if (const auto request = demo::read_request(connection)) host = request->header("host");
        connection.send(std::string(kChunkedHead) + chunk("to") + chunk("ken") + chunk(""));
    }));
    for (const std::string name : {"127.0.0.1", "localhost"}) {
        CAPTURE(name);
        Recorder recorder;
        const auto outcome = perform(trusting(https(server, name), trusted), recorder).outcome;
        CHECK_MESSAGE(outcome.end == End::complete, outcome.error.message);
        CHECK(recorder.body == "token");
        CHECK(host == name + ":" + std::to_string(server.port()));
    }
}

TEST_CASE("a certificate that cannot be trusted is refused with the reason, before the request is sent") {
    const Certificate authority =
        make_certificate({.common_name = "Test CA", .alternative_names = "", .is_authority = true});
    const Certificate stranger =
        make_certificate({.common_name = "Other CA", .alternative_names = "", .is_authority = true});
    const PemFile trusted(authority);
    struct Case {
        std::string said;
        Certificate certificate;
        std::string host = "127.0.0.1";
    };
    const std::vector<Case> cases{
        {"the certificate has expired",
         make_certificate({.starts_in_s = -7200, .ends_in_s = -3600, .issuer = &authority})},
        {"the certificate is not valid yet",
         make_certificate({.starts_in_s = 3600, .ends_in_s = 7200, .issuer = &authority})},
        {"the certificate is for another host name",
         make_certificate({.alternative_names = "DNS:other.example,IP:10.0.0.1", .issuer = &authority})},
        {"the certificate is for another host name",
         make_certificate({.common_name = "127.0.0.1", .alternative_names = "", .issuer = &authority})},
        {"the certificate is for another host name",
         make_certificate({.alternative_names = "DNS:other.example,IP:127.0.0.1", .issuer = &authority}), "localhost"},
        {"the certificate is self-signed", make_certificate({})},
        {"the certificate is signed by an unknown authority", make_certificate({.issuer = &stranger})},
    };
    for (const Case& expected : cases) {
        CAPTURE(expected.said);
        const demo::Listener server = serve(over_tls(expected.certificate, answers(with_length("secret"))));
        net::HttpRequest request = trusting(https(server, expected.host), trusted);
        request.headers.emplace_back("Authorization", "Bearer canary");
        Recorder recorder;
        const auto outcome = perform(request, recorder).outcome;
        CHECK(outcome.end == End::failed);
        CHECK(outcome.error.kind == ErrorKind::tls);
        CHECK(outcome.phase == Phase::connect);
        CHECK_MESSAGE(contains(outcome.error.message, expected.said), outcome.error.message);
        CHECK(recorder.sendings == 0);
    }
}

TEST_CASE("without a file of its own a request trusts the system's authorities only, and those of SSL_CERT_FILE") {
    const Certificate authority =
        make_certificate({.common_name = "Test CA", .alternative_names = "", .is_authority = true});
    const PemFile trusted(authority);
    const demo::Listener server = serve(over_tls(make_certificate({.issuer = &authority}), answers(with_length("ok"))));
    Recorder recorder;
    CHECK(perform(get(https(server)), recorder).outcome.error.kind == ErrorKind::tls);
    setenv("SSL_CERT_FILE", trusted.path().c_str(), 1);
    const auto outcome = perform(get(https(server)), recorder).outcome;
    unsetenv("SSL_CERT_FILE");
    CHECK_MESSAGE(outcome.end == End::complete, outcome.error.message);
    CHECK(perform(get(https(server)), recorder).outcome.error.kind == ErrorKind::tls);
}

TEST_CASE("a server's own certificate may be trusted directly") {
    const Certificate authority =
        make_certificate({.common_name = "Test CA", .alternative_names = "", .is_authority = true});
    for (const Certificate& certificate : {make_certificate({}), make_certificate({.issuer = &authority})}) {
        const PemFile trusted(certificate);
        const demo::Listener server = serve(over_tls(certificate, answers(with_length("ok"))));
        Recorder recorder;
        const auto outcome = perform(trusting(https(server), trusted), recorder).outcome;
        CHECK_MESSAGE(outcome.end == End::complete, outcome.error.message);
    }
}

TEST_CASE("a file of authorities that cannot be read is named") {
    const demo::Listener server = serve(over_tls(make_certificate({}), answers(with_length("ok"))));
    net::HttpRequest request = get(https(server));
    request.ca_file = "/no/such/file.pem";
    Recorder recorder;
    const auto outcome = perform(request, recorder).outcome;
    CHECK(outcome.error.kind == ErrorKind::tls);
    CHECK(contains(outcome.error.message, "/no/such/file.pem"));
}

TEST_CASE("http and https taken for each other are told") {
    const Certificate certificate = make_certificate({});
    Recorder recorder;
    const demo::Listener secure = serve(over_tls(certificate, answers(with_length("ok"))));
    const auto plain_to_secure = perform(get(secure.url()), recorder).outcome;
    CHECK(plain_to_secure.end == End::failed);  // OpenSSL's server says good-bye with an alert, or with nothing

    const demo::Listener plain = serve([](Connection& connection) {
        connection.receive(10);
        connection.send(with_length("", "400 Bad Request"));
    });
    const auto secure_to_plain = perform(get(https(plain)), recorder).outcome;
    CHECK(secure_to_plain.error.kind == ErrorKind::tls);
    CHECK_MESSAGE(contains(secure_to_plain.error.message, "http://"), secure_to_plain.error.message);
}

TEST_CASE("a server that leaves during the handshake is a matter of the connection") {
    for (const bool is_reset : {false, true}) {
        const demo::Listener server = serve([&](Connection& connection) {
            connection.receive(10);
            if (is_reset) connection.reset();
        });
        Recorder recorder;
        const auto outcome = perform(get(https(server)), recorder).outcome;
        CHECK(outcome.error.kind == ErrorKind::connection);
        CHECK_MESSAGE(contains(outcome.error.message, "closed the connection"), outcome.error.message);
        CHECK(outcome.phase == Phase::connect);
    }
}

TEST_CASE("over TLS too bodies come whole, cuts are noticed and limits hold") {
    const Certificate certificate = make_certificate({});
    const PemFile trusted(certificate);
    const std::string body(std::size_t{3} << 20, 'x');
    {
        const demo::Listener server = serve(over_tls(certificate, answers("HTTP/1.1 200 OK\r\n\r\n" + body)));
        Recorder recorder;
        CHECK(perform(trusting(https(server), trusted), recorder).outcome.end == End::complete);
        CHECK(recorder.body == body);
    }
    {
        // The connection ends without a good-bye of TLS: what is complete is decided by the framing.
        const demo::Listener server = serve(over_tls(certificate, [](Connection& connection) {
            demo::read_request(connection);
            connection.send(std::string(kChunkedHead) + chunk("x"));
            dynamic_cast<TlsConnection&>(connection).plain().shut_down_sending();
        }));
        Recorder recorder;
        const auto outcome = perform(trusting(https(server), trusted), recorder).outcome;
        CHECK(outcome.error.kind == ErrorKind::connection);
        CHECK(recorder.body == "x");
    }
    {
        std::size_t received = 0;
        const demo::Listener server = serve(over_tls(certificate, [&](Connection& connection) {
            if (const auto request = demo::read_request(connection)) received = request->body.size();
            connection.send(with_length("ok"));
        }));
        net::HttpRequest request = post(https(server), body);
        request.ca_file = trusted.path();
        Recorder recorder;
        CHECK(perform(request, recorder).outcome.end == End::complete);
        CHECK(received == body.size());
    }
    {
        const demo::Listener server = serve(over_tls(certificate, floods("HTTP/1.1 200 ", "x")));
        Recorder recorder;
        const auto outcome = perform(trusting(https(server), trusted), recorder).outcome;
        CHECK(outcome.error.kind == ErrorKind::limit);
    }
    {
        const demo::Listener server = serve(over_tls(certificate, [](Connection& connection) {
            connection.receive(1);
            connection.reset();
        }));
        net::HttpRequest request = post(https(server), std::string(std::size_t{20} << 20, 'x'));
        request.ca_file = trusted.path();
        Recorder recorder;
        const auto outcome = perform(request, recorder).outcome;
        CHECK(outcome.end == End::failed);
        CHECK((outcome.error.kind == ErrorKind::connection || outcome.error.kind == ErrorKind::tls));
    }
}
