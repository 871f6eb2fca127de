#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <doctest/doctest.h>

#include "demo/listener.h"
#include "openai/manifest.h"
#include "support.h"

using namespace llmc;
using namespace llmc::openai;
using namespace llmc::openai::test;

namespace {

std::string response(int status, const std::string& body, const std::string& type = "application/json") {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

// A server that answers each path with a script; "" hangs until the client leaves, "*" stands for all other paths.
class ScriptedServer {
public:
    explicit ScriptedServer(std::map<std::string, std::string> answers)
        : answers_(std::move(answers)), listener_(start()) {}

    ServerAccess access(const std::string& key = {}) const {
        return {net::BaseUrl::parse(listener_.url()).value(), key, {}};
    }
    int asked(const std::string& path) {
        const std::lock_guard lock(mutex_);
        return asked_[path];
    }
    int asked() {
        const std::lock_guard lock(mutex_);
        int sum = 0;
        for (const auto& [path, count] : asked_) sum += count;
        return sum;
    }
    std::string authorization() {
        const std::lock_guard lock(mutex_);
        return authorization_;
    }
    void set(const std::string& path, const std::string& answer) {
        const std::lock_guard lock(mutex_);
        answers_[path] = answer;
    }

private:
    demo::Listener start() {
        auto listener = demo::Listener::start([this](demo::Connection& connection) {
            const auto request = demo::read_request(connection);
            if (!request) return;
            std::string answer;
            {
                const std::lock_guard lock(mutex_);
                ++asked_[request->path];
                authorization_ = request->header("authorization");
                const auto found = answers_.find(request->path);
                answer = found == answers_.end() ? answers_.at("*") : found->second;
            }
            if (answer.empty())
                connection.receive(1);
            else
                connection.send(answer);
        });
        REQUIRE(listener.ok());
        return std::move(listener).value();
    }

    std::mutex mutex_;
    std::map<std::string, std::string> answers_;
    std::map<std::string, int> asked_;
    std::string authorization_;
    demo::Listener listener_;  // last: its handlers use the rest
};

struct Client {
    net::HttpClient http{std::make_shared<base::SystemClock>()};
    net::Deadlines deadlines{
        .connect = std::chrono::seconds{5}, .no_progress = std::chrono::seconds{10}, .total = std::nullopt};
    net::Cancellation cancellation;
    ManifestHints hints;

    Result<Manifest> fetch(const ServerAccess& access) {
        return fetch_manifest(http, access, deadlines, hints, cancellation);
    }
    Result<LoadState> state(const ServerAccess& access, std::string_view id) {
        return fetch_load_state(http, access, deadlines, hints, id, cancellation);
    }
};

const std::string kNotThere = response(404, R"({"error":{"message":"not found"}})");
const std::string kLmStudioNotThere = response(200, R"({"error":"Unexpected endpoint or method."})");
const std::string kList = response(200, R"({"object":"list","data":[{"id":"a"},{"id":"b"}]})");

}  // namespace

TEST_CASE("a server with only /v1/models is asked for native lists once") {
    ScriptedServer server({{"/v1/models", kList}, {"*", kNotThere}});
    Client client;
    for (int i = 0; i < 3; ++i) {
        const auto manifest = client.fetch(server.access("sk-secret-key"));
        REQUIRE(manifest.ok());
        CHECK_FALSE(manifest->dialect);
        CHECK(manifest->models == std::vector<ModelInfo>{{.id = "a"}, {.id = "b"}});
    }
    CHECK(client.hints.is_explored);
    CHECK(server.asked("/v1/models") == 3);
    for (const char* path : {"/api/v1/models", "/api/v0/models", "/props", "/api/tags"}) CHECK(server.asked(path) == 1);
    CHECK(server.asked() == 7);
    CHECK(server.authorization() == "Bearer sk-secret-key");
    CHECK(client.state(server.access(), "a").value() == LoadState::unknown);
    CHECK(server.asked() == 7);
}

TEST_CASE("no Authorization header is sent without a key") {
    ScriptedServer server({{"/v1/models", kList}, {"*", kNotThere}});
    Client client;
    CHECK(client.fetch(server.access()).ok());
    CHECK(server.authorization().empty());
}

TEST_CASE("LM Studio answers 200 to every path, and only its own lists count") {
    ScriptedServer server(
        {{"/v1/models", kList},
         {"/api/v1/models",
          response(
              200,
              R"({"models":[{"key":"a","type":"llm","loaded_instances":[{"id":"a"}]},{"key":"b","type":"embedding","loaded_instances":[]}]})")},
         {"*", kLmStudioNotThere}});
    Client client;
    const auto manifest = client.fetch(server.access());
    REQUIRE(manifest.ok());
    CHECK(manifest->kind_name() == "LM Studio");
    CHECK(manifest->find("a")->state == LoadState::loaded);
    CHECK(manifest->find("b")->is_embedding);
    CHECK(server.asked() == 2);
    CHECK(client.state(server.access(), "b").value() == LoadState::not_loaded);
    CHECK(client.state(server.access(), "c").value() == LoadState::unknown);
}

TEST_CASE("an older LM Studio has v0 only, and need not have /v1/models") {
    ScriptedServer server({{"/api/v0/models", response(200, R"({"data":[{"id":"a","type":"llm","state":"loading"}]})")},
                           {"*", kLmStudioNotThere}});
    Client client;
    const auto manifest = client.fetch(server.access());
    REQUIRE(manifest.ok());
    CHECK(manifest->kind_name() == "LM Studio 0.3");
    CHECK(client.state(server.access(), "a").value() == LoadState::loading);
    CHECK(server.asked("/props") == 0);
}

TEST_CASE("llama-server is asked for its props, and not for lists of other servers") {
    ScriptedServer server({{"/v1/models", response(200, read_response("llama-server/models.http").body)},
                           {"/props", response(200, read_response("llama-server/props.http").body)},
                           {"*", kNotThere}});
    Client client;
    const auto manifest = client.fetch(server.access());
    REQUIRE(manifest.ok());
    CHECK(manifest->kind_name() == "llama-server");
    CHECK(manifest->models.at(0).context_length == 1024);
    CHECK(server.asked() == 2);
    CHECK(client.state(server.access(), "tiny-a").value() == LoadState::loaded);
    server.set("/v1/models", response(503, read_response("llama-server/503-loading.chat.http").body));
    CHECK(client.state(server.access(), "tiny-a").value() == LoadState::loading);
    CHECK(client.fetch(server.access())->list == Manifest::List::loading);
    CHECK(client.hints.is_explored);
}

TEST_CASE("a router's states come from /v1/models alone") {
    ScriptedServer server(
        {{"/v1/models", response(200, read_response("smollm2/router-models.http").body)}, {"*", kNotThere}});
    Client client;
    CHECK(client.fetch(server.access())->kind_name() == "llama-server (router)");
    CHECK(client.fetch(server.access()).ok());
    CHECK(server.asked() == 2);
    CHECK(client.state(server.access(), "smollm2-135m-instruct-q8_0").value() == LoadState::loaded);
    CHECK(client.state(server.access(), "slow-c").value() == LoadState::not_loaded);
}

TEST_CASE("Ollama is known by its tags, with or without /v1/models") {
    for (const bool has_openai_list : {true, false}) {
        ScriptedServer server(
            {{"/v1/models",
              has_openai_list ? response(200, R"({"data":[{"id":"a:latest","owned_by":"library"}]})") : kNotThere},
             {"/api/tags",
              response(200,
                       R"({"models":[{"name":"a:latest","details":{"quantization_level":"Q4_0"}},{"name":"b:1"}]})")},
             {"/api/ps", response(200, R"({"models":[{"name":"b:1","context_length":4096}]})")},
             {"*", response(404, "404 page not found", "text/plain")}});
        Client client;
        const auto manifest = client.fetch(server.access());
        REQUIRE(manifest.ok());
        CHECK(manifest->kind_name() == "Ollama");
        CHECK(manifest->find("a:latest")->quantization == "Q4_0");
        CHECK(manifest->find("a:latest")->state == LoadState::not_loaded);
        CHECK(manifest->find("b:1")->state == LoadState::loaded);
        CHECK(client.state(server.access(), "b:1").value() == LoadState::loaded);
        CHECK(client.state(server.access(), "a:latest").value() == LoadState::not_loaded);
    }
}

TEST_CASE("native lists that hang are waited for once, and the manifest comes all the same") {
    ScriptedServer server({{"/v1/models", kList}, {"*", ""}});
    Client client;
    const auto manifest = client.fetch(server.access());
    REQUIRE(manifest.ok());
    CHECK(manifest->models.size() == 2);
    CHECK(server.asked() == 2);
    CHECK_FALSE(client.hints.is_explored);  // it may only have been busy
}

TEST_CASE("what is no manifest is an error that says what the server answered, without the key") {
    struct Case {
        std::string answer;
        ErrorKind kind;
        const char* words;
    };
    const std::string key = "sk-bogus-EXAMPLE-key";
    for (const Case& c : {
             Case{response(401, R"({"error":{"message":"Malformed token provided: sk-bogus-E****"}})"), ErrorKind::auth,
                  "HTTP 401: Malformed token provided: [key]****"},
             Case{response(403, "no"), ErrorKind::auth, "HTTP 403: no"},
             Case{response(200, "<html><title>Sign in</title></html>", "text/html"), ErrorKind::protocol,
                  "HTTP 200: Sign in"},
             Case{response(200, R"({"hello":1})"), ErrorKind::protocol, "{\"hello\":1}"},
             Case{response(200, R"({"error":"Unexpected endpoint or method. GET"})"), ErrorKind::server_error,
                  "Unexpected endpoint"},
             Case{response(410, "nothing here", "text/plain"), ErrorKind::http, "HTTP 410: nothing here"},
             Case{response(307, ""), ErrorKind::protocol, "HTTP 307"},
             Case{response(500, ""), ErrorKind::http, "HTTP 500 Internal Server Error"},
             Case{response(200, std::string((std::size_t{8} << 20) + 1, ' ')), ErrorKind::limit, ""},
             Case{response(200, R"({"data":[{"id":)"), ErrorKind::protocol, ""},
             Case{response(200, R"({"data":)" + std::string(100'000, '[') + "}"), ErrorKind::limit, "64 levels"},
             Case{response(200, R"({"data":[0)" + repeated(",{}", 1 << 20) + "]}"), ErrorKind::limit, "300 000 values"},
             Case{response(200, R"({"x":[0)" + repeated(",0", 1 << 20) + "]}"), ErrorKind::limit, "300 000 values"},
         }) {
        ScriptedServer server({{"*", c.answer}});
        Client client;
        const auto manifest = client.fetch(server.access(key));
        REQUIRE_FALSE(manifest.ok());
        CAPTURE(manifest.error().message);
        CHECK(manifest.error().kind == c.kind);
        CHECK(manifest.error().message.find(c.words) != std::string::npos);
        CHECK(manifest.error().message.find("sk-bogus") == std::string::npos);
    }
    ScriptedServer gone({{"*", kList}});
    const ServerAccess access = [&] {
        ScriptedServer short_lived({{"*", kList}});
        return short_lived.access();
    }();
    Client client;
    CHECK(client.fetch(access).error().kind == ErrorKind::connection);
}

TEST_CASE("native lists that are broken or too long are not there") {
    for (const std::string& answer :
         {response(200, "not JSON"), response(200, std::string((std::size_t{8} << 20) + 1, ' ')), response(500, "x"),
          std::string("garbage\r\n\r\n"), response(200, R"({"models":7,"data":7})")}) {
        ScriptedServer server({{"/v1/models", kList}, {"*", answer}});
        Client client;
        const auto manifest = client.fetch(server.access());
        REQUIRE(manifest.ok());
        CHECK_FALSE(manifest->dialect);
        CHECK(manifest->models.size() == 2);
    }
}

TEST_CASE("another server in the place of a known one is explored anew") {
    ScriptedServer server(
        {{"/v1/models", kList}, {"/api/v1/models", response(200, R"({"models":[{"key":"a"}]})")}, {"*", kNotThere}});
    Client client;
    CHECK(client.fetch(server.access())->kind_name() == "LM Studio");
    server.set("/api/v1/models", kNotThere);
    CHECK(client.fetch(server.access())->kind_name() == "OpenAI-compatible");
    CHECK_FALSE(client.hints.is_explored);
    server.set("/api/tags", response(200, R"({"models":[]})"));
    CHECK(client.fetch(server.access())->kind_name() == "Ollama");
    CHECK(client.hints.has_lists);
}

TEST_CASE("a cancelled fetch ends at once") {
    ScriptedServer server({{"*", std::string()}});
    Client client;
    client.cancellation.cancel();
    CHECK(client.fetch(server.access()).error().kind == ErrorKind::cancelled);
}

TEST_CASE("a list is looked for at an address as it is, then below it, and found there again") {
    struct Case {
        std::string base, real;
        int asked_first, asked_later;
    };
    const std::string list = response(200, R"({"data":[{"id":"a"}]})");
    for (const Case& c :
         {Case{"", "/v1", 1, 1}, Case{"/v1", "/v1", 1, 1}, Case{"", "", 2, 1}, Case{"/llm", "/llm/v1", 2, 1},
          Case{"/api/v3", "/api/v3", 1, 1}, Case{"/v1/chat/completions", "/v1", 1, 1}}) {
        CAPTURE(c.base + " " + c.real);
        ScriptedServer server({{c.real + "/models", list}, {"*", kNotThere}});
        Client client;
        ServerAccess access = server.access();
        access.url = net::BaseUrl::parse(access.url.text() + c.base).value();
        REQUIRE(client.fetch(access).ok());
        REQUIRE(client.hints.url);
        CHECK(client.hints.url->openai_path("/chat/completions") == c.real + "/chat/completions");
        const int own_lists = 4;
        CHECK(server.asked() == c.asked_first + own_lists);
        REQUIRE(client.fetch(access).ok());
        CHECK(server.asked() == c.asked_first + own_lists + c.asked_later);
    }
}

TEST_CASE("a server without a list of models says so, and is looked at anew each time") {
    for (const int status : {404, 405, 501}) {
        ScriptedServer server({{"*", response(status, R"({"error":{"message":"nothing here"}})")}});
        Client client;
        const auto manifest = client.fetch(server.access());
        REQUIRE(manifest.ok());
        CHECK(manifest->list == Manifest::List::none);
        CHECK(client.hints.url->openai_path("/x") == "/v1/x");
        CHECK_FALSE(client.hints.is_explored);
        server.set("/v1/models", kList);
        CHECK(client.fetch(server.access())->models.size() == 2);
    }
    ScriptedServer refusing({{"/models", response(401, "{}")}, {"*", kNotThere}});
    Client client;
    CHECK(client.fetch(refusing.access()).error().kind == ErrorKind::auth);
}

TEST_CASE("a server that loads its model at its start is loading, whatever it is asked") {
    for (const char* words : {R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})",
                              R"({"detail":"Model is still loading, please wait"})"}) {
        ScriptedServer server({{"*", response(503, words)}});
        Client client;
        CHECK(client.fetch(server.access())->list == Manifest::List::loading);
        CHECK(client.hints == ManifestHints{});
        CHECK(server.asked() == 1);
    }
}

TEST_CASE("where this program has no descriptor left, nothing is learned of the server") {
    ScriptedServer server({{"/v1/models", kList}, {"*", kNotThere}});
    const int port = server.access().url.port();
    int asked = 0;
    Client client;
    client.http = net::HttpClient(std::make_shared<base::SystemClock>(),
                                  [&asked](const std::string&) -> Result<std::vector<std::string>> {
                                      if (++asked > 1) return Error{ErrorKind::own_limit, "cannot be asked"};
                                      return std::vector<std::string>{"127.0.0.1"};
                                  });
    const ServerAccess access{net::BaseUrl::parse("studio:" + std::to_string(port)).value(), {}, {}};
    CHECK(client.fetch(access).error().kind == ErrorKind::own_limit);
    CHECK(client.hints == ManifestHints{});
}
