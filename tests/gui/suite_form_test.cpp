#include "gui/panels/suite_form.h"

#include <doctest/doctest.h>

#include "gui/example_suites.h"
#include "gui/interval_bar.h"
#include "gui/panels/suite_model.h"

namespace llmc::gui {
namespace {

using base::OrderedJson;
using check::CheckKind;

}  // namespace

TEST_CASE("every example suite is one that can be run, with its cases in it") {
    REQUIRE(example_suites().size() == 6);
    bool has_cases = false;
    for (const ExampleSuite& example : example_suites()) {
        const std::string name = example.name;
        CAPTURE(name);
        CHECK(name.find_first_of("-_.") == std::string::npos);
        CHECK((name.front() >= 'A' && name.front() <= 'Z'));
        const auto json = base::parse_ordered_json(example_suite_text(example));
        REQUIRE(json.ok());
        CHECK_FALSE(json->contains("cases_file"));
        const FormVerdict verdict = check_form(*json);
        CHECK(verdict.trouble == "");
        REQUIRE(verdict.suite);
        CHECK(verdict.suite->prompts.size() >= 10);
        has_cases = has_cases || verdict.suite->cases.size() > 1;
    }
    CHECK(has_cases);
}

TEST_CASE("every role suite is one that can be run") {
    REQUIRE(role_suites().size() == 9);
    for (const ExampleSuite& role : role_suites()) {
        CAPTURE(role.name);
        const auto json = base::parse_ordered_json(example_suite_text(role));
        REQUIRE(json.ok());
        CHECK(check_form(*json).trouble == "");
    }
}

TEST_CASE("a new suite can be run as it is") {
    const FormVerdict verdict = check_form(new_suite());
    CHECK(verdict.trouble == "");
    REQUIRE(verdict.suite);
    CHECK(verdict.suite->prompts.size() == 1);
}

TEST_CASE("the form keeps what it does not show, and writes keys in the order of the format") {
    const auto json = base::parse_ordered_json(R"({"prompts": [{"checks": [{"value": "a", "type": "contains"}],
        "prompt": "p", "id": "one"}], "version": 1, "format": "llm-compare-suite", "name": "n",
        "settings": {"top_p": 0.5, "stop": ["x"]}})");
    SuiteForm form;
    form.begin(*json, {});
    const OrderedJson written = in_reading_order(form.document);
    CHECK(written.begin().key() == "format");
    CHECK(written["prompts"][0].begin().key() == "id");
    CHECK(written["prompts"][0]["checks"][0].begin().key() == "type");
    CHECK(written["settings"] == (*json)["settings"]);
    CHECK(base::Json(written) == base::Json(*json));
}

TEST_CASE("the form loses nothing of loops, worlds, histories, categories and criteria") {
    const auto json = base::parse_ordered_json(R"({"prompts": [{"id": "sort", "prompt": "Sort.", "category": "files",
        "severity": "warning", "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}],
        "follow_ups": ["And then?"], "pass_criteria": "sorted", "fail_criteria": "not", "expected_response": "Done.",
        "incumbent": {"model": "old", "text": "Done.", "tool_calls": [], "latency_s": 2.5},
        "tool_choice": "required", "parallel_tool_calls": false, "settings": {"temperature": null, "max_tokens": 99},
        "checks": [{"type": "finishes"}, {"type": "contains", "value": "x", "turn": 1}, {"type": "no_cycle", "stop_on_break": true}]}],
        "loop": {"max_steps": 20, "done_tool": null, "cycle_repetitions": 2, "history": "one_call_per_message"},
        "world": {"files": {"./inbox/1.txt": "zebra", "./animals/": null}, "tools": true},
        "tools": [{"type": "function", "function": {"name": "search", "parameters": {"type": "object"}}}],
        "tool_results": {"search": [{"when": {"q": "zebra"}, "result": "x"}, {"nth": 2, "error": "limit"}]},
        "version": 1, "format": "llm-compare-suite", "name": "n"})");
    REQUIRE(json.ok());
    SuiteForm form;
    form.begin(*json, {});
    CHECK(base::Json(in_reading_order(form.document)) == base::Json(*json));
    const FormVerdict verdict = check_form(form.document);
    CHECK(verdict.trouble == "");
    REQUIRE(verdict.suite);
    CHECK(base::Json(in_reading_order(verdict.suite->source)) == base::Json(*json));  // what is saved
    set_number(prompt_at(form.document, 0)["settings"], "temperature", "null");
    CHECK(prompt_at(form.document, 0)["settings"]["temperature"].is_null());
}

TEST_CASE("prompts are added, copied, moved and removed, and ids by place stay what they were") {
    auto suite = *base::parse_ordered_json(R"({"format": "llm-compare-suite", "name": "n",
        "prompts": [{"prompt": "a"}, {"prompt": "b"}, {"id": "c", "prompt": "c"}]})");
    const auto ids = [&] {
        std::string all;
        for (std::size_t i = 0; i < prompt_count(suite); ++i) all += prompt_id(prompt_at(suite, i), i) + " ";
        return all;
    };
    CHECK(move_prompt(suite, 0, 1) == 1);
    CHECK(ids() == "2 1 c ");
    CHECK(move_prompt(suite, 0, -1) == 0);
    CHECK(add_prompt(suite, 0) == 1);
    CHECK(ids() == "2 prompt-4 1 c ");
    CHECK(copy_prompt(suite, 3) == 4);
    CHECK(ids() == "2 prompt-4 1 c c-5 ");
    remove_prompt(suite, 1);
    remove_prompt(suite, 0);
    CHECK(ids() == "1 c c-5 ");
    remove_prompt(suite, 0);
    remove_prompt(suite, 0);
    remove_prompt(suite, 0);
    CHECK(ids() == "c-5 ");  // a suite has at least one
    CHECK(check_form(suite).suite);
}

TEST_CASE("a check of every type that is chosen in the form is one that the reader takes, from every other type") {
    for (const CheckKind& from : check::check_kinds()) {
        for (const CheckKind& to : check::check_kinds()) {
            CAPTURE(from.name);
            CAPTURE(to.name);
            OrderedJson suite = new_suite();
            suite["tools"] = *base::parse_ordered_json(R"([{"type": "function", "function": {"name": "tool"}}])");
            OrderedJson& check = prompt_at(suite, 0)["checks"][0];
            set_kind(check, from);
            for (const check::Member& member : from.members)
                if (member.kind == check::MemberKind::flag) set_flag(check, member.key, true);
            if (from.can_break_early()) set_flag(check, "stop_on_break", true);
            set_kind(check, to);
            CHECK(check["type"] == to.name);
            const FormVerdict verdict = check_form(suite);
            CHECK(verdict.trouble == "");
        }
    }
}

TEST_CASE("texts of a check are one, all or any") {
    OrderedJson check = {{"type", "contains"}, {"value", "a"}};
    CHECK(among_of(check) == Among::value);
    set_texts(check, Among::any, {"a", "b"});
    CHECK(check["any"] == OrderedJson({"a", "b"}));
    CHECK_FALSE(check.contains("value"));
    CHECK(texts_of(check) == std::vector<std::string>{"a", "b"});
    CHECK(check_words(check) == "contains any of “a”, “b”");
    set_texts(check, Among::all, texts_of(check));
    CHECK(among_of(check) == Among::all);
    set_kind(check, *check::find_check_kind("ends_with"));
    CHECK(texts_of(check).size() == 2);
    set_kind(check, *check::find_check_kind("regex"));
    CHECK(check["value"] == "a");
    set_texts(check, Among::value, {});
    CHECK(check["value"] == "");
}

TEST_CASE("what is no number or no JSON is refused with the name of its key") {
    OrderedJson suite = new_suite();
    SUBCASE("a number") {
        set_number(suite, "repeat", "three");
        CHECK(shown_member(suite, "repeat") == "three");
        CHECK(check_form(suite).trouble.find("repeat") != std::string::npos);
        set_number(suite, "repeat", " 3 ");
        CHECK(suite["repeat"] == 3);
        CHECK(check_form(suite).suite);
        set_number(suite, "repeat", "");
        CHECK_FALSE(suite.contains("repeat"));
    }
    SUBCASE("half a schema") {
        OrderedJson& check = prompt_at(suite, 0)["checks"][0];
        set_kind(check, *check::find_check_kind("json_schema"));
        set_json(check, "value", "{\"type\": ");
        CHECK(shown_member(check, "value") == "{\"type\": ");
        CHECK(check_form(suite).trouble.find("value") != std::string::npos);
        set_json(check, "value", "{\"type\": \"array\"}");
        CHECK(check_form(suite).suite);
        set_json(check, "value", " ");
        CHECK_FALSE(check.contains("value"));
    }
    SUBCASE("a pattern") {
        OrderedJson& check = prompt_at(suite, 0)["checks"][0];
        set_kind(check, *check::find_check_kind("regex"));
        check["value"] = "(";
        CHECK(check_form(suite).trouble.find("prompts") != std::string::npos);
    }
}

TEST_CASE("any JSON at all can be put into the form") {
    for (const char* text : {"null", "[]", "{}", "3", R"({"prompts": 4})", R"({"prompts": [1, [2]]})"}) {
        CAPTURE(text);
        SuiteForm form;
        form.begin(*base::parse_ordered_json(text), {});
        CHECK(prompt_count(form.document) >= 1);
        CHECK(prompt_at(form.document, 0).is_object());
    }
}

TEST_CASE("a form is right only while what was checked is what it holds") {
    SuiteForm form;
    form.begin(new_suite(), {});
    CHECK_FALSE(form.is_right());
    form.checked = form.revision;
    form.verdict = check_form(form.document);
    CHECK(form.is_right());
    form.touch();
    CHECK_FALSE(form.is_right());
    CHECK(form.is_changed);
}

}  // namespace llmc::gui
