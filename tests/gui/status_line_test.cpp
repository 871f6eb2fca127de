#include <doctest/doctest.h>

#include "gui/gui_fixture.h"
#include "gui/menu_bar.h"

namespace llmc::gui {
namespace {

using engine::Activity;
using session::AnswerState;

engine::ServerStatus server(bool is_reachable) {
    engine::ServerStatus made{.server = {.url = net::BaseUrl::parse("127.0.0.1:1").value()}, .is_asked = true};
    if (is_reachable) made.manifest = std::make_shared<openai::Manifest>();
    return made;
}

TEST_CASE("a session at rest is its servers and tokens") {
    engine::Snapshot snapshot;
    CHECK(status_line(snapshot).empty());
    snapshot.servers = {server(true)};
    CHECK(status_line(snapshot) == "1 server");
    snapshot.servers = {server(true), server(true)};
    CHECK(status_line(snapshot) == "2 servers");
    snapshot.servers = {server(true), server(false)};
    CHECK(status_line(snapshot) == "1 of 2 servers");
    test::add_candidate(snapshot, "c1", "alpha");
    session::Answer said = test::answer("c1", "text");
    said.metrics.output_tokens = 12345;
    test::add_round(snapshot, "p", {said});
    CHECK(status_line(snapshot) == "1 of 2 servers · 12 345 tok");
    said.metrics.output_tokens = 5;
    said.metrics.tokens_estimated = true;
    test::add_round(snapshot, "p", {said});
    CHECK(status_line(snapshot) == "1 of 2 servers · ~12 350 tok");
}

TEST_CASE("a running batch says which round it is in, a paused one that it is paused") {
    engine::Snapshot snapshot;
    snapshot.servers = {server(true)};
    test::add_round(snapshot, "p", {});
    test::add_round(snapshot, "p", {});
    test::set_queue(snapshot, 1);
    snapshot.rounds_done = 1;
    snapshot.rounds_total = 3;
    snapshot.round_now = 2;
    snapshot.answers_done = 3;
    snapshot.answers_total = 6;
    snapshot.activity = Activity::running;
    CHECK(status_line(snapshot) == "round 2 of 3 · 3 of 6 answers · 1 server");
    snapshot.activity = Activity::paused;
    CHECK(status_line(snapshot) == "paused · round 2 of 3 · 3 of 6 answers · 1 server");
}

TEST_CASE("a halted session says who failed and where the report is") {
    engine::Snapshot snapshot;
    test::add_candidate(snapshot, "c1", "alpha");
    test::add_candidate(snapshot, "c2", "beta");
    test::add_round(snapshot, "p",
                    {test::answer("c1", "half", {}, AnswerState::interrupted),
                     test::answer("c2", "half", {}, AnswerState::cut_off)});
    snapshot.activity = Activity::halted;
    CHECK(status_line(snapshot) == "halted: beta · cut off");
    snapshot.reports = {"/srv/reports/llm_compare_1.md", "/srv/reports/llm_compare_1.json"};
    snapshot.preflight.findings = {
        {.kind = engine::Finding::Kind::missing_model, .model = "beta", .others = {"studio-2 refuses the connection"}}};
    CHECK(status_line(snapshot) == "halted: studio-2 refuses the connection · report written to /srv/reports");
    snapshot.preflight = {};
    CHECK(status_line(snapshot) == "halted: beta · cut off · report written to /srv/reports");
}

}  // namespace
}  // namespace llmc::gui
