#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <doctest/doctest.h>

#include "check_fixture.h"

using namespace llmc;
using namespace llmc::check;
using session::Answer;

namespace {

// Calls by letters: the tool's name is the letter, its argument "n" the digit behind it.
using Letters = std::vector<std::string>;

Answer answer_with(const Letters& calls) {
    Answer answer = answer_of("");
    for (const auto& one : calls) answer.tool_calls.push_back({"1", one.substr(0, 1), "{\"n\":" + one.substr(1) + "}"});
    return answer;
}

// What is expected: "a" any call of a, "a1" with that argument, "[ab]" one of these names.
std::string expected_entry(const std::string& one) {
    if (one.front() == '[') return "'pattern':'^" + one + "$'";
    if (one.size() == 1) return "'name':'" + one + "'";
    return "'name':'" + one.substr(0, 1) + "','arguments':{'n':" + one.substr(1) + "}";
}

std::string calls_check(const Letters& expected, const std::string& match) {
    std::string list;
    for (const auto& one : expected) list += (list.empty() ? "{" : ",{") + expected_entry(one) + "}";
    return "{'type':'calls','match':'" + match + "','value':[" + list + "]}";
}

bool is_fit(const std::string& expected, const std::string& made) {
    if (expected.front() == '[') return expected.find(made[0]) != std::string::npos;
    return expected.size() == 1 ? made[0] == expected[0] : made == expected;
}

// Whether some way to give each of `few` one of `many` of its own fits: tries all of them.
bool can_give(const Letters& few, const Letters& many, bool few_are_expected) {
    if (few.size() > many.size()) return false;
    std::vector<std::size_t> order(many.size());
    std::iota(order.begin(), order.end(), 0);
    do {
        bool all = true;
        for (std::size_t i = 0; i < few.size() && all; ++i)
            all = few_are_expected ? is_fit(few[i], many[order[i]]) : is_fit(many[order[i]], few[i]);
        if (all) return true;
    } while (std::next_permutation(order.begin(), order.end()));
    return false;
}

// Whether some choice of places in order fits: tries all of them.
bool is_subsequence(const Letters& expected, const Letters& made) {
    for (unsigned chosen = 0; chosen < 1U << made.size(); ++chosen) {
        Letters picked;
        for (std::size_t i = 0; i < made.size(); ++i)
            if (chosen >> i & 1U) picked.push_back(made[i]);
        if (picked.size() == expected.size() && std::equal(expected.begin(), expected.end(), picked.begin(), is_fit))
            return true;
    }
    return false;
}

bool oracle(const std::string& match, const Letters& expected, const Letters& made) {
    const std::size_t common = std::min(expected.size(), made.size());
    const bool begins = expected.size() == common && std::equal(expected.begin(), expected.end(), made.begin(), is_fit);
    if (match == "in_order") return is_subsequence(expected, made);
    if (match == "prefix") return begins;
    if (match == "exact") return begins && made.size() == expected.size();
    if (match == "any_order") return made.size() == expected.size() && can_give(expected, made, true);
    if (match == "superset") return can_give(expected, made, true);
    return can_give(made, expected, false);
}

}  // namespace

TEST_CASE("calls are matched one to one as trying every way says") {
    std::mt19937 random(11);
    const Letters makeable = {"a1", "a2", "b1", "b2", "c1"};
    const Letters expectable = {"a", "a1", "a2", "b", "b1", "[ab]", "[bc]", "[abc]"};
    const auto draw = [&](const Letters& from, std::size_t most, std::size_t least) {
        Letters drawn(least + random() % (most - least + 1));
        for (auto& one : drawn) one = from[random() % from.size()];
        return drawn;
    };
    int passed = 0, judged = 0;
    for (int run = 0; run < 3000; ++run) {
        const Letters expected = draw(expectable, 4, 1), made = draw(makeable, 5, 0);
        for (const std::string match : {"in_order", "exact", "prefix", "any_order", "subset", "superset"}) {
            const std::string check = calls_check(expected, match);
            const auto result = result_of(check_of(check), answer_with(made));
            const bool passes = oracle(match, expected, made);
            if (result.passed != passes || result.detail.empty() != passes) {
                CAPTURE(check);
                std::string all;
                for (const auto& one : made) all += one + " ";
                CAPTURE(all);
                CAPTURE(result.detail);
                CHECK(result.passed == passes);
                CHECK(result.detail.empty() == passes);
            }
            passed += passes;
            ++judged;
        }
    }
    CHECK(passed > judged / 20);
    CHECK(passed < judged / 2);
}

TEST_CASE("milestones are reached as trying every call for each says") {
    std::mt19937 random(5);
    const Letters makeable = {"a1", "a2", "b1", "b2", "c1"}, expectable = {"a", "a1", "b", "b2", "[ab]", "c"};
    int passed = 0;
    for (int run = 0; run < 4000; ++run) {
        Letters made(random() % 6), wanted(1 + random() % 4);
        for (auto& one : made) one = makeable[random() % makeable.size()];
        for (auto& one : wanted) one = expectable[random() % expectable.size()];
        // Edges lead from one to another in a random order of the list, so that no circle comes about.
        std::vector<std::size_t> rank(wanted.size());
        std::iota(rank.begin(), rank.end(), 0);
        std::shuffle(rank.begin(), rank.end(), random);
        std::vector<std::pair<std::size_t, std::size_t>> edges;  // the second comes after the first
        std::string list;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            std::string after;
            for (std::size_t j = 0; j < wanted.size(); ++j) {
                if (rank[j] >= rank[i] || random() % 2 == 0) continue;
                edges.emplace_back(j, i);
                after += (after.empty() ? "'m" : ",'m") + std::to_string(j) + "'";
            }
            list += (i == 0 ? "{'id':'m" : ",{'id':'m") + std::to_string(i) + "','after':[" + after + "]," +
                    expected_entry(wanted[i]) + "}";
        }
        bool passes = false;
        std::vector<std::size_t> at(wanted.size(), 0);
        const std::size_t ways = made.empty() ? 0 : static_cast<std::size_t>(std::pow(made.size(), wanted.size()));
        for (std::size_t way = 0; way < ways && !passes; ++way) {
            std::size_t rest = way;
            for (auto& place : at) {
                place = rest % made.size();
                rest /= made.size();
            }
            passes = true;
            for (std::size_t i = 0; i < at.size(); ++i) passes = passes && is_fit(wanted[i], made[at[i]]);
            for (const auto& [first, second] : edges) passes = passes && at[first] < at[second];
        }
        const auto result = result_of(check_of("{'type':'milestones','value':[" + list + "]}"), answer_with(made));
        if (result.passed != passes) {
            CAPTURE(list);
            CAPTURE(result.detail);
            CHECK(result.passed == passes);
        }
        CHECK(result.detail.empty() == passes);
        passed += passes;
    }
    CHECK(passed > 200);
}

TEST_CASE("a detail says which call, at which step, what was expected and what came") {
    const Answer answer = loop_of({{{"list", "{'path':'.'}"}}, {{"read", "{'path':'b'}"}, {"write", "{'path':'c'}"}}});
    const struct {
        std::string check, detail;
    } cases[] = {
        {"{'type':'calls','value':[{'name':'list'},{'name':'read','arguments':{'path':'a'}}]}",
         "expected call 2 of 2, \"read\"({\"path\":\"a\"}), was not made behind call 1 (step 1), "
         "\"list\"({\"path\":\".\"}); call 2 (step 2), \"read\"({\"path\":\"b\"}): argument /path must be \"a\", and "
         "is "
         "\"b\""},
        {"{'type':'calls','match':'exact','value':[{'name':'list'},{'name':'read'}]}",
         "call 3 (step 2), \"write\"({\"path\":\"c\"}), is one too many: 2 calls are expected"},
        {"{'type':'calls','match':'prefix','value':[{'name':'read'}]}",
         "call 1 (step 1), \"list\"({\"path\":\".\"}), is not the expected \"read\"(): it is a call of \"list\""},
        {"{'type':'calls','match':'subset','value':[{'name':'list'},{'name':'read'}]}",
         "call 3 (step 2), \"write\"({\"path\":\"c\"}), is not expected"},
        {"{'type':'calls','match':'superset','value':[{'name':'list'},{'name':'list'}]}",
         "no call is left for expected call 2 of 2, \"list\"(); made were \"list\", \"read\", \"write\""},
        {"{'type':'milestones','value':[{'id':'w','name':'write'},{'id':'r','name':'read','after':['w']}]}",
         "milestone \"r\", \"read\"(), was not reached after \"w\", which call 3 (step 2), \"write\"({\"path\":\"c\"}) "
         "reached; made were"},
    };
    for (const auto& c : cases) {
        const auto result = result_of(check_of(c.check), answer);
        CAPTURE(result.detail);
        CHECK(!result.passed);
        CHECK(result.detail.find(c.detail) == 0);
    }
}

TEST_CASE("the done tool's call and what was dropped beside it are none of the calls") {
    Answer answer = loop_of({{{"list"}}});
    add_step(answer, "", {{"write", "{}", std::nullopt}, {"DONE", "{'response':'All sorted.'}", std::nullopt}});
    CHECK(result_of(check_of("{'type':'calls','match':'exact','value':[{'name':'list'}]}"), answer).passed);
    CHECK(!result_of(check_of("{'type':'calls','value':[{'name':'DONE'}]}"), answer).passed);
    CHECK(result_of(check_of("{'type':'tool_call','name':'DONE'}"), answer).passed);
    CHECK(result_of(check_of("{'type':'equals','value':'All sorted.'}"), answer).passed);
}

TEST_CASE("a ground truth is judged by the leaderboard's rules") {
    const struct {
        std::string truth;
        std::vector<std::pair<std::string, std::string>> calls;
        bool passes;
    } cases[] = {
        {"[{'f':{'a':[1]}}]", {{"f", "{\"a\":1}"}}, true},
        {"[{'f':{'a':[1]}}]", {{"f", "{\"a\":1.0}"}}, true},
        {"[{'f':{'a':[1]}}]", {{"f", "{\"a\":\"1\"}"}}, false},
        {"[{'f':{'a':[1]}}]", {{"f", "{}"}}, false},
        {"[{'f':{'a':[1,'']}}]", {{"f", "{}"}}, true},
        {"[{'f':{'a':[1]}}]", {{"f", "{\"a\":1,\"b\":2}"}}, false},
        {"[{'f':{}}]", {{"f", ""}}, true},
        {"[{'math.f':{}}]", {{"math_f", "{}"}}, true},
        {"[{'f':{'a':['New York, NY']}}]", {{"f", "{\"a\":\"new york ny\"}"}}, true},
        {"[{'f':{'a':['it\\u0027s']}}]", {{"f", "{\"a\":\"IT\\\"s\"}"}}, true},
        {"[{'f':{'a':['x','y']}}]", {{"f", "{\"a\":\"y\"}"}}, true},
        {"[{'f':{'a':['x','y']}}]", {{"f", "{\"a\":\"z\"}"}}, false},
        {"[{'f':{'a':[['A b','c']]}}]", {{"f", "{\"a\":[\"ab\",\"C\"]}"}}, true},
        {"[{'f':{'a':[['a','b']]}}]", {{"f", "{\"a\":[\"b\",\"a\"]}"}}, false},
        {"[{'f':{'a':[{'k':['v'],'o':[1,'']}]}}]", {{"f", "{\"a\":{\"k\":\"V\"}}"}}, true},
        {"[{'f':{'a':[{'k':['v']}]}}]", {{"f", "{\"a\":{\"k\":\"v\",\"x\":1}}"}}, false},
        {"[{'f':{'a':[[{'k':['v']}]]}}]", {{"f", "{\"a\":[{\"k\":\"v\"}]}"}}, true},
        {"[{'f':{'a':[true]}}]", {{"f", "{\"a\":1}"}}, false},
        {"[{'f':{'a':[1]}},{'f':{'a':[2]}}]", {{"f", "{\"a\":2}"}, {"f", "{\"a\":1}"}}, true},
        {"[{'f':{'a':[1,2]}},{'f':{'a':[1]}}]", {{"f", "{\"a\":1}"}, {"f", "{\"a\":2}"}}, true},
        {"[{'f':{'a':[1]}}]", {{"f", "{\"a\":1}"}, {"f", "{\"a\":1}"}}, false},
        {"[{'f':{'a':[1]}}]", {}, false},
        {"[]", {}, true},
        {"[]", {{"f", "{}"}}, false},
        {"[{'f':{}}]", {{"f", "{\"a\":"}}, false},
    };
    for (const auto& c : cases) {
        CAPTURE(c.truth);
        Answer answer = answer_of("");
        for (const auto& [name, arguments] : c.calls) answer.tool_calls.push_back({"1", name, arguments});
        const auto result = result_of(check_of("{'type':'calls','rules':'bfcl','value':" + c.truth + "}"), answer);
        CAPTURE(result.detail);
        CHECK(result.passed == c.passes);
        CHECK(result.detail.empty() == c.passes);
    }
}

TEST_CASE("a check tells the tools that it names") {
    const auto tools = [](const char* check) {
        const Check read = check_of(check);
        return read.kind->tools ? read.kind->tools(read) : std::vector<std::string>();
    };
    CHECK(tools("{'type':'calls','value':[{'name':'a'},{'pattern':'b'},{'name':'c'}]}") == Letters{"a", "c"});
    CHECK(tools("{'type':'milestones','value':[{'id':'x','name':'a'}]}") == Letters{"a"});
    CHECK(tools("{'type':'forbidden_tools','values':['a','b']}") == Letters{"a", "b"});
    CHECK(tools("{'type':'tool_call','name':'a'}") == Letters{"a"});
    CHECK(tools("{'type':'tool_call'}").empty());
    CHECK(tools("{'type':'contains','value':'a'}").empty());
}

TEST_CASE("a bad list of calls is refused with the key that is wrong") {
    const struct {
        std::string check, error;
    } cases[] = {
        {"{'type':'calls'}", "needs a \"value\""},
        {"{'type':'calls','value':[]}", "value: must not be empty with \"match\": \"in_order\""},
        {"{'type':'calls','value':[],'match':'superset'}", "value: must not be empty"},
        {"{'type':'calls','value':[],'match':'exact'}", ""},
        {"{'type':'calls','value':[],'rules':'bfcl'}", ""},
        {"{'type':'calls','value':[{'name':'a'}],'match':'sorted'}",
         "match: \"sorted\" is unknown; possible are in_order, exact, prefix, any_order, subset, superset"},
        {"{'type':'calls','value':[{'name':'a'}],'rules':'mine'}", "rules: \"mine\" is unknown"},
        {"{'type':'calls','value':[{'a':{}}],'rules':'bfcl','match':'exact'}", "match: stands beside \"rules\""},
        {"{'type':'calls','value':[{'a':{},'b':{}}],'rules':'bfcl'}", "value[0]: must be an object with one member"},
        {"{'type':'calls','value':[{'a':{'x':[]}}],'rules':'bfcl'}",
         "value[0].a.x: must be a list of acceptable values"},
        {"{'type':'calls','value':['a']}", "value[0]: must be an object, and is a text"},
        {"{'type':'calls','value':[{}]}", "value[0].name: is missing: a call has a \"name\" or a \"pattern\""},
        {"{'type':'calls','value':[{'name':'a','pattern':'b'}]}", "value[0].pattern: stands beside \"name\""},
        {"{'type':'calls','value':[{'pattern':'('}]}", "value[0].pattern: not a regular expression of RE2"},
        {"{'type':'calls','value':[{'name':'a','mode':'strict'}]}", "value[0].mode: \"strict\" is unknown"},
        {"{'type':'calls','value':[{'name':'a','ignore':[1]}]}", "value[0].ignore[0]: must be a text, and is a number"},
        {"{'type':'calls','value':[{'name':'a','arguments':[1]}]}", "value[0].arguments: must be an object"},
        {"{'type':'calls','value':[{'name':'a','args':{}}]}", "value[0].args: unknown key"},
        {"{'type':'calls','value':[{'name':'a','arguments':{'p':{'any_of':[]}}}]}",
         "value[0].arguments.p.any_of: must not be empty"},
        {"{'type':'calls','value':[{'name':'a','arguments':{'p':{'all_of':1}}}]}",
         "value[0].arguments.p.all_of: must be a list, and is a number"},
        {"{'type':'calls','value':[{'name':'a','arguments':{'p':{'matches':'('}}}]}",
         "value[0].arguments.p.matches: not a regular expression of RE2"},
        {"{'type':'calls','value':[{'name':'a','arguments':{'p':{'type':'text'}}}]}",
         "value[0].arguments.p.type: \"text\" is no type"},
        {"{'type':'calls','value':[{'name':'a','arguments':{'p':{'min_length':-1}}}]}",
         "value[0].arguments.p.min_length: must be a whole number from 0"},
        {"{'type':'calls','value':[{'name':'a','arguments':{'p':[{'min_length':1.5}]}}]}",
         "value[0].arguments.p[0].min_length: must be a whole number from 0"},
        {"{'type':'calls','value':[{'name':'a','arguments':{'p':{'matches':'x','min_length':2}}}]}",
         "value[0].arguments.p: has several operators in one object"},
        {"{'type':'calls','value':[{'name':'a'}],'turn':0}", "turn: 0 is out of range"},
        {"{'type':'milestones','value':[]}", "value: must not be empty"},
        {"{'type':'milestones','value':[{'name':'a'}]}", "id"},
        {"{'type':'milestones','value':[{'id':'x','name':'a'},{'id':'x','name':'b'}]}",
         "value[1].id: another milestone has it already"},
        {"{'type':'milestones','value':[{'id':'x','name':'a','after':['y']}]}",
         "value[0].after[0]: there is no milestone \"y\""},
        {"{'type':'milestones','value':[{'id':'x','name':'a','after':['x']}]}", "value[0].after: is a circle"},
        {"{'type':'milestones','value':[{'id':'x','name':'a','after':['y']},{'id':'y','name':'a','after':['x']}]}",
         "value[0].after: is a circle"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.check);
        const std::string error = refusal(c.check);
        CAPTURE(error);
        CHECK(error.find(c.error) != std::string::npos);
        CHECK(error.empty() == c.error.empty());
    }
}
