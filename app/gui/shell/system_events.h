// What the system does to a program with a window, beside the window's own events: signals, and a display that goes
// away.
//
// Thread contract: main thread makes and destroys them; callbacks as said. At most one of each at a time (a signal
// handler and Xlib's handlers can reach nothing but a global).
#pragma once

#include <functional>
#include <optional>
#include <thread>

#include "signals/stop_signals.h"

namespace llmc::gui {

// While one exists, SIGINT, SIGTERM and SIGHUP call `on_signal` on a thread of its own instead of ending the program;
// the third one ends it.
class Signals {
public:
    explicit Signals(std::function<void()> on_signal);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

private:
    int descriptor_ = -1;
    std::jthread thread_;
    std::optional<StopSignals> signals_;
};

// While one exists: when the X server goes away, `on_lost` is called, on whatever thread speaks to it, instead of Xlib
// ending the program at once; the program ends when it comes back. Errors of single requests are ignored, where Xlib
// would end the program. Does nothing without Xlib.
class DisplayGuard {
public:
    explicit DisplayGuard(std::function<void()> on_lost);
    ~DisplayGuard();
    DisplayGuard(const DisplayGuard&) = delete;
    DisplayGuard& operator=(const DisplayGuard&) = delete;
};

// A connection that gets the number of a closed standard stream would be written into by whoever prints.
void open_closed_standard_streams();

// To standard error, for the case that no other way to say it is left.
void print_last_words(const char* text);

}  // namespace llmc::gui
