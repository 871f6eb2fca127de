#include "check/checks.h"

#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "check_fixture.h"

using namespace llmc;
using namespace llmc::check;
using session::Answer;
using session::AnswerState;
using session::CheckResult;

namespace {

constexpr int kNoPlace = -1;

struct Case {
    std::string check, text;
    bool passes;
    int at_char = kNoPlace;
};

void expect(const Case& c) {
    CAPTURE(c.check);
    CAPTURE(c.text);
    const CheckResult result = result_of(check_of(c.check), answer_of(c.text));
    CAPTURE(result.detail);
    CHECK(result.passed == c.passes);
    CHECK(result.detail.empty() == c.passes);
    CHECK(result.at_char.value_or(kNoPlace) == c.at_char);
}

}  // namespace

TEST_CASE("the text checks look at the text without white space at its ends") {
    const Case cases[] = {
        {"{'type':'contains','value':'France'}", "It is France.", true},
        {"{'type':'contains','value':'France'}", "It is france.", false},
        {"{'type':'contains','value':'FRANCE','ignore_case':true}", "It is france.", true},
        {"{'type':'contains','value':'ΣΊΣΥΦΟΣ','ignore_case':true}", "σίσυφος", true},
        {"{'type':'contains','value':'straße','ignore_case':true}", "STRAẞE", true},
        {"{'type':'contains','value':'straße','ignore_case':true}", "STRASSE", false},
        {"{'type':'contains','values':['a','b']}", "cab", true},
        {"{'type':'contains','values':['a','b']}", "ca", false},
        {"{'type':'contains','any':['a','b']}", "ca", true},
        {"{'type':'contains','any':['a','b']}", "c", false},
        {"{'type':'contains','value':''}", "", true},
        {"{'type':'contains','value':'aab'}", "aaaab", true},
        {"{'type':'contains','value':'aabaaac'}", "aabaaabaaac", true},
        {"{'type':'contains','value':'a '}", "a ", false},
        {"{'type':'not_contains','value':'x'}", "abc", true},
        {"{'type':'not_contains','value':'c'}", " äbc", false, 3},
        {"{'type':'not_contains','value':'B','ignore_case':true}", "äbc", false, 1},
        {"{'type':'not_contains','values':['x','c']}", "abc", false, 2},
        {"{'type':'not_contains','values':['x','y']}", "abc", true},
        {"{'type':'not_contains','any':['a','x']}", "abc", true},
        {"{'type':'not_contains','any':['c','a']}", "abc", false, 2},
        {"{'type':'not_contains','value':'c '}", "abc ", true},
        {"{'type':'not_contains','value':'c '}", "abc d", false, 2},
        {"{'type':'not_contains','value':' a'}", " a", true},
        {"{'type':'not_contains','value':'abcabd'}", "abcabcabd", false, 3},
        {"{'type':'starts_with','value':'Yes'}", "\n Yes, it is", true},
        {"{'type':'starts_with','value':'Yes'}", "yes", false},
        {"{'type':'starts_with','value':'YES','ignore_case':true}", "yes", true},
        {"{'type':'starts_with','any':['No','Ye']}", "Yes", true},
        {"{'type':'starts_with','values':['Y','Yes']}", "Yes", true},
        {"{'type':'starts_with','values':['Y','Yo']}", "Yes", false},
        {"{'type':'starts_with','value':'Yes!'}", "Yes", false},
        {"{'type':'ends_with','value':'end.'}", "The end.\n\n", true},
        {"{'type':'ends_with','value':'end'}", "The end.", false},
        {"{'type':'ends_with','value':'ÄND','ignore_case':true}", "the änd", true},
        {"{'type':'ends_with','any':['x','d']}", "end", true},
        {"{'type':'ends_with','value':'the end'}", "end", false},
        {"{'type':'equals','value':'42'}", " 42\n", true},
        {"{'type':'equals','value':'42'}", "42.", false},
        {"{'type':'equals','value':'42'}", "4", false},
        {"{'type':'equals','any':['41','42']}", "42", true},
        {"{'type':'equals','value':'ÉTÉ','ignore_case':true}", "été", true},
        {"{'type':'equals','value':'x'}", "\xE3\x80\x80\xC2\xA0x\xE2\x80\x83", true},
    };
    for (const Case& c : cases) expect(c);
}

TEST_CASE("the first find is where a plain search has it") {
    std::mt19937 random(3);
    const auto letters = [&](std::size_t size) {
        std::string text;
        while (text.size() < size) text += "ab"[random() % 2];
        return text;
    };
    for (int run = 0; run < 5000; ++run) {
        const std::string text = letters(random() % 400), needle = letters(1 + random() % 12);
        CAPTURE(text);
        CAPTURE(needle);
        const auto result = result_of(check_of("{'type':'not_contains','value':'" + needle + "'}"), answer_of(text));
        const auto place = text.find(needle);
        CHECK(result.at_char.value_or(kNoPlace) == (place == std::string::npos ? kNoPlace : static_cast<int>(place)));
    }
}

TEST_CASE("regular expressions are RE2's and are found anywhere") {
    const Case cases[] = {
        {"{'type':'regex','value':'[0-9]{4}'}", "in 1999.", true},
        {"{'type':'regex','value':'^[0-9]+$'}", "in 1999", false},
        {"{'type':'regex','value':'(?i)paris'}", "PARIS", true},
        {"{'type':'regex','value':'a.b'}", "a\nb", false},
        {"{'type':'regex','value':'(?s)a.b'}", "a\nb", true},
        {"{'type':'regex','value':'^b$'}", "a\nb\nc", false},
        {"{'type':'regex','value':'(?m)^b$'}", "a\nb\nc", true},
        {"{'type':'regex','value':'\\\\p{Greek}+'}", "αβγ", true},
        {"{'type':'not_regex','value':'[0-9]'}", "none", true},
        {"{'type':'not_regex','value':'[0-9]+'}", "äh 42", false, 3},
        {"{'type':'not_regex','value':'yes$'}", "yes no yes", false, 7},
        {"{'type':'not_regex','value':'yes$'}", "yes no", true},
    };
    for (const Case& c : cases) expect(c);
}

TEST_CASE("json says where the text stops being JSON") {
    const std::string json = "{'type':'json'}";
    const std::string fenced = "{'type':'json','allow_fence':true}";
    const std::string deep64(64, '['), deep65(65, '[');
    const Case cases[] = {
        {json, "{\"a\": [1, -2.5e+3, true, false, null, \"\\u00e4\\n\"]}", true},
        {json, " \n42 ", true},
        {json, "0", true},
        {json, "\"\"", true},
        {json, "", false, 0},
        {json, "  ", false, 2},
        {json, "{\"a\": 1} and more", false, 9},
        {json, "Here: {}", false, 0},
        {json, "{\"ä\": tru}", false, 9},
        {json, "{\"a\": 1", false, 7},
        {json, "[1, 2,]", false, 6},
        {json, "{\"a\": 1,}", false, 8},
        {json, "{'a': 1}", false, 1},
        {json, "[01]", false, 2},
        {json, "[1.]", false, 3},
        {json, "[.5]", false, 1},
        {json, "[+1]", false, 1},
        {json, "[1e]", false, 3},
        {json, "-", false, 1},
        {json, "[NaN]", false, 1},
        {json, "\"a\nb\"", false, 2},
        {json, "\"\\x\"", false, 2},
        {json, "\"\\u12g4\"", false, 5},
        {json, "[1 2]", false, 3},
        {json, "[1]]", false, 3},
        {json, "{1: 2}", false, 1},
        {json, "{\"a\" 1}", false, 5},
        {json, "[}", false, 1},
        {json, deep64 + std::string(64, ']'), true},
        {json, deep65 + std::string(65, ']'), false, 64},
        {json, std::string(1'000'000, '['), false, 64},
        {json, "```json\n{}\n```", false, 0},
        {fenced, "{}", true},
        {fenced, "```json\n{\"a\": \"```\"}\n```\n", true},
        {fenced, "```\n[1,\n 2]\n```", true},
        {fenced, "~~~\n42\n~~~", true},
        {fenced, "````json\n{}\n`````", true},
        {fenced, "```json\n{}\n``", false, 13},
        {fenced, "```json\n{}\n", false, 11},
        {fenced, "```json\n{}", false, 10},
        {fenced, "```json\n```", false, 8},
        {fenced, "```json\n{\"a\":\n```", false, 14},
        {fenced, "```json\n{}\n```\nDone.", false, 15},
        {fenced, "```json\n{}\n``` x", false, 15},
        {fenced, "Sure:\n```json\n{}\n```", false, 0},
        {fenced, "```json\n{}\n```\n```json\n{}\n```", false, 15},
        {fenced, "```json {} ```", false, 11},
        {fenced, "``\n{}\n``", false, 2},
        {fenced, "````\n{}\n```", false, 11},
    };
    for (const Case& c : cases) expect(c);
}

TEST_CASE("words are runs of what is no white space, characters are code points") {
    const Case cases[] = {
        {"{'type':'min_words','value':3}", "one two  three", true},
        {"{'type':'min_words','value':4}", "one two\u00A0\nthree", false},
        {"{'type':'min_words','value':0}", "", true},
        {"{'type':'max_words','value':3}", " one two three ", true},
        {"{'type':'max_words','value':2}", "äh two  three four", false, 8},
        {"{'type':'max_words','value':0}", " x", false, 1},
        {"{'type':'min_chars','value':3}", "äöü", true},
        {"{'type':'min_chars','value':4}", "äöü", false},
        {"{'type':'max_chars','value':3}", "äöü", true},
        {"{'type':'max_chars','value':2}", "äöü", false, 2},
        {"{'type':'max_chars','value':2}", "ä\n\n", false, 2},
    };
    for (const Case& c : cases) expect(c);
}

TEST_CASE("a schema is checked where the text is JSON") {
    const std::string check =
        "{'type':'json_schema','value':{'type':'object','required':['a'],'properties':{'a':{'type':'integer'}}}}";
    const Case cases[] = {
        {check, "{\"a\": 1}", true},      {check, "{\"a\": \"1\"}", false}, {check, "{}", false},
        {check, "{\"a\": 1", false, 7},   {check, "a: 1", false, 0},        {check, "", false, 0},
        {check, "{\"a\": 1e999}", false},
    };
    for (const Case& c : cases) expect(c);
}

TEST_CASE("finish reason and figures are checked by their values") {
    Answer answer = answer_of("x");
    answer.finish_reason = "length";
    answer.metrics.time_to_first_token_s = 0.5;
    answer.metrics.decode_tokens_per_s = 20;
    answer.metrics.reasoning_tokens = 100;
    const struct {
        std::string check;
        bool passes;
    } cases[] = {
        {"{'type':'finish_reason','value':'length'}", true},
        {"{'type':'finish_reason','value':'stop'}", false},
        {"{'type':'max_ttft_s','value':0.5}", true},
        {"{'type':'max_ttft_s','value':0.4}", false},
        {"{'type':'min_decode_tokens_per_s','value':20}", true},
        {"{'type':'min_decode_tokens_per_s','value':20.5}", false},
        {"{'type':'max_reasoning_tokens','value':100}", true},
        {"{'type':'max_reasoning_tokens','value':99}", false},
    };
    for (const auto& c : cases) {
        CAPTURE(c.check);
        CHECK(result_of(check_of(c.check), answer).passed == c.passes);
    }
    // What was not measured is no success, but no reasoning is none.
    CHECK(!result_of(check_of("{'type':'max_ttft_s','value':9}"), answer_of("x")).passed);
    CHECK(!result_of(check_of("{'type':'min_decode_tokens_per_s','value':0}"), answer_of("x")).passed);
    Answer buffered = answer_of("x");
    buffered.metrics.speed_note = metrics::SpeedNote::burst;
    CHECK(result_of(check_of("{'type':'min_decode_tokens_per_s','value':0}"), buffered).detail ==
          "the answer was buffered on its way, no decode speed was seen");
    CHECK(result_of(check_of("{'type':'max_reasoning_tokens','value':0}"), answer_of("x")).passed);
    CHECK(!result_of(check_of("{'type':'max_reasoning_tokens','value':9}"), answer_of("x", "hm")).passed);
}

TEST_CASE("an answer that is not complete fails all its checks, and the detail names its state") {
    const std::vector<Check> checks = {
        check_of("{'type':'contains','value':'a'}"),     check_of("{'type':'not_contains','value':'z'}"),
        check_of("{'type':'not_contains','value':'b'}"), check_of("{'type':'json'}"),
        check_of("{'type':'max_words','value':1}"),      check_of("{'type':'no_tool_call'}"),
        check_of("{'type':'regex','value':'a'}"),
    };
    for (const AnswerState state : {AnswerState::stopped, AnswerState::interrupted, AnswerState::cut_off,
                                    AnswerState::empty, AnswerState::failed}) {
        Answer answer = answer_of(state == AnswerState::empty ? "" : "[\"ab");
        answer.state = state;
        const auto results = judge_answer(checks, answer);
        REQUIRE(results.size() == checks.size());
        for (const auto& result : results) {
            CHECK(!result.passed);
            CHECK(result.detail.find(session::answer_state_name(state)) != std::string::npos);
        }
        if (state == AnswerState::empty) continue;
        // What the text broke for good is told too; half-finished JSON is not broken.
        CHECK(results[2].at_char == 3);
        CHECK(results[2].detail.find("contains \"b\"") != std::string::npos);
        CHECK(!results[1].at_char);
        CHECK(!results[3].at_char);
    }
}

TEST_CASE("an answer without a stream is judged as one without text") {
    Answer answer{.state = AnswerState::complete};
    CHECK(!result_of(check_of("{'type':'json'}"), answer).passed);
    CHECK(result_of(check_of("{'type':'max_chars','value':0}"), answer).passed);
}

TEST_CASE("a bad check is refused with the key that is wrong") {
    const struct {
        std::string check, error;
    } cases[] = {
        {"{'type':'contain','value':'x'}", "type: there is no check \"contain\"; did you mean \"contains\"?"},
        {"{'value':'x'}", "needs a \"type\""},
        {"[]", "must be an object, and is a list"},
        {"{'type':'contains'}", "needs one of \"value\", \"values\" and \"any\""},
        {"{'type':'contains','value':'x','any':['y']}", "needs one of \"value\", \"values\" and \"any\""},
        {"{'type':'contains','values':[]}", "values: must not be empty"},
        {"{'type':'contains','values':['a',1]}", "values[1]: must be a text, and is a number"},
        {"{'type':'contains','value':1}", "value: must be a text, and is a number"},
        {"{'type':'contains','value':'x','ignorecase':true}", "ignorecase: unknown key; did you mean \"ignore_case\"?"},
        {"{'type':'contains','value':'x','ignore_case':1}", "ignore_case: must be true or false, and is a number"},
        {"{'type':'regex','value':'('}", "value: not a regular expression of RE2: missing ): ("},
        {"{'type':'regex','value':'(?=a)'}", "value: not a regular expression of RE2: invalid perl operator: (?="},
        {"{'type':'not_regex','value':'((a{100}){100}){100}'}", "value: not a regular expression of RE2"},
        {"{'type':'regex'}", "needs a \"value\""},
        {"{'type':'regex','value':'x','ignore_case':true}", "ignore_case: unknown key"},
        {"{'type':'json','value':'x'}", "value: unknown key"},
        {"{'type':'json_schema'}", "needs a \"value\""},
        {"{'type':'json_schema','value':{'type':'strnig'}}", "value.type: \"strnig\" is no type"},
        {"{'type':'tool_call','name':''}", "name: must not be empty"},
        {"{'type':'tool_call','count':-1}", "count: -1 is out of range"},
        {"{'type':'tool_call','count':1.5}", "count: must be a whole number"},
        {"{'type':'tool_call','arguments':{'required':'x'}}", "arguments.required: must be a list of texts"},
        {"{'type':'no_tool_call','count':1}", "count: unknown key"},
        {"{'type':'max_words','value':'3'}", "value: must be a whole number, and is a text"},
        {"{'type':'max_words','value':2.5}", "value: must be a whole number"},
        {"{'type':'max_chars','value':-1}", "value: -1 is out of range"},
        {"{'type':'max_ttft_s','value':-0.1}", "value: -0.1 is out of range"},
        {"{'type':'finish_reason'}", "needs a \"value\""},
    };
    for (const auto& c : cases) {
        CAPTURE(c.check);
        const std::string error = refusal(c.check);
        CAPTURE(error);
        CHECK(error.find(c.error) != std::string::npos);
        CHECK(error.starts_with("check:"));
    }
}

TEST_CASE("every kind of check has a name that leads back to it") {
    CHECK(check_kinds().size() == 30);
    for (const CheckKind& kind : check_kinds()) CHECK(find_check_kind(kind.name) == &kind);
    CHECK(!find_check_kind("nothing"));
}
