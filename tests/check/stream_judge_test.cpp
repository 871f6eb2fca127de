#include "check/stream_judge.h"

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/utf8.h"
#include "check_fixture.h"

using namespace llmc;
using namespace llmc::check;

namespace {

std::shared_ptr<const std::vector<Check>> checks_of(const std::string& check) {
    return std::make_shared<const std::vector<Check>>(std::vector<Check>{check_of(check)});
}

// The code points after which the text is whole, and its size.
std::vector<std::size_t> cuts_of(const std::string& text) {
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at < text.size();) {
        base::next_code_point(text, at);
        cuts.push_back(at);
    }
    return cuts;
}

struct Outcome {
    int broken_after = -1;  // code points that had come
    int at_char = -1;
    bool operator==(const Outcome&) const = default;
};

// Feeds `text` code point by code point.
Outcome stream(const std::string& check, const std::string& text) {
    StreamJudge judge(checks_of(check));
    int count = 0;
    for (const std::size_t cut : cuts_of(text)) {
        ++count;
        judge.update(std::string_view(text).substr(0, cut));
        if (!judge.breaks().empty())
            return {count, static_cast<int>(judge.breaks().front().result.at_char.value_or(-1))};
    }
    return {};
}

}  // namespace

TEST_CASE("a check is reported broken as soon as nothing can mend it, and not before") {
    const struct {
        std::string check, text;
        Outcome outcome;
    } cases[] = {
        {"{'type':'not_contains','value':'bad'}", "äh bad luck", {6, 3}},
        {"{'type':'not_contains','value':'BAD','ignore_case':true}", "äh bad luck", {6, 3}},
        {"{'type':'not_contains','value':'bad'}", "ba ba bA", {}},
        {"{'type':'not_contains','value':'bad '}", "bad \n", {}},
        {"{'type':'not_contains','value':'bad '}", "bad \nx", {6, 0}},
        {"{'type':'not_contains','value':' bad'}", "  bad bad", {9, 5}},
        {"{'type':'not_contains','values':['x','d']}", "bad", {3, 2}},
        {"{'type':'not_contains','any':['b','d']}", "bad", {3, 2}},
        {"{'type':'not_contains','value':''}", "bad", {1, 0}},
        {"{'type':'max_words','value':2}", "one two three", {9, 8}},
        {"{'type':'max_words','value':2}", "one two  ", {}},
        {"{'type':'max_chars','value':3}", "äöüß", {4, 3}},
        {"{'type':'max_chars','value':4}", "äöüß", {}},
        {"{'type':'json'}", "{\"a\": [1, 2", {}},
        {"{'type':'json'}", "{\"a\": nul", {}},
        {"{'type':'json'}", "{\"a\": nix", {8, 7}},
        {"{'type':'json'}", "{\"ä\": \"\\u00", {}},
        {"{'type':'json'}", "Sure", {1, 0}},
        {"{'type':'json'}", "[1] x", {5, 4}},
        {"{'type':'json_schema','value':{'type':'object'}}", "[1] x", {5, 4}},
        {"{'type':'json_schema','value':{'type':'object'}}", "[1]", {}},
        {"{'type':'json','allow_fence':true}", "```json\n{\"a\":", {}},
        {"{'type':'json','allow_fence':true}", "```json\n{}\n```", {}},
        {"{'type':'json','allow_fence':true}", "```json\n{}\n```\n\nx", {17, 16}},
        {"{'type':'not_regex','value':'[0-9]{3}'}", "ab 12345", {6, 3}},
        {"{'type':'not_regex','value':'yes$'}", "yes", {}},
        {"{'type':'not_regex','value':'yes$'}", "yesterday", {}},
        {"{'type':'not_regex','value':'(?m)yes$'}", "a yes\nno", {6, 2}},
        {"{'type':'not_regex','value':'\\\\byes\\\\b'}", "yes", {}},
        {"{'type':'not_regex','value':'\\\\byes\\\\b'}", "yesterday", {}},
        {"{'type':'not_regex','value':'\\\\byes\\\\b'}", "a yes, b", {6, 2}},
        {"{'type':'not_regex','value':'^no'}", "yes no", {}},
        {"{'type':'not_regex','value':'^no'}", "not", {2, 0}},
        {"{'type':'not_regex','value':'a+'}", "baa", {2, 1}},
        {"{'type':'contains','value':'x'}", "abc", {}},
        {"{'type':'regex','value':'x'}", "abc", {}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.check);
        CAPTURE(c.text);
        const Outcome outcome = stream(c.check, c.text);
        CHECK(outcome.broken_after == c.outcome.broken_after);
        CHECK(outcome.at_char == c.outcome.at_char);
    }
}

TEST_CASE("what is broken does not depend on how the text was cut, and stays broken to its end") {
    const std::string checks[] = {
        "{'type':'not_contains','value':'abab'}",
        "{'type':'not_contains','values':['ba ','B b'],'ignore_case':true}",
        "{'type':'not_contains','any':['a','ä','b ']}",
        "{'type':'max_words','value':3}",
        "{'type':'max_chars','value':12}",
        "{'type':'json'}",
        "{'type':'json','allow_fence':true}",
        "{'type':'not_regex','value':'a{3}$'}",
        "{'type':'not_regex','value':'b[^b]*b'}",
    };
    const std::string signs[] = {"a", "b", " ", "ä", "\n", "[", "]", "1", ",", "\"", "`", "```", "A", "B"};
    std::mt19937 random(7);
    int broken_count = 0;
    for (int run = 0; run < 3000; ++run) {
        std::string text;
        for (std::size_t i = random() % 24; i > 0; --i) text += signs[random() % std::size(signs)];
        const auto cuts = cuts_of(text);
        for (const auto& json : checks) {
            CAPTURE(json);
            CAPTURE(text);
            const auto checks_once = checks_of(json);
            StreamJudge whole(checks_once), cut(checks_once);
            whole.update(text);
            for (std::size_t i = 0; i < cuts.size(); i += 1 + random() % 5)
                cut.update(std::string_view(text).substr(0, cuts[i]));
            cut.update(text);
            REQUIRE(whole.breaks().size() == cut.breaks().size());
            const auto final_result = result_of(checks_once->front(), answer_of(text));
            if (whole.breaks().empty()) continue;
            ++broken_count;
            CHECK(!final_result.passed);
            if (checks_once->front().kind->name == "not_regex") continue;
            CHECK(whole.breaks().front().result == cut.breaks().front().result);
            CHECK(whole.breaks().front().result == final_result);
        }
    }
    CHECK(broken_count > 1000);
}

TEST_CASE("a text that may still become JSON is not broken, and one that is broken never becomes JSON") {
    const std::string signs[] = {"{", "}", "[", "]", ",",    ":",   "\"a\"", "\"", "\\", "u00e4", "1",
                                 "-", ".", "e", "0", "true", "nul", "l",     " ",  "\n", "ä"};
    std::mt19937 random(11);
    const auto check = checks_of("{'type':'json'}");
    int good = 0;
    for (int run = 0; run < 60000; ++run) {
        std::string text;
        for (std::size_t i = 1 + random() % 8; i > 0; --i) text += signs[random() % std::size(signs)];
        CAPTURE(text);
        const bool is_json = base::parse_json(text).ok();
        REQUIRE(result_of(check->front(), answer_of(text)).passed == is_json);
        if (!is_json) continue;
        ++good;
        StreamJudge judge(check);
        for (const std::size_t cut : cuts_of(text)) judge.update(std::string_view(text).substr(0, cut));
        REQUIRE(judge.breaks().empty());
    }
    CHECK(good > 500);
}

TEST_CASE("the first break that says stop_on_break stops") {
    auto checks = std::make_shared<const std::vector<Check>>(std::vector<Check>{
        check_of("{'type':'not_contains','value':'a'}"),
        check_of("{'type':'max_chars','value':3,'stop_on_break':true}"),
        check_of("{'type':'not_contains','value':'b','stop_on_break':true}"),
    });
    StreamJudge judge(checks);
    CHECK(!judge.is_idle());
    judge.update("xa");
    CHECK(judge.stop() == nullptr);
    REQUIRE(judge.breaks().size() == 1);
    CHECK(judge.breaks().front().check == 0);
    judge.update("xabc");
    judge.update("xabcabc");
    REQUIRE(judge.stop() != nullptr);
    CHECK(judge.stop()->check == 1);
    CHECK(judge.breaks().size() == 3);
}

TEST_CASE("reasoning tokens break a check once there are too many whatever comes") {
    struct Case {
        const char* name;
        std::int64_t tokens, chunks;
        bool is_estimated, has_text, breaks;
    };
    const Case cases[]{
        {"counted", 11, 1, false, true, true},
        {"counted, and just enough", 10, 11, false, true, false},
        {"estimated, in as many chunks", 11, 11, true, false, true},
        {"estimated, of a few long words perhaps", 11, 10, true, false, false},
        {"estimated, in chunks that may be text", 11, 100, true, true, false},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        StreamJudge judge(checks_of("{'type':'max_reasoning_tokens','value':10}"));
        CHECK(!judge.is_idle());
        metrics::AnswerMetrics metrics;
        metrics.reasoning_tokens = one.tokens;
        metrics.reasoning_tokens_estimated = one.is_estimated;
        metrics.chunks = one.chunks;
        if (one.has_text) metrics.time_to_first_output_s = 1;
        judge.update(metrics);
        judge.update(metrics);
        CHECK(judge.breaks().size() == (one.breaks ? 1 : 0));
    }
    CHECK(StreamJudge(checks_of("{'type':'equals','value':'x'}")).is_idle());
}

TEST_CASE("a wait for the first token breaks its check by what it was, or is so far") {
    const Check check = check_of("{'type':'max_ttft_s','value':1}");
    CHECK_FALSE(judge_wait(check, 1, false));
    CHECK(judge_wait(check, 1.5, false).value().detail == "no token came in 1.500 s, and at most 1 s are allowed");
    CHECK(judge_wait(check, 1.5, true).value().detail ==
          "the first token came after 1.500 s, and at most 1 s are allowed");
    CHECK_FALSE(judge_wait(check_of("{'type':'max_words','value':1}"), 9, true));
}

TEST_CASE("judging a long answer token by token stays linear") {
    auto checks = std::make_shared<const std::vector<Check>>(std::vector<Check>{
        check_of("{'type':'not_contains','value':'never','ignore_case':true}"),
        check_of("{'type':'max_words','value':10000000}"),
        check_of("{'type':'max_chars','value':100000000}"),
        check_of("{'type':'json'}"),
        check_of("{'type':'not_regex','value':'(x+x+)+y'}"),
        check_of("{'type':'not_regex','value':'q[^z]*z$'}"),
    });
    const auto seconds = [&](std::size_t size) {
        std::string text = "\"";
        while (text.size() < size) text += "word aaaa xxxx ";
        StreamJudge judge(checks);
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t at = 5; at < text.size(); at += 5) judge.update(std::string_view(text).substr(0, at));
        CHECK(judge.breaks().empty());
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    const double small = seconds(250'000), large = seconds(2'000'000);
    MESSAGE("six checks on a text that comes in tokens of 5 bytes: 250 kB ", small, " s, 2 MB ", large, " s");
}

TEST_CASE("a find that is longer than the end that is searched each time is found too") {
    StreamJudge judge(checks_of("{'type':'not_regex','value':'<[^>]*>'}"));
    std::string text = "<";
    std::size_t at = 0;
    text += std::string(100'000, 'x') + ">" + std::string(30'000, 'y');
    for (; judge.breaks().empty() && at < text.size(); at += 7) judge.update(std::string_view(text).substr(0, at));
    REQUIRE(!judge.breaks().empty());
    CHECK(judge.breaks().front().result.at_char == 0);
}
