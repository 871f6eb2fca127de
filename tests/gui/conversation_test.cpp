#include "gui/conversation/conversation.h"

#include <doctest/doctest.h>

#include "gui/gui_fixture.h"

namespace llmc::gui {
namespace {

using session::AnswerState;

std::shared_ptr<const text::FindPattern> looking_for(const char* words) {
    return *text::FindPattern::make({.text = words});
}

// One candidate's conversation, drawn a few times.
struct Drawn {
    test::FrameParts parts;
    test::Canvas canvas{parts};
    Conversation conversation;

    Drawn() { test::add_candidate(parts.snapshot, "c1", "alpha"); }
    void draw(int times = 3) { draw(conversation, times); }
    void draw(Conversation& shown, int times = 3) {
        for (int i = 0; i < times; ++i)
            canvas.draw([&](const FrameView& frame) {
                Commands commands;
                shown.draw(frame, parts.snapshot.session.candidates[0], ImGui::GetContentRegionAvail(), commands);
            });
    }
    void find_all() {
        do draw(1);
        while (conversation.is_searching());
    }
};

TEST_CASE("a conversation is copied as turns with their speakers, reasoning left out") {
    Drawn drawn;
    CHECK(drawn.conversation.is_empty());
    CHECK(drawn.conversation.last_answer().empty());
    test::add_round(drawn.parts.snapshot, "Hello", {test::answer("c1", "Hi **you**.", "A greeting.")});
    test::add_round(drawn.parts.snapshot, "Bye", {test::answer("c1", "See you.")});
    drawn.draw();
    CHECK(drawn.conversation.last_answer() == "See you.");
    CHECK(drawn.conversation.whole_text() ==
          "[User]\nHello\n\n[Assistant]\nHi **you**.\n\n[User]\nBye\n\n[Assistant]\nSee you.");
}

TEST_CASE("rounds without the candidate are not in its conversation, and another session begins anew") {
    Drawn drawn;
    drawn.parts.snapshot.session.id = "one";
    test::add_round(drawn.parts.snapshot, "Before", {});
    test::add_round(drawn.parts.snapshot, "Hello", {test::answer("c1", "Hi.")});
    drawn.draw();
    CHECK(drawn.conversation.whole_text() == "[User]\nHello\n\n[Assistant]\nHi.");
    drawn.parts.snapshot.session.id = "two";
    drawn.parts.snapshot.session.rounds.clear();
    ++drawn.parts.revision;
    drawn.draw();
    CHECK(drawn.conversation.is_empty());
}

TEST_CASE("find counts all texts in the order in which they stand and goes round in both directions") {
    Drawn drawn;
    test::add_round(drawn.parts.snapshot, "fox 1", {test::answer("c1", "Fox 3, FOX 4", "a fox 2")});
    test::add_round(drawn.parts.snapshot, "no animal", {test::answer("c1", "the last fox")});
    drawn.draw();
    drawn.conversation.set_pattern(looking_for("fox"));
    drawn.find_all();
    CHECK(drawn.conversation.found_count() == 5);
    CHECK(drawn.conversation.found_index() == 1);
    for (const std::size_t expected : {2U, 3U, 4U, 5U, 1U}) {
        drawn.conversation.find_next(true);
        CHECK(drawn.conversation.found_index() == expected);
        drawn.draw();
    }
    for (const std::size_t expected : {5U, 4U, 3U, 2U, 1U}) {
        drawn.conversation.find_next(false);
        CHECK(drawn.conversation.found_index() == expected);
        drawn.draw();
    }
    drawn.conversation.set_pattern(looking_for("wolf"));
    drawn.find_all();
    CHECK(drawn.conversation.found_count() == 0);
    drawn.conversation.find_next(true);  // nothing to go to
    CHECK(drawn.conversation.found_index() == 0);
    drawn.conversation.set_pattern(looking_for(""));
    CHECK(drawn.conversation.found_count() == 0);
}

// The candidate's answer in the newest round is tried again, with this answer.
void try_again(test::FrameParts& parts, session::Answer answer) {
    const std::size_t last = parts.snapshot.session.rounds.size() - 1;
    auto round = std::make_shared<session::Round>(*parts.snapshot.session.rounds[last]);
    answer.round = round->number;
    answer.attempt = round->answers[0].attempt + 1;
    round->replaced.push_back(std::move(round->answers[0]));
    round->answers[0] = std::move(answer);
    parts.snapshot.session.rounds.set(last, std::move(round));
    ++parts.revision;
}

TEST_CASE("an earlier attempt is folded, is found and opened by that, and is not the last answer") {
    Drawn drawn;
    test::add_round(drawn.parts.snapshot, "p", {test::answer("c1", "a broken fox", "a thought", AnswerState::cut_off)});
    drawn.draw();
    drawn.conversation.set_pattern(looking_for("fox"));
    drawn.find_all();
    CHECK(drawn.conversation.found_count() == 1);
    drawn.conversation.set_pattern(looking_for(""));
    try_again(drawn.parts, test::answer("c1", "a whole hen"));
    drawn.draw();
    CHECK(drawn.conversation.last_answer() == "a whole hen");
    CHECK(drawn.conversation.whole_text() == "[User]\np\n\n[Assistant]\na whole hen");

    drawn.conversation.set_pattern(looking_for("fox"));
    drawn.find_all();
    CHECK(drawn.conversation.found_count() == 1);
    CHECK(drawn.conversation.found_index() == 1);
    drawn.draw();
    CHECK(drawn.conversation.whole_text() ==
          "[User]\np\n\n[Assistant, attempt 1 · cut off]\na broken fox\n\n[Assistant]\na whole hen");
}

TEST_CASE("attempts stand in their order in the round where they were made") {
    Drawn drawn;
    session::Answer first = test::answer("c1", "one", {}, AnswerState::cut_off);
    first.metrics.output_tokens = 27;
    test::add_round(drawn.parts.snapshot, "p", {first});
    session::Answer second = test::answer("c1", "two", {}, AnswerState::failed);
    second.failure = session::Failure{.kind = ErrorKind::timeout, .message = "lab sent no token for 6 s"};
    try_again(drawn.parts, second);
    try_again(drawn.parts, test::answer("c1", "three"));
    test::add_round(drawn.parts.snapshot, "q", {test::answer("c1", "four")});
    drawn.draw();
    drawn.conversation.set_pattern(looking_for("one"));
    drawn.find_all();
    drawn.conversation.set_pattern(looking_for("two"));
    drawn.find_all();
    drawn.draw();
    CHECK(drawn.conversation.whole_text() ==
          "[User]\np\n\n[Assistant, attempt 1 · 27 tokens · cut off]\none\n\n"
          "[Assistant, attempt 2 · no token for 6 s]\ntwo\n\n[Assistant]\nthree\n\n"
          "[User]\nq\n\n[Assistant]\nfour");
    try_again(drawn.parts, test::answer("c1", "five"));  // the last round's
    drawn.draw();
    CHECK(drawn.conversation.last_answer() == "five");
    CHECK(drawn.conversation.whole_text().ends_with("[User]\nq\n\n[Assistant]\nfive"));
}

TEST_CASE("a warning stands at the attempt that has it") {
    test::FrameParts parts;
    test::add_candidate(parts.snapshot, "c1", "alpha");
    session::Answer warned = test::answer("c1", "half", {}, AnswerState::cut_off);
    warned.warnings = {"the server is slow"};
    test::add_round(parts.snapshot, "p", {warned});
    try_again(parts, test::answer("c1", "whole"));
    const auto& round = parts.snapshot.session.rounds[0];
    const auto has_notes = [&](const session::Answer& answer) {
        const auto attempt = std::make_shared<Attempt>();
        attempt->show(round, answer);
        Turn turn(attempt);
        turn.sync({});
        return turn.has_notes();
    };
    CHECK(has_notes(round->replaced[0]));
    CHECK_FALSE(has_notes(round->answers[0]));
}

// A step that has ended, with one call.
std::shared_ptr<const session::Step> ended_step(int index, std::string_view text, session::StepCall call) {
    auto step = std::make_shared<session::Step>();
    step->index = index;
    step->text = text;
    step->calls.push_back(std::move(call));
    return step;
}

session::StepCall a_call(const char* arguments, const char* result) {
    return {.call = {.id = "1", .name = "look", .arguments = arguments}, .result = result, .is_valid = true};
}

TEST_CASE("steps stand under each other with their calls and results, and are copied and found as text") {
    Drawn drawn;
    session::Answer looped = test::answer("c1", "All looked at.");
    looped.steps.push_back(ended_step(1, "First I look.", a_call(R"({"at": "./a"})", "a zebra")));
    session::StepCall wrong = a_call("{", "Error: Could not parse tool arguments: {");
    wrong.is_error = true;
    wrong.is_valid = false;
    looped.steps.push_back(ended_step(2, "", wrong));
    auto last = std::make_shared<session::Step>();
    last->index = 3;
    last->turn = 2;
    last->prompt = "And then?";
    last->text = "All looked at.";
    looped.steps.push_back(last);
    looped.ended_by = session::EndedBy::final;
    test::add_round(drawn.parts.snapshot, "Look", {looped});
    drawn.draw();
    CHECK(drawn.conversation.whole_text() ==
          "[User]\nLook\n\n[Assistant, step 1]\nFirst I look.\n\n[Tool call, step 1]\n`look {\"at\":\"./a\"}`\n\n"
          "[Tool result, step 1]\na zebra\n\n[Tool call, step 2, invalid call]\n`look {`\n\n"
          "[Tool result, step 2, error result]\nError: Could not parse tool arguments: {\n\n"
          "[User]\nAnd then?\n\n[Assistant, step 3]\nAll looked at.");
    CHECK(drawn.conversation.last_answer().starts_with("[Assistant, step 1]\nFirst"));
    drawn.conversation.set_pattern(looking_for("look"));
    drawn.find_all();
    CHECK(drawn.conversation.found_count() == 5);
    drawn.conversation.set_pattern(looking_for("zebra"));
    drawn.find_all();
    CHECK(drawn.conversation.found_count() == 1);
}

// The newest round's answer is this one now.
void put_answer(test::FrameParts& parts, session::Answer answer) {
    const std::size_t last = parts.snapshot.session.rounds.size() - 1;
    auto round = std::make_shared<session::Round>(*parts.snapshot.session.rounds[last]);
    answer.round = round->number;
    answer.attempt = round->answers[0].attempt;
    round->answers[0] = std::move(answer);
    parts.snapshot.session.rounds.set(last, std::move(round));
    ++parts.revision;
}

TEST_CASE("a conversation that has grown step by step shows what one shows that is new") {
    Drawn drawn;
    const auto is_as_new = [&] {
        drawn.draw();
        const int vertices = ImGui::GetDrawData()->TotalVtxCount;
        Conversation fresh;
        drawn.draw(fresh);
        CHECK(drawn.conversation.whole_text() == fresh.whole_text());
        CHECK(vertices == ImGui::GetDrawData()->TotalVtxCount);
    };
    const auto running = [](int steps) {
        session::Answer answer = test::answer("c1", "Half of ", {}, AnswerState::streaming);
        for (int i = 1; i <= steps; ++i)
            answer.steps.push_back(ended_step(i, fmt::format("Said {}.", i), a_call("{}", "found")));
        answer.step_now = {.index = steps + 1, .turn = 1, .of_turn = steps + 1, .max_steps = 20};
        return answer;
    };
    test::add_round(drawn.parts.snapshot, "Go", {running(0)});
    is_as_new();
    for (const int steps : {1, 2, 4, 7}) {
        put_answer(drawn.parts, running(steps));
        is_as_new();
    }
    session::Answer stopped = running(7);
    stopped.state = AnswerState::stopped;
    stopped.stream = test::answer("c1", "Said 7.").stream;
    session::WorldChanges changes;
    changes["./a"] = nullptr;
    stopped.world = std::make_shared<const session::WorldChanges>(changes);
    put_answer(drawn.parts, stopped);  // between two steps: the last but one is the last
    is_as_new();
    put_answer(drawn.parts, running(9));
    is_as_new();
    try_again(drawn.parts, running(5));
    is_as_new();
    put_answer(drawn.parts, running(6));
    is_as_new();
    session::Answer done = running(7);
    done.state = AnswerState::complete;
    done.ended_by = session::EndedBy::done;
    done.stream = test::answer("c1", "All is moved.").stream;
    done.world = stopped.world;
    put_answer(drawn.parts, done);
    is_as_new();
    CHECK(drawn.conversation.whole_text().ends_with("gone ./a"));
}

TEST_CASE("what a call brought and is long is one line until find opens it, and is copied whole") {
    Drawn drawn;
    session::Answer looped = test::answer("c1", "Done.");
    const std::string page = std::string(5000, 'x') + " needle";
    looped.steps.push_back(ended_step(1, "", a_call("{}", page.c_str())));
    looped.step_now = {.index = 2, .turn = 1, .of_turn = 2, .max_steps = 20};
    looped.state = AnswerState::streaming;
    test::add_round(drawn.parts.snapshot, "Look", {looped});
    drawn.draw();
    CHECK(drawn.conversation.whole_text().find(page) != std::string::npos);
    CHECK(drawn.conversation.whole_text().ends_with("[Assistant, step 2]\nDone."));
    const auto& round = drawn.parts.snapshot.session.rounds[0];
    const auto attempt = std::make_shared<Attempt>();
    attempt->show(round, round->answers[0]);
    Turn turn(attempt, 1);
    turn.sync({});
    const Part result{static_cast<std::uint32_t>(Part::first_call) + 1};
    CHECK_FALSE(turn.is_shown(result));
    turn.show(result);
    CHECK(turn.is_shown(result));
}

TEST_CASE("a running step becomes one that has ended, and the next begins below it") {
    Drawn drawn;
    session::Answer running = test::answer("c1", "Let me see", {}, AnswerState::streaming);
    running.step_now = {.index = 1, .turn = 1, .of_turn = 1, .max_steps = 9};
    test::add_round(drawn.parts.snapshot, "Look", {running});
    drawn.draw();
    CHECK(drawn.conversation.whole_text() == "[User]\nLook\n\n[Assistant, step 1]\nLet me see");

    auto round = std::make_shared<session::Round>(*drawn.parts.snapshot.session.rounds[0]);
    session::Answer& now = round->answers[0];
    now.steps.push_back(ended_step(1, "Let me see", a_call("{}", "a hen")));
    now.step_now.index = now.step_now.of_turn = 2;
    now.state = AnswerState::queued;  // its stream is still that of the step before
    drawn.parts.snapshot.session.rounds.set(0, round);
    ++drawn.parts.revision;
    drawn.draw();
    CHECK(drawn.conversation.whole_text() ==
          "[User]\nLook\n\n[Assistant, step 1]\nLet me see\n\n[Tool call, step 1]\n`look {}`\n\n"
          "[Tool result, step 1]\na hen");
}

TEST_CASE("a selection covers the part of each text that lies in it") {
    const TextSelection upwards{{2, Part::answer, 4}, {1, Part::reasoning, 3}};
    CHECK_FALSE(upwards.is_empty());
    CHECK(upwards.first() == TextPosition{1, Part::reasoning, 3});
    const struct {
        std::size_t turn;
        Part part;
        std::size_t size;
        std::optional<text::SourceRange> range;
    } cases[] = {
        {0, Part::answer, 9, std::nullopt},
        {1, Part::prompt, 9, std::nullopt},
        {1, Part::reasoning, 9, text::SourceRange{3, 9}},
        {1, Part::reasoning, 3, std::nullopt},  // nothing of it is left
        {1, Part::answer, 9, text::SourceRange{0, 9}},
        {2, Part::prompt, 0, std::nullopt},
        {2, Part::answer, 9, text::SourceRange{0, 4}},
        {3, Part::prompt, 9, std::nullopt},
    };
    for (const auto& one : cases) {
        CAPTURE(one.turn);
        CAPTURE(static_cast<int>(one.part));
        CHECK(upwards.within(one.turn, one.part, one.size) == one.range);
    }
}

}  // namespace
}  // namespace llmc::gui
