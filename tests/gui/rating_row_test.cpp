#include "gui/rating_row.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "gui/conversation/turn.h"
#include "gui/gui_fixture.h"

namespace llmc::gui {
namespace {

using session::AnswerState;
using session::Rating;

// Draws a frame in which `characters` were typed; gives what was asked for.
std::vector<Rating> typed(test::Canvas& canvas, const session::Answer& answer, const char* characters) {
    std::vector<Rating> asked;
    ImGui::GetIO().AddInputCharactersUTF8(characters);
    canvas.draw([&](const FrameView& frame) {
        Commands commands;
        take_rating_keys(frame, answer, commands);
        for (Command& command : commands.take()) {
            const auto& rate = std::get<engine::Rate>(std::get<ToEngine>(command).command);
            CHECK(rate.round == answer.round);
            CHECK(rate.candidate == answer.candidate);
            asked.push_back(rate.rating);
        }
    });
    return asked;
}

TEST_CASE("a rating is set by its character and taken back by the same one") {
    const struct {
        Rating before;
        char key;
        Rating after;
    } cases[] = {
        {{}, '4', {.stars = 4}},
        {{.stars = 4}, '4', {}},
        {{.stars = 4}, '1', {.stars = 1}},
        {{.stars = 4}, '+', {.thumbs = 1, .stars = 4}},
        {{.thumbs = 1}, '+', {}},
        {{.thumbs = 1}, '-', {.thumbs = -1}},
        {{.thumbs = -1, .stars = 5, .note = "why"}, '0', {.note = "why"}},
    };
    for (const auto& one : cases) {
        CAPTURE(one.key);
        CHECK(toggled(one.before, one.key) == one.after);
    }
    for (const char key : {'6', 'a', ' ', '='}) CHECK_FALSE(toggled({}, key).has_value());
}

TEST_CASE("keys rate an answer that has ended, and nothing else") {
    test::FrameParts parts;
    test::Canvas canvas(parts);
    session::Answer answer = test::answer("c1", "Hi.");
    answer.round = 3;
    CHECK(typed(canvas, answer, "5") == std::vector<Rating>{{.stars = 5}});
    CHECK(typed(canvas, answer, "x").empty());
    CHECK(typed(canvas, answer, "0").empty());  // there is nothing to take back
    answer.state = AnswerState::streaming;
    CHECK(typed(canvas, answer, "5").empty());
}

TEST_CASE("a key that is held does not take back what it has set") {
    test::FrameParts parts;
    test::Canvas canvas(parts);
    session::Answer answer = test::answer("c1", "Hi.");
    ImGui::GetIO().AddKeyEvent(ImGuiKey_5, true);
    CHECK(typed(canvas, answer, "5").size() == 1);
    for (int i = 0; i < 20; ++i) canvas.draw([](const FrameView&) {});
    CHECK(typed(canvas, answer, "5").empty());
    ImGui::GetIO().AddKeyEvent(ImGuiKey_5, false);
    canvas.draw([](const FrameView&) {});
    CHECK(typed(canvas, answer, "5").size() == 1);
}

TEST_CASE("a turn is as high before its answer has ended as after it: nothing jumps when the rating appears") {
    test::FrameParts parts;
    test::Canvas canvas(parts);
    TextFonts fonts;
    const auto height = [&](AnswerState state) {
        double high = 0;
        canvas.draw([&](const FrameView& frame) {
            fonts.begin_frame(frame.theme, frame.fonts);
            engine::Snapshot snapshot;
            test::add_round(snapshot, "p", {test::answer("c1", "One line.", {}, state)});
            const auto attempt = std::make_shared<Attempt>();
            attempt->show(snapshot.session.rounds[0], snapshot.session.rounds[0]->answers[0]);
            Turn turn(attempt);
            turn.sync({});
            turn.pull();
            std::size_t budget = 10'000;
            turn.layout(500, 0, 500, budget, frame.theme, fonts);
            CHECK(turn.place().end - turn.place().rating >= rating_row_height(frame));
            high = turn.height();
        });
        return high;
    };
    CHECK(height(AnswerState::streaming) == height(AnswerState::complete));
}

}  // namespace
}  // namespace llmc::gui
