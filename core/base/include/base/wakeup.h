// A flag that poll() can wait for: raised once, it stays raised.
//
// Thread contract: any thread.
#pragma once

#include <atomic>

#include "base/unique_fd.h"

namespace llmc::base {

class Wakeup {
public:
    Wakeup();
    void raise();
    bool is_raised() const { return is_raised_.load(std::memory_order_acquire); }
    // Readable once it is raised. Negative where the system had no descriptor left.
    int fd() const { return event_.get(); }

private:
    std::atomic<bool> is_raised_{false};
    UniqueFd event_;
};

}  // namespace llmc::base
