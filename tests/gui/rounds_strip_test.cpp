#include "gui/panels/rounds_strip.h"

#include <doctest/doctest.h>

namespace llmc::gui {
namespace {

using session::AnswerState;

session::Round round_with(std::initializer_list<AnswerState> states) {
    session::Round round;
    for (const AnswerState state : states) {
        session::Answer answer;
        answer.state = state;
        round.answers.push_back(std::move(answer));
    }
    return round;
}

TEST_CASE("a round runs while an answer does, has failed when one has, and waits while one has not begun") {
    CHECK(state_of(round_with({})) == RoundState::done);
    CHECK(state_of(round_with({AnswerState::queued, AnswerState::queued})) == RoundState::waiting);
    CHECK(state_of(round_with({AnswerState::complete, AnswerState::queued})) == RoundState::waiting);
    CHECK(state_of(round_with({AnswerState::complete, AnswerState::streaming})) == RoundState::running);
    CHECK(state_of(round_with({AnswerState::queued, AnswerState::loading})) == RoundState::running);
    CHECK(state_of(round_with({AnswerState::cut_off, AnswerState::streaming})) == RoundState::running);
    CHECK(state_of(round_with({AnswerState::complete, AnswerState::cut_off})) == RoundState::failed);
    CHECK(state_of(round_with({AnswerState::cut_off, AnswerState::queued})) == RoundState::failed);
    CHECK(state_of(round_with({AnswerState::complete, AnswerState::complete})) == RoundState::done);
}

TEST_CASE("of hundreds of rounds only the cells that are seen are drawn") {
    const CellRange start = cells_in_view(500, 0, 400, 40);
    CHECK(start.first == 0);
    CHECK(start.end == 10);
    const CellRange between = cells_in_view(500, 1010, 400, 40);
    CHECK(between.first == 25);
    CHECK(between.end == 36);
    const CellRange end = cells_in_view(500, 500 * 40 - 400, 400, 40);
    CHECK(end.first == 490);
    CHECK(end.end == 500);
    CHECK(cells_in_view(0, 0, 400, 40).end == 0);
    CHECK(cells_in_view(3, 1e9F, 400, 40).first == 3);
}

}  // namespace
}  // namespace llmc::gui
