#include <random>

#include <doctest/doctest.h>

#include "check/json_schema.h"
#include "check/stream_judge.h"
#include "check_fixture.h"

using namespace llmc;
using namespace llmc::check;
using session::Answer;
using session::AnswerState;
using session::EndedBy;

namespace {

struct LoopCase {
    std::string check;
    Answer answer;
    bool passes;
    std::string detail = "";
};

void expect_loop(const LoopCase& c) {
    CAPTURE(c.check);
    const auto result = result_of(check_of(c.check), c.answer);
    CAPTURE(result.detail);
    CHECK(result.passed == c.passes);
    CHECK(result.detail.empty() == c.passes);
    CHECK(result.detail.find(c.detail) != std::string::npos);
}

Answer ended(EndedBy how, std::vector<std::vector<Called>> steps = {{{"list"}}}) {
    Answer answer = loop_of(steps);
    answer.ended_by = how;
    return answer;
}

}  // namespace

TEST_CASE("tools are forbidden or allowed by their names") {
    const Answer answer = loop_of({{{"list"}}, {{"read", "{'path':'a'}"}, {"list"}}});
    Answer done = loop_of({{{"list"}}});
    add_step(done, "", {{"DONE", "{}", std::nullopt}});
    Answer single = answer_of("");
    single.tool_calls = {{"1", "list", "{}"}};
    const LoopCase cases[] = {
        {"{'type':'forbidden_tools','values':['delete']}", answer, true},
        {"{'type':'forbidden_tools','values':['delete','read']}", answer, false,
         "call 2 (step 2), \"read\"({\"path\":\"a\"}), is of a forbidden tool"},
        {"{'type':'forbidden_tools','values':['DONE']}", done, false, "forbidden"},
        {"{'type':'forbidden_tools','values':['list']}", single, false, "call 1, \"list\"({})"},
        {"{'type':'allowed_tools','values':['list','read']}", answer, true},
        {"{'type':'allowed_tools','values':['list']}", answer, false, "that is not allowed; allowed are \"list\""},
        {"{'type':'allowed_tools','values':['list']}", done, true},
        {"{'type':'allowed_tools','values':[]}", loop_of({}), true},
        {"{'type':'allowed_tools','values':[]}", answer, false, "allowed are none"},
        {"{'type':'allowed_tools','values':['list']}", answer_of("no calls"), true},
    };
    for (const LoopCase& c : cases) expect_loop(c);
}

TEST_CASE("arguments are valid as the run has found, and as the tools say where there are no steps") {
    Called bad{"read", "{'path':1}"};
    bad.is_valid = false;
    Called broken{"read", "{'path':"};
    broken.is_valid = false;
    const LoopCase cases[] = {
        {"{'type':'arguments_valid'}", loop_of({{{"list"}}, {{"read"}}}), true},
        {"{'type':'arguments_valid'}", loop_of({{{"list"}}, {bad}}), false,
         "call 2 (step 2), \"read\"({\"path\":1}): no such tool was offered, or its arguments do not fit"},
        {"{'type':'arguments_valid'}", loop_of({{broken}}), false, "its arguments are no JSON object"},
        {"{'type':'arguments_valid'}", answer_of("no calls"), true},
    };
    for (const LoopCase& c : cases) expect_loop(c);

    SchemaFault fault;
    const auto schema = JsonSchema::compile(
        *base::parse_json(R"({"type":"object","properties":{"path":{"type":"string"}},"required":["path"]})"), fault);
    const auto tools = std::make_shared<const OfferedTools>(OfferedTools{{"read", schema}, {"list", nullptr}});
    const struct {
        openai::ToolCall call;
        bool is_known;
        std::string detail;
    } singles[] = {
        {{"1", "read", "{\"path\":\"a\"}"}, true, ""},
        {{"1", "list", ""}, true, ""},
        {{"1", "read", "{}"}, true, "do not fit the tool's parameters: "},
        {{"1", "write", "{}"}, true, "no such tool was offered"},
        {{"1", "read", "[]"}, true, "are no JSON object"},
        {{"1", "read", "[]"}, false, "are no JSON object"},
        {{"1", "read", "{}"}, false, "is not known, for the tools' parameters are not"},
    };
    for (const auto& c : singles) {
        Check check = check_of("{'type':'arguments_valid'}");
        if (c.is_known) check.tools = tools;
        Answer answer = answer_of("");
        answer.tool_calls = {c.call};
        const auto result = result_of(check, answer);
        CAPTURE(result.detail);
        CHECK(result.passed == c.detail.empty());
        CHECK(result.detail.find(c.detail) != std::string::npos);
    }
}

TEST_CASE("how a loop ended, how many steps and how long it took") {
    Answer timed = ended(EndedBy::final);
    timed.metrics.model_time_s = 12.5;
    timed.metrics.end_to_end_latency_s = 99;
    Answer single = answer_of("x");
    single.metrics.end_to_end_latency_s = 3;
    const LoopCase cases[] = {
        {"{'type':'no_cycle'}", ended(EndedBy::final), true},
        {"{'type':'no_cycle'}", ended(EndedBy::max_steps), true},
        {"{'type':'no_cycle'}", ended(EndedBy::cycle), false, "again until step 2, last \"list\"({})"},
        {"{'type':'no_cycle'}", answer_of("x"), true},
        {"{'type':'max_steps','value':2}", ended(EndedBy::final), true},
        {"{'type':'max_steps','value':1}", ended(EndedBy::final), false, "takes 2 steps, and at most 1 are allowed"},
        {"{'type':'max_steps','value':1}", answer_of("x"), true},
        {"{'type':'max_total_s','value':12.5}", timed, true},
        {"{'type':'max_total_s','value':12}", timed, false, "took 12.500 s"},
        {"{'type':'max_total_s','value':3}", single, true},
        {"{'type':'max_total_s','value':2.9}", single, false, "took 3.000 s"},
        {"{'type':'max_total_s','value':9}", answer_of("x"), false, "is not known"},
        {"{'type':'finishes'}", ended(EndedBy::final), true},
        {"{'type':'finishes'}", ended(EndedBy::done), true},
        {"{'type':'finishes'}", ended(EndedBy::max_steps), false, "ended by max_steps after step 2"},
        {"{'type':'finishes'}", ended(EndedBy::leaked_call), false, "ended by leaked_call"},
        {"{'type':'finishes'}", ended(EndedBy::cycle), false, "ended by cycle"},
        {"{'type':'finishes'}", answer_of("x"), false, "the answer has no steps"},
    };
    for (const LoopCase& c : cases) expect_loop(c);
    CHECK(refusal("{'type':'max_steps','value':0}").find("value: 0 is out of range") != std::string::npos);
    CHECK(refusal("{'type':'forbidden_tools'}").find("needs a \"values\"") != std::string::npos);
    CHECK(refusal("{'type':'forbidden_tools','values':[]}").find("values: must not be empty") != std::string::npos);
    CHECK(refusal("{'type':'forbidden_tools','values':['a','a']}").find("values[1]: stands there twice") !=
          std::string::npos);
    CHECK(refusal("{'type':'allowed_tools','values':[1]}").find("values[0]: must be a text") != std::string::npos);
    CHECK(refusal("{'type':'no_cycle','turn':1}").find("turn: unknown key") != std::string::npos);
}

TEST_CASE("an answer recovers where every error is followed by a call that works, in a later step") {
    const Called good{"list"}, error{"read", "{}", "Error: no", true};
    const Called done{"DONE", "{}", std::nullopt};
    const LoopCase cases[] = {
        {"{'type':'recovers'}", loop_of({{good}}), true},
        {"{'type':'recovers'}", answer_of("x"), true},
        {"{'type':'recovers'}", loop_of({{error}}), false,
         "after the error of \"read\"({}) in step 1 (\"Error: no\") no later step has a call that works"},
        {"{'type':'recovers'}", loop_of({{error}, {good}}), true},
        {"{'type':'recovers'}", loop_of({{error, good}}), false, "in step 1"},
        {"{'type':'recovers'}", loop_of({{good}, {error}, {error}, {good, error}}), false, "in step 4"},
        {"{'type':'recovers'}", loop_of({{error}, {error, good}, {good}}), true},
        {"{'type':'recovers'}", loop_of({{error}, {done}}), false, "in step 1"},
    };
    for (const LoopCase& c : cases) expect_loop(c);
}

TEST_CASE("recovery is what looking at every error by itself says") {
    std::mt19937 random(3);
    for (int run = 0; run < 3000; ++run) {
        std::vector<std::vector<Called>> steps(1 + random() % 4);
        for (auto& step : steps)
            for (auto i = random() % 3; i > 0; --i) {
                const auto kind = random() % 3;
                step.push_back({"t", "{}", kind == 2 ? std::nullopt : std::optional<std::string>("r"), kind == 1});
            }
        bool recovers = true;
        for (std::size_t i = 0; i < steps.size(); ++i)
            for (const Called& call : steps[i]) {
                if (!call.is_error) continue;
                bool any = false;
                for (std::size_t j = i + 1; j < steps.size(); ++j)
                    for (const Called& later : steps[j]) any = any || (later.result && !later.is_error);
                recovers = recovers && any;
            }
        CHECK(result_of(check_of("{'type':'recovers'}"), loop_of(steps)).passed == recovers);
    }
}

TEST_CASE("checks of text and calls judge the last turn, or the one that they name") {
    Answer answer{.state = AnswerState::complete, .ended_by = EndedBy::final};
    add_step(answer, "", {{"list"}}, 1);
    add_step(answer, "Hello", {}, 1);
    add_step(answer, "", {{"read"}}, 2);
    add_step(answer, "Goodbye", {}, 2);
    const LoopCase cases[] = {
        {"{'type':'equals','value':'Goodbye'}", answer, true},
        {"{'type':'equals','value':'Hello'}", answer, false, "does not equal"},
        {"{'type':'equals','value':'Hello','turn':1}", answer, true},
        {"{'type':'equals','value':'Hello','turn':3}", answer, false, "turn 3 was not reached: the answer has 2"},
        {"{'type':'max_chars','value':5,'turn':1}", answer, true},
        {"{'type':'max_chars','value':5}", answer, false, "has more than 5 characters"},
        {"{'type':'finish_reason','value':'stop','turn':1}", answer, true},
        {"{'type':'calls','match':'exact','value':[{'name':'read'}]}", answer, true},
        {"{'type':'calls','match':'exact','value':[{'name':'list'}],'turn':1}", answer, true},
        {"{'type':'milestones','value':[{'id':'l','name':'list'}]}", answer, false, "was not reached"},
        {"{'type':'milestones','value':[{'id':'l','name':'list'}],'turn':1}", answer, true},
        {"{'type':'tool_call','name':'list'}", answer, true},
        {"{'type':'tool_call','name':'list','turn':2}", answer, false, "no call of \"list\""},
        {"{'type':'no_tool_call','name':'list','turn':2}", answer, true},
        {"{'type':'forbidden_tools','values':['list']}", answer, false, "forbidden"},
        {"{'type':'forbidden_tools','values':['list'],'turn':2}", answer, true},
        {"{'type':'max_steps','value':2}", answer, false, "takes 4 steps"},
        {"{'type':'max_steps','value':2,'turn':2}", answer, true},
        {"{'type':'equals','value':'x','turn':1}", answer_of("x"), true},
        {"{'type':'equals','value':'x','turn':2}", answer_of("x"), false, "the answer has 1"},
    };
    for (const LoopCase& c : cases) expect_loop(c);
}

TEST_CASE("what the steps so far have broken is what judging the whole answer finds, whatever follows") {
    const std::vector<Check> checks = {
        check_of("{'type':'contains','value':'never'}"),
        check_of("{'type':'forbidden_tools','values':['delete'],'stop_on_break':true}"),
        check_of("{'type':'allowed_tools','values':['list','read']}"),
        check_of("{'type':'arguments_valid'}"),
        check_of("{'type':'no_cycle'}"),
        check_of("{'type':'max_steps','value':3}"),
        check_of("{'type':'forbidden_tools','values':['read'],'turn':2}"),
        check_of("{'type':'calls','value':[{'name':'never'}]}"),
        check_of("{'type':'not_contains','value':'x'}"),
    };
    std::mt19937 random(9);
    const std::string names[] = {"list", "read", "write", "delete"};
    int broken = 0;
    for (int run = 0; run < 500; ++run) {
        Answer answer{.state = AnswerState::streaming};
        std::vector<std::size_t> known;
        int turn = 1;
        for (unsigned step = 0; step < 5; ++step) {
            std::vector<Called> calls(random() % 3);
            for (Called& call : calls) {
                call.name = names[random() % 4 == 0 ? 3 : random() % 3];
                call.is_valid = random() % 6 != 0;
            }
            add_step(answer, "x", calls, turn);
            if (calls.empty()) ++turn;
            std::vector<std::size_t> now;
            for (const Break& one : judge_steps(checks, answer)) {
                now.push_back(one.check);
                CHECK(one.stops == (one.check == 1));
                CHECK(!one.result.passed);
                CHECK(one.result.detail != "");
                CHECK(one.result.type == checks[one.check].kind->name);
            }
            CHECK(std::ranges::includes(now, known));
            known = now;
        }
        answer.state = AnswerState::complete;
        answer.ended_by = EndedBy::final;
        const auto results = judge_answer(checks, answer);
        for (const std::size_t one : known) CHECK(!results[one].passed);
        broken += static_cast<int>(known.size());
        // An answer that failed on its way says what it had broken.
        answer.state = AnswerState::failed;
        const auto failed = judge_answer(checks, answer);
        for (const std::size_t one : known) CHECK(failed[one].detail.find("(failed); ") != std::string::npos);
        CHECK(failed[8].detail.find(";") == std::string::npos);
    }
    CHECK(broken > 500);
}
