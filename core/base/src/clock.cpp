#include "base/clock.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "platform/system.h"

namespace llmc::base {
namespace {

using std::chrono::duration_cast;
using std::chrono::floor;
using std::chrono::milliseconds;

// What four digits of a year can show; beyond it, calendar arithmetic would overflow.
WallTime within_calendar(WallTime time) {
    using namespace std::chrono;
    constexpr WallTime kFirst = sys_days{year{0} / January / 1};
    constexpr WallTime kEnd = sys_days{year{10000} / January / 1};
    return std::clamp(time, kFirst, kEnd - milliseconds{1});
}

std::tm local(WallTime time) {
    const auto since_1970 = floor<std::chrono::seconds>(within_calendar(time)).time_since_epoch();
    return platform::local_time(static_cast<std::time_t>(since_1970.count()));
}

}  // namespace

TimePoint SystemClock::now() const {
    return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

WallTime SystemClock::wall() const {
    return floor<milliseconds>(std::chrono::system_clock::now());
}

ManualClock::ManualClock(WallTime wall) : start_wall_ms_(wall.time_since_epoch().count()) {}

TimePoint ManualClock::now() const {
    return TimePoint{Duration{elapsed_ns_.load()}};
}

WallTime ManualClock::wall() const {
    return WallTime{milliseconds{start_wall_ms_} + duration_cast<milliseconds>(Duration{elapsed_ns_.load()})};
}

void ManualClock::advance(Duration by) {
    elapsed_ns_ += std::max(by, Duration{0}).count();
}

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

Duration from_seconds(double seconds) {
    constexpr double kEnd = 9223372036854775808.0;  // 2^63
    const double nanoseconds = std::round(seconds * 1e9);
    if (std::isnan(nanoseconds)) return Duration{0};
    if (nanoseconds >= kEnd) return Duration::max();
    if (nanoseconds < -kEnd) return Duration::min();
    return Duration{static_cast<std::int64_t>(nanoseconds)};
}

std::string iso_local(WallTime time) {
    const std::tm t = local(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                       t.tm_min, t.tm_sec);
}

std::string iso_utc_ms(WallTime time) {
    time = within_calendar(time);
    const auto day = floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int{date.year()}, unsigned{date.month()},
                       unsigned{date.day()}, clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::string file_stamp(WallTime time) {
    const std::tm t = local(time);
    return fmt::format("{:04}{:02}{:02}_{:02}{:02}{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                       t.tm_min, t.tm_sec);
}

}  // namespace llmc::base
