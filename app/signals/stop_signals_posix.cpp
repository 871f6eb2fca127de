#include <cerrno>
#include <csignal>
#include <cstdint>

#include <unistd.h>

#include "signals/stop_signals.h"

namespace llmc {
namespace {

volatile std::sig_atomic_t signals_seen = 0;
volatile std::sig_atomic_t has_seen_term = 0;
volatile std::sig_atomic_t signal_descriptor = -1;

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

void on_signal(int number) {
    signals_seen = signals_seen + 1;
    if (number == SIGTERM) has_seen_term = 1;
    if (signals_seen >= 3) std::signal(number, SIG_DFL);
    const int saved = errno;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(signal_descriptor, &one, sizeof one);
    errno = saved;
}

}  // namespace

StopSignals::StopSignals(int eventfd) {
    signals_seen = 0;
    has_seen_term = 0;
    signal_descriptor = eventfd;
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (const int number : kSignals) ::sigaction(number, &action, nullptr);
}

StopSignals::~StopSignals() {
    for (const int number : kSignals) std::signal(number, SIG_DFL);
    signal_descriptor = -1;
}

bool StopSignals::is_terminated() const {
    return has_seen_term != 0;
}

int StopSignals::seen() const {
    return signals_seen;
}

}  // namespace llmc
