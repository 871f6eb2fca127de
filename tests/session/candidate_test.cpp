#include "session/candidate.h"

#include <doctest/doctest.h>

using namespace llmc;
using namespace llmc::session;

namespace {

Server server(const char* url, const char* name = "") {
    return {.url = *net::BaseUrl::parse(url), .name = name};
}

std::vector<std::string> labels(const std::vector<std::string>& names) {
    std::vector<Candidate> candidates;
    for (const std::string& name : names) {
        candidates.emplace_back();
        candidates.back().model_id = name;
    }
    return unique_labels(candidates);
}

}  // namespace

TEST_CASE("labels are made unique in order and an addition renames nobody") {
    using List = std::vector<std::string>;
    struct {
        List names, labels;
    } const cases[] = {
        {{"a", "b"}, {"a", "b"}},
        {{"a", "a", "a"}, {"a", "a (2)", "a (3)"}},
        {{"a", "a", "a (2)"}, {"a", "a (2)", "a (2) (2)"}},
        {{"a (2)", "a", "a"}, {"a (2)", "a", "a (3)"}},
        {{}, {}},
    };
    for (const auto& [names, expected] : cases) CHECK(labels(names) == expected);
}

TEST_CASE("a display name goes before the model id") {
    Candidate candidate;
    candidate.model_id = "m";
    CHECK(unique_labels({candidate}) == std::vector<std::string>{"m"});
    candidate.display_name = "Shown";
    CHECK(unique_labels({candidate}) == std::vector<std::string>{"Shown"});
}

TEST_CASE("a pin names a server by name, address or URL in any form") {
    struct {
        const char* pin;
        const char* url;
        const char* name;
        bool is_named;
    } const cases[] = {
        {"rack", "http://10.0.0.1:1234", "rack", true},
        {"Rack", "http://10.0.0.1:1234", "rack", false},
        {"10.0.0.1:1234", "http://10.0.0.1:1234", "", true},
        {"http://10.0.0.1:1234/", "http://10.0.0.1:1234", "", true},
        {"http://10.0.0.1:1234/v1", "http://10.0.0.1:1234", "", true},
        {" http://10.0.0.1:1234/v1/ ", "http://10.0.0.1:1234", "", true},
        {"10.0.0.1", "http://10.0.0.1:1234", "", true},
        {"10.0.0.1", "http://10.0.0.1:8080", "", false},
        {"10.0.0.2:1234", "http://10.0.0.1:1234", "", false},
        {"https://x.example/api", "https://x.example/api/v1", "", true},
        {"https://x.example", "https://x.example/api/v1", "", false},
        {"http://x.example", "https://x.example", "", false},
        {"[::1]:8080", "http://[::1]:8080", "", true},
        {"", "http://10.0.0.1:1234", "", false},
        {"not a host", "http://10.0.0.1:1234", "", false},
    };
    for (const auto& [pin, url, name, is_named] : cases) {
        CAPTURE(pin);
        CAPTURE(url);
        CHECK(names_server(pin, server(url, name)) == is_named);
    }
}

TEST_CASE("a candidate's own settings go before the session's") {
    Settings settings;
    settings.seed = 5;
    settings.stop = {{"END"}};
    AnswerSettings plain = in_force(settings, {});
    CHECK(plain.temperature == 0.7);
    CHECK(plain.max_tokens == 2048);
    CHECK(plain.seed == 5);
    CHECK(plain.stop == std::vector<std::string>{"END"});
    CHECK(plain.system_prompt == "You are a helpful assistant.");
    CHECK(plain.timeout_s == 300);

    Overrides own;
    own.temperature = 0.0;
    own.top_p = 0.9;
    own.max_tokens = 10;
    own.seed = 0;
    own.stop = std::vector<std::string>{};
    own.system_prompt = "";
    own.extra_body = {{"top_k", 3}};
    const AnswerSettings set = in_force(settings, own);
    CHECK(set.temperature == 0.0);
    CHECK(set.top_p == 0.9);
    CHECK(set.max_tokens == 10);
    CHECK(set.seed == 0);
    CHECK_FALSE(set.stop);
    CHECK(set.system_prompt.empty());
    CHECK(set.extra_body == base::Json{{"top_k", 3}});
}

TEST_CASE("what is left to the server is not sent, by all or by one candidate") {
    session::Settings settings;
    settings.temperature.reset();
    settings.top_p = 0.5;
    session::Overrides own;
    own.not_sent = {"max_tokens", "top_p"};
    own.seed = 7;
    CHECK_FALSE(session::in_force(settings, {}).temperature);
    CHECK(session::in_force(settings, {}).max_tokens == 2048);
    const auto left = session::in_force(settings, own);
    CHECK_FALSE(left.max_tokens);
    CHECK_FALSE(left.top_p);
    CHECK(left.seed == 7);
    own.top_p = 0.9;
    own.temperature = 0.2;
    CHECK(session::in_force(settings, own).top_p == 0.9);
    CHECK(session::in_force(settings, own).temperature == 0.2);
}
