#include "waits.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <poll.h>

#include "net/failure_words.h"

namespace llmc::net {
namespace {

// Settings may ask for centuries.
base::TimePoint later(base::TimePoint from, base::Duration by) {
    return by > base::TimePoint::max() - from ? base::TimePoint::max() : from + by;
}

timespec as_timespec(base::Duration duration) {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(duration);
    timespec result{};
    result.tv_sec = whole.count();
    result.tv_nsec = (duration - whole).count();
    return result;
}

}  // namespace

Waits::Waits(const base::Clock& clock, const Deadlines& deadlines, const base::Wakeup& cancellation)
    : clock_(clock), deadlines_(deadlines), cancellation_(cancellation), start_(clock.now()) {}

Result<void> Waits::wait_for(int fd, short events) const {
    const auto ready = wait_for(fd, events, base::TimePoint::max());
    if (!ready) return ready.error();
    return {};
}

Result<bool> Waits::wait_for(int fd, short events, base::TimePoint until) const {
    for (;;) {
        if (auto over = check(); !over) return over.error();
        const base::TimePoint now = clock_.now();
        if (now >= until) return false;
        const timespec timeout = as_timespec(std::max(std::min(next_deadline().time, until) - now, base::Duration{0}));
        std::array<pollfd, 2> polled{pollfd{fd, events, 0}, pollfd{cancellation_.fd(), POLLIN, 0}};
        const int count = ppoll(polled.data(), polled.size(), &timeout, nullptr);
        if (count < 0 && errno != EINTR) return Error{ErrorKind::internal, "could not be waited for"};
        if (count > 0 && polled[1].revents == 0) return true;
    }
}

Result<void> Waits::check() const {
    if (cancellation_.is_raised()) return Error{ErrorKind::cancelled, "was cancelled"};
    const Next next = next_deadline();
    if (clock_.now() >= next.time) return too_late(next.which);
    return {};
}

void Waits::set_connected() {
    is_connected_ = true;
    progress_within_.store(deadlines_.no_progress.count(), std::memory_order_relaxed);
    progress_at_.store((clock_.now() - deadlines_.waited).time_since_epoch().count(), std::memory_order_relaxed);
}

void Waits::progress(base::Duration within) {
    progress_within_.store(within.count(), std::memory_order_relaxed);
    progress_at_.store(clock_.now().time_since_epoch().count(), std::memory_order_relaxed);
}

base::TimePoint Waits::connect_deadline() const {
    return later(start_, deadlines_.connect);
}

Waits::Next Waits::next_deadline() const {
    Next next{connect_deadline(), Which::connect};
    if (is_connected_) {
        const base::TimePoint progress_at{base::Duration{progress_at_.load(std::memory_order_relaxed)}};
        const base::Duration within{progress_within_.load(std::memory_order_relaxed)};
        next = {later(progress_at, within), Which::no_progress};
    }
    if (deadlines_.total) {
        const base::TimePoint total = later(start_ - deadlines_.spent, *deadlines_.total);
        if (total < next.time) next = {total, Which::total};
    }
    return next;
}

Error Waits::too_late(Which which) const {
    switch (which) {
        case Which::connect:
            return {ErrorKind::timeout,
                    fmt::format("{} within {:g} s", connect_step_, base::seconds(deadlines_.connect))};
        case Which::no_progress: {
            const base::Duration within{progress_within_.load(std::memory_order_relaxed)};
            return {ErrorKind::timeout, fmt::format("{}{:g} s", kNoTokenWords, base::seconds(within))};
        }
        case Which::total: break;
    }
    return {ErrorKind::timeout,
            fmt::format("did not finish {}{:g} s", kTotalLimitWords, base::seconds(*deadlines_.total))};
}

}  // namespace llmc::net
