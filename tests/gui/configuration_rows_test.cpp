#include "gui/panels/configuration_rows.h"

#include <doctest/doctest.h>

using namespace llmc;
using namespace llmc::gui;
using openai::LoadState;

namespace {

engine::ServerStatus status(const std::string& url, std::vector<openai::ModelInfo> models,
                            const openai::Dialect* dialect = openai::find_dialect("LM Studio")) {
    engine::ServerStatus made{.key = 1, .server = {.url = net::BaseUrl::parse(url).value()}, .is_asked = true};
    auto manifest = std::make_shared<openai::Manifest>();
    manifest->dialect = dialect;
    manifest->models = std::move(models);
    made.manifest = std::move(manifest);
    return made;
}

engine::ServerStatus away(const std::string& url, ErrorKind kind, const std::string& words) {
    engine::ServerStatus made{.key = 1, .server = {.url = net::BaseUrl::parse(url).value()}, .is_asked = true};
    made.error = words;
    made.error_kind = kind;
    return made;
}

openai::ModelInfo model(const std::string& id, LoadState state = LoadState::unknown, bool is_embedding = false) {
    openai::ModelInfo made{.id = id, .is_embedding = is_embedding};
    made.state = state;
    return made;
}

}  // namespace

TEST_CASE("a server's row tells its state") {
    engine::ServerStatus fine = status(
        "192.168.1.10:1234",
        {model("a", LoadState::loaded), model("b", LoadState::not_loaded), model("embed", LoadState::loaded, true)});
    fine.server.name = "studio-1";
    SetupRow row = server_row(fine.server, &fine);
    CHECK(row.dot == Dot::good);
    CHECK(row.title == "studio-1");
    CHECK(row.second == "192.168.1.10:1234 · LM Studio");
    CHECK(row.right == "loaded 1 / 2");
    CHECK(row.trouble.empty());

    fine.in_flight = 1;
    CHECK(server_row(fine.server, &fine).right == "busy");
    fine.busy_with = "loading b";
    CHECK(server_row(fine.server, &fine).right == "loading…");

    const engine::ServerStatus plain = status("rack:8000", {model("a")}, nullptr);
    CHECK(server_row(plain.server, &plain).title == "rack:8000");
    CHECK(server_row(plain.server, &plain).right == "1 model");

    CHECK(server_row(plain.server, nullptr).right == "asking…");
    CHECK(server_row(plain.server, nullptr).dot == Dot::ring);
}

TEST_CASE("a server that is away says why, short in the row and whole in words") {
    struct Case {
        ErrorKind kind;
        const char* words;
        const char* right;
    };
    const Case cases[] = {
        {ErrorKind::connection, "refused the connection", "refused"},
        {ErrorKind::connection, "closed the connection", "not reachable"},
        {ErrorKind::timeout, "did not answer within 10 s", "no answer"},
        {ErrorKind::auth, "answered GET /v1/models with HTTP 401: no", "key refused"},
        {ErrorKind::tls, "cannot be trusted: the certificate has expired", "not trusted"},
        {ErrorKind::resolve, "has no address", "unknown host"},
        {ErrorKind::http, "answered GET /v1/models with HTTP 500: oh", "error"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.words);
        const engine::ServerStatus gone = away("192.168.1.12:1234", one.kind, one.words);
        const SetupRow row = server_row(gone.server, &gone);
        CHECK(row.dot == Dot::bad);
        CHECK(row.right == one.right);
        CHECK(row.trouble.find(one.words) != std::string::npos);
        const bool hints = row.trouble.find("Serve on Local Network") != std::string::npos;
        CHECK(hints == (one.kind == ErrorKind::connection));
    }
}

TEST_CASE("a candidate's row tells where it may run and what it sets for itself") {
    const std::vector<engine::ServerStatus> servers{status("127.0.0.1:1234", {model("qwen-7b-q4"), model("mistral")})};
    session::Candidate candidate{.id = "c1", .model_id = "qwen-7b-q4", .display_name = "Qwen"};
    candidate.own.temperature = 0.2;
    candidate.own.max_tokens = 512;
    SetupRow row = candidate_row(candidate, "Qwen (2)", servers);
    CHECK(row.dot == Dot::good);
    CHECK(row.title == "Qwen (2)");
    CHECK(row.second == "qwen-7b-q4 · T 0.2 · max 512");
    CHECK(row.right == "any server");

    candidate.server = "127.0.0.1:1234";
    CHECK(candidate_row(candidate, "Qwen", servers).right == "127.0.0.1:1234");

    candidate.server.clear();
    candidate.model_id = "qwen-7b-q8";
    row = candidate_row(candidate, "Qwen", servers);
    CHECK(row.dot == Dot::bad);
    CHECK(row.right == "not found");
    REQUIRE_FALSE(row.nearest.empty());
    CHECK(row.nearest[0] == "qwen-7b-q4");

    candidate.server = "elsewhere";
    CHECK(candidate_row(candidate, "Qwen", servers).right == "unknown server");

    candidate.server.clear();
    CHECK(candidate_row(candidate, "Qwen", {}).dot == Dot::ring);  // nothing is known yet
    const std::vector<engine::ServerStatus> gone{away("127.0.0.1:1", ErrorKind::connection, "refused the connection")};
    CHECK(candidate_row(candidate, "Qwen", gone).right == "not reachable");
}

TEST_CASE("models of all servers can be picked once each, embedding models not at all") {
    openai::ModelInfo described = model("a", LoadState::loaded);
    described.quantization = "Q4_K_M";
    described.context_length = 4096;
    described.max_context_length = 32768;
    const auto models = pickable_models({status("one:1", {described, model("embed", LoadState::unknown, true)}),
                                         status("two:1", {model("a", LoadState::not_loaded), model("b")})});
    REQUIRE(models.size() == 2);
    CHECK(models[0].id == "a");
    CHECK(models[0].is_loaded);
    CHECK(models[0].second == "Q4_K_M · context 4096 of 32768 · loaded on one:1 · two:1");
    CHECK(models[1].id == "b");
    CHECK_FALSE(models[1].is_loaded);
}

TEST_CASE("a filter wants all its words, in any order and case") {
    CHECK(matches("Qwen2.5-7B-Instruct-Q4_K_M", "q4 qwen"));
    CHECK(matches("anything", "  "));
    CHECK_FALSE(matches("Qwen2.5-7B", "qwen 14b"));
}
