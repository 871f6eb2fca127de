#include "metrics/wilson.h"

#include <doctest/doctest.h>

using namespace llmc;

TEST_CASE("the interval has the values that were published for it") {
    // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    struct {
        int passed, total;
        double low, high;
    } const cases[] = {
        {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0, 0.1611}, {1, 29, 0.0061, 0.1718}};
    for (const auto& [passed, total, low, high] : cases) {
        CAPTURE(passed);
        const metrics::Interval interval = metrics::wilson_95(passed, total);
        CHECK(interval.low == doctest::Approx(low).epsilon(0.00005).scale(1));
        CHECK(interval.high == doctest::Approx(high).epsilon(0.00005).scale(1));
    }
}

TEST_CASE("the interval holds the share, is mirrored for failures, and narrows with more cases") {
    for (int total = 1; total <= 60; ++total)
        for (int passed = 0; passed <= total; ++passed) {
            CAPTURE(passed);
            CAPTURE(total);
            const metrics::Interval interval = metrics::wilson_95(passed, total);
            const double share = static_cast<double>(passed) / total;
            CHECK((0 <= interval.low && interval.low <= share && share <= interval.high && interval.high <= 1));
            CHECK((interval.low == 0) == (passed == 0));
            CHECK((interval.high == 1) == (passed == total));
            const metrics::Interval mirrored = metrics::wilson_95(total - passed, total);
            CHECK(interval.low == doctest::Approx(1 - mirrored.high));
            const metrics::Interval more = metrics::wilson_95(passed * 4, total * 4);
            CHECK(more.high - more.low < interval.high - interval.low);
        }
}

TEST_CASE("of no cases nothing is known") {
    CHECK(metrics::wilson_95(0, 0) == metrics::Interval{0, 1});
    CHECK(metrics::wilson_95(3, -1) == metrics::Interval{0, 1});
}
