// Everything that can end a wait of one request: its cancellation and its deadlines.
//
// Thread contract: the request's own thread, but progress(), which any thread may call; a deadline moved closer by
// another thread may be noticed only when the old one passes. Errors of all waits: `cancelled`, or `timeout` naming the
// deadline and its limit.
#pragma once

#include <atomic>

#include "base/clock.h"
#include "base/result.h"
#include "base/wakeup.h"
#include "net/http.h"

namespace llmc::net {

class Waits {
public:
    Waits(const base::Clock& clock, const Deadlines& deadlines, const base::Wakeup& cancellation);

    // Waits until `fd` is ready for `events` (as for poll).
    Result<void> wait_for(int fd, short events) const;
    // The same, until `until` at the latest. False: that time has come.
    Result<bool> wait_for(int fd, short events, base::TimePoint until) const;
    // The errors of a wait, without waiting.
    Result<void> check() const;

    // From now on the connect deadline is over and the no-progress deadline runs.
    void set_connected();
    void progress(base::Duration within);

    base::TimePoint now() const { return clock_.now(); }
    base::TimePoint connect_deadline() const;

    // What a time-out of connecting is called; set as connecting goes on: "looked up", …
    void set_connect_step(const char* unfinished) { connect_step_ = unfinished; }

private:
    enum class Which { connect, no_progress, total };
    struct Next {
        base::TimePoint time;
        Which which;
    };
    Next next_deadline() const;
    Error too_late(Which which) const;

    const base::Clock& clock_;
    const Deadlines deadlines_;
    const base::Wakeup& cancellation_;
    const base::TimePoint start_;
    bool is_connected_ = false;
    const char* connect_step_ = "";
    std::atomic<base::Duration::rep> progress_at_{0};
    std::atomic<base::Duration::rep> progress_within_{0};
};

}  // namespace llmc::net
