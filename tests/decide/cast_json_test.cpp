#include <yaml-cpp/yaml.h>

#include "base/utf8.h"
#include "played.h"

using namespace llmc;
using namespace llmc::decide_test;
using base::OrderedJson;

namespace {

void compare(const YAML::Node& yaml, const OrderedJson& json) {
    if (json.is_object()) {
        REQUIRE(yaml.IsMap());
        CHECK(yaml.size() == json.size());
        auto entry = yaml.begin();
        for (const auto& [name, value] : json.items()) {
            CHECK(entry->first.Scalar() == name);
            compare(entry->second, value);
            ++entry;
        }
    } else if (json.is_array()) {
        REQUIRE(yaml.IsSequence());
        REQUIRE(yaml.size() == json.size());
        for (std::size_t i = 0; i < json.size(); ++i) compare(yaml[i], json[i]);
    } else if (json.is_string()) {
        REQUIRE(yaml.IsScalar());
        CHECK(yaml.Scalar() == json.get<std::string>());
    } else if (json.is_boolean()) {
        CHECK(yaml.as<bool>() == json.get<bool>());
        CHECK(yaml.Tag() == "?");  // not quoted
    } else if (json.is_number()) {
        CHECK(yaml.as<double>() == json.get<double>());
        CHECK(yaml.Tag() == "?");
    } else {
        CHECK(yaml.IsNull());
    }
}

}  // namespace

TEST_CASE("a cast says everything that was promised, and null where there is nothing") {
    const auto sent_with = [](session::Answer& answer) { answer.settings = session::in_force({}, {}); };
    const OrderedJson json = decide::cast_to_json(sheet_of({Played("s").answer("a", "", 0, 0, sent_with)}), kNow);
    CHECK(json["format"] == "llm-compare-cast");
    CHECK(json["version"] == 1);
    CHECK(json["generated_at"] == base::iso_local(kNow));
    const OrderedJson& role = json["roles"]["planner"];
    CHECK(role["candidate"] == "a");
    CHECK(role["model"] == "model-a");
    CHECK(role["server"] == "rack");
    CHECK(role["picked_by"] == "proposal");
    CHECK(role["runners_up"] == OrderedJson::array());
    CHECK(role["settings"]["temperature"] == 0.7);
    for (const char* key : {"passed", "total", "pass_rate", "low", "high", "time_to_first_token_s",
                            "end_to_end_latency_s", "decode_tokens_per_s", "reasoning_share", "votes", "ratings"}) {
        CAPTURE(key);
        REQUIRE(role["evidence"].contains(key));
        CHECK(role["evidence"][key].is_null());
    }
    CHECK(decide::cast_to_json(sheet_of({}), kNow)["roles"] == OrderedJson::object());
}

TEST_CASE("YAML says the same as JSON") {
    Played played =
        Played("s", "on")
            .answer(
                "no", "++", 1e-7, 0.25,
                [](session::Answer& answer) {
                    answer.rating.note = "line\nline: \"x\"";
                    answer.settings.stop = {"\n", "---", "", "# no"};
                    answer.settings.extra_body = {{"yes", true}, {"n", nullptr}, {"deep", {{"list", {1, -2.5, "3"}}}}};
                    answer.settings.system_prompt = "tab\tbell\x07 \xE2\x80\xA8 é 日本 😀 \xE2\x80\xAE \xEF\xBF\xBE";
                })
            .answer("1.0", "+-")
            .answer("12:30", "-")
            .vote("no", "1.0", Vote::Winner::a);
    const CastSheet sheet = sheet_of({played});
    const std::string yaml = decide::cast_to_yaml(sheet, kNow);
    CHECK(base::for_terminal(yaml) == yaml);
    compare(YAML::Load(yaml), decide::cast_to_json(sheet, kNow));
}

TEST_CASE("strings that YAML 1.1 or 1.2 would read as something else are quoted, plain words are not") {
    for (const char* text :
         {"",      "no",       "No",         "YES",  "y",    "N",  "on",  "Off",  "true", "False", "null",
          "~",     "1",        "1.0",        "-1",   "+1",   ".5", "1e3", "0x1F", "0o7",  "017",   "1_000",
          "12:30", "12:30:45", "2026-11-23", ".inf", ".nan", "=",  "<<",  "- a",  "a: b", "a #b",  "#a",
          " a",    "a ",       "[a]",        "{a}",  "a, b", "&a", "*a",  "!a",   "|",    ">",     "'a'",
          "\"a\"", "%a",       "@a",         "`a",   "?",    ":",  "a:",  "---",  "a\nb", "é",     "\xEF\xBB\xBF",
          "\x7F",  "\xC2\x85", "key=value"}) {
        CAPTURE(text);
        const std::string yaml = decide::to_yaml(OrderedJson{{"k", text}});
        CHECK(yaml.starts_with("k: \""));
        CHECK(YAML::Load(yaml)["k"].Scalar() == text);
        CHECK(decide::to_yaml(OrderedJson{{text, 1}}).starts_with("\""));
    }
    for (const char* text : {"planner", "Qwen 7B Q8", "qwen2.5-7b", "a/b_c", "x (2)", "nobody", "C++"}) {
        CAPTURE(text);
        CHECK(decide::to_yaml(OrderedJson{{"k", text}}) == fmt::format("k: {}\n", text));
    }
    CHECK(decide::to_yaml(OrderedJson{{"k", 1e-7}}) == "k: 1.0e-07\n");
    CHECK(decide::to_yaml(OrderedJson{{"k", 0.1}, {"x", nullptr}, {"t", true}, {"i", -3}}) ==
          "k: 0.1\nx: null\nt: true\ni: -3\n");
    CHECK(decide::to_yaml(OrderedJson{{"k", OrderedJson::array()}, {"o", OrderedJson::object()}}) == "k: []\no: {}\n");
}
