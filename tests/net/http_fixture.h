// What tests of HttpClient share: requests, a receiver that writes down what it is told, and an outcome with its time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/clock.h"
#include "demo/listener.h"
#include "net/http.h"

namespace llmc::test {

using namespace std::chrono_literals;
using End = net::HttpOutcome::End;

inline net::BaseUrl url(const std::string& text) {
    auto parsed = net::BaseUrl::parse(text);
    REQUIRE(parsed.ok());
    return *parsed;
}

inline net::HttpRequest get(const std::string& server, const std::string& path = "/x") {
    return {.method = "GET", .server = url(server), .path = path, .headers = {}, .body = "", .ca_file = ""};
}

inline net::HttpRequest post(const std::string& server, std::string body = "{}") {
    net::HttpRequest request = get(server);
    request.method = "POST";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = std::move(body);
    return request;
}

class Recorder : public net::HttpReceiver {
public:
    void on_sending(net::HttpCall& call, base::TimePoint started) override {
        running = &call;
        request_started = started;
        ++sendings;
    }
    bool on_head(const net::ResponseHead& response_head) override {
        ++heads;
        head = response_head;
        return !refuses_head;
    }
    bool on_body(std::string_view bytes) override {
        ++body_parts;
        if (keeps_body) body += bytes;
        if (on_part) on_part(bytes);
        return body_parts < refuse_at_part;
    }
    void on_phase(net::Phase phase) override {
        const std::lock_guard lock(mutex_);
        phases.push_back(phase);
        changed_.notify_all();
    }
    // By another thread: waits until the request is in `phase`.
    void wait_for(net::Phase phase) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !phases.empty() && phases.back() >= phase; });
    }

    net::HttpCall* running = nullptr;
    base::TimePoint request_started{};
    int sendings = 0;
    int heads = 0;
    net::ResponseHead head;
    std::string body;
    bool keeps_body = true;
    int body_parts = 0;
    bool refuses_head = false;
    int refuse_at_part = 1 << 30;
    std::function<void(std::string_view)> on_part;
    std::vector<net::Phase> phases;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

inline net::HttpClient client(net::Resolver resolver = net::system_resolver) {
    return net::HttpClient(std::make_shared<base::SystemClock>(), std::move(resolver));
}

struct Timed {
    net::HttpOutcome outcome;
    std::chrono::duration<double> time;
};

inline net::Deadlines generous() {
    return {.connect = 20s, .no_progress = 20s, .total = std::nullopt};
}

inline Timed perform(const net::HttpRequest& request, Recorder& recorder, const net::Deadlines& deadlines = generous(),
                     const net::Resolver& resolver = net::system_resolver, const net::HttpLimits& limits = {}) {
    const auto start = std::chrono::steady_clock::now();
    net::HttpOutcome outcome = client(resolver).perform(request, deadlines, recorder, net::Cancellation(), limits);
    return {std::move(outcome), std::chrono::steady_clock::now() - start};
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace llmc::test
