#include "settings_diff.h"

#include <doctest/doctest.h>

using namespace llmc;
using Words = std::vector<std::string>;

TEST_CASE("no change of a setting is forgotten") {
    const session::Settings before;
    for (const session::Setting& setting : session::all_settings()) {
        CAPTURE(setting.key);
        session::Settings after = before;
        base::OrderedJson value = setting.choices.empty() ? base::OrderedJson(1) : setting.choices.back().name;
        if (setting.kind() == session::Setting::Kind::words) value = base::OrderedJson{"END"};
        REQUIRE(session::set(setting, value, after));
        const Words changes = engine::settings_diff(before, after);
        REQUIRE(changes.size() == 1);
        CHECK(changes[0].starts_with(setting.words));
    }
    session::Settings after = before;
    after.on_failure = session::OnFailure::keep_going;
    after.connect_timeout_s = 5;
    after.total_timeout_s = 60;
    after.temperature.reset();
    after.system_prompt = "Be brief.";
    CHECK(engine::settings_diff(before, after) == Words{"temperature 0.7 -> unset", "connect timeout (s) 10 -> 5",
                                                        "total timeout (s) unset -> 60", "on failure halt -> continue",
                                                        "system prompt changed"});
}

TEST_CASE("a candidate's changes begin with its name") {
    const session::Candidate before{.model_id = "m"};
    session::Candidate after = before;
    after.own.top_k = 40;
    after.own.stop = {{"END"}};
    after.own.not_sent = {"temperature"};
    after.server = "rack";
    CHECK(engine::candidate_diff(before, after) == Words{"m: server \"\" -> \"rack\"", "m: top_k unset -> 40",
                                                         "m: stop unset -> [\"END\"]",
                                                         "m: not sent [] -> [\"temperature\"]"});
}
