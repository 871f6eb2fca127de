// Cancelling, in every phase, and what is left behind: nothing.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>

#include "http_fixture.h"
#include "servers/certificates.h"
#include "servers/scripts.h"
#include "servers/tls_connection.h"

using namespace llmc;
using namespace llmc::test;
using net::Connection;
using net::Phase;

namespace {

std::ptrdiff_t entries(const char* folder) {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

// The goal is 100 ms, a matter of measuring. A test on a busy computer is content with less than any deadline.
constexpr auto kPatience = 5s;

// Threads that have been told to end need a moment; nothing reports their end.
bool comes_to(std::ptrdiff_t expected, const char* folder) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (entries(folder) != expected && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return entries(folder) == expected;
}

// Threads and descriptors of this process are as many as before when the checker goes.
class NothingLeft {
public:
    ~NothingLeft() {
        CHECK(comes_to(threads_, "/proc/self/task"));
        CHECK(comes_to(descriptors_, "/proc/self/fd"));
    }

private:
    std::ptrdiff_t threads_ = entries("/proc/self/task");
    std::ptrdiff_t descriptors_ = entries("/proc/self/fd");
};

// Cancels 20 requests while they are in `phase`; the median time to their end.
std::chrono::duration<double> cancel_in(Phase phase, const net::HttpRequest& request,
                                        const net::Resolver& resolver = net::system_resolver) {
    const net::HttpClient shared = client(resolver);
    std::vector<std::chrono::duration<double>> times;
    for (int i = 0; i < 20; ++i) {
        Recorder recorder;
        recorder.keeps_body = false;
        net::Cancellation cancellation;
        std::atomic<std::chrono::steady_clock::time_point> cancelled_at{};
        std::jthread canceller([&, copy = cancellation]() mutable {
            if (phase != Phase::resolve) recorder.wait_for(phase);
            cancelled_at = std::chrono::steady_clock::now();
            copy.cancel();
        });
        const auto outcome = shared.perform(request, generous(), recorder, cancellation);
        const auto end = std::chrono::steady_clock::now();
        canceller.join();
        times.push_back(end - cancelled_at.load());
        CHECK(outcome.end == End::cancelled);
        CHECK(outcome.phase == phase);
        CHECK(cancellation.is_cancelled());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

}  // namespace

TEST_CASE("a cancelled request ends at once, in every phase, and leaves nothing behind") {
    const NothingLeft nothing_left;
    SUBCASE("while a resolver does not answer") {
        std::mutex mutex;
        std::condition_variable changed;
        bool is_over = false;
        std::atomic<int> resolving{0};
        const auto resolver = [&](const std::string&) -> Result<std::vector<std::string>> {
            ++resolving;
            {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return is_over; });
            }
            --resolving;
            return Error{ErrorKind::resolve, ""};
        };
        CHECK(cancel_in(Phase::resolve, get("http://h"), resolver) < kPatience);
        {
            const std::lock_guard lock(mutex);
            is_over = true;
            changed.notify_all();
        }
        while (resolving > 0) std::this_thread::yield();  // they use what stands on this stack
    }
    SUBCASE("while a port does not answer") {
        const HangingPort hanging;
        CHECK(cancel_in(Phase::connect, get("http://127.0.0.1:" + std::to_string(hanging.port()))) < kPatience);
    }
    SUBCASE("in a TLS handshake") {
        const net::Listener server = serve(is_mute());
        CHECK(cancel_in(Phase::connect, get("https://127.0.0.1:" + std::to_string(server.port()))) < kPatience);
    }
    SUBCASE("while a long request is written") {
        const net::Listener server = serve(is_mute());
        CHECK(cancel_in(Phase::send, post(server.url(), std::string(std::size_t{20} << 20, 'x'))) < kPatience);
    }
    SUBCASE("while the answer is waited for") {
        const net::Listener server = serve(answers_and_holds(""));
        CHECK(cancel_in(Phase::waiting, post(server.url())) < kPatience);
    }
    SUBCASE("in the head") {
        const net::Listener server = serve(answers_and_holds("HTTP/1.1 200 OK\r\nServ"));
        CHECK(cancel_in(Phase::waiting, post(server.url())) < kPatience);
    }
    SUBCASE("in a silent stream") {
        const net::Listener server = serve(answers_and_holds(std::string(kChunkedHead) + chunk("x")));
        CHECK(cancel_in(Phase::streaming, post(server.url())) < kPatience);
    }
    SUBCASE("in a stream that never stops") {
        const net::Listener server = serve(floods(std::string(kChunkedHead), chunk("x")));
        CHECK(cancel_in(Phase::streaming, post(server.url())) < kPatience);
    }
    SUBCASE("in a TLS stream") {
        const Certificate certificate = make_certificate({});
        const PemFile trusted(certificate);
        const net::Listener server =
            serve(over_tls(certificate, answers_and_holds(std::string(kChunkedHead) + chunk("x"))));
        net::HttpRequest request = post("https://127.0.0.1:" + std::to_string(server.port()));
        request.ca_file = trusted.path();
        CHECK(cancel_in(Phase::streaming, request) < kPatience);
    }
}

TEST_CASE("a request that was cancelled before its start does nothing") {
    const net::Listener server = serve(answers(with_length("ok")));
    const auto resolver = [](const std::string&) -> Result<std::vector<std::string>> {
        FAIL("asked");
        return Error{};
    };
    net::Cancellation cancellation;
    cancellation.cancel();
    cancellation.cancel();
    for (const std::string& text : {server.url(), std::string("http://h")}) {
        Recorder recorder;
        const auto outcome = client(resolver).perform(get(text), generous(), recorder, cancellation);
        CHECK(outcome.end == End::cancelled);
        CHECK(outcome.phase == Phase::resolve);
        CHECK(recorder.sendings == 0);
    }
    CHECK(server.accepted() == 0);
}

TEST_CASE("cancelling between two addresses ends the request") {
    net::Cancellation cancellation;
    const auto resolver = [copy = cancellation](const std::string&) mutable -> Result<std::vector<std::string>> {
        copy.cancel();
        return std::vector<std::string>{"127.0.0.1", "127.0.0.1"};
    };
    Recorder recorder;
    const auto request = get("http://h:" + std::to_string(refusing_port()));
    CHECK(client(resolver).perform(request, generous(), recorder, cancellation).end == End::cancelled);
}

TEST_CASE("one wish ends all the requests that share it, and no other") {
    const net::Listener server = serve(answers_and_holds(""));
    const net::HttpClient shared = client();
    net::Cancellation wish;
    net::Cancellation other;
    std::vector<net::HttpOutcome> outcomes(4);
    std::vector<Recorder> recorders(4);
    net::HttpOutcome untouched;
    Recorder untouched_recorder;
    std::jthread untouched_thread(
        [&] { untouched = shared.perform(post(server.url()), generous(), untouched_recorder, other); });
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            threads.emplace_back([&, i, copy = wish] {
                outcomes[i] = shared.perform(post(server.url()), generous(), recorders[i], copy);
            });
        }
        for (Recorder& recorder : recorders) recorder.wait_for(Phase::waiting);
        wish.cancel();
    }
    for (const auto& outcome : outcomes) CHECK(outcome.end == End::cancelled);
    untouched_recorder.wait_for(Phase::waiting);
    CHECK_FALSE(other.is_cancelled());
    other.cancel();
    untouched_thread.join();
    CHECK(untouched.end == End::cancelled);
}

TEST_CASE("cancelling after the end changes nothing") {
    const net::Listener server = serve(answers(with_length("ok")));
    net::Cancellation cancellation;
    Recorder recorder;
    CHECK(client().perform(get(server.url()), generous(), recorder, cancellation).end == End::complete);
    cancellation.cancel();
    CHECK(recorder.body == "ok");
}

TEST_CASE("cancelling while an answer ends is either, and never harm") {
    const net::Listener server = serve(answers(std::string(kChunkedHead) + chunk("x") + chunk("")));
    for (int i = 0; i < 100; ++i) {
        net::Cancellation cancellation;
        Recorder recorder;
        std::jthread canceller([&] {
            recorder.wait_for(i % 2 == 0 ? Phase::waiting : Phase::streaming);
            cancellation.cancel();
        });
        const auto outcome = client().perform(get(server.url()), generous(), recorder, cancellation);
        CHECK((outcome.end == End::complete || outcome.end == End::cancelled));
    }
}

TEST_CASE("requests of all kinds leave no thread and no descriptor behind") {
    const NothingLeft nothing_left;
    const Certificate certificate = make_certificate({});
    const PemFile trusted(certificate);
    const net::Listener good = serve(answers(with_length("ok")));
    const net::Listener cut = serve(answers(std::string(kChunkedHead) + "5\r\nx"));
    const net::Listener secure = serve(over_tls(certificate, answers(with_length("ok"))));
    const net::Listener endless = serve(floods("HTTP/1.1 200 OK\r\nX: ", "x"));
    for (int i = 0; i < 20; ++i) {
        Recorder recorder;
        net::HttpRequest over_tls_request = get("https://127.0.0.1:" + std::to_string(secure.port()));
        CHECK(perform(over_tls_request, recorder).outcome.end == End::failed);
        over_tls_request.ca_file = trusted.path();
        CHECK(perform(over_tls_request, recorder).outcome.end == End::complete);
        CHECK(perform(get(good.url()), recorder).outcome.end == End::complete);
        CHECK(perform(get("http://localhost:" + std::to_string(good.port())), recorder).outcome.end == End::complete);
        CHECK(perform(get(cut.url()), recorder).outcome.end == End::failed);
        CHECK(perform(get(endless.url()), recorder).outcome.end == End::failed);
    }
}
