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

namespace {

session::Candidate row(const std::string& id, const std::string& model) {
    return {.id = id, .model_id = model};
}

// In words: "add b at 1", "change c2", "remove c1".
std::vector<std::string> words(const std::vector<engine::Command>& commands) {
    std::vector<std::string> said;
    for (const engine::Command& command : commands) {
        const auto at = [](const auto& place) { return place ? " at " + std::to_string(*place) : std::string(); };
        if (const auto* add = std::get_if<engine::AddCandidate>(&command))
            said.push_back("add " + add->candidate.model_id + at(add->place));
        if (const auto* change = std::get_if<engine::ChangeCandidate>(&command))
            said.push_back("change " + change->candidate.id + at(change->place));
        if (const auto* remove = std::get_if<engine::RemoveCandidate>(&command))
            said.push_back("remove " + remove->candidate);
    }
    return said;
}

engine::Snapshot snapshot(std::vector<session::Candidate> candidates, std::uint64_t mark = 0) {
    engine::Snapshot made;
    made.session.candidates = std::move(candidates);
    made.mark = mark;
    return made;
}

std::vector<std::string> ids(const std::vector<session::Candidate>& candidates) {
    std::vector<std::string> made;
    for (const session::Candidate& one : candidates) made.push_back(one.id);
    return made;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the engine is asked for what an edit has changed, and for nothing else") {
    using Rows = std::vector<session::Candidate>;
    const Rows base{row("c1", "a"), row("c2", "b"), row("c4", "c")};
    const struct {
        const char* name;
        Rows rows;
        Words expected;
    } cases[] = {
        {"nothing", base, {}},
        {"one more", {row("c1", "a"), row("c2", "b"), row("c4", "c"), row("new 1", "d")}, {"add d at 3"}},
        {"a twin in the middle", {row("c1", "a"), row("new 1", "a"), row("c2", "b"), row("c4", "c")}, {"add a at 1"}},
        {"one less", {row("c1", "a"), row("c4", "c")}, {"remove c2"}},
        {"another model", {row("c1", "a"), row("c2", "x"), row("c4", "c")}, {"change c2"}},
        {"two that change places", {row("c2", "b"), row("c1", "a"), row("c4", "c")}, {"change c2 at 0"}},
        {"all at once",
         {row("c4", "y"), row("new 2", "d"), row("c1", "a")},
         {"remove c2", "change c4 at 0", "add d at 1"}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        CHECK(words(candidate_commands(base, one.rows)) == one.expected);
    }
}

TEST_CASE("rows that were asked for get the engine's ids, once it has them") {
    SetupState setup;
    follow_candidates(setup, snapshot({row("c1", "a")}));
    (void)setup.new_candidate("b");
    (void)setup.new_candidate("c");
    CHECK(setup.is_changed());
    note_posted(setup, snapshot({row("c1", "a")}).session, 7);
    CHECK_FALSE(setup.is_changed());
    follow_candidates(setup, snapshot({row("c1", "a")}, 6));  // from before
    CHECK(setup.draft.candidates.size() == 3);
    setup.draft.candidates[2].display_name = "C";  // edited while it is on its way
    follow_candidates(setup, snapshot({row("c1", "a"), row("c9", "b"), row("c10", "c")}, 7));
    CHECK(ids(setup.draft.candidates) == Words{"c1", "c9", "c10"});
    CHECK(setup.given.at("new 2") == "c10");  // for whoever has its editor open
    CHECK(setup.draft.candidates[2].display_name == "C");
    CHECK(setup.in_force.candidates[2].display_name.empty());
    CHECK(words(candidate_commands(setup.in_force.candidates, setup.draft.candidates)) == Words{"change c10"});
}

TEST_CASE("an edit stays while others come and go") {
    SetupState setup;
    follow_candidates(setup, snapshot({row("c1", "a"), row("c2", "b"), row("c3", "c")}));
    setup.draft.candidates[0].display_name = "A";
    (void)setup.new_candidate("n");
    session::Candidate skipped = row("c2", "b");
    skipped.is_removed = true;
    follow_candidates(setup, snapshot({row("c1", "a"), skipped, row("c3", "c")}));
    CHECK(ids(setup.draft.candidates) == Words{"c1", "c3", "new 1"});
    CHECK(setup.draft.candidates[0].display_name == "A");
    follow_candidates(setup, snapshot({row("c1", "a"), row("c2", "b"), row("c3", "c")}));  // brought back
    CHECK(ids(setup.draft.candidates) == Words{"c1", "c3", "new 1", "c2"});
    // Without an edit the draft is what the engine says.
    setup.draft.candidates = setup.in_force.candidates;
    follow_candidates(setup, snapshot({row("c3", "c"), row("c1", "a")}));
    CHECK(ids(setup.draft.candidates) == Words{"c3", "c1"});
    CHECK_FALSE(setup.is_changed());
}

TEST_CASE("what is edited while a round runs waits for the next one, unless it is as the round was sent with") {
    SetupState setup;
    setup.draft.settings.system_prompt = setup.in_force.settings.system_prompt = "Be brief.";
    follow_candidates(setup, snapshot({row("c1", "a"), row("c2", "b")}));
    CHECK_FALSE(setup.waits(setup.draft.candidates[0]));
    setup.running = {.config = setup.in_force, .rounds = 1};
    CHECK_FALSE(setup.waits(setup.draft.candidates[0]));
    CHECK_FALSE(setup.settings_wait());
    setup.draft.candidates[0].own.temperature = 0.1;
    CHECK(setup.waits(setup.draft.candidates[0]));
    CHECK_FALSE(setup.waits(setup.draft.candidates[1]));
    CHECK(setup.waits(setup.new_candidate("c")));
    setup.draft.settings.system_prompt = "Be long.";
    CHECK(setup.system_prompt_waits());
    CHECK_FALSE(setup.settings_wait());
    setup.draft.settings.temperature = 1.5;
    CHECK(setup.settings_wait());
    setup.draft.candidates[0].own.temperature.reset();
    setup.draft.candidates[0].display_name = "A";  // at once
    CHECK_FALSE(setup.waits(setup.draft.candidates[0]));
}

TEST_CASE("a setup is stored when the file says the same, whatever its candidates are called") {
    SetupState setup;
    setup.draft = with({server("127.0.0.1:1")});
    CHECK_FALSE(setup.is_stored());
    setup.draft.candidates = {row("c7", "a")};
    setup.stored = setup.to_store();
    CHECK(setup.stored->candidates[0].id.empty());
    CHECK(setup.is_stored());
    setup.draft.candidates[0].own.temperature = 0.5;
    CHECK_FALSE(setup.is_stored());
    // Demo servers are gone with the program.
    setup.draft.servers.push_back(server("127.0.0.1:2"));
    setup.demo_urls = {setup.draft.servers.back().url};
    REQUIRE(setup.to_store().servers.size() == 1);
    CHECK(setup.to_store().servers[0].url == setup.draft.servers[0].url);
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
