#include "metrics/words.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

namespace llmc::metrics {
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

TEST_CASE("shares that are not whole are never called all or none") {
    CHECK(percent_text(1) == "100 %");
    CHECK(percent_text(0.999) == "99 %");
    CHECK(percent_text(0.001) == "1 %");
    CHECK(percent_text(0) == "0 %");
    CHECK(percent_text(0.934) == "93 %");
    CHECK(interval_text(0.7, 1) == "70 to 100 %");
}

TEST_CASE("an answer's tokens and speed are marked where they are an estimate, and a burst has no speed") {
    AnswerMetrics metrics;
    CHECK(tokens_text(metrics) == "0 tok");
    CHECK(decode_text(metrics).empty());
    metrics.output_tokens = 386;
    metrics.decode_tokens_per_s = 47.21;
    CHECK(tokens_text(metrics) == "386 tok");
    CHECK(decode_text(metrics) == "47.2 tok/s");
    metrics.tokens_estimated = true;
    CHECK(tokens_text(metrics) == "~386 tok");
    CHECK(decode_text(metrics) == "~47.2 tok/s");
    metrics.decode_tokens_per_s.reset();
    CHECK(decode_text(metrics).empty());
    metrics.speed_note = SpeedNote::burst;
    CHECK(decode_text(metrics) == "buffered");
    CHECK(seconds_cell(0.04123) == "0.0412");
    CHECK(seconds_cell({}) == "–");
    CHECK(rate_cell(47.21, true) == "~47.2");
}

}  // namespace
}  // namespace llmc::metrics
