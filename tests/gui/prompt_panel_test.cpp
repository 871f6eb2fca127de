#include "gui/panels/prompt_panel.h"

#include <doctest/doctest.h>

#include "gui/gui_fixture.h"
#include "gui/panels/prompt_box.h"

namespace llmc::gui {
namespace {

using engine::Activity;
using Kind = PrimaryAction::Kind;
using test::FrameParts;

// A setup from which something can be sent.
void make_ready(FrameParts& parts) {
    parts.setup.in_force.servers.push_back({.url = net::BaseUrl::parse("127.0.0.1:1234").value()});
    parts.setup.in_force.candidates.push_back({.id = "c1", .model_id = "m"});
}

std::string shown(const std::string& label) {
    return label.substr(0, label.find("###"));
}

TEST_CASE("the primary button says what it does, by what there is to do") {
    struct Case {
        const char* name;
        Activity activity;
        const char* text;
        std::size_t batch;
        Kind kind;
        const char* label;
        bool is_enabled;
        std::size_t queue = 0;
        int open_rounds = 0;
    };
    const Case cases[] = {
        {"nothing typed", Activity::idle, "", 0, Kind::send, "Send", false},
        {"only blanks", Activity::idle, " \n\t", 0, Kind::send, "Send", false},
        {"a prompt", Activity::idle, "x", 0, Kind::send, "Send", true},
        {"a prompt while answers run", Activity::running, "x", 0, Kind::add_to_queue, "Add to queue", true},
        {"a prompt while it starts", Activity::starting, "x", 0, Kind::add_to_queue, "Add to queue", true},
        {"a prompt in a pause", Activity::paused, "x", 0, Kind::add_to_queue, "Add to queue", true},
        {"a pause", Activity::paused, "", 0, Kind::go_on, "Continue", true},
        {"prompts that wait after a refused start", Activity::idle, "", 0, Kind::go_on, "Continue", true, 2},
        {"a round that waits after a refused resume", Activity::idle, "", 0, Kind::go_on, "Continue", true, 0, 1},
        {"a prompt beside them", Activity::idle, "x", 0, Kind::send, "Send", true, 2},
        {"a file", Activity::idle, "", 12, Kind::run_batch, "Run 12 prompts", true},
        {"a file of one", Activity::idle, "", 1, Kind::run_batch, "Run 1 prompt", true},
        {"a file while answers run", Activity::running, "", 3, Kind::run_batch, "Add 3 to queue", true},
        {"a prompt goes before a file", Activity::idle, "x", 3, Kind::send, "Send", true},
        {"a halted session", Activity::halted, "x", 3, Kind::resume, "Resume round 2", true},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        FrameParts parts;
        make_ready(parts);
        test::add_round(parts.snapshot, "a", {});
        test::add_round(parts.snapshot, "b", {});
        parts.snapshot.activity = one.activity;
        test::set_queue(parts.snapshot, one.queue);
        parts.snapshot.rounds_total = 2;
        parts.snapshot.rounds_done = 2 - one.open_rounds;
        PromptView view;
        view.text = one.text;
        view.batch.assign(one.batch, "p");
        const PrimaryAction action = primary_action(parts.view(), view);
        CHECK(action.kind == one.kind);
        CHECK(shown(action.label) == one.label);
        CHECK(action.is_enabled == one.is_enabled);
        CHECK(action.label.ends_with("###primary"));  // one item, whatever it says
    }
}

TEST_CASE("nothing can be sent without a server and a model, and the button says which") {
    FrameParts parts;
    PromptView view;
    view.text = "x";
    CHECK_FALSE(primary_action(parts.view(), view).is_enabled);
    CHECK(primary_action(parts.view(), view).why_not.find("server") != std::string::npos);
    make_ready(parts);
    parts.setup.in_force.candidates.clear();
    CHECK_FALSE(primary_action(parts.view(), view).is_enabled);
    CHECK(primary_action(parts.view(), view).why_not.find("model") != std::string::npos);
    view.text.clear();
    view.batch = {"p"};
    CHECK_FALSE(primary_action(parts.view(), view).is_enabled);
    // Carried out all the same, it tells why and keeps what is there.
    Commands commands;
    run_primary_action(parts.view(), view, commands);
    const auto asked = commands.take();
    REQUIRE(asked.size() == 1);
    CHECK(std::holds_alternative<Notify>(asked[0]));
    CHECK(view.batch.size() == 1);
}

TEST_CASE("what is sent leaves the box as it was typed, blanks at its ends included, and joins the history") {
    FrameParts parts;
    make_ready(parts);
    PromptView view;
    view.text = "  one\ntwo \n\n";
    Commands commands;
    run_primary_action(parts.view(), view, commands);
    const auto asked = commands.take();
    REQUIRE(asked.size() == 1);
    const auto* to_engine = std::get_if<ToEngine>(&asked[0]);
    REQUIRE(to_engine);
    const auto* send = std::get_if<engine::Send>(&to_engine->command);
    REQUIRE(send);
    CHECK(send->prompts == std::vector<std::string>{"  one\ntwo \n\n"});
    CHECK(view.text.empty());
    CHECK(view.history == std::vector<std::string>{"  one\ntwo \n\n"});
    CHECK(view.wants_focus);
}

TEST_CASE("the history is walked through and the draft comes back after it") {
    PromptView view;
    CHECK_FALSE(walk_history(view, -1).has_value());
    CHECK_FALSE(walk_history(view, +1).has_value());
    view.history = {"old", "new"};
    view.text = "a draft";
    CHECK_FALSE(walk_history(view, +1).has_value());  // already at the end
    CHECK(walk_history(view, -1) == "new");
    view.text = "new";
    CHECK(walk_history(view, -1) == "old");
    CHECK_FALSE(walk_history(view, -1).has_value());
    view.text = "old, changed";
    CHECK(walk_history(view, +1) == "new");
    CHECK(walk_history(view, +1) == "a draft");
    CHECK_FALSE(view.history_at.has_value());
    CHECK_FALSE(walk_history(view, +1).has_value());
}

TEST_CASE("the time that is left is told in words that do not promise too much") {
    const struct {
        double elapsed;
        int done, total;
        const char* words;
    } cases[] = {
        {10, 0, 4, ""},
        {0, 1, 4, ""},
        {10, 4, 4, ""},
        {10, 5, 4, ""},
        {1, 1, 2, "about 5 s left"},
        {10, 2, 4, "about 10 s left"},
        {11, 1, 4, "about 35 s left"},
        {60, 1, 2, "about 1 min left"},
        {60, 1, 4, "about 3 min left"},
        {3600, 1, 3, "about 2.0 h left"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.elapsed);
        CAPTURE(one.total);
        CHECK(time_left(one.elapsed, one.done, one.total) == one.words);
    }
}

}  // namespace
}  // namespace llmc::gui
