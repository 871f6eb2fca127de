#include "engine/preflight.h"

#include <doctest/doctest.h>

#include "fake_world.h"
#include "history_check.h"

using namespace llmc;
using namespace llmc::test;
using engine::ServerStatus;
using Weight = engine::Finding::Weight;

namespace {

ServerStatus status(const std::string& name, int port, openai::Manifest manifest) {
    ServerStatus made{.key = port, .server = server("127.0.0.1:" + std::to_string(port))};
    made.server.name = name;
    made.is_asked = true;
    made.manifest = std::make_shared<const openai::Manifest>(std::move(manifest));
    return made;
}

openai::Manifest one(const openai::ModelInfo& model) {
    openai::Manifest made;
    made.models.push_back(model);
    return made;
}

std::vector<std::string> warnings_of(const std::vector<ServerStatus>& servers,
                                     const std::vector<session::Candidate>& candidates,
                                     const session::Settings& settings = {}) {
    return engine::check_start(servers, candidates, settings).texts(Weight::warning);
}

}  // namespace

TEST_CASE("differing quantizations of one id are warned about, with the advice to pin") {
    const std::vector<ServerStatus> servers{status("s1", 1, one({.id = "m", .quantization = "Q4_K_M"})),
                                            status("s2", 2, one({.id = "m", .quantization = "Q8_0"}))};
    CHECK_FALSE(engine::check_start(servers, {candidate("m")}, {}).has_errors());
    const auto warnings = warnings_of(servers, {candidate("m")});
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("Q4_K_M on s1") != std::string::npos);
    CHECK(warnings[0].find("Q8_0 on s2") != std::string::npos);
    CHECK(warnings_of(servers, {candidate("m", "", "s2")}).empty());
}

TEST_CASE("what servers tell about the models is noted") {
    const std::vector<ServerStatus> servers{status("s1", 1,
                                                   one({.id = "m",
                                                        .quantization = "Q4_0",
                                                        .format = "gguf",
                                                        .context_length = 4096,
                                                        .max_context_length = 8192,
                                                        .state = openai::LoadState::loaded}))};
    const auto notes = engine::check_start(servers, {candidate("m")}, {}).texts(Weight::note);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0] == "m on s1: Q4_0, gguf, context 4096 of 8192, loaded");
}

TEST_CASE("a server that would load and evict models in every round is warned about, unless by-model avoids it") {
    openai::Manifest manifest{.dialect = openai::find_dialect("LM Studio")};
    manifest.models.push_back({.id = "a", .state = openai::LoadState::loaded});
    manifest.models.push_back({.id = "b", .state = openai::LoadState::not_loaded});
    const std::vector<ServerStatus> servers{status("s1", 1, manifest)};
    session::Settings settings;
    CHECK(warnings_of(servers, {candidate("a"), candidate("b")}).size() == 1);
    CHECK(warnings_of(servers, {candidate("a"), candidate("a")}).empty());
    settings.order = session::Order::by_model;
    CHECK(warnings_of(servers, {candidate("a"), candidate("b")}, settings).empty());
}

TEST_CASE("a server without a list takes what is pinned to it, and everything where it is alone") {
    const openai::Manifest unlisted{.list = openai::Manifest::List::none};
    const std::vector<ServerStatus> alone{status("s1", 1, unlisted)};
    const std::vector<ServerStatus> two{status("s1", 1, unlisted), status("s2", 2, one({.id = "m"}))};
    CHECK(engine::servers_for(alone, candidate("x")) == std::vector{0});
    CHECK(engine::servers_for(two, candidate("x")).empty());
    CHECK(engine::servers_for(two, candidate("x", "", "s1")) == std::vector{0});
    CHECK(engine::servers_for(two, candidate("m")) == std::vector{1});
    CHECK_FALSE(engine::check_start(alone, {candidate("x")}, {}).has_errors());
    CHECK(warnings_of(alone, {candidate("x")}) ==
          std::vector<std::string>{"s1 has no list of models: it is asked for x without knowing whether it has it."});
    CHECK(engine::check_start(two, {candidate("x")}, {}).has_errors());
}

TEST_CASE("a refused address on the local network hints at LM Studio's switch") {
    ServerStatus unreachable{.key = 1, .server = server("192.168.1.10:1234"), .is_asked = true};
    unreachable.error = "refused the connection";
    unreachable.error_kind = ErrorKind::connection;
    const auto errors = engine::check_start({unreachable}, {candidate("m")}, {}).texts(Weight::error);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].find("Serve on Local Network") != std::string::npos);
}

TEST_CASE("a key that goes over plain http to another machine is warned about, and none is repeated") {
    const auto warnings_at = [](const std::string& address, const std::string& key) {
        ServerStatus one{.key = 1, .server = server(address), .is_asked = true};
        one.server.api_key = key;
        one.manifest = std::make_shared<const openai::Manifest>(openai::Manifest{.models = {{.id = "m"}}});
        return warnings_of({one}, {candidate("m")});
    };
    for (const std::string address :
         {"http://192.168.1.10:1234", "http://studio.local:1234", "http://example.org/v1"}) {
        CAPTURE(address);
        const auto warnings = warnings_at(address, "sk-canary");
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].find("plain http") != std::string::npos);
        CHECK(warnings[0].find("sk-canary") == std::string::npos);
        CHECK(warnings_at(address, "").empty());
    }
    for (const std::string address :
         {"https://192.168.1.10:1234", "http://127.0.0.1:1234", "http://localhost", "http://[::1]:1"})
        CHECK(warnings_at(address, "sk-canary").empty());
}

TEST_CASE("history that a server dropped shows in its prompt token count") {
    const auto messages = [](std::size_t count, std::size_t bytes) {
        std::vector<openai::Message> made;
        for (std::size_t i = 0; i < count; ++i) made.push_back({.role = "user", .content = std::string(bytes, 'x')});
        return made;
    };
    using engine::dropped_history;
    CHECK_FALSE(dropped_history(messages(2, 40), 20, std::nullopt));
    CHECK_FALSE(dropped_history(messages(4, 40), 60, engine::PromptCount{30, 2}));
    CHECK(dropped_history(messages(4, 40), 25, engine::PromptCount{30, 2}));  // fewer than a shorter conversation had
    CHECK(dropped_history(messages(40, 400), 300, std::nullopt));             // 4 000 tokens were sent
    CHECK_FALSE(dropped_history(messages(40, 400), 3000, std::nullopt));
    CHECK_FALSE(dropped_history(messages(2, 40), 25,
                                engine::PromptCount{30, 4}));  // the earlier one was longer: a turn was left out since
}
