#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "gui/widgets.h"

namespace llmc::gui {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("seconds keep about three digits and turn into milliseconds when they are short") {
    const struct {
        double seconds;
        const char* text;
    } cases[] = {
        {0, "0 s"},         {0.0004, "0.4 ms"}, {0.0099, "9.9 ms"}, {0.00996, "10 ms"}, {0.038, "38 ms"},
        {0.0994, "99 ms"},  {0.0996, "0.10 s"}, {0.31, "0.31 s"},   {0.999, "1.00 s"},  {8.2, "8.20 s"},
        {9.994, "9.99 s"},  {9.996, "10.0 s"},  {13.82, "13.8 s"},  {99.94, "99.9 s"},  {99.96, "100 s"},
        {1234.5, "1234 s"}, {-1, "–"},          {kNone, "–"},       {kInfinity, "–"},
    };
    for (const auto& one : cases) CHECK(seconds_text(one.seconds) == one.text);
}

TEST_CASE("durations are said in the two largest units") {
    const struct {
        double seconds;
        const char* text;
    } cases[] = {
        {0, "0 s"},      {0.4, "0 s"},  {45, "45 s"},        {59.6, "1 min"}, {80, "1 min 20 s"}, {120, "2 min"},
        {3599.6, "1 h"}, {3600, "1 h"}, {3900, "1 h 5 min"}, {86399, "24 h"}, {-5, "–"},          {kNone, "–"},
    };
    for (const auto& one : cases) CHECK(duration_text(one.seconds) == one.text);
}

TEST_CASE("rates keep about three digits") {
    const struct {
        double rate;
        const char* text;
    } cases[] = {
        {0, "0.00"},       {3.14159, "3.14"}, {9.994, "9.99"},   {9.996, "10.0"}, {47.21, "47.2"},
        {999.94, "999.9"}, {999.96, "1000"},  {12345, "12 345"}, {-1, "–"},       {kInfinity, "–"},
    };
    for (const auto& one : cases) CHECK(rate_text(one.rate) == one.text);
}

TEST_CASE("counts are grouped from five digits on and marked where they are an estimate") {
    CHECK(count_text(0) == "0");
    CHECK(count_text(412) == "412");
    CHECK(count_text(2048) == "2048");
    CHECK(count_text(12345) == "12 345");
    CHECK(count_text(1234567) == "1 234 567");
    CHECK(count_text(412, true) == "~412");
    CHECK(count_text(12345, true) == "~12 345");
    CHECK(count_text(-12345) == "-12 345");
    CHECK(count_text(std::numeric_limits<std::int64_t>::max()) == "9 223 372 036 854 775 807");
}

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
