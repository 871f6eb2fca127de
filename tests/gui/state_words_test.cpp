#include <doctest/doctest.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

TEST_CASE("every state has a dot, a colour and words of its own") {
    using session::AnswerState;
    CHECK(words_of(AnswerState::cut_off) == "cut off");
    CHECK(words_of(AnswerState::complete) == "complete");
    CHECK(dot_of(AnswerState::complete) == Dot::good);
    CHECK(dot_of(AnswerState::streaming) == Dot::accent);
    CHECK(dot_of(AnswerState::loading) == Dot::ring);
    CHECK(dot_of(AnswerState::interrupted) == Dot::warn);
    for (const AnswerState state : {AnswerState::cut_off, AnswerState::empty, AnswerState::failed}) {
        CHECK(session::is_failure(state));
        CHECK(dot_of(state) == Dot::bad);
        CHECK(role_of(state) == Role::bad);
    }
    for (int i = 0; i <= static_cast<int>(AnswerState::failed); ++i) {
        const auto state = static_cast<AnswerState>(i);
        CHECK_FALSE(words_of(state).empty());
        CHECK(words_of(state).find('_') == std::string_view::npos);
    }
}

}  // namespace
}  // namespace llmc::gui
