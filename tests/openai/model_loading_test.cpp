#include "openai/model_loading.h"

#include <deque>
#include <map>
#include <mutex>

#include <doctest/doctest.h>

#include "demo/listener.h"

using namespace llmc;
using namespace llmc::openai;
using Direction = LoadChange::Direction;

namespace {

// Answers "METHOD PATH" with the bodies given, one after the other, the last again and again; keeps what it was asked.
class Server {
public:
    struct Answer {
        int status = 200;
        std::string body;
    };
    explicit Server(std::map<std::string, std::deque<Answer>> answers)
        : answers_(std::move(answers)), listener_(start()) {}

    ServerAccess access(const std::string& key = {}) const {
        return {net::BaseUrl::parse(listener_.url()).value(), key, {}};
    }
    std::vector<std::string> asked() {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

private:
    demo::Listener start() {
        auto listener = demo::Listener::start([this](demo::Connection& connection) {
            const auto request = demo::read_request(connection);
            if (!request) return;
            const std::lock_guard lock(mutex_);
            const std::string what = request->method + " " + request->path;
            asked_.push_back(what + (request->body.empty() ? "" : " " + request->body));
            auto& queue = answers_[what];
            Answer answer = queue.empty() ? Answer{404, R"({"error":"not there"})"} : queue.front();
            if (queue.size() > 1) queue.pop_front();
            connection.send("HTTP/1.1 " + std::to_string(answer.status) +
                            " X\r\nContent-Type: application/json\r\nContent-Length: " +
                            std::to_string(answer.body.size()) + "\r\nConnection: close\r\n\r\n" + answer.body);
        });
        REQUIRE(listener.ok());
        return std::move(listener).value();
    }

    std::mutex mutex_;
    std::map<std::string, std::deque<Answer>> answers_;
    std::vector<std::string> asked_;
    demo::Listener listener_;  // last: its handlers use the rest
};

Result<void> change(Server& server, const LoadChange& what, int* waits = nullptr, const std::string& key = {},
                    bool is_cancelled = false) {
    net::HttpClient http(std::make_shared<base::SystemClock>());
    const net::Deadlines deadlines{
        .connect = std::chrono::seconds{5}, .no_progress = std::chrono::seconds{10}, .total = {}};
    return change_load(http, server.access(key), deadlines, what, {}, [&](base::Duration) {
        if (waits) ++*waits;
        return !is_cancelled;
    });
}

std::string router_list(const std::string& status) {
    return R"({"data":[{"id":"other","status":{"value":"loaded"}},{"id":"m","status":{)" + status + "}}]}";
}

const LoadChange kRouterLoads{.dialect = find_dialect("llama-server (router)"), .model = "m"};

}  // namespace

TEST_CASE("LM Studio loads a model with the context length that is asked for") {
    Server server({{"POST /api/v1/models/load", {{200, R"({"instance_id":"m","status":"loaded"})"}}}});
    REQUIRE(change(server, {.dialect = find_dialect("LM Studio"), .model = "m", .context_length = 8192}).ok());
    REQUIRE(change(server, {.dialect = find_dialect("LM Studio"), .model = "m"}).ok());
    CHECK(server.asked() == std::vector<std::string>{R"(POST /api/v1/models/load {"context_length":8192,"model":"m"})",
                                                     R"(POST /api/v1/models/load {"model":"m"})"});
}

TEST_CASE("LM Studio unloads all instances of a model, or the one that is named") {
    const char* list = R"({"models":[{"key":"x","loaded_instances":[{"id":"x"}]},
                                     {"key":"m","loaded_instances":[{"id":"m"},{"id":"m:2"}]}]})";
    struct Case {
        const char* model;
        std::vector<std::string> unloaded;
    };
    const Case cases[] = {{"m", {"m", "m:2"}}, {"m:2", {"m:2"}}, {"x", {"x"}}};
    for (const Case& one : cases) {
        CAPTURE(one.model);
        Server server({{"GET /api/v1/models", {{200, list}}}, {"POST /api/v1/models/unload", {{200, "{}"}}}});
        REQUIRE(
            change(server, {.dialect = find_dialect("LM Studio"), .model = one.model, .direction = Direction::unload})
                .ok());
        std::vector<std::string> expected{"GET /api/v1/models"};
        for (const auto& id : one.unloaded)
            expected.push_back(R"(POST /api/v1/models/unload {"instance_id":")" + id + "\"}");
        CHECK(server.asked() == expected);
    }
    Server server({{"GET /api/v1/models", {{200, list}}}});
    const auto gone =
        change(server, {.dialect = find_dialect("LM Studio"), .model = "y", .direction = Direction::unload});
    REQUIRE_FALSE(gone.ok());
    CHECK(gone.error().message == "does not have y loaded");
}

TEST_CASE("a router is asked until the model is there, gone or failed") {
    struct Case {
        const char* name;
        Direction direction;
        std::vector<std::string> states;
        bool is_fine;
        const char* words;
        int waits;
    };
    const Case cases[] = {
        {"loads",
         Direction::load,
         {R"("value":"loading")", R"("value":"loading")", R"("value":"loaded")"},
         true,
         "",
         2},
        {"fails",
         Direction::load,
         {R"("value":"loading")", R"("value":"unloaded","failed":true)"},
         false,
         "could not load m: it says that the model is failed",
         1},
        {"goes back", Direction::load, {R"("value":"loading")", R"("value":"unloaded")"}, false, "is unloaded", 1},
        {"never ends", Direction::load, {R"("value":"loading")"}, false, "has not loaded m after 10 s", 21},
        {"unloads", Direction::unload, {R"("value":"loaded")", R"("value":"unloaded")"}, true, "", 1},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        std::deque<Server::Answer> lists;
        for (const auto& state : one.states) lists.push_back({200, router_list(state)});
        Server server({{"POST /models/load", {{200, R"({"success":true})"}}},
                       {"POST /models/unload", {{200, R"({"success":true})"}}},
                       {"GET /v1/models", lists}});
        LoadChange what = kRouterLoads;
        what.direction = one.direction;
        int waits = 0;
        const auto outcome = change(server, what, &waits);
        CHECK(outcome.ok() == one.is_fine);
        if (!outcome.ok()) CHECK(outcome.error().message.find(one.words) != std::string::npos);
        CHECK(waits == one.waits);
        CHECK(server.asked()[0] == std::string(one.direction == Direction::load
                                                   ? "POST /models/load {\"model\":\"m\"}"
                                                   : "POST /models/unload {\"model\":\"m\"}"));
    }
}

TEST_CASE("waiting for a router ends with a cancellation") {
    Server server({{"POST /models/load", {{200, R"({"success":true})"}}},
                   {"GET /v1/models", {{200, router_list(R"("value":"loading")")}}}});
    const auto outcome = change(server, kRouterLoads, nullptr, {}, true);
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.error().kind == ErrorKind::cancelled);
}

TEST_CASE("Ollama loads by a request without a prompt and unloads by keeping the model for no time") {
    Server server({{"POST /api/generate", {{200, R"({"model":"m","done":true,"done_reason":"load"})"}}}});
    REQUIRE(change(server, {.dialect = find_dialect("Ollama"), .model = "m"}).ok());
    REQUIRE(change(server, {.dialect = find_dialect("Ollama"), .model = "m", .direction = Direction::unload}).ok());
    CHECK(server.asked() ==
          std::vector<std::string>{R"(POST /api/generate {"model":"m","stream":false})",
                                   R"(POST /api/generate {"keep_alive":0,"model":"m","stream":false})"});
}

TEST_CASE("a failure is in the server's words, without the key") {
    Server server({{"POST /api/generate", {{401, R"({"error":"bad key sk-secret-123456"})"}}}});
    const auto outcome = change(server, {.dialect = find_dialect("Ollama"), .model = "m"}, nullptr, "sk-secret-123456");
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.error().kind == ErrorKind::auth);
    CHECK(outcome.error().message.find("HTTP 401: bad key") != std::string::npos);
    CHECK(outcome.error().message.find("secret") == std::string::npos);
}

TEST_CASE("other servers are not asked at all") {
    for (const char* name : {"", "vLLM", "llama-server", "LM Studio 0.3"}) {
        const Dialect* dialect = find_dialect(name);
        CHECK_FALSE(Manifest{.dialect = dialect}.can_load());
        Server server({});
        const auto outcome = change(server, {.dialect = dialect, .model = "m"});
        REQUIRE_FALSE(outcome.ok());
        CHECK(outcome.error().kind == ErrorKind::usage);
        CHECK(server.asked().empty());
    }
}
