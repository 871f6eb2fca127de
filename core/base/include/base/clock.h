// Time, as a thing that tests replace.
//
// Thread contract: all functions may be called by any thread at any time.
// Invariants: now() never goes back; wall() is only for showing and for file names, never for measuring.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace llmc::base {

// Monotonic time in nanoseconds since an arbitrary start.
using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
// Milliseconds since 1970-01-01T00:00:00 UTC.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
    virtual WallTime wall() const = 0;
};

// The system's clocks (CLOCK_MONOTONIC and the real-time clock).
class SystemClock final : public Clock {
public:
    TimePoint now() const override;
    WallTime wall() const override;
};

// A clock that stands still until it is moved, forward only; for tests and simulations. Any thread may move it.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallTime wall = WallTime{std::chrono::milliseconds{1'763'820'000'000}});
    TimePoint now() const override;
    WallTime wall() const override;
    void advance(Duration by);

private:
    std::int64_t start_wall_ms_;
    std::atomic<std::int64_t> elapsed_ns_{0};
};

double seconds(Duration duration);      // as a number, for reports
Duration from_seconds(double seconds);  // saturates at about 292 years; not a number: 0

// "2026-11-22T14:18:00", local time; "2026-11-22T14:18:00.123Z", UTC with milliseconds; "20261122_141800", local time.
std::string iso_local(WallTime time);
std::string iso_utc_ms(WallTime time);
std::string file_stamp(WallTime time);

}  // namespace llmc::base
