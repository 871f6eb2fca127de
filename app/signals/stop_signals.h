// SIGINT, SIGTERM and SIGHUP as events: counted and told to a descriptor, instead of ending the program.
//
// Thread contract: made and destroyed by the main thread; seen() by anyone. At most one at a time: a signal handler can
// reach nothing but a global.
#pragma once

namespace llmc {

// While one exists, each of these signals writes to `eventfd` (an eventfd that outlives it); the third one ends the
// program.
class StopSignals {
public:
    explicit StopSignals(int eventfd);
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    int seen() const;
    bool is_terminated() const;  // one of them was SIGTERM
};

}  // namespace llmc
