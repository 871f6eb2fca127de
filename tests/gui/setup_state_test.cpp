#include "gui/setup_state.h"

#include <doctest/doctest.h>

using namespace llmc;
using namespace llmc::gui;

namespace {

session::Server server(const std::string& url, const std::string& name = {}, const std::string& key = {}) {
    session::Server made{.url = net::BaseUrl::parse(url).value()};
    made.name = name;
    made.api_key = key;
    return made;
}

config::Config with(std::vector<session::Server> servers) {
    config::Config made;
    made.servers = std::move(servers);
    return made;
}

}  // namespace

TEST_CASE("a setup has changed when anything that is applied or saved differs") {
    struct Case {
        const char* name;
        void (*change)(config::Config&);
    };
    const Case cases[] = {
        {"a server", [](config::Config& c) { c.servers.push_back(server("127.0.0.1:2")); }},
        {"a key", [](config::Config& c) { c.servers[0].api_key = "sk-1"; }},
        {"requests at once", [](config::Config& c) { c.servers[0].max_concurrent = 2; }},
        {"a candidate", [](config::Config& c) { c.candidates.push_back({.id = "c1", .model_id = "m"}); }},
        {"a setting", [](config::Config& c) { c.settings.temperature = 1.5; }},
        {"the report folder", [](config::Config& c) { c.report_folder = "/x"; }},
        {"the system prompt's file", [](config::Config& c) { c.system_prompt_file = "/x.txt"; }},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        SetupState setup;
        setup.draft = setup.in_force = with({server("127.0.0.1:1")});
        CHECK_FALSE(setup.is_changed());
        one.change(setup.draft);
        CHECK(setup.is_changed());
    }
}

TEST_CASE("candidates get ids that were never there") {
    SetupState setup;
    adopt_candidates(setup, {{.id = "c4", .model_id = "a"}, {.model_id = "b"}, {.id = "c4", .model_id = "c"}});
    REQUIRE(setup.draft.candidates.size() == 3);
    CHECK(setup.draft.candidates[0].id == "c4");
    CHECK(setup.draft.candidates[1].id == "c5");
    CHECK(setup.draft.candidates[2].id == "c6");
    setup.draft.candidates.clear();
    CHECK(setup.new_candidate("d").id == "c7");
    CHECK(setup.draft.candidates.back().model_id == "d");
}

TEST_CASE("keys that were typed are kept for their servers, and go with them") {
    struct Case {
        const char* name;
        std::vector<session::Server> before, now;
        const char* stored;
        const char* expected;
    };
    session::Server by_variable = server("http://rack:1", "", "from-the-environment");
    by_variable.api_key_env = "RACK_KEY";
    const Case cases[] = {
        {"a new key", {}, {server("http://a:1", "", "k1")}, "{}", R"({"http://a:1":"k1"})"},
        {"a key that is there by name stays so",
         {},
         {server("http://a:1", "rack", "k1")},
         R"({"rack":"k1"})",
         R"({"rack":"k1"})"},
        {"a changed key", {}, {server("http://a:1", "rack", "k2")}, R"({"rack":"k1"})", R"({"http://a:1":"k2"})"},
        {"a key that was taken away", {}, {server("http://a:1")}, R"({"a:1":"k1"})", "{}"},
        {"a server that was removed",
         {server("http://a:1", "rack", "k1")},
         {},
         R"({"rack":"k1","other":"k2"})",
         R"({"other":"k2"})"},
        {"a key of the environment is never stored", {}, {by_variable}, "{}", "{}"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        CHECK(keys_for(with(one.before), with(one.now), base::parse_json(one.stored).value()) ==
              base::parse_json(one.expected).value());
    }
}
