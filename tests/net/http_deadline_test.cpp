// Silence in every phase: which deadline ends it, and what it is called.
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

constexpr auto kLimit = 150ms;
// A busy computer may take its time; the deadlines that are not meant are longer.
constexpr auto kGrace = 10s;

void check_timeout(const Timed& timed, Phase phase, const std::string& said) {
    CHECK(timed.outcome.end == End::failed);
    CHECK(timed.outcome.error.kind == ErrorKind::timeout);
    CHECK(timed.outcome.phase == phase);
    CHECK_MESSAGE(contains(timed.outcome.error.message, said), timed.outcome.error.message);
    CHECK(timed.time >= kLimit);
    CHECK(timed.time <= kLimit + kGrace);
}

net::Deadlines connect_limit() {
    return {.connect = kLimit, .no_progress = 20s, .total = std::nullopt};
}
net::Deadlines progress_limit() {
    return {.connect = 20s, .no_progress = kLimit, .total = std::nullopt};
}
net::Deadlines total_limit() {
    return {.connect = 20s, .no_progress = 20s, .total = kLimit};
}

// A resolver that answers only when the test ends.
class SilentResolver {
public:
    net::Resolver resolver() {
        return [state = state_](const std::string&) -> Result<std::vector<std::string>> {
            std::unique_lock lock(state->mutex);
            state->changed.wait(lock, [&] { return state->is_over; });
            return Error{ErrorKind::resolve, "never seen"};
        };
    }
    ~SilentResolver() {
        const std::lock_guard lock(state_->mutex);
        state_->is_over = true;
        state_->changed.notify_all();
    }

private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        bool is_over = false;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

TEST_CASE("a resolver that never answers meets the connect deadline") {
    SilentResolver silent;
    Recorder recorder;
    check_timeout(perform(get("http://h"), recorder, connect_limit(), silent.resolver()), Phase::resolve,
                  "its name was not resolved within 0.15 s");
}

TEST_CASE("a port that does not answer meets the connect deadline") {
    const HangingPort hanging;
    Recorder recorder;
    check_timeout(perform(get("http://127.0.0.1:" + std::to_string(hanging.port())), recorder, connect_limit()),
                  Phase::connect, "did not accept the connection within 0.15 s");
}

TEST_CASE("a silent address leaves time for the next one") {
    const HangingPort hanging;
    const auto resolver = [](const std::string&) -> Result<std::vector<std::string>> {
        return std::vector<std::string>{"127.0.0.1", "127.0.0.2"};  // the second one refuses
    };
    net::Deadlines deadlines = generous();
    deadlines.connect = 1s;
    Recorder recorder;
    const auto outcome =
        perform(get("http://h:" + std::to_string(hanging.port())), recorder, deadlines, resolver).outcome;
    CHECK(outcome.error.kind == ErrorKind::connection);
    CHECK(contains(outcome.error.message, "refused"));
}

TEST_CASE("a TLS handshake without an answer meets the connect deadline") {
    const demo::Listener server = serve(is_mute());
    Recorder recorder;
    check_timeout(perform(get("https://127.0.0.1:" + std::to_string(server.port())), recorder, connect_limit()),
                  Phase::connect, "did not finish the TLS handshake within 0.15 s");
}

TEST_CASE("a server without an answer meets the no-progress deadline") {
    const demo::Listener server = serve(answers_and_holds(""));
    Recorder recorder;
    check_timeout(perform(post(server.url()), recorder, progress_limit()), Phase::waiting, "sent no token for 0.15 s");
}

TEST_CASE("a server that does not read a long request meets the no-progress deadline") {
    const demo::Listener server = serve(is_mute());
    Recorder recorder;
    check_timeout(perform(post(server.url(), std::string(std::size_t{20} << 20, 'x')), recorder, progress_limit()),
                  Phase::send, "sent no token for 0.15 s");
}

TEST_CASE("a head that never ends meets the no-progress deadline, also where it drips") {
    for (const bool drips : {false, true}) {
        const demo::Listener server = serve([&](Connection& connection) {
            demo::read_request(connection);
            connection.send("HTTP/1.1 200 OK\r\nX: ");
            while (connection.wait(drips ? 10ms : 1h) && connection.send("x")) {
            }
        });
        Recorder recorder;
        check_timeout(perform(post(server.url()), recorder, progress_limit()), Phase::waiting,
                      "sent no token for 0.15 s");
    }
}

TEST_CASE("comments are no progress, slow or fast") {
    const demo::Listener slow = serve([](Connection& connection) {
        demo::read_request(connection);
        connection.send(kChunkedHead);
        while (connection.send(chunk(": ping\n\n")) && connection.wait(10ms)) {
        }
    });
    Recorder recorder;
    check_timeout(perform(post(slow.url()), recorder, progress_limit()), Phase::streaming, "sent no token for 0.15 s");

    const demo::Listener fast = serve(floods(std::string(kChunkedHead), chunk(": ping\n\n")));
    Recorder flooded;
    flooded.keeps_body = false;
    check_timeout(perform(post(fast.url()), flooded, progress_limit()), Phase::streaming, "sent no token for 0.15 s");
}

TEST_CASE("tokens that keep coming are never cut, however slow") {
    const demo::Listener server = serve([](Connection& connection) {
        demo::read_request(connection);
        connection.send(kChunkedHead);
        for (int i = 0; i < 20 && connection.send(chunk("x")); ++i) connection.wait(100ms);
        connection.send(chunk(""));
    });
    Recorder recorder;
    recorder.on_part = [&](std::string_view) { recorder.running->progress(); };
    net::Deadlines deadlines = generous();
    deadlines.no_progress = 1500ms;
    const auto [outcome, time] = perform(post(server.url()), recorder, deadlines);
    CHECK(outcome.end == End::complete);
    CHECK(time >= 1500ms);
}

TEST_CASE("after the last token a server gets only as long as the receiver says") {
    const demo::Listener server = serve(answers_and_holds(std::string(kChunkedHead) + chunk("data: [DONE]\n\n")));
    Recorder recorder;
    recorder.on_part = [&](std::string_view) { recorder.running->progress(kLimit); };
    check_timeout(perform(post(server.url()), recorder), Phase::streaming, "sent no token for 0.15 s");
}

TEST_CASE("the total deadline counts in every phase") {
    SilentResolver silent;
    Recorder recorder;
    const std::string said = "did not finish within the total limit of 0.15 s";
    check_timeout(perform(get("http://h"), recorder, total_limit(), silent.resolver()), Phase::resolve, said);
    const HangingPort hanging;
    check_timeout(perform(get("http://127.0.0.1:" + std::to_string(hanging.port())), recorder, total_limit()),
                  Phase::connect, said);
    const demo::Listener mute = serve(answers_and_holds(""));
    check_timeout(perform(post(mute.url()), recorder, total_limit()), Phase::waiting, said);
    const demo::Listener endless = serve(floods(std::string(kChunkedHead), chunk("x")));
    Recorder streaming;
    streaming.keeps_body = false;
    streaming.on_part = [&](std::string_view) { streaming.running->progress(); };
    check_timeout(perform(post(endless.url()), streaming, total_limit()), Phase::streaming, said);
}

TEST_CASE("deadlines of centuries do no harm") {
    const demo::Listener server = serve(answers(with_length("ok")));
    Recorder recorder;
    const net::Deadlines deadlines{
        .connect = base::Duration::max(), .no_progress = base::Duration::max(), .total = base::Duration::max()};
    CHECK(perform(get(server.url()), recorder, deadlines).outcome.end == End::complete);
}

TEST_CASE("a deadline also ends a silent TLS stream") {
    const Certificate certificate = make_certificate({});
    const PemFile trusted(certificate);
    const demo::Listener server =
        serve(over_tls(certificate, answers_and_holds(std::string(kChunkedHead) + chunk("x"))));
    net::HttpRequest request = post("https://127.0.0.1:" + std::to_string(server.port()));
    request.ca_file = trusted.path();
    Recorder recorder;
    check_timeout(perform(request, recorder, progress_limit()), Phase::streaming, "sent no token for 0.15 s");
    CHECK(recorder.body == "x");
}
