#include "base/clock.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include <doctest/doctest.h>
#include <time.h>

namespace llmc::base {
namespace {

using std::chrono::milliseconds;

// Sets the local time zone for a test.
class TimeZone {
public:
    explicit TimeZone(const char* name) {
        if (const char* old = std::getenv("TZ")) old_ = old;
        set(name);
    }
    ~TimeZone() { set(old_.empty() ? nullptr : old_.c_str()); }

private:
    static void set(const char* name) {
        if (name) {
            setenv("TZ", name, 1);
        } else {
            unsetenv("TZ");
        }
        tzset();
    }
    std::string old_;
};

WallTime at(std::int64_t ms) {
    return WallTime{milliseconds{ms}};
}

TEST_CASE("the system's clock never goes back and knows the year") {
    const SystemClock clock;
    TimePoint last = clock.now();
    for (int i = 0; i < 1000; ++i) {
        const TimePoint now = clock.now();
        REQUIRE(now >= last);
        last = now;
    }
    CHECK(clock.wall() > at(1'700'000'000'000));
}

TEST_CASE("a manual clock stands still until it is moved") {
    ManualClock clock(at(1000));
    const TimePoint start = clock.now();
    CHECK(clock.now() == start);
    CHECK(clock.wall() == at(1000));

    clock.advance(std::chrono::microseconds(2999));
    CHECK(clock.now() - start == std::chrono::microseconds(2999));
    CHECK(clock.wall() == at(1002));

    clock.advance(std::chrono::seconds(-5));
    CHECK(clock.now() - start == std::chrono::microseconds(2999));
}

TEST_CASE("durations are numbers of seconds and back") {
    CHECK(seconds(milliseconds(1500)) == 1.5);
    CHECK(seconds(Duration(0)) == 0.0);
    CHECK(from_seconds(0.25) == milliseconds(250));
    CHECK(from_seconds(-1.5) == milliseconds(-1500));
    CHECK(from_seconds(0.1) == milliseconds(100));
    CHECK(from_seconds(300) == std::chrono::minutes(5));
}

TEST_CASE("seconds that no duration can hold end at the longest one") {
    const double infinity = std::numeric_limits<double>::infinity();
    CHECK(from_seconds(1e10) == Duration::max());
    CHECK(from_seconds(infinity) == Duration::max());
    CHECK(from_seconds(9223372036.854775807) == Duration::max());
    CHECK(from_seconds(-1e10) == Duration::min());
    CHECK(from_seconds(-infinity) == Duration::min());
    CHECK(from_seconds(std::nan("")) == Duration(0));
}

TEST_CASE("times are written in local time for people and in UTC for programs") {
    struct Case {
        const char* zone;
        std::int64_t ms;
        const char* local;
        const char* utc;
        const char* stamp;
    };
    const Case cases[] = {
        {"UTC0", 0, "1970-01-01T00:00:00", "1970-01-01T00:00:00.000Z", "19700101_000000"},
        {"UTC0", 1'795'357'080'123, "2026-11-22T14:18:00", "2026-11-22T14:18:00.123Z", "20261122_141800"},
        {"XXX-2", 1'795'357'080'123, "2026-11-22T16:18:00", "2026-11-22T14:18:00.123Z", "20261122_161800"},
        {"XXX5", 1'795'323'600'007, "2026-11-22T00:00:00", "2026-11-22T05:00:00.007Z", "20261122_000000"},
        {"UTC0", 1'709'208'000'000, "2024-02-29T12:00:00", "2024-02-29T12:00:00.000Z", "20240229_120000"},
        {"UTC0", -1, "1969-12-31T23:59:59", "1969-12-31T23:59:59.999Z", "19691231_235959"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.zone);
        const TimeZone zone(c.zone);
        CHECK(iso_local(at(c.ms)) == c.local);
        CHECK(iso_utc_ms(at(c.ms)) == c.utc);
        CHECK(file_stamp(at(c.ms)) == c.stamp);
    }
}

TEST_CASE("times beyond all calendars become the first or the last one") {
    const TimeZone zone("UTC0");
    CHECK(iso_utc_ms(WallTime::min()) == "0000-01-01T00:00:00.000Z");
    CHECK(iso_utc_ms(WallTime::max()) == "9999-12-31T23:59:59.999Z");
    CHECK(iso_local(WallTime::min()) == "0000-01-01T00:00:00");
    CHECK(iso_local(WallTime::max()) == "9999-12-31T23:59:59");
    CHECK(file_stamp(WallTime::max()) == "99991231_235959");
}

}  // namespace
}  // namespace llmc::base
