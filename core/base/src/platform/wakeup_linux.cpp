#include <cstdint>

#include <sys/eventfd.h>

#include "base/wakeup.h"

namespace llmc::base {

Wakeup::Wakeup() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Wakeup::raise() {
    if (is_raised_.exchange(true, std::memory_order_acq_rel)) return;
    const std::uint64_t one = 1;
    // Cannot fail: the counter is 0 and nobody reads it.
    [[maybe_unused]] const auto written = write(event_.get(), &one, sizeof one);
}

}  // namespace llmc::base
