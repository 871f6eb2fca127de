#include "gui/panels/loop_model.h"

#include "gui/gui_fixture.h"

using namespace llmc;
using namespace llmc::gui;
using namespace llmc::gui::test;

namespace {

std::shared_ptr<const session::Step> step(int index, bool is_valid, bool is_error) {
    auto made = std::make_shared<session::Step>();
    made->index = index;
    made->metrics.prompt_tokens = 100 * index;
    made->calls.push_back({.call = {.name = "look", .arguments = "{}"},
                           .result = is_error ? "Error: not there" : "a hen",
                           .is_error = is_error,
                           .is_valid = is_valid});
    return made;
}

session::Answer run(const char* candidate, std::vector<std::shared_ptr<const session::Step>> steps,
                    std::optional<session::EndedBy> how) {
    session::Answer made = answer(candidate, "text");
    made.steps = std::move(steps);
    made.ended_by = how;
    if (!how) made.state = session::AnswerState::streaming;
    if (!how) made.step_now = {.index = 2, .turn = 1, .of_turn = 2, .max_steps = 20};
    return made;
}

engine::Snapshot two_candidates() {
    engine::Snapshot now;
    now.session.id = "s";
    add_candidate(now, "c1", "alpha");
    add_candidate(now, "c2", "beta");
    session::SuiteRun suite{.name = "n", .repeat = 2};
    suite.source = *base::parse_ordered_json(R"({"loop": {}, "prompts": [{"id": "sort", "prompt": "p"}]})");
    now.session.suite = std::make_shared<session::SuiteRun>(std::move(suite));
    session::Round& first =
        add_round(now, "p",
                  {run("c1", {step(1, true, false), step(2, true, true)}, session::EndedBy::final),
                   run("c2", {step(1, true, false), step(2, false, true)}, session::EndedBy::cycle)});
    first.prompt_id = "sort";
    session::Round& second = add_round(now, "p",
                                       {run("c1", {step(1, true, false)}, std::nullopt),
                                        run("c2", {step(1, false, true)}, session::EndedBy::max_steps)});
    second.prompt_id = "sort";
    second.repeat = 2;
    return now;
}

}  // namespace

TEST_CASE("a candidate's runs of a prompt are told step by step, the worst of each") {
    LoopModel model;
    model.update(two_candidates(), 1);
    REQUIRE(model.lanes.size() == 2);
    const LoopLane& alpha = model.lanes[0];
    REQUIRE(alpha.runs.size() == 2);
    CHECK(alpha.runs[0].steps == std::vector{StepMark::valid, StepMark::error_result});
    CHECK(alpha.runs[0].ending == "final answer");
    CHECK(alpha.runs[1].steps == std::vector{StepMark::valid, StepMark::running});
    CHECK(alpha.runs[1].ending == "step 2 of 20");
    CHECK(alpha.runs[1].name == "repeat 2");
    const LoopLane& beta = model.lanes[1];
    CHECK(beta.runs[0].steps == std::vector{StepMark::valid, StepMark::invalid_call});
    CHECK(beta.runs[0].ending == "cycle");
    CHECK(beta.runs[0].role == Role::bad);
    CHECK(beta.summary == "0 of 2 runs finished · first invalid call at step 1");
    CHECK(beta.valid == std::vector<double>{50, 0});
    CHECK(beta.context == std::vector<double>{100, 200});
    CHECK(model.most_steps == 2);
}

TEST_CASE("without steps there are no lanes, and a prompt that is chosen and gone is that of the newest round again") {
    engine::Snapshot now;
    now.session.id = "s";
    add_candidate(now, "c1", "alpha");
    add_round(now, "p", {answer("c1", "text")});
    LoopModel model;
    model.update(now, 1);
    CHECK(model.lanes.empty());
    model.choose("other");
    model.update(two_candidates(), 1);
    CHECK(model.shown == "sort");
}

TEST_CASE("a step whose call leaked into its text is no valid one, and one that was stopped no failure") {
    engine::Snapshot now;
    now.session.id = "s";
    add_candidate(now, "c1", "alpha");
    add_round(now, "p", {run("c1", {step(1, true, false), step(2, true, false)}, session::EndedBy::leaked_call)});
    LoopModel model;
    model.update(now, 1);
    CHECK(model.lanes[0].runs[0].steps == std::vector{StepMark::valid, StepMark::invalid_call});
    session::Step stopped = *step(1, true, false);
    stopped.state = session::AnswerState::stopped;
    CHECK(mark_of(stopped) == StepMark::stopped);
    stopped.state = session::AnswerState::cut_off;
    CHECK(mark_of(stopped) == StepMark::failed);
}

TEST_CASE("what is told of a step names its calls and what was wrong") {
    CHECK(step_text(*step(3, false, true)) == "Step 3\nlook {}\ninvalid call\nError: not there");
    session::Step quiet;
    CHECK(step_text(quiet) == "Step 1\nno tool call");
}
